"""`lead`, reasons, `decisions list|export|import` and `evaluate`, over a real store."""

from __future__ import annotations

import getpass
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli import format_decisions
from aggregator.evaluation import ENOUGH, Case, pairs, scores
from aggregator.model import Action, Decision, DecisionRecord, Kind
from tests.contract.samples import NOON, item, match
from tests.unit.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("stories")
FLOOD, COPY, CONCERT = "north1", "south1", "north2"


def listed(aggregator: Run, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aggregator("decisions", "list", *options, "--json").json()[
        "decisions"
    ]
    return found


def lead_of(aggregator: Run, story_id: str) -> object:
    stories = aggregator("stories", "--json").json()["stories"]
    return next(story["lead"] for story in stories if story["id"] == story_id)


# ------------------------------------------------------------------------------------ lead, undo, reasons


def test_an_item_is_made_the_lead_of_its_story_and_undone(aggregator: Run) -> None:
    done = aggregator("lead", COPY)

    assert done.out == "sflood is now led by south1: Flood closes Lonne bridge\n"
    assert lead_of(aggregator, "sflood") == COPY
    assert aggregator("undo").out.startswith("Undid the lead of south1, made ")
    assert lead_of(aggregator, "sflood") == FLOOD


def test_a_lead_chosen_already_is_told(aggregator: Run) -> None:
    aggregator("lead", COPY)

    done = aggregator("lead", COPY)

    assert done.code == 2
    assert done.err == "aggregator: south1 is already the chosen lead of story sflood.\n"


def test_what_an_undone_split_was_from_is_told(aggregator: Run) -> None:
    aggregator("split", COPY)

    assert aggregator("undo").out.startswith("Undid the split of south1 from north1, made ")


def test_the_reason_of_a_join_is_shown_where_the_join_is(aggregator: Run) -> None:
    aggregator("join", CONCERT, FLOOD, "--reason", "both are of the mine")

    for command in (("explain", CONCERT, FLOOD), ("dupes",)):
        assert "UTC: both are of the mine" in " ".join(aggregator(*command).out.split())


# --------------------------------------------------------------------------------------------------- list


def test_decisions_are_listed_last_first_with_who_made_them_and_why(aggregator: Run) -> None:
    aggregator("join", CONCERT, FLOOD, "--reason", "one mine")
    aggregator("lead", COPY)
    aggregator("undo")

    lead, join = listed(aggregator)

    assert (lead["decision"], lead["other"], join["undone_at"]) == ("lead", None, None)
    assert lead["undone_at"] >= lead["made_at"] >= join["made_at"]
    assert (join["decision"], join["made_by"], join["reason"]) == (
        "join",
        getpass.getuser(),
        "one mine",
    )
    assert (join["item"]["id"], join["item"]["story"]) == (CONCERT, "sflood")
    assert (join["other"]["id"], join["other"]["title"]) == (
        FLOOD,
        "Bridge at Lonne closed by flood",
    )
    assert listed(aggregator, "--limit", "1") == [lead]


def test_the_table_of_decisions_fits_80_columns(aggregator: Run) -> None:
    aggregator("split", COPY, "--reason", "another river, " * 12)
    aggregator("lead", CONCERT)
    aggregator("undo")

    out = aggregator("decisions", "list").out

    assert max(map(len, out.splitlines())) <= 80
    assert "Flood closes Lonne bridge" in out
    assert "from Bridge at Lonne closed by flood" in out
    assert " ".join(out.split()).count("another river,") == 12, "a reason is read whole"
    assert out.index("lead") < out.index("split")
    assert out.count("undone") == 1


def test_that_there_are_more_decisions_than_shown_is_told(aggregator: Run) -> None:
    aggregator("split", COPY)
    aggregator("lead", CONCERT)

    shown = aggregator("decisions", "list", "--limit", "1")

    assert shown.err == "These are the last 1. Use --limit to see more.\n"
    assert aggregator("decisions", "list", "--limit", "2").err == ""


def test_that_nothing_was_decided_is_told(aggregator: Run) -> None:
    assert aggregator("decisions", "list").err.startswith("There are no decisions.")
    assert listed(aggregator) == []


def test_decisions_alone_shows_what_they_can_do(aggregator: Run) -> None:
    out = aggregator("decisions").out + aggregator("decisions").err

    assert all(word in out for word in ("list", "export", "import"))


# ------------------------------------------------------------------------------------- export and import


def test_what_is_exported_is_imported_once(aggregator: Run, directory: Path) -> None:
    aggregator("split", COPY, "--reason", "another bridge")
    aggregator("lead", COPY)
    aggregator("join", CONCERT, FLOOD)
    aggregator("undo")
    exported = aggregator("decisions", "export", "decisions.jsonl")
    lines = (directory / "decisions.jsonl").read_text("utf-8").splitlines()
    aggregator("undo")
    aggregator("undo")

    rehearsed = aggregator("decisions", "import", "decisions.jsonl", "--dry-run")
    undecided = aggregator("decisions", "export")
    imported = aggregator("decisions", "import", "decisions.jsonl")
    again = aggregator("decisions", "import", "decisions.jsonl")

    assert (exported.out, exported.err) == ("", "Wrote 2 decisions to decisions.jsonl.\n")
    assert [json.loads(line)["decision"] for line in lines] == ["split", "lead"]
    assert rehearsed.out == "Would make 2 decisions, left out 0.\n"
    assert undecided.out == ""
    assert imported.out == "Made 2 decisions, left out 0.\n"
    assert aggregator("decisions", "export").out.splitlines() == lines
    assert again.out == (
        "split Flood closes Lonne bridge: left out. It was made here already.\n"
        "lead Flood closes Lonne bridge: left out. It was made here already.\n"
        "Made 0 decisions, left out 2.\n"
    )


def test_a_file_with_a_mistake_changes_nothing(aggregator: Run, directory: Path) -> None:
    aggregator("split", COPY)
    right = aggregator("decisions", "export").out
    aggregator("undo")
    (directory / "wrong.jsonl").write_text(f"{right}{{}}\n", "utf-8")

    done = aggregator("decisions", "import", "wrong.jsonl")

    assert done.code == 2
    assert done.err == "aggregator: wrong.jsonl: line 2: decision: field required.\n"
    assert aggregator("decisions", "export").out == ""


def test_a_file_that_cannot_be_read_is_told(aggregator: Run, directory: Path) -> None:
    (directory / "latin.jsonl").write_bytes("свят".encode("cp1251"))

    assert aggregator("decisions", "import", "none.jsonl").err == (
        "aggregator: none.jsonl: cannot be read: No such file or directory\n"
    )
    assert "is not UTF-8" in aggregator("decisions", "import", "latin.jsonl").err


def test_decisions_are_read_from_standard_input(
    aggregator: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    aggregator("split", COPY)
    exported = aggregator("decisions", "export").out
    aggregator("undo")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(exported.encode())))

    assert aggregator("decisions", "import", "-").out == "Made 1 decision, left out 0.\n"


