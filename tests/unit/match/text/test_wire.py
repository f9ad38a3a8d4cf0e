"""Headers and tails of wires, known by their form; sentences of reports that look like them stay."""

import pytest

from aggregator.match.text.wire import header, tail, take_wire

REPORT = "Мостът край Велмора беше отворен."


@pytest.mark.parametrize(
    "head",
    [
        "NF 01:48:31 09-11-2018 NN0148NF.003 ",
        "NF 01:48:31 09-11-2018 NN0148NF.003 Велмора - мост - откриване ",
        "PA2339NF.002 23:39 01-02-2018 ",
        "28.01.2018 14.35 ",
        ". 06.01.2018 | 15:14 | ",
        "BC-VELMORA-BRIDGE,0450 ",
        "u p Bridge 11-09 0120 ",
        "(Eds: adds quotes from the mayor) ",
    ],
)
def test_a_header_before_the_report_is_known(head: str) -> None:
    assert header(f"{head}{REPORT}") == len(head)


@pytest.mark.parametrize(
    "line",
    [
        "r i BC-VELMORA-BRIDGE 11-09 0450",
        "BC-Velmora-Bridge, 1st Ld-Writethru,0450",
        "^BC-VELMORA-BRIDGE^",
        "ZCZC",
        "URGENT",
        "СРОЧНО:",
        "ИЗВЪНРЕДНО",
        "快讯",
    ],
)
def test_a_line_may_be_all_header(line: str) -> None:
    assert take_wire([line, REPORT]) == ([REPORT], [line])


@pytest.mark.parametrize(
    "line",
    [
        "30 декабря 2020, 14:48",
        "сряда, 6 януари 2021 - 11:01",
        "Updated November 5, 2020 12:53 p.m.",
        "30.11.2020 | 09:23 Редактор: Асен Вълчев",
        "2026-11-04 09:15",
    ],
)
def test_a_line_that_says_when_it_was_published_is_none_of_the_report(line: str) -> None:
    assert take_wire([line, REPORT]) == ([REPORT], [line])


def test_the_only_line_of_a_report_is_kept_whatever_it_says() -> None:
    assert take_wire(["30 декабря 2020, 14:48"]).lines == ["30 декабря 2020, 14:48"]


@pytest.mark.parametrize(
    "line",
    [
        "15.01.2021 парламентът прие закона.",
        "12.30 ч. мостът беше отворен.",
        "The bridge was opened at 14:48 on 5 November 2026.",
        "IBM 2026 results were better.",
        "US 5:4 Canada in the final.",
        "AM-radio stations will close.",
        "Urgent talks opened on Monday.",
        "A 14.5 per cent rise was seen.",
        "More was said on Monday.",
        "",
    ],
)
def test_a_report_may_begin_with_figures_and_capitals(line: str) -> None:
    assert header(line) == 0


@pytest.mark.parametrize(
    "end",
    [
        " /ДИ/ /НН/",
        " /ДИ, НН/",
        " (ab/cd)",
        " (BTA)",
        " /Норвест",
        " /norvest.bg Днес+",
        " // Norvest",
        " – BTA",
        " -0-",
        " ###",
    ],
)
def test_a_tail_behind_the_last_sentence_is_known(end: str) -> None:
    assert tail(f"{REPORT}{end}") == len(REPORT)


@pytest.mark.parametrize("line", ["-0-", "-30-", "###", "(MORE)", "(250 words)", "NNNN", "ENDS"])
def test_a_line_may_be_all_tail(line: str) -> None:
    assert take_wire([REPORT, line]) == ([REPORT], [line])


@pytest.mark.parametrize(
    "line",
    [
        "The bridge was opened in 2014 (see below)",
        "He said yes (in part).",
        "The road is closed and/or flooded",
        "Мостът е отворен - каза кметът",
    ],
)
def test_the_end_of_a_sentence_is_no_tail(line: str) -> None:
    assert tail(line) == len(line)


def test_the_middle_of_a_report_is_not_looked_at() -> None:
    lines = ["One.", "Two.", "Three.", "ENDS", "Four.", "Five.", "Six."]

    assert take_wire(lines) == (lines, [])
