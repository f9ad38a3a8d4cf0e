"""Reports of which one title says the opposite of the other."""

import pytest

from aggregator.match.crosslang.opposites import are_opposed
from tests.unit.match.crosslang.test_acts import read

EXPORTS = {
    "en": ("Karsk's wheat exports to Velmar reach 400,000 tonnes", "The ministry of Karsk gave the figure on Monday in a yearly review of trade with Velmar."),
    "ru": ("Экспорт пшеницы из Карска в Велмар достиг 400 тысяч тонн", "Министерство Карска назвало эту цифру в понедельник в обзоре торговли с Велмаром."),
    "bg": ("Износът на пшеница от Карск за Велмар достигна 400 хил. тона", "Министерството на Карск съобщи числото в понеделник в преглед на търговията с Велмар."),
    "kk": ("Карсктен Велмарға бидай экспорты 400 мың тоннаға жетті", "Карск министрлігі бұл санды дүйсенбіде Велмармен сауда шолуында атады."),
    "uz": ("Karskdan Velmarga bug‘doy eksporti 400 ming tonnaga yetdi", "Karsk vazirligi bu raqamni dushanba kuni Velmar bilan savdo sharhida aytdi."),
    "zh": ("卡尔斯克对维尔马的小麦出口达40万吨", "卡尔斯克有关部门星期一在对维尔马贸易的年度回顾中公布了这一数字。"),
}  # fmt: skip
IMPORTS = {
    "en": ("Karsk's wheat imports from Velmar reach 400,000 tonnes", "The ministry of Karsk gave the figure on Monday in a yearly review of trade with Velmar."),
    "ru": ("Импорт пшеницы в Карск из Велмара достиг 400 тысяч тонн", "Министерство Карска назвало эту цифру в понедельник в обзоре торговли с Велмаром."),
    "zh": ("卡尔斯克自维尔马的小麦进口达40万吨", "卡尔斯克有关部门星期一在对维尔马贸易的年度回顾中公布了这一数字。"),
}  # fmt: skip


@pytest.mark.parametrize("one", EXPORTS)
@pytest.mark.parametrize("other", IMPORTS)
def test_exports_are_no_imports(one: str, other: str) -> None:
    a, b = read(one, *EXPORTS[one]), read(other, *IMPORTS[other])
    assert are_opposed(a, b)
    assert are_opposed(b, a)


def test_a_translation_says_the_same() -> None:
    said = [read(language, *report) for language, report in EXPORTS.items()]
    assert not any(are_opposed(a, b) for a in said for b in said)


def test_who_says_both_is_no_opposite() -> None:
    title, body = EXPORTS["en"]
    both = read("en", title, f"{body} Imports fell.")
    assert not are_opposed(both, read("ru", *IMPORTS["ru"]))


def test_what_only_the_lead_says_does_not_oppose_a_title() -> None:
    plain = read(
        "en",
        "Karsk's wheat trade with Velmar reaches 400,000 tonnes",
        "Exports of the year were named by the ministry on Monday.",
    )
    assert not are_opposed(plain, read("ru", *IMPORTS["ru"]))


def test_something_else_that_rose_does_not_hide_a_lowered_rate() -> None:
    raised = read(
        "en",
        "Karsk raises its key rate",
        "The central bank of Karsk raised its key rate to 11.5 percent.",
    )
    lowered = read(
        "ru",
        "Карск понизил ключевую ставку",
        "Центральный банк Карска понизил ключевую ставку до 11,5 процента, а экономика выросла на 5 процентов.",
    )
    assert are_opposed(raised, lowered)
    assert are_opposed(lowered, raised)
