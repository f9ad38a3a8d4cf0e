"""`stories`, `dupes`, `explain`, and a person's decisions, over a real store."""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.model import Member, StoryChange
from aggregator.store.store import Store
from tests.unit.cli.conftest import SUMMARISE, Run

pytestmark = pytest.mark.usefixtures("stories")


def ids(done_json: dict[str, list[dict[str, object]]]) -> list[object]:
    return [story["id"] for story in done_json["stories"]]


def test_stories_are_one_json_document_newest_first(aggregator: Run) -> None:
    assert ids(aggregator("stories", "--json").json()) == ["sconcert", "sflood"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--min-items", "2"], ["sflood"]),
        (["--agency", "south"], ["sflood"]),
        (["--language", "bg"], []),
        (["--search", "choir mine"], ["sconcert"]),
        (["--since", "2020-11-20T09:30"], ["sconcert"]),
        (["--until", "2020-11-20T09:30"], ["sflood"]),
        (["--since", "2020-11-20T09:30", "--until", "2020-11-20T09:45"], []),
        (["--limit", "1"], ["sconcert"]),
    ],
)
def test_stories_are_asked_for_by_conditions(
    aggregator: Run, options: list[str], found: list[str]
) -> None:
    assert ids(aggregator("stories", *options, "--json").json()) == found


def test_a_story_in_the_table_has_its_id_its_agencies_and_its_title(aggregator: Run) -> None:
    lines = aggregator("stories").out.splitlines()

    assert any(
        "20 Nov 09:00" in line and "Bridge at Lonne closed by flood" in line for line in lines
    )
    assert any("sflood" in line and "north south · en" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_a_table_that_is_not_all_says_how_to_see_more(aggregator: Run) -> None:
    said = "There are more. See them with --limit, --until or --since.\n"

    assert aggregator("stories", "--limit", "1").err == said
    assert aggregator("stories", "--limit", "2").err == ""
    assert aggregator("stories").err == ""


@pytest.mark.parametrize("command", ["stories", "dupes"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--since", "yesterday"], "--since must be a duration such as 30m, 24h or 7d"),
        (["--until", "late"], "--until must be a duration such as 30m, 24h or 7d"),
        (["--since", "1d", "--until", "2d"], "--since (1d) is not before --until (2d)"),
        (["--agency", "nort"], '--agency: there is no such agency: "nort". Did you mean "north"?'),
        (["--origin", "xyz"], '--origin: there is no such agency: "xyz". Known: north, south.'),
        (["--language", "de"], 'No feed is in the language "de". Known: bg, en.'),
        (["--carried-by", "north", "--origin", "north"], "write --agency north."),
        (["--kind", "copy"], "--kind must be one of identical, near, excerpt"),
        (["--credit", "yes"], "--credit must be one of origin, other, none, unknown."),
        (["--min-items", "0"], "--min-items must be a whole number from 1 to 1000."),
        (["--prefer", "bg,tass"], '--prefer: "tass" is neither a language nor an agency.'),
        (["--search", "x" * 201], "--search may have at most 200 characters."),
    ],
)
def test_a_wrong_condition_is_exit_code_two_and_names_the_option(
    aggregator: Run, command: str, options: list[str], told: str
) -> None:
    done = aggregator(command, *options, "--json")

    assert (done.code, done.out) == (2, "")
    assert told in done.err


@pytest.mark.parametrize("command", ["stories", "dupes"])
def test_a_story_is_shown_by_the_agency_that_is_preferred(aggregator: Run, command: str) -> None:
    def led(*options: str) -> tuple[str, str, str]:
        story = aggregator(command, *options, "--min-items", "2", "--json").json()["stories"][0]
        return story["id"], story["lead"], story["title"]

    assert led() == ("sflood", "north1", "Bridge at Lonne closed by flood")
    assert led("--prefer", "south") == ("sflood", "south1", "Flood closes Lonne bridge")
    assert "Flood closes Lonne bridge" in aggregator(command, "--prefer", "en,south").out


def test_what_is_preferred_stands_in_the_configuration_unless_an_option_says_otherwise(
    aggregator: Run, config: Path
) -> None:
    text = config.read_text("utf-8")
    config.write_text(text.replace('/feeds"}', '/feeds", prefer: [south]}'), "utf-8")

    for command in (("stories",), ("dupes",), ("dupes", "north1")):
        assert "Flood closes Lonne bridge" in aggregator(*command).out
        assert "Bridge at Lonne" in aggregator(*command, "--prefer", "north").out


def test_dupes_are_the_stories_with_copies(aggregator: Run) -> None:
    found = aggregator("dupes", "--json").json()

    assert ids(found) == ["sflood"]
    first, copy = found["stories"][0]["items"]
    assert (first["id"], first["kind"], first["credited"]) == ("north1", None, None)
    assert (copy["id"], copy["kind"], copy["score"], copy["credited"]) == (
        "south1",
        "near",
        0.9,
        True,
    )


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--min-items", "1"], ["sflood"]),
        (["--min-items", "3"], []),
        (["--agency", "south"], ["sflood"]),
        (["--search", "choir"], []),
        (["--until", "2020-11-20T08:30"], []),
        (["--limit", "1"], ["sflood"]),
    ],
)
def test_dupes_are_asked_for_by_the_same_conditions(
    aggregator: Run, options: list[str], found: list[str]
) -> None:
    assert ids(aggregator("dupes", *options, "--json").json()) == found


