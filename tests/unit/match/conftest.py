"""A small news wire of our own: reports in three languages, the copies agencies make, and traps.

Reports are put together from parts, so that each has its own facts; a copy is cut, extended,
restyled or given another headline; a trap is another report of the same form, with other facts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

START_AT = datetime(2026, 11, 2, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Tongue:
    """The words of one language."""

    code: str
    people: list[str]
    bodies: list[str]
    places: list[str]
    openings: list[str]
    sentences: list[str]
    forms: list[tuple[str, list[str]]]
    dateline: str
    credit: str
    footer: str


ENGLISH = Tongue(
    code="en",
    people=["Arlen Voss", "Mira Kestrel", "Tobin Hale", "Senna Orlov", "Davit Marku", "Ilse Brandt", "Koro Adeyi", "Pavla Strin", "Emre Talat", "Yuna Pell"],
    bodies=["the transport ministry", "the grain board", "the harbour authority", "the energy regulator", "the city council", "the customs service", "the national railway", "the water company", "the statistics office", "the central hospital"],
    places=["Velmora", "Dostan", "Karvik", "Ostrel", "Taluma", "Brennick", "Sarno", "Ulgen", "Petrovar", "Mirash"],
    openings=["{body} will reopen the {thing} near {place} after {n} days of repairs, {person} said.", "{person} asked {body} to explain why the {thing} in {place} stood idle for {n} months.", "Work on the {thing} between {place} and {other} was halted after inspectors found {n} faults.", "{body} signed a contract worth {n} million euros for a new {thing} in {place}.", "A delegation led by {person} visited the {thing} of {place} to settle a dispute over {n} permits."],
    sentences=["The decision follows a review ordered by {person} in the spring, which listed {n} shortcomings.", "Residents of {place} had complained for years that the {thing} was unsafe.", "According to {body}, about {n} people depend on it every day.", "{person} told a meeting in {place} that no further delay would be accepted.", "The cost rose from {n} to {m} million euros because of dearer steel.", "Opposition members called the plan hasty and asked for the papers of {body} to be published.", "A similar {thing} was closed in {other} two winters ago.", "Engineers from {other} will measure the foundations again before the frost.", "The first stage should be ready by the end of {month}, the second {n} weeks later.", "Nobody was hurt, but traffic towards {other} had to be led along the river.", "{body} promised to pay the {n} workers what they are owed.", "The court in {place} had rejected an appeal by the previous contractor.", "Local traders expect losses unless the {thing} opens before the fair.", "A report on the matter goes to {person} on the {d}th of {month}."],
    forms=[("Earthquake shakes {place}", ["An earthquake of magnitude {q} was felt {n} kilometres off {place} at {h}:{mm} on {day}, the seismological institute said.", "Its centre lay {m} kilometres deep. No damage was reported.", "The region lies where two plates meet and is often shaken."]), ("Foreign ministers speak by telephone", ["Foreign Minister {person} spoke by telephone with {second}, the ministry said on {day}.", "They discussed trade, transit and the state of bilateral relations.", "The sides agreed to stay in touch and praised the growing political dialogue."]), ("Official exchange rates", ["The national bank set the official rate of the dollar at {n}.{mm} for {day}.", "The euro was fixed at {m}.{h}, the bank said on its site.", "Official rates are used for accounts and customs payments."])],
    dateline="{place}, Nov {d} (Northwire) – ",
    credit="(Reporting by {person}; editing by {second})",
    footer="Subscribe to our newsletter and follow us for more stories like this one.",
)  # fmt: skip
RUSSIAN = Tongue(
    code="ru",
    people=["Арсений Волков", "Мира Кестрель", "Тимур Халов", "Сания Орлова", "Давид Марку", "Ильза Брандт", "Коро Адеев", "Павла Стрин", "Эмре Талат", "Юна Пелль"],
    bodies=["министерство транспорта", "зерновая палата", "портовое управление", "энергетический надзор", "городской совет", "таможенная служба", "железная дорога", "водоканал", "бюро статистики", "центральная больница"],
    places=["Вельмора", "Достан", "Карвик", "Острель", "Талума", "Бренник", "Сарно", "Ульген", "Петровар", "Мираш"],
    openings=["{thing} у города {place} вновь откроют после {n} дней ремонта, заявил {person}.", "{person} потребовал объяснить, почему {thing} в городе {place} простаивает уже {n} месяцев.", "Работы на участке {place} – {other} остановлены: проверка выявила {n} нарушений.", "{body} заключило договор на {n} миллионов евро, в городе {place} появится новый {thing}.", "Делегация во главе с {person} осмотрела {thing} в городе {place} и обсудила {n} разрешений."],
    sentences=["Решение принято по итогам весенней проверки, которая нашла {n} недостатков.", "Жители города {place} годами жаловались, что {thing} небезопасен.", "По оценке, которую приводит {body}, услугой ежедневно пользуются около {n} человек.", "{person} на совещании в городе {place} предупредил, что новых отсрочек не будет.", "Стоимость выросла с {n} до {m} миллионов евро из-за подорожания стали.", "Оппозиция назвала план поспешным и просит обнародовать документы.", "Похожий {thing} закрыли в городе {other} две зимы назад.", "Инженеры из города {other} ещё раз измерят фундамент до морозов.", "Первый этап сдадут к концу месяца {month}, второй через {n} недель.", "Никто не пострадал, движение в сторону города {other} пустили вдоль реки.", "{n} рабочим обещают выплатить долги по зарплате.", "Суд города {place} ранее отклонил жалобу прежнего подрядчика.", "Торговцы опасаются убытков, если {thing} не откроют до ярмарки.", "Доклад ляжет на стол {person} {d} числа месяца {month}."],
    forms=[("В городе {place} ощутили землетрясение", ["Землетрясение магнитудой {q} произошло в {n} километрах от города {place} в {h}:{mm}, сообщает институт сейсмологии.", "Очаг залегал на глубине {m} километров. Разрушений нет.", "Район лежит на стыке двух плит, толчки здесь нередки."]), ("Министры поговорили по телефону", ["Министр иностранных дел {person} провел телефонный разговор с коллегой, которого зовут {second}, сообщила пресс-служба.", "Стороны обсудили торговлю, транзит и состояние двусторонних отношений.", "Собеседники условились поддерживать контакты и отметили растущий политический диалог."]), ("Официальные курсы валют", ["Национальный банк установил официальный курс доллара на уровне {n},{mm}.", "Евро оценен в {m},{h}, говорится на сайте банка.", "Официальные курсы применяют для учета и таможенных платежей."])],
    dateline="{place}, {d} ноября. СЕВЕРИНФОРМ – ",
    credit="Фото: {person}",
    footer="Подписывайтесь на наш канал, чтобы узнавать новости первыми.",
)  # fmt: skip
BULGARIAN = Tongue(
    code="bg",
    people=["Асен Вълчев", "Мира Кестрева", "Тодор Халов", "Сания Орлева", "Давид Марков", "Илза Бранд", "Коро Адеев", "Павла Стринова", "Емре Талат", "Юна Пелева"],
    bodies=["министерството на транспорта", "зърнената камара", "пристанищната управа", "енергийният надзор", "общинският съвет", "митницата", "държавната железница", "водното дружество", "статистиката", "окръжната болница"],
    places=["Велмора", "Достан", "Карвик", "Острел", "Талума", "Бреник", "Сарно", "Улген", "Петровар", "Мираш"],
    openings=["{thing} край {place} ще бъде отворен отново след {n} дни ремонт, каза {person}.", "{person} поиска обяснение защо {thing} в {place} стои празен вече {n} месеца.", "Работата между {place} и {other} е спряна, след като проверка откри {n} нарушения.", "{body} подписа договор за {n} милиона евро и в {place} ще има нов {thing}.", "Делегация, водена от {person}, разгледа {thing} в {place} и обсъди {n} разрешителни."],
    sentences=["Решението идва след пролетна проверка, която изброи {n} слабости.", "Хората в {place} от години се оплакват, че {thing} е опасен.", "По данни, които {body} огласи, всеки ден с него си служат около {n} души.", "{person} предупреди на среща в {place}, че ново отлагане няма да има.", "Цената се вдигна от {n} на {m} милиона евро заради поскъпналата стомана.", "Опозицията нарече плана прибързан и иска документите да станат известни.", "Подобен {thing} беше затворен в {other} преди две зими.", "Инженери от {other} ще измерят основите още веднъж преди студовете.", "Първият етап трябва да е готов до края на {month}, вторият {n} седмици по-късно.", "Няма пострадали, но движението към {other} минава покрай реката.", "На {n} работници обещават да платят закъснелите заплати.", "Съдът в {place} вече отхвърли жалбата на предишния изпълнител.", "Търговците чакат загуби, ако {thing} не отвори преди панаира.", "Докладът стига до {person} на {d} {month}."],
    forms=[("Земетресение край {place}", ["Земетресение с магнитуд {q} е усетено на {n} километра от {place} в {h}:{mm} часа, съобщи институтът.", "Огнището е на дълбочина {m} километра. Няма щети.", "Районът лежи на границата на две плочи и често се люлее."]), ("Министрите разговаряха по телефона", ["Външният министър {person} разговаря по телефона с {second}, съобщиха от ведомството.", "Те обсъдиха търговията, транзита и състоянието на двустранните отношения.", "Двамата се разбраха да поддържат връзка и отбелязаха добрия политически диалог."]), ("Официални курсове", ["Националната банка обяви официален курс на долара {n},{mm}.", "Еврото е {m},{h}, пише на страницата на банката.", "Официалните курсове служат за счетоводството и митата."])],
    dateline="{place}, {d} ноември (Севервест) – ",
    credit="/АБ, ВГ/",
    footer="Последвайте ни и прочетете още новини за деня.",
)  # fmt: skip
TONGUES = (ENGLISH, RUSSIAN, BULGARIAN)
THINGS = {
    "en": ["ferry terminal", "bridge", "grain store", "power line", "tram depot", "dam", "clinic", "market hall", "tunnel", "airfield"],
    "ru": ["паромный причал", "мост", "элеватор", "энергоблок", "трамвайный парк", "водосброс", "госпиталь", "рынок", "тоннель", "аэродром"],
    "bg": ["фериботният кей", "мостът", "силозът", "електропроводът", "трамвайният парк", "язовирът", "диспансерът", "пазарът", "тунелът", "полигонът"],
}  # fmt: skip
MONTHS = {
    "en": ["March", "May", "July"],
    "ru": ["март", "май", "июль"],
    "bg": ["март", "май", "юли"],
}


@dataclass(frozen=True)
class Report:
    """A report on the wire; `story` is what it is a copy of, `edits` how it was made."""

    id: str
    story: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    edits: tuple[str, ...] = ()

    def record(self) -> dict[str, str]:
        """As `cluster` reads it."""
        return {
            "id": self.id,
            "title": self.title,
            "text": "\n\n".join(self.paragraphs),
            "language": self.language,
            "published": self.published_at.isoformat(),
        }


class Wire:
    """Makes reports, copies and traps from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._made = 0

    def report(self, tongue: Tongue) -> Report:
        """A report with its own facts."""
        facts = self._facts(tongue)
        opening = self._fill(self._random.choice(tongue.openings), facts)
        chosen = self._random.sample(tongue.sentences, self._random.randint(5, 9))
        rest = [
            self._fill(sentence, self._facts(tongue) | {"thing": facts["thing"]})
            for sentence in chosen
        ]
        paragraphs = [opening, *(" ".join(rest[i : i + 2]) for i in range(0, len(rest), 2))]
        return self._new(tongue, " ".join(opening.split()[:8]), paragraphs)

    def form(self, tongue: Tongue, which: int) -> Report:
        """A report of a fixed form: every one with other facts is another story."""
        title, sentences = tongue.forms[which]
        facts = self._facts(tongue)
        return self._new(
            tongue,
            self._fill(title, facts),
            [self._fill(sentence, facts) for sentence in sentences],
        )

    def copy(self, tongue: Tongue, original: Report) -> Report:
        """The report as another agency carries it."""
        paragraphs, title = list(original.paragraphs), original.title
        edits = self._random.sample(
            ["cut", "extend", "dateline", "credit", "footer", "title", "quote", "drop"], 3
        )
        facts = self._facts(tongue)
        if "cut" in edits and len(paragraphs) > 2:
            paragraphs = paragraphs[: self._random.randint(2, len(paragraphs) - 1)]
        if "drop" in edits and len(paragraphs) > 3:
            del paragraphs[self._random.randrange(1, len(paragraphs))]
        if "extend" in edits:
            paragraphs.append(self._fill(self._random.choice(tongue.sentences), facts))
        if "quote" in edits:
            paragraphs = [
                p.replace(" million ", " mln ")
                .replace("миллионов", "млн")
                .replace("милиона", "млн")
                for p in paragraphs
            ]
        if "title" in edits:
            title = " ".join(original.paragraphs[-1].split()[:6])
        if "dateline" in edits:
            paragraphs[0] = self._fill(tongue.dateline, facts) + paragraphs[0]
        if "credit" in edits:
            paragraphs.append(self._fill(tongue.credit, facts))
        if "footer" in edits:
            paragraphs.append(tongue.footer)
        return self._new(tongue, title, paragraphs, story=original.story, edits=tuple(edits))

    def _new(
        self,
        tongue: Tongue,
        title: str,
        paragraphs: list[str],
        *,
        story: str = "",
        edits: tuple[str, ...] = (),
    ) -> Report:
        self._made += 1
        name = f"{tongue.code}{self._made}"
        return Report(
            name,
            story or name,
            tongue.code,
            title,
            tuple(paragraphs),
            START_AT + timedelta(minutes=self._made),
            edits,
        )

    def _facts(self, tongue: Tongue) -> dict[str, str]:
        pick, number = self._random.sample, self._random.randint
        (person, second), (place, other) = pick(tongue.people, 2), pick(tongue.places, 2)
        return {
            "person": person, "second": second, "place": place, "other": other,
            "body": self._random.choice(tongue.bodies), "thing": self._random.choice(THINGS[tongue.code]),
            "month": self._random.choice(MONTHS[tongue.code]), "day": self._random.choice(["Monday", "Tuesday", "Friday"]),
            "n": str(number(12, 480)), "m": str(number(500, 990)), "d": str(number(4, 28)), "h": str(number(10, 23)),
            "mm": str(number(10, 59)), "q": f"{number(3, 7)}.{number(0, 9)}",
        }  # fmt: skip

    def _fill(self, pattern: str, facts: dict[str, str]) -> str:
        filled = pattern.format(**facts)
        return filled[0].upper() + filled[1:]


def day_of_news(seed: int, stories: int) -> list[Report]:
    """Reports, forms and copies of both, as a wire mixes them."""
    wire, chance = Wire(seed), random.Random(seed + 1)
    reports: list[Report] = []
    for at in range(stories):
        tongue = TONGUES[at % len(TONGUES)]
        made = wire.form(tongue, at % 3) if at % 4 == 0 else wire.report(tongue)
        copies = [wire.copy(tongue, made) for _ in range(chance.choice([0, 0, 1, 2, 3]))]
        reports += [made, *copies]
    return reports


@pytest.fixture(scope="session")
def news() -> Callable[[int, int], list[Report]]:
    """`news(seed, stories)`: a day of the wire."""
    return day_of_news
