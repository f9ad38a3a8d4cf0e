"""Which clauses say where a report was taken from, in six languages, and which are facts of it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.languages import languages
from aggregator.match.text.crediting import CreditingClauses, any_name, of_lexicon
from aggregator.model import Agency

AGENCIES = (
    Agency(id="bta", name="BTA", aliases=("БТА", "保通社", "Bulgarian News Agency")),
    Agency(
        id="kazinform",
        name="Kazinform",
        aliases=("Казинформ", "МИА «Казинформ»", "ҚазАқпарат", "哈通社"),
    ),
    Agency(id="norvest", name="Norvest", aliases=("Норвест",)),
)
CLAUSES = CreditingClauses(AGENCIES)
NAMED = any_name(
    (
        *(name for agency in AGENCIES for name in (agency.name, *agency.aliases)),
        *of_lexicon(*languages()),
    )
)
TITLE = re.compile(rf"^{NAMED}\s?:\s+(?=\S)|\s[-–—]\s{NAMED}\s*$|\s\({NAMED}\)\s*$")


def without_clauses(line: str) -> str:
    lines = [line]
    CLAUSES.take_from(lines)
    return lines[0]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Мостът е отворен, съобщи БТА.", "Мостът е отворен."),
        ("Мостът е отворен, предава агенция „Норвест“, цитирана от БТА.", "Мостът е отворен."),
        ("Мостът, съобщава Норвест, е отворен.", "Мостът е отворен."),
        ("Мостът е отворен, пише в. „Заря“.", "Мостът е отворен."),
        ("Както съобщи БТА, мостът е отворен.", "мостът е отворен."),
        ("Според Ройтерс мостът е отворен.", "мостът е отворен."),
        ("Мостът е отворен. Това съобщи БТА.", "Мостът е отворен."),
        ("Мост открыт, сообщает МИА «Казинформ».", "Мост открыт."),
        ("В Достане, сообщает БЕЛТА, открыли мост.", "В Достане открыли мост."),
        ("Мост открыт, передает корреспондент агентства Норвест.", "Мост открыт."),
        ("Мост открыт – передает Казинформ.", "Мост открыт."),
        ("Как сообщает Норвест, мост открыт.", "мост открыт."),
        ("Мост открыт. Об этом сообщает РИА Новости со ссылкой на Reuters.", "Мост открыт."),
        ("По данным ТАСС, мост открыт.", "мост открыт."),
        ("The bridge is open, Kazinform reports.", "The bridge is open."),
        ("The bridge is open, AZERTAC reports.", "The bridge is open."),
        ("The bridge is open, the Bulgarian News Agency said on Monday.", "The bridge is open."),
        ("The bridge is open, Norvest reported citing BTA.", "The bridge is open."),
        ("The bridge is open, according to Norvest news agency.", "The bridge is open."),
        ("The bridge is open, the official Karvian news agency KNA says.", "The bridge is open."),
        ("As BTA reported earlier, the bridge is open.", "the bridge is open."),
        ("Norvest reported that the bridge is open.", "the bridge is open."),
        ("Көпір ашылды, деп хабарлайды ҚазАқпарат.", "Көпір ашылды."),
        ("Көпір ашылды, – деп жазады Норвест агенттігі.", "Көпір ашылды."),
        ("ҚазАқпараттың хабарлауынша, көпір ашылды.", "көпір ашылды."),
        ("Koʻprik ochildi, deb xabar beradi UzA.", "Koʻprik ochildi."),
        ("UzA xabariga koʻra, koʻprik ochildi.", "koʻprik ochildi."),
        ("Koʻprik ochildi. Bu haqda Kazinform xabar berdi.", "Koʻprik ochildi."),
        ("Кўприк очилди, деб хабар беради ЎзА.", "Кўприк очилди."),
        ("据哈通社报道,大桥已经通车。", "大桥已经通车。"),
        ("据北方通讯社11月4日报道,大桥已经通车。", "大桥已经通车。"),
    ],
)
def test_a_clause_that_credits_an_agency_is_cut(line: str, left: str) -> None:
    assert without_clauses(line) == left


@pytest.mark.parametrize(
    "line",
    [
        "Norvest reported a profit of 5 mln.",
        "Norvest said it would cut 200 jobs.",
        "Norvest said that it would cut 200 jobs.",
        "The bridge is open, the press service of the ministry reports.",
        "The bridge is open, Mira Kestrel said.",
        "The bridge is open, Karvish Finance Minister Mira Kestrel said.",
        "The bridge is open, the Karvian Petroleum Institute said.",
        "The bridge is open, Chairman Hale said.",
        "The bridge is open, the mayor told Norvest.",
        "Мостът е отворен, съобщи Асен Вълчев.",
        "Мостът е отворен, съобщиха от пресслужбата на общината.",
        "БТА откри бюро край моста.",
        "Мост открыт, сообщает пресс-служба мэрии.",
        "Мост открыт, сообщил мэр Тобин Хейл.",
        "Мост открыт. Об этом сообщили в мэрии.",
        "Көпір ашылды, деп хабарлады әкім.",
        "Koʻprik ochildi, deb xabar berdi hokim.",
        "市长报道,大桥已经通车。",
    ],
)
def test_who_the_report_has_it_from_is_kept(line: str) -> None:
    assert without_clauses(line) == line


def test_who_an_agency_cites_in_turn_is_a_fact() -> None:
    line = "Мост открыт, сообщает Норвест со ссылкой на мэрию."

    assert without_clauses(line) == "Мост открыт со ссылкой на мэрию."


def test_what_was_cut_is_told() -> None:
    lines = ["The bridge is open, Norvest reports.", "It was closed."]

    assert CLAUSES.take_from(lines) == ["Norvest reports"]
    assert lines == ["The bridge is open.", "It was closed."]


def test_the_middle_of_a_long_report_is_its_own() -> None:
    lines = ["A.", "B.", "C.", "The bridge is open, Norvest reports.", "D.", "E."]

    assert CLAUSES.take_from(lines) == []


def test_a_long_line_is_looked_at_from_both_ends() -> None:
    middle = "The water rose over the road. " * 60
    lines = [f"The bridge is open, Norvest reports. {middle}It was closed, BTA reports."]

    assert CLAUSES.take_from(lines) == ["Norvest reports", "BTA reports"]
    assert lines == [f"The bridge is open. {middle}It was closed."]


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Казинформ: Мостът е отворен", "Мостът е отворен"),
        ("Мост открыт — ТАСС", "Мост открыт"),
        ("Bridge opened (BTA)", "Bridge opened"),
        ("Velmora: bridge opened", "Velmora: bridge opened"),
        ("BTA opens a bureau", "BTA opens a bureau"),
        ("BTA", "BTA"),
    ],
)
def test_a_title_loses_the_agency_at_its_ends(title: str, bare: str) -> None:
    assert CLAUSES.bare_title(title) == bare


SPACE = st.sampled_from([" ", "", "\t", "\n", "\u00a0", "  "])
MARK = st.sampled_from([":", "-", "–", "—", "(", ")", ";", ""])
NAME = st.sampled_from(
    ["BTA", "бта", "Казинформ", "„Norvest“", "哈通社", "TASS", "(BTA)", "Velmora", "Bridge"]
)
WORDS = st.sampled_from(["Bridge opened", "Мостът", "1:0", "—", ""])
AT_START = st.tuples(NAME, SPACE, MARK, SPACE, WORDS)
AT_END = st.tuples(WORDS, SPACE, MARK, SPACE, NAME, SPACE, MARK, SPACE)


@given(st.one_of(AT_START, AT_END, st.tuples(WORDS, MARK, SPACE, WORDS)).map("".join))
@settings(max_examples=2000)
def test_a_title_is_searched_as_by_the_plain_pattern(title: str) -> None:
    assert CLAUSES.bare_title(title) == (TITLE.sub("", title) or title)


def test_names_may_hold_any_character() -> None:
    clauses = CreditingClauses((Agency(id="odd", name="(A+P)", aliases=("^o", "-x.io", "İHA")),))
    lines = ["The bridge is open, (A+P) reported.", "It was closed, -x.io reports."]

    assert clauses.take_from(lines) == ["(A+P) reported", "x.io reports"]