def test_the_copies_of_one_item_are_not_selected_among(aggregator: Run) -> None:
    done = aggregator("dupes", "south1", "--language", "en")

    assert (done.code, done.out) == (2, "")
    assert "give one of the two" in done.err


@pytest.mark.parametrize("command", ["stories", "dupes"])
def test_stories_are_printed_one_by_one_as_one_document(aggregator: Run, command: str) -> None:
    done = aggregator(command, "--json")

    assert done.out == json.dumps(json.loads(done.out), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    "reference", ["south1", "https://south.example/1", "south-guid-1", "sflood"]
)
def test_an_item_is_named_by_id_link_guid_or_its_story(aggregator: Run, reference: str) -> None:
    assert ids(aggregator("dupes", reference, "--json").json()) == ["sflood"]


@pytest.mark.parametrize(
    "address",
    [
        "http://www.south.example/1/",
        "https://south.example/1?utm_source=rss&fbclid=x",
        "https://south.example/1#comments",
        "south.example/1",
    ],
)
def test_an_item_is_asked_for_by_its_address_as_a_browser_shows_it(
    aggregator: Run, address: str
) -> None:
    assert ids(aggregator("dupes", address, "--json").json()) == ["sflood"]
    assert ids(aggregator("stories", "--search", address, "--json").json()) == ["sflood"]
    same = aggregator("explain", "south1", address)
    assert same.err == "aggregator: A and B are the same item: south1\n"
    assert aggregator("split", address).out.endswith(
        "is now a story of its own: Flood closes Lonne bridge\n"
    )
    assert aggregator("join", address, "north1").code == 0


def test_the_table_of_copies_tells_kind_score_lag_and_credit(aggregator: Run) -> None:
    lines = aggregator("dupes").out.splitlines()

    row = next(line for line in lines if line.startswith("south1"))
    assert row.split() == ["south1", "└", "south", "en", "near", "0.90", "+12", "min", "origin"]


def test_an_unknown_item_is_exit_code_one_and_says_how_to_find_one(aggregator: Run) -> None:
    done = aggregator("dupes", "nothing")

    assert done.code == 1
    assert done.err.startswith("aggregator: There is no item with the id, link or guid 'nothing'")


def test_explain_tells_the_rule_the_reason_and_the_stories(aggregator: Run) -> None:
    done = aggregator("explain", "north1", "south1")

    assert done.code == 0, done.err
    assert "They are in one story, sflood." in done.out
    assert "By this pair alone: identical, 1.00. " in done.out
    assert "Rule: " in done.out


def withdraw(directory: Path) -> None:
    """North kills its flood, which South still carries."""

    def killed(members: Sequence[Member], story_id: str) -> StoryChange:
        change = SUMMARISE(members, story_id)
        copy = replace(change.lineages["south1"], is_stale=True)
        return replace(
            change,
            killed_at=change.first_seen_at,
            lineages={**change.lineages, "south1": copy},
        )

    store = Store(f"sqlite:///{directory}/news.db")
    store.summarise_again(["sflood"], summarise=killed)
    store.close()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], ["sconcert"]),
        (["--killed"], ["sflood"]),
        (["--stale-copies"], ["sflood"]),
        (["--stale-copies", "--killed"], ["sflood"]),
        (["--stale-copies", "--agency", "south"], ["sflood"]),
        (["--stale-copies", "--agency", "north"], []),
    ],
)
def test_withdrawn_stories_and_their_carriers_are_listed_where_they_are_asked_for(
    aggregator: Run, directory: Path, options: list[str], found: list[str]
) -> None:
    withdraw(directory)

    assert ids(aggregator("stories", *options, "--json").json()) == found


