"""`pickup`: its tables, JSON and CSV, over a real store of a few stories."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from aggregator.model import Replacement
from aggregator.store.store import Store
from tests.databases import store_at
from tests.unit.cli.conftest import Run
from tests.wire_copy import DAY, HOUR, MINUTE, NOON, item, tell

SPAN = ("--since", "2026-11-20", "--until", "2026-11-27")


@pytest.fixture
def wire(config: Path, directory: Path) -> None:
    store_at(directory / "news.db", fill)


def fill(store: Store) -> None:
    """Of north: one report carried by south and withdrawn by none, one stale, one nobody carried."""
    tell(
        store,
        item("n1", "north", NOON, title="Bridge at Lonne closed"),
        item(
            "s1", "south", NOON + 65 * MINUTE, "north", title='=HYPERLINK("x") shut', language="bg"
        ),
    )
    tell(
        store,
        item(
            "n2",
            "north",
            NOON + HOUR,
            title="Ferry toll rises to 14, says the office of the harbour",
        ),
        item("s2", "south", NOON + 2 * HOUR, is_whole=False),
        lineages={
            "n2": {"corrects": (Replacement(old="12", new="14"),)},
            "s2": {"is_stale": True},
        },
    )
    tell(store, item("n3", "north", NOON - DAY, title="Choir sings in the mine"))
    tell(
        store,
        item("s4", "south", NOON + DAY, title="Harvest begins"),
        item("n4", "north", NOON + DAY + 10 * MINUTE, "south"),
    )
    tell(store, item("n5", "north", NOON - 7 * DAY), item("s5", "south", NOON - 6 * DAY, "north"))


pytestmark = pytest.mark.usefixtures("wire")


def test_the_tables_fit_80_columns_and_tell_who_carried_what(aggregator: Run) -> None:
    done = aggregator("pickup", "north", *SPAN)

    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "Pick-up of north, 20 Nov 00:00 to 27 Nov 00:00 UTC, beside the 7d before."
    row = next(line for line in lines if line.startswith("  south") and "bg" in line)
    assert row.split() == [
        *("south", "bg", "translation", "+1", "h", "05", "min", "+1", "h", "05", "min", "origin")
    ]
    assert "north's, carried by others: 2" in lines
    assert "north's, carried by nobody: 1" in lines
    assert "Others', carried by north: 1" in lines


def figures(out: str) -> dict[str, list[str]]:
    """The rows of the first table, by their labels, which have two spaces after them."""
    rows = [line.split("  ", 1) for line in out.splitlines()[3:] if "  " in line]
    return {label.strip(): rest.split() for label, rest in rows[:10]}


def test_totals_stand_beside_those_before(aggregator: Run) -> None:
    found = figures(aggregator("pickup", "north", *SPAN).out)

    assert found["reports"] == ["3", "1", "–", "–"]
    assert found["carried"] == ["2", "1", "1", "0"]
    assert found["carried share"] == ["67%", "100%", "–", "–"]
    assert found["origin credited"] == ["100%", "100%", "100%", "–"]
    assert found["credit not known"] == ["1", "0", "0", "0"]
    assert found["stale copies"] == ["1", "0", "0", "0"]


def test_a_summary_without_a_source_is_not_called_uncredited(aggregator: Run) -> None:
    lines = aggregator("pickup", "north", *SPAN).out.splitlines()

    assert any(line.startswith("  south") and line.endswith("not known stale") for line in lines)
    assert "  south (s2) not corrected: 12 → 14" in lines


def test_a_limited_table_says_how_many_there_are(aggregator: Run) -> None:
    done = aggregator("pickup", "north", *SPAN, "--limit", "1")

    assert "1 of 2 reports. Use --limit to see more." in done.err
    assert "Bridge at Lonne" not in done.out  # the earlier of the two


def test_a_ledger_has_both_directions_and_every_day(aggregator: Run) -> None:
    lines = aggregator("pickup", "north", *SPAN, "--partner", "south").out.splitlines()

    assert lines[0].startswith("Ledger of north and south, ")
    assert max(map(len, lines)) <= 80
    days = [line.split() for line in lines if line.startswith("2026-11-")]
    assert len(days) == 7
    assert days[4] == ["2026-11-24", "2", "of", "2", "none", "of", "0"]
    assert "Days without an item of north's carried: 6 of 7; of south's: 6." in lines
    assert "south's, carried by north: 1" in lines
    assert "north's, not carried by south: 1" in lines


def test_json_has_reports_copies_and_figures_of_both_directions(aggregator: Run) -> None:
    found = aggregator("pickup", "north", *SPAN, "--json").json()

    assert (found["agency"], found["partner"], found["days"]) == ("north", None, None)
    assert (found["since_at"], found["until_at"]) == (
        "2026-11-20T00:00:00Z",
        "2026-11-27T00:00:00Z",
    )
    assert found["before"]["since_at"] == "2026-11-13T00:00:00Z"
    assert [report["id"] for report in found["ours"]["reports"]] == ["sn2", "sn1", "sn3"]
    stale, translated = (report["copies"][0] for report in found["ours"]["reports"][:2])
    assert (stale["stale"], stale["facts"]) == (True, [{"old": "12", "new": "14"}])
    assert stale["credit"] == "unknown"
    assert translated == {
        "id": "s1",
        "agency": "south",
        "language": "bg",
        "title": '=HYPERLINK("x") shut',
        "link": "https://south.example/s1",
        "reported_at": "2026-11-24T13:05:00Z",
        "kind": "translation",
        "lag_s": 3900,
        "since_first_s": 3900,
        "undecided": False,
        "credit": "origin",
        "edition": False,
        "stale": False,
        "facts": [],
        "superseded_by": None,
    }
    now = found["ours"]["totals"]["now"]
    assert (now["reports"], now["carried"], now["carried_share"]) == (3, 2, 0.6667)
    assert now["credit"] == {"origin": 1, "other": 0, "none": 0, "unknown": 1}
    assert [each["agency"] for each in found["ours"]["agencies"]] == ["south"]
    assert {each["language"] for each in found["ours"]["languages"]} == {"bg", "en"}
    assert found["theirs"]["totals"]["now"]["carried_share"] is None


def test_json_of_a_ledger_has_its_days(aggregator: Run) -> None:
    days = aggregator("pickup", "north", *SPAN, "--partner", "south", "--json").json()["days"]

    assert days[4] == {
        "day": "2026-11-24",
        "ours": {"reports": 2, "carried": 2},
        "theirs": {"reports": 0, "carried": 0},
    }


def test_csv_is_read_back_with_a_line_a_copy_and_one_a_report_without(aggregator: Run) -> None:
    done = aggregator("pickup", "north", *SPAN, "--csv")

    assert done.out.startswith("\ufeffdirection,report,origin,")
    assert done.out.count("\r\n") == 5
    rows = list(csv.DictReader(StringIO(done.out.removeprefix("\ufeff"), newline="")))
    assert [(row["direction"], row["report"], row["item"]) for row in rows] == [
        ("ours", "sn2", "s2"),
        ("ours", "sn1", "s1"),
        ("ours", "sn3", ""),
        ("theirs", "ss4", "n4"),
    ]
    stale, copy, alone, _ = rows
    assert (stale["stale"], stale["old_facts"], stale["new_facts"]) == ("yes", "12", "14")
    assert (copy["reported_utc"], copy["lag_s"]) == ("2026-11-24 13:05:00", "3900")
    assert all(value == "" for key, value in alone.items() if key in {"agency", "kind", "stale"})


def test_a_title_that_is_a_formula_is_text_in_a_spreadsheet(aggregator: Run) -> None:
    out = aggregator("pickup", "north", *SPAN, "--csv").out

    assert """'=HYPERLINK(""x"") shut""" in out
    assert ",=" not in out
    assert ',"=' not in out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["nort"], "There is no such agency: 'nort'. Did you mean 'north'?"),
        (["Северна"], "Did you mean 'north'?"),
        (["north", "--partner", "soth"], "Did you mean 'south'?"),
        (["xyz"], "Agencies: north, south."),
        (["north", "--partner", "north"], "another agency"),
        (["north", "--json", "--csv"], "--json and --csv"),
        (["north", "--since", "soon"], "--since must be a duration such as 30m, 24h or 7d"),
        (["north", "--until", "late"], "--until must be a duration such as 30m, 24h or 7d"),
        (["north", "--since", "2026-11-27", "--until", "2026-11-20"], "is not before the end"),
        (["north", "--since", "0001-01-02"], "too long ago"),
    ],
)
def test_a_wrong_call_is_exit_code_two_and_says_what_is_right(
    aggregator: Run, args: list[str], told: str
) -> None:
    done = aggregator("pickup", *args)

    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_a_duration_counts_back_from_the_end(aggregator: Run) -> None:
    found = aggregator("pickup", "north", "--since", "2d", "--until", "2026-11-25", "--json").json()

    assert found["since_at"] == "2026-11-23T00:00:00Z"


def test_a_quiet_week_has_zeros_and_no_lists(aggregator: Run) -> None:
    done = aggregator("pickup", "south", "--since", "2020-01-01", "--until", "2020-01-08")

    assert figures(done.out)["reports"] == ["0", "0", "–", "–"]
    assert "carried by" not in done.out


def test_the_help_has_an_example(aggregator: Run) -> None:
    assert "Example: aggregator pickup bta" in aggregator("pickup", "--help").out
