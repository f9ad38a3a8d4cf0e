"""Which facts a later version replaced, and what only went on: in every language of the folder."""

import pytest

from aggregator.match.corrections.facts import facts_of, is_same
from aggregator.match.corrections.replaced import replaced
from tests.unit.match.corrections.texts import text_of

GOES_ON = {
    "en": "The mayor came to the town on Friday. Work goes on.",
    "bg": "Кметът дойде в града в петък. Работата продължава.",
    "ru": "Мэр приехал в город в пятницу. Работа продолжается.",
    "kk": "Қала әкімі қалаға келді. Жұмыс жалғасуда.",
    "uz": "Shahar hokimi shaharga keldi. Ish davom etmoqda.",
    "zh": "市长来到城市。工作仍在继续。",
}
CORRECTED = [
    ("en", "The bridge over the Ulgen is {} metres long.", "365", "356"),
    ("en", "The bridge was visited by {} pupils of the town.", "120", "210"),
    ("en", "The bridge cost {} to build.", "$1.2 million", "$1.4 million"),
    ("en", "GDP grew {} in the second quarter.", "2.3%", "2.5%"),
    ("en", "The deal was signed by Economy Minister {} in Dostan.", "Mira Kestrel", "Senna Orlov"),
    ("en", "The deal was signed in {} by the minister.", "Dostan", "Karvik"),
    ("en", "President Tokayev met Prime Minister {} in Astana.", "Koro Adeyi", "Emre Talat"),
    ("en", "The deal was signed in the town on {}.", "Monday", "Tuesday"),
    ("en", "The talks begin in Dostan on {}.", "November 4", "November 5"),
    ("en", "The talks begin at {} in the town hall.", "10:30", "11:30"),
    ("en", "The company was founded in {} in Karvik.", "1987", "1978"),
    ("en", "Exports of grain {} sharply last year.", "rose", "fell"),
    ("en", "Police said {} people were killed in the crash.", "14", "12"),
    ("bg", "Мостът е дълъг {} метра и свързва двата бряга.", "365", "356"),
    ("bg", "Споразумението подписа министърът {} в Достан.", "Асен Вълчев", "Петър Дончев"),
    ("bg", "Заседанието ще се проведе в {} в Достан.", "сряда", "четвъртък"),
    ("bg", "Загинаха {} души при катастрофата край Достан.", "14", "12"),
    ("ru", "Мост обошелся бюджету в {} рублей.", "2,3 млрд", "3,2 млрд"),
    ("ru", "Заседание пройдет {} в Достане.", "4 ноября", "5 ноября"),
    ("ru", "Соглашение подписал министр {} в Достане.", "Иванов", "Петров"),
    ("ru", "Экспорт зерна {} в прошлом году.", "вырос", "снизился"),
    ("kk", "Көпірге {} теңге бөлінді.", "12 млрд", "14 млрд"),
    ("kk", "Жиын {} Достанда өтеді.", "4 қарашада", "5 қарашада"),
    ("uz", "Koʻprikka {} soʻm ajratildi.", "12 milliard", "14 milliard"),
    ("uz", "Yigʻilish {} kuni Dostanda oʻtadi.", "4-noyabr", "5-noyabr"),
    ("zh", "大桥全长{}公里,耗资很大。", "365", "356"),
    ("zh", "会议将于{}在多斯坦举行。", "11月4日", "11月5日"),
    ("zh", "协议由部长{}签署并公布。", "伊万诺夫", "卡萨诺瓦"),
]
UPDATED = [
    ("en", "At least {} people gathered in the square.", "12", "14"),
    ("en", "Police said {} people were killed in the crash.", "12", "14"),
    ("en", "The town said {} people were evacuated.", "1,200", "1,500"),
    ("en", "Dostan leads Karvik {} in the final.", "1-0", "2-0"),
    ("en", "With {} of votes counted, Kestrel is first.", "45%", "65%"),
    ("en", "The fire burned {} acres of forest.", "1,200", "1,500"),
    ("en", "The match {} in Dostan on Monday.", "began", "ended"),
    ("bg", "Към момента са записани {} души.", "12", "14"),
    ("bg", "Пострадаха {} души при взрива.", "12", "14"),
    ("bg", "При обработени {} от протоколите води Вълчев.", "45%", "65%"),
    ("ru", "На данный момент записались {} жителей.", "120", "140"),
    ("ru", "В результате взрыва пострадали {} человек.", "12", "14"),
    ("kk", "Апаттан {} адам зардап шекті.", "12", "14"),
    ("kk", "Қазіргі уақытта {} адам тіркелді.", "12", "14"),
    ("uz", "Portlashda {} kishi jarohat oldi.", "12", "14"),
    ("uz", "Hozircha {} kishi roʻyxatdan oʻtdi.", "12", "14"),
    ("zh", "爆炸造成{}人受伤。", "12", "14"),
    ("zh", "截至目前已有{}人报名。", "12", "14"),
]
UNCHANGED = [
    ("en", "The bridge cost twelve million euros.", "The bridge cost 12 million euros."),
    ("en", "The bridge cost 1,000 euros.", "The bridge cost 1000 euros."),
    ("en", "The bridge drew 9.7 million people.", "The bridge drew 9,729,000 people."),
    ("bg", "По моста минаха дванадесет коли.", "По моста минаха 12 коли."),
    ("ru", "Мост стоит 2,3 млрд рублей.", "Мост стоит 2,3 миллиарда рублей."),
    ("ru", "Мэр встретился с Ивановым в Достане.", "Мэр встретился с Иванову в Достане."),
    ("kk", "Көпірден он екі көлік өтті.", "Көпірден 12 көлік өтті."),
    ("uz", "Koʻprikdan oʻn ikki mashina oʻtdi.", "Koʻprikdan 12 mashina oʻtdi."),
    ("zh", "十二辆汽车过桥。", "12辆汽车过桥。"),
    ("en", "The bridge cost 12 million euros.", "The cost of the new bridge was 14 million euros."),
    ("en", "Yesterday the bridge was opened in Dostan.", "Today the bridge was opened in Dostan."),
    ("en", "Shares rose 0.3% in Dostan.", "Shares fell 0.4% in Dostan."),
]