def test_stale_copies_are_shown_with_what_is_stale_of_them(
    aggregator: Run, directory: Path
) -> None:
    withdraw(directory)

    lines = aggregator("stories", "--stale-copies").out.splitlines()

    assert lines[0].startswith("sflood  Bridge at Lonne closed by flood")
    assert lines[-2:] == [
        "Withdrawn by north, 20 Nov 09:00.",
        "south1 still carries the withdrawn report",
    ]


def test_dupes_leave_out_what_was_withdrawn_unless_it_is_named(
    aggregator: Run, directory: Path
) -> None:
    withdraw(directory)

    assert aggregator("dupes", "--json").json() == {"stories": []}
    (named,) = aggregator("dupes", "south1", "--json").json()["stories"]
    assert named["killed_at"] == "2020-11-20T09:00:00Z"
    assert [item["stale"] for item in named["items"]] == [False, True]


@pytest.mark.parametrize("option", ["--killed", "--stale-copies"])
def test_that_there_is_none_is_said(aggregator: Run, option: str) -> None:
    assert aggregator("stories", option).err == "There are no such stories.\n"


def test_a_join_is_explained_by_who_made_it(aggregator: Run) -> None:
    aggregator("join", "north2", "sflood")

    told = aggregator("explain", "north2", "south1", "--json").json()

    user = getpass.getuser()
    assert told["one_story"] is True
    assert told["manual"] is True
    assert re.fullmatch(
        rf"They are in one story, sflood\. Joined by {user} on .+ UTC\.", told["statement"]
    )
    assert "Not one report" not in aggregator("explain", "north2", "south1").out


def test_explain_as_json_has_both_items_and_the_evidence(aggregator: Run) -> None:
    told = aggregator("explain", "north1", "sconcert", "--json").json()

    assert (told["a"]["id"], told["b"]["id"]) == ("north1", "north2")
    assert told["one_story"] is False
    assert told["kind"] == "related"
    assert {"score", "rule", "reason", "features", "agree", "differ", "passages"} <= told.keys()
    assert {"minhash_jaccard", "minhash_jaccard_lead"} <= told["features"].keys()


def test_an_item_is_not_explained_against_itself(aggregator: Run) -> None:
    done = aggregator("explain", "north1", "https://north.example/1")

    assert done.code == 2
    assert "the same item" in done.err


def test_a_join_is_told_and_undone(aggregator: Run) -> None:
    joined = aggregator("join", "north2", "sflood")
    together = ids(aggregator("stories", "--json").json())
    undone = aggregator("undo")

    assert joined.out == "sflood now has 3 items: Bridge at Lonne closed by flood\n"
    assert together == ["sflood"]
    assert undone.out.startswith("Undid the join of north2 and north1, made ")
    assert ids(aggregator("stories", "--json").json()) == ["sconcert", "sflood"]


def test_a_split_gives_an_item_its_own_story(aggregator: Run) -> None:
    done = aggregator("split", "south1")

    assert done.out == "ssouth1 is now a story of its own: Flood closes Lonne bridge\n"
    assert len(ids(aggregator("stories", "--json").json())) == 3


def test_what_is_one_story_already_cannot_be_joined(aggregator: Run) -> None:
    done = aggregator("join", "north1", "south1")

    assert done.code == 2
    assert "are already in one story: sflood" in done.err


def test_with_nothing_to_undo_the_exit_code_is_one(aggregator: Run) -> None:
    assert aggregator("undo").code == 1


def test_the_database_is_checked_and_backed_up(aggregator: Run) -> None:
    backup = aggregator("backup", "copy.db")
    check = aggregator("check", "--json").json()

    assert backup.out.startswith("copy.db (")
    assert check["problems"] == []
    assert check["figures"]["items"] == 3


def test_publishing_names_the_files_once(aggregator: Run) -> None:
    first, second = aggregator("publish"), aggregator("publish")

    assert {line.rpartition("/")[2] for line in first.out.splitlines()} == {
        "merged.rss",
        "merged.atom",
        "merged.json",
    }
    assert second.out == ""
    assert aggregator("publish", "--all").code == 0


def test_a_database_of_this_version_needs_no_upgrade(aggregator: Run) -> None:
    assert aggregator("db", "upgrade").out.startswith("The schema is ")


def test_a_json_document_stands_alone_on_stdout(aggregator: Run) -> None:
    done = aggregator("stories", "--json")

    assert json.loads(done.out)
    assert done.err == ""
