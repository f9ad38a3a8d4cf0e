"""Whom a text credits, in six languages, and in which direction."""

import pytest

from aggregator.match.text.credit import Credits
from aggregator.model import Agency

AGENCIES = (
    Agency(id="bta", name="BTA", aliases=("БТА", "保通社", "Bolgariya telegraf agentligi")),
    Agency(id="kazinform", name="Kazinform", aliases=("Казинформ", "ҚазАқпарат", "哈通社")),
)


@pytest.mark.parametrize(
    ("line", "credited"),
    [
        ("Мостът е отворен, съобщи Казинформ.", ["kazinform"]),
        ("Мост открыт, передает БТА.", ["bta"]),
        ("Көпір ашылды, деп хабарлайды ҚазАқпарат.", ["kazinform"]),
        ("The bridge is open, BTA reported.", ["bta"]),
        ("Koʻprik ochildi, deb xabar berdi Kazinform.", ["kazinform"]),
        ("据保通社报道,大桥已通车。", ["bta"]),
        ("Сградата на Казинформ е до реката.", []),
    ],
)
def test_the_agency_that_is_cited_is_the_origin(line: str, credited: list[str]) -> None:
    found = Credits(AGENCIES).read("", [line], [])
    assert [credit.agency_id for credit in found] == credited
    assert all(line.find(credit.phrase.strip("…")) >= 0 for credit in found)


def test_an_agreement_line_goes_before_a_mention() -> None:
    lines = [
        "Мостът е отворен, съобщи БТА.",
        "(Тази информация се разпространява по споразумение между БТА и Казинформ)",
    ]
    found = Credits(AGENCIES).read("", lines, [])
    assert found[0].agreement
    assert {credit.agency_id for credit in found if credit.agreement} == {"bta", "kazinform"}


def test_a_title_may_begin_with_its_source() -> None:
    (credit,) = Credits(AGENCIES).read("Казинформ: Мостът е отворен", [], [])
    assert (credit.agency_id, credit.agreement) == ("kazinform", False)