def pairs(
    language: str, before: str, after: str, *, is_marked: bool = False
) -> list[tuple[str, str]]:
    rest = GOES_ON[language]
    found = replaced(
        text_of(language, f"{before} {rest}"),
        text_of(language, f"{after} {rest}"),
        is_marked=is_marked,
    )
    return [(one.old, one.new) for one in found]


@pytest.mark.parametrize(("language", "sentence", "old", "new"), CORRECTED)
def test_a_fact_in_a_sentence_otherwise_kept_was_replaced(
    language: str, sentence: str, old: str, new: str
) -> None:
    assert pairs(language, sentence.format(old), sentence.format(new)) == [(old, new)]


def test_the_words_of_a_unit_are_left_out_unless_the_unit_changed() -> None:
    told = "The bridge over the Ulgen is {} long."

    assert pairs("en", told.format("365 metres"), told.format("356 metres")) == [("365", "356")]
    assert pairs("en", told.format("5 km"), told.format("5 miles")) == [("5 km", "5 miles")]


@pytest.mark.parametrize(("language", "sentence", "old", "new"), UPDATED)
def test_what_goes_on_is_no_correction_unless_it_says_so(
    language: str, sentence: str, old: str, new: str
) -> None:
    before, after = sentence.format(old), sentence.format(new)

    assert pairs(language, before, after) == []
    (pair,) = pairs(language, before, after, is_marked=True)
    assert (old in pair[0], new in pair[1]) == (True, True)


@pytest.mark.parametrize(("language", "before", "after"), UNCHANGED)
def test_a_fact_written_otherwise_and_a_sentence_reworded_replace_nothing(
    language: str, before: str, after: str
) -> None:
    assert pairs(language, before, after) == []


def test_the_words_that_agree_with_a_number_may_change_with_it() -> None:
    before = "В соревнованиях участвовал 21 спортсмен из Достана."
    after = "В соревнованиях участвовали 22 спортсмена из Достана."

    assert pairs("ru", before, after) == [("21", "22")]


def test_a_new_sentence_replaces_nothing() -> None:
    before = "The bridge is 365 metres long."

    assert pairs("en", before, f"{before} It was built by 120 workers.") == []


def test_the_bulletin_of_another_day_corrects_nothing() -> None:
    before = "On November 4 the euro is worth 12 crowns. Rates of the bank follow."
    after = "On November 5 the euro is worth 13 crowns. Rates of the bank follow."

    assert pairs("en", before, after) == []


def test_a_report_of_which_little_is_left_corrects_nothing() -> None:
    before = "The bridge is 365 metres long."
    kept = text_of("en", f"{before} A. It is green and old. Cars use it on most days of the year.")
    other = text_of(
        "en", "The bridge is 356 metres long. Trains came later to the quiet valley town."
    )

    assert replaced(kept, other) == ()


def test_the_title_counts_and_a_pair_stands_once() -> None:
    body = "The bridge over the Ulgen is {} long, the mayor said."
    before = text_of("en", body.format("365 metres"), "Bridge of 365 metres opened in Dostan")
    after = text_of("en", body.format("356 metres"), "Bridge of 356 metres opened in Dostan")

    (pair,) = replaced(before, after)

    assert (pair.old, pair.new) == ("365", "356")


def test_mark_note_and_dateline_are_no_facts_of_the_report() -> None:
    told = "The bridge over the Ulgen is {} long, the mayor said."
    before = text_of(
        "en", f"DOSTAN, Nov 4 (Norvest) - {told.format('365 metres')}", "Bridge opened"
    )
    note = "(Corrects length to 356 metres from 365 in para 1) "
    after = text_of(
        "en", f"DOSTAN, Nov 5 (Norvest) - {note}{told.format('356 metres')}", "CORRECTED-Bridge opened"
    )  # fmt: skip

    (pair,) = replaced(before, after, is_marked=True)

    assert (pair.old, pair.new) == ("365", "356")


def test_a_marked_correction_may_leave_out_a_first_name() -> None:
    before = "The deal was signed by Economy Minister Mira Kestrel in Dostan on Monday."
    after = "The deal was signed by Economy Minister Orlov in Dostan on Monday."

    assert pairs("en", before, after) == []
    assert pairs("en", before, after, is_marked=True) == [("Mira Kestrel", "Orlov")]


def test_versions_in_two_languages_are_not_compared() -> None:
    assert replaced(text_of("en", "12 cars."), text_of("ru", "14 cars.")) == ()


@pytest.mark.parametrize("is_marked", [False, True])
def test_nothing_was_replaced_in_the_same_text(is_marked: bool) -> None:
    for language, sentence, old, _ in [*CORRECTED, *UPDATED]:
        text = text_of(language, f"{sentence.format(old)} {GOES_ON[language]}")
        assert replaced(text, text, is_marked=is_marked) == ()


def test_the_sides_of_a_pair_are_never_equal() -> None:
    rows = [*CORRECTED, *UPDATED]
    cases = [(code, said.format(old), said.format(new)) for code, said, old, new in rows]
    for language, before, after in [*cases, *UNCHANGED]:
        for old, new in pairs(language, before, after, is_marked=True):
            facts = zip(facts_of(old, language), facts_of(new, language), strict=False)
            assert not all(is_same(a, b, language, language) for a, b in facts)