# ------------------------------------------------------------------------------------------------ evaluate


def test_matching_is_scored_on_what_people_decided(aggregator: Run) -> None:
    aggregator("split", COPY)  # matching joins the two: they have one text
    aggregator("join", CONCERT, FLOOD)  # and would never join these

    told = aggregator("evaluate", "--json").json()

    counts = {name: told[name] for name in ("joined", "joined_found", "split", "split_merged")}
    assert counts == {"joined": 1, "joined_found": 0, "split": 1, "split_merged": 1}
    assert (told["precision"], told["recall"], told["enough"]) == (0.0, 0.0, False)
    join, split = told["cases"]
    assert (join["item"]["id"], join["other"]["id"]) == (CONCERT, FLOOD)
    assert (join["one_story"], join["matched"], join["kind"]) == (True, False, "related")
    assert (split["one_story"], split["matched"]) == (False, True)
    assert {"score", "rule", "reason"} <= split.keys()


def test_where_matching_disagrees_is_shown(aggregator: Run) -> None:
    aggregator("split", COPY)

    done = aggregator("evaluate")

    assert "Split by people: 1 pair, of which matching joins 1: precision 0%\n" in done.out
    assert "Joined by people: 0 pairs, of which matching joins 0: recall –\n" in done.out
    assert "too few to conclude anything from: 20 pairs or more" in done.out
    assert "Flood closes Lonne bridge" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_with_nothing_to_score_it_is_told_what_to_do(aggregator: Run) -> None:
    aggregator("lead", COPY)

    told = aggregator("evaluate")

    assert told.code == 0
    assert told.out.startswith("There is nothing to score yet")
    assert aggregator("evaluate", "--json").json()["pairs"] == 0


def test_with_enough_pairs_all_judged_alike_nothing_more_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = [
        Case(pair=pair, verdict=match(pair.item.id, pair.other.id, Kind.NEAR))
        for pair in pairs(joined(number) for number in range(ENOUGH))
    ]

    format_decisions.print_evaluation(cases, scores(cases))

    out = capsys.readouterr().out
    assert "Joined by people: 20 pairs, of which matching joins 20: recall 100%" in out
    assert "too few" not in out
    assert "score" not in out, "no table of pairs judged otherwise"


def joined(number: int) -> DecisionRecord:
    one, other = f"a{number}", f"b{number}"
    return DecisionRecord(
        decision=Decision(id=number, action=Action.JOIN, item_id=one, other_id=other, made_at=NOON),
        item=item(one),
        story_id="s",
        other=item(other),
        other_story_id="s",
    )
