"""Which pairs of look-alikes a rule forbids, in several languages, and which copies none does."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from aggregator.match.words import minhash
from aggregator.match.words.classifier import UNSURE, Verdict
from aggregator.match.words.features import pair_features
from aggregator.match.words.idf import DocumentFrequency
from aggregator.match.words.rules import apply_rules
from aggregator.model import Text

NOTICE = {
    "en": "The whole report is kept for those who pay. Write to our sales office for a trial account.",
    "ru": "Полный текст доступен только подписчикам. Чтобы подписаться, напишите в отдел продаж.",
    "bg": "Пълният текст е достъпен само за абонати. За пробен достъп пишете на търговския отдел.",
}  # fmt: skip


def rules_on(
    language: str, *texts: tuple[str, str], hours: tuple[int, ...] = (), score: float = 0.99
) -> list[str]:
    """The rule that has the last word on the last text and each one before it; all scored alike."""
    packed = [
        minhash.unpack_tokens(
            minhash.fingerprint(Text(title=title, body=body, language=language)).tokens
        )
        for title, body in texts
    ]
    *others, own = packed
    apart = [timedelta(hours=h) for h in hours or (1,) * len(others)]
    features = pair_features(own, others, DocumentFrequency())
    verdicts = [Verdict(score, "model")] * len(others)
    found = apply_rules(verdicts, own, others, features, apart)
    assert all(one.score == (score if one.rule == "model" else UNSURE) for one in found)
    return [one.rule for one in found]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("Mayor opens bridge in Karsk", "Velmora draw with Dunvale")),
        ("ru", ("В Карске открыли новый мост", "Сборная Велморы сыграла вничью")),
        ("bg", ("Откриха нов мост в Карск", "Реколтата от пшеница приключи")),
    ],
)
def test_a_notice_under_two_reports_is_no_copy(language: str, titles: tuple[str, str]) -> None:
    first, second = titles

    assert rules_on(language, (first, NOTICE[language]), (second, NOTICE[language])) == [
        "unrelated-titles"
    ]


def test_show_notes_after_a_sentence_of_its_own_are_no_copy() -> None:
    notes = (
        " Follow the programme wherever you listen. Our producer is Mira Dolcane. Music: Tonnesk."
    )

    assert rules_on(
        "en",
        ("What bees want", "A keeper answers." + notes),
        ("Why grain is dear", "We ask a miller." + notes),
    ) == ["unrelated-titles"]


def test_a_text_under_three_titles_is_a_notice_though_one_shares_words_with_it() -> None:
    found = rules_on(
        "en",
        ("Whole report on sales kept from public", NOTICE["en"]),
        ("Velmora draw with Dunvale", NOTICE["en"]),
        ("Trial account of merchant opens in Karsk", NOTICE["en"]),
    )

    assert found == ["recurring-text"] * 2


def test_a_copy_with_a_title_of_its_own_is_a_copy() -> None:
    text = "The council of Karsk voted on Friday to build a second bridge over the river by 2031."

    assert rules_on(
        "en", ("Karsk gets second bridge", text), ("Council votes to build over river", text)
    ) == ["model"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Press review"),
        ("en", "Live Updates"),
        ("en", "Weather for 26 November"),
        ("ru", "Обзор прессы"),
        ("ru", "Главные новости"),
        ("bg", "Преглед на печата"),
        ("bg", "Валутни курсове"),
        ("kk", "Ауа райы"),
        ("uz", "Valyuta kurslari"),
        ("zh", "天气预报"),
        ("de", "Wetter"),
        ("fr", "Revue de presse"),
    ],
)
def test_a_rubric_without_a_text_is_no_subject(language: str, title: str) -> None:
    assert rules_on(language, (title, ""), (title, "")) == ["rubric-title"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Earthquake of magnitude 5.1 shakes southern Velmora"),
        ("en", "Dolcane meets Tonnesk"),
        ("ru", "Президент Велморы прибыл в Карск с визитом"),
        ("bg", "Земетресение с магнитуд 4,2 разлюля Карск"),
    ],
)
def test_a_title_that_names_something_is_a_subject(language: str, title: str) -> None:
    assert rules_on(language, (title, ""), (title, "")) == ["model"]


def test_a_title_of_every_day_says_too_little_though_two_agencies_have_it_today() -> None:
    daily = ("Karsk port shipping movements", "Ships that came in and went out are listed inside.")

    found = rules_on("en", daily, daily, daily, daily, hours=(1, 25, 49))

    assert found == ["recurring-form"] * 3
    assert rules_on("en", daily, daily, hours=(1,)) == ["model"]


def test_forms_of_figures_cut_off_before_the_first_are_apart() -> None:
    title = "Winning numbers drawn in Friday's Velmora draw"
    text = "The winning numbers drawn on Friday evening in the state game were:"

    assert rules_on("en", (title, text), (title, text)) == ["figures-missing"]
    assert rules_on("en", (title, text + " 4, 8, 15"), (title, text + " 4, 8, 15")) == ["model"]


@pytest.mark.parametrize(
    ("language", "digest", "title"),
    [
        ("en", "News in brief: Karsk bridge closed", "Karsk bridge closed"),
        ("en", "Morning briefing", "Karsk bridge closed"),
        ("ru", "Коротко о главном: мост в Карске закрыт", "Мост в Карске закрыт"),
        ("bg", "Новини накратко: мостът в Карск", "Мостът в Карск затворен"),
        ("zh", "新闻摘要：卡尔斯克大桥", "卡尔斯克大桥关闭"),
    ],
)
def test_a_digest_is_no_copy_of_what_it_opens_with(language: str, digest: str, title: str) -> None:
    text = "Karsk 卡尔斯克 мост bridge 2031 closed for repairs on Friday, the council said."

    assert rules_on(language, (digest, text), (title, text)) == ["part-of-digest"]


@pytest.mark.parametrize(
    ("language", "digest", "title", "text"),
    [
        ("en", "Karsk bridge closed; Tonnesk mill burns down", "Karsk bridge closed", "The Karsk bridge is closed for repairs, the council said."),
        ("ru", "Мост в Карске закрыт; на мельнице Тоннеска пожар", "Мост в Карске закрыт", "Мост в Карске закрыт на ремонт, сообщила мэрия."),
        ("bg", "Мостът в Карск е затворен; пожар в мелница край Тонеск", "Мостът в Карск е затворен", "Мостът в Карск е затворен за ремонт, съобщи общината."),
        ("kk", "Карск көпірі жабылды; Тоннескте диірмен өртенді", "Карск көпірі жабылды", "Карск көпірі жөндеуге жабылды, деп хабарлады әкімдік."),
        ("uz", "Karsk koʻprigi yopildi; Tonneskda tegirmon yondi", "Karsk koʻprigi yopildi", "Karsk koʻprigi taʼmirlash uchun yopildi, dedi hokimiyat."),
        ("zh", "卡尔斯克大桥关闭; 托内斯克磨坊起火", "卡尔斯克大桥关闭", "市政府说，卡尔斯克大桥因维修关闭。"),
    ],
)  # fmt: skip
def test_a_title_of_two_reports_makes_a_digest(
    language: str, digest: str, title: str, text: str
) -> None:
    assert rules_on(language, (digest, text), (title, text)) == ["part-of-digest"]
    assert rules_on(language, (digest, text), (digest, text)) == ["model"]


def test_two_halves_of_one_title_make_no_digest() -> None:
    text = (
        "Dolcane opened the Karsk bridge on Friday; traffic over the river resumes in the evening."
    )

    title = "Dolcane opens Karsk bridge; traffic over river resumes"
    assert rules_on("en", (title, text), ("Dolcane opens Karsk bridge", text)) == ["model"]


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Dollar steadies in late trade", "The dollar steadied in late trade on Friday as dealers waited for news from the mint."),
        ("en", "Stocks slip in Velmora", "Stocks slipped in Velmora on Friday as dealers waited for news from the mint."),
        ("ru", "Рубль укрепился на утренних торгах", "Рубль укрепился на утренних торгах в пятницу, участники рынка ждут новостей."),
        ("bg", "Петролът поскъпна слабо в Азия", "Петролът поскъпна слабо в Азия в петък, търговците чакат новини за запасите."),
        ("zh", "美元小幅上涨", "美元周五在亚洲交易时段小幅上涨，交易员等待库存消息。"),
    ],
)  # fmt: skip
def test_how_a_price_moved_needs_the_price(language: str, title: str, text: str) -> None:
    assert rules_on(language, (title, text), (title, text)) == ["figures-missing"]

    said = text + " 104.35 (103.20)"
    assert rules_on(language, (title, said), (title, said)) == ["model"]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("Direct flights from Karsk to Velmora begin", "Direct flights from Tonnesk to Karsk begin")),
        ("ru", ("Начинаются прямые рейсы Карск – Велмора", "Начинаются прямые рейсы Тоннеск – Карск")),
        ("bg", ("Пускат преки полети от Карск до Велмора", "Пускат преки полети от Тонеск до Карск")),
    ],
)  # fmt: skip
def test_a_notice_says_nothing_of_titles_though_they_are_of_one_form(
    language: str, titles: tuple[str, str]
) -> None:
    first, second = titles

    assert rules_on(language, (first, NOTICE[language]), (second, NOTICE[language])) == [
        "unrelated-titles"
    ]
    assert rules_on(language, (first, NOTICE[language]), (first, NOTICE[language])) == ["model"]


def test_one_text_retitled_is_a_copy() -> None:
    text = "The bridge of Karsk is closed for repairs until June, the council said on Friday."

    assert rules_on(
        "en", ("Karsk bridge shut for months", text), ("Bridge in Karsk closed until June", text)
    ) == ["model"]


def test_news_at_the_beginning_of_a_title_makes_no_digest() -> None:
    text = "The mayor of Karsk will hold a news conference on Friday about the closed bridge."

    assert rules_on(
        "en", ("News conference on Karsk bridge", text), ("Karsk mayor to speak", text)
    ) == ["model"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (
            "en",
            ("Wheat exports up 12 percent", "Exports of wheat rose 12 percent to 4.1 million tonnes."),
            ("Wheat imports up 12 percent", "Imports of wheat rose 12 percent to 4.1 million tonnes."),
        ),
        (
            "en",
            ("Karsk women beat Dunvale", "Karsk beat Dunvale in the women's cup in Velmora on Friday."),
            ("Karsk men beat Dunvale", "Karsk beat Dunvale in the men's cup in Velmora on Friday."),
        ),
        (
            "bg",
            ("Затвориха пътя за севера", "Пътят към северния край на Карск е затворен заради сняг."),
            ("Затвориха пътя за юга", "Пътят към южния край на Карск е затворен заради сняг."),
        ),
        (
            "ru",
            ("Банк Велморы повысил ставку", "Банк Велморы в пятницу повысил ставку на полпункта."),
            ("Банк Велморы снизил ставку", "Банк Велморы в пятницу снизил ставку на полпункта."),
        ),
        (
            "kk",
            ("Карскіде көпір ашылды", "Жұма күні Карскі қаласында көпір ашылды деді әкім."),
            ("Карскіде көпір жабылды", "Жұма күні Карскі қаласында көпір жабылды деді әкім."),
        ),
        (
            "uz",
            ("Velmora banki stavkani oshirdi", "Velmora banki juma kuni asosiy stavkani oshirdi."),
            ("Velmora banki stavkani tushirdi", "Velmora banki juma kuni asosiy stavkani tushirdi."),
        ),
        (
            "zh",
            ("维尔莫拉小麦出口增长", "维尔莫拉统计局周五表示，小麦出口增长百分之十二。"),
            ("维尔莫拉小麦进口增长", "维尔莫拉统计局周五表示，小麦进口增长百分之十二。"),
        ),
    ],
)  # fmt: skip
def test_an_opposite_in_the_same_place_is_another_report(
    language: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert rules_on(language, one, other) == ["opposite-word"]


def test_an_opposite_is_seen_in_a_hundred_words_as_well() -> None:
    rest = " The board named no date and gave no reason, as it has not for years." * 8

    assert rules_on(
        "en",
        ("Bank of Velmora raises rate", "The bank raises its rate by half a point." + rest),
        ("Bank of Velmora cuts rate", "The bank cuts its rate by half a point." + rest),
    ) == ["opposite-word"]


@pytest.mark.parametrize(
    ("language", "said", "denied"),
    [
        ("en", "Dolcane will attend Karsk summit", "Dolcane will not attend Karsk summit"),
        ("ru", "Долкан приедет на саммит в Карск", "Долкан не приедет на саммит в Карск"),
        ("bg", "Долкан ще участва в срещата в Карск", "Долкан не ще участва в срещата в Карск"),
    ],
)
def test_a_denial_is_another_report(language: str, said: str, denied: str) -> None:
    assert rules_on(language, (said, ""), (denied, "")) == ["opposite-word"]


def test_an_opposite_in_another_place_is_an_edit() -> None:
    text = "The port of Karsk closed on Friday after a storm; exports of wheat wait in 12 ships."

    assert rules_on(
        "en",
        ("Storm closes Karsk port", text),
        ("Storm closes Karsk port", "Imports were not mentioned. " + text),
    ) == ["model"]


def test_one_word_replaced_in_title_and_text_is_another_report() -> None:
    text = "The {} of Velmora shut on Friday for repairs that take until June, the council said."

    assert rules_on(
        "en",
        ("Velmora library shut for repairs", text.format("library")),
        ("Velmora museum shut for repairs", text.format("museum")),
    ) == ["word-replaced"]
    assert rules_on(
        "en",
        ("Velmora library shut for repairs", text.format("library")),
        ("Velmora building shut for repairs", text.format("library")),
    ) == ["model"]


def test_a_name_inserted_in_one_title_is_another_report() -> None:
    text = "Velmora Power sells bonds for 100 million on Friday, the bank that leads the sale said."

    assert rules_on(
        "en",
        ("Velmora sells new Tonnesk bonds for 100 mln", text),
        ("Velmora sells new bonds for 100 mln", text),
    ) == ["name-inserted"]
    site = ("Velmora sells new bonds for 100 mln – Karsk Herald", text)
    assert rules_on("en", site, ("Velmora sells new bonds for 100 mln", text)) == ["model"]


def test_background_under_reports_of_their_own_is_no_copy() -> None:
    background = (
        " The dispute over the canal began in 2019, when Velmora closed the locks without a word to"
        " its neighbours. Karsk has since built a road around them at a cost of 40 million."
    )
    first = (
        "Dolcane told the council on Monday that talks on water would begin again after harvest."
    )
    second = (
        "A tanker ran aground near the third lock at dawn, and two sailors were taken off by boat."
    )

    assert rules_on(
        "en",
        ("Dolcane sees talks on canal", first * 3 + background),
        ("Tanker aground in canal lock", second * 3 + background),
    ) == ["background-shared"]


@pytest.mark.parametrize(
    ("language", "titles", "leads", "background"),
    [
        ("en", ("Loan granted for dam", "Marble found near dam"), ("A bank will lend what the dam still costs.", "Geologists came upon marble beside the dam."), "The dam was begun in 2019 and has been halted twice. Four countries pay for it, and fishermen fear for the salmon."),
        ("ru", ("На плотину выделен кредит", "Возле плотины нашли мрамор"), ("Банк выдаст заём на завершение строительства.", "Геологи обнаружили залежи мрамора."), "Плотину начали строить в 2019 году и дважды останавливали. Платят за неё четыре страны, рыбаки боятся за лосося."),
    ],
)  # fmt: skip
def test_a_sentence_of_its_own_above_a_background_is_no_copy(
    language: str, titles: tuple[str, str], leads: tuple[str, str], background: str
) -> None:
    items = [(title, f"{lead}\n\n{background}") for title, lead in zip(titles, leads, strict=True)]

    assert rules_on(language, *items) == ["background-shared"]


def test_what_is_only_related_is_not_looked_at() -> None:
    assert rules_on("en", ("Weather", ""), ("Weather", ""), score=UNSURE) == ["model"]


def test_nothing_to_judge_gives_nothing() -> None:
    own = minhash.unpack_tokens(
        minhash.fingerprint(Text(title="Weather", body="", language="en")).tokens
    )

    assert apply_rules([], own, [], np.empty((0, 0)), []) == []
