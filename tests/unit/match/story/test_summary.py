"""Which item leads a story, when it is new, when it was published, and when it was withdrawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.match.story import SCHEME, story_id_started_by
from aggregator.model import CreditState, Lineage, Notice, Replacement, StoryChange
from tests.unit.match.story.wire import at, item, lineage, mention, of

OLD, NEW = "The train has 12 wagons.", "The train has 14 wagons."
FIGURE = Replacement(old="12 wagons", new="14 wagons")


# ----------------------------------------------------------------------------------------------- lead


def test_the_origin_s_own_item_leads_although_a_copy_came_first() -> None:
    assert of(item("bta", 0, mention("kaz")), item("kaz", 1, item_id="own")).lead_id == "own"


def test_of_the_origin_s_items_the_earliest_leads() -> None:
    story = of(
        item("bta", 0, mention("kaz")),
        item("kaz", 2, item_id="later"),
        item("kaz", 1, item_id="earlier"),
    )
    assert story.lead_id == "earlier"


def test_the_earliest_item_leads_where_the_origin_has_none() -> None:
    story = of(item("mia", 1, mention("kaz")), item("bta", 0, mention("kaz"), item_id="first"))
    assert (story.origin_id, story.lead_id) == ("kaz", "first")


def test_an_item_alone_is_its_story() -> None:
    assert of(item("bta", 0, item_id="x1"), story_id="sx1") == StoryChange(
        story_id="sx1",
        lead_id="x1",
        origin_id="bta",
        first_seen_at=at(0),
        updated_at=at(0),
        published_at=at(0),
        lineages={"x1": Lineage()},
        scheme=SCHEME,
    )


@pytest.mark.usefixtures("wagons_are_facts")
def test_the_last_correction_of_the_lead_leads() -> None:
    story = of(
        item("kaz", 0, item_id="k1", text=OLD),
        item("kaz", 1, item_id="k2", text=NEW),
        item("kaz", 2, item_id="k3", text="The train has 16 wagons."),
        item("bta", 3, mention("kaz"), text=OLD),
    )
    assert story.lead_id == "k3"


@pytest.mark.usefixtures("wagons_are_facts")
def test_an_update_does_not_lead() -> None:
    story = of(item("kaz", 0, item_id="k1", text=OLD), item("kaz", 1, text="so far 14 wagons"))
    assert story.lead_id == "k1"


def test_the_notice_of_a_kill_never_leads() -> None:
    kill = item("kaz", 0, item_id="kill", notice=Notice.KILL)
    assert of(kill, item("bta", 1, mention("kaz"), item_id="b")).lead_id == "b"
    assert of(kill).lead_id == "kill", "but where there is nothing else"


def test_an_item_that_a_person_chose_leads_and_changes_nothing_else() -> None:
    items = item("kaz", 0), item("bta", 1, mention("kaz"), item_id="b"), item("mia", 2)

    assert of(*items, chosen=["b"]) == replace(of(*items), lead_id="b")


def test_of_several_chosen_the_last_leads() -> None:
    items = item("kaz", 0, item_id="k"), item("bta", 1, item_id="b"), item("mia", 2, item_id="m")

    assert of(*items, chosen=["m", "b"]).lead_id == "b"
    assert of(*items, chosen=["b", "m"]).lead_id == "m"


@pytest.mark.usefixtures("wagons_are_facts")
def test_the_last_correction_of_the_item_chosen_leads() -> None:
    story = of(
        item("kaz", 0, text=OLD),
        item("bta", 1, item_id="b1", text=OLD),
        item("bta", 2, item_id="b2", text=NEW),
        chosen=["b1"],
    )
    assert story.lead_id == "b2"


@pytest.mark.usefixtures("wagons_are_facts")
def test_a_correction_by_another_agency_does_not_take_the_place_of_the_item_chosen() -> None:
    story = of(
        item("kaz", 0, item_id="k1", text=OLD),
        item("kaz", 2, item_id="k2", text=NEW),
        item("bta", 1, mention("kaz"), item_id="b", text=OLD),
        chosen=["b"],
    )
    assert (story.lead_id, story.updated_at) == ("b", at(2))
    assert lineage(story, "b").is_stale


def test_an_item_chosen_does_not_lead_once_its_agency_withdrew_it() -> None:
    items = (
        item("kaz", 0, item_id="k"),
        item("bta", 1, mention("kaz"), item_id="b"),
        item("bta", 2, item_id="kill", notice=Notice.KILL),
    )
    assert of(*items, chosen=["b"]).lead_id == "k"
    assert of(*items, chosen=["kill"]).lead_id == "k"


def test_a_kill_withdraws_a_story_whoever_was_chosen_to_lead_it() -> None:
    story = of(
        item("kaz", 0),
        item("bta", 1, mention("kaz"), item_id="b"),
        item("kaz", 2, notice=Notice.KILL),
        chosen=["b"],
    )
    assert (story.lead_id, story.killed_at) == ("b", at(2))


# ----------------------------------------------------------------------------------------- id and times


def test_a_story_has_the_id_it_is_given_and_a_new_one_that_of_its_first_item() -> None:
    assert of(item("bta", 0), item("kaz", 1), story_id="s7").story_id == "s7"
    assert story_id_started_by(item("bta", 0, item_id="early")) == "searly"


def test_a_story_was_first_seen_when_any_of_its_items_was() -> None:
    story = of(item("bta", 0, seen=5), item("kaz", 1, seen=3), item("mia", 2, seen=4))
    assert story.first_seen_at == at(3)


def test_a_story_was_published_when_the_earliest_of_its_items_was_reported() -> None:
    story = of(item("bta", 1, mention("kaz"), seen=5), item("kaz", 2, seen=3), item("mia", 4))
    assert story.published_at == at(1)


def test_a_copy_does_not_make_a_story_new() -> None:
    assert of(item("bta", 0), item("kaz", 9)).updated_at == at(0)


def test_a_revision_that_corrects_nothing_does_not_make_a_story_new() -> None:
    assert of(item("kaz", 0, revised=2), item("bta", 1, revised=6)).updated_at == at(0)


def test_a_correction_of_the_origin_makes_a_story_new_and_the_last_one_counts() -> None:
    corrected = item("kaz", 0, revised=2, corrects=(FIGURE,))
    marked = item("kaz", 3, item_id="marked", seen=4, notice=Notice.CORRECTION)
    assert of(corrected, item("mia", 9)).updated_at == at(2)
    assert of(corrected, marked, item("mia", 9)).updated_at == at(4)
    assert of(corrected, marked).first_seen_at == at(0)


def test_what_a_carrier_corrects_does_not_make_a_story_new() -> None:
    carrier = item("bta", 1, mention("kaz"), revised=6, corrects=(FIGURE,))
    assert of(item("kaz", 0), carrier).updated_at == at(0)


# ---------------------------------------------------------------------------------------------- withdrawn


def test_a_kill_by_the_origin_withdraws_the_story_from_when_it_was_seen() -> None:
    kill = item("kaz", 2, seen=3, item_id="kill", notice=Notice.KILL)
    story = of(item("kaz", 0, item_id="k"), item("bta", 1, mention("kaz")), kill)
    assert (story.killed_at, story.updated_at, story.lead_id) == (at(3), at(3), "k")


def test_of_two_kills_the_first_counts() -> None:
    kills = [item("kaz", hours, notice=Notice.KILL) for hours in (2, 5)]
    assert of(item("kaz", 0), *kills).killed_at == at(2)


def test_an_item_revised_to_say_that_it_is_withdrawn_withdraws_the_story() -> None:
    assert of(item("kaz", 0, revised=2, notice=Notice.KILL)).killed_at == at(2)


def test_a_carrier_cannot_withdraw_another_s_report() -> None:
    kill = item("bta", 2, mention("kaz"), item_id="kill", notice=Notice.KILL)
    story = of(item("kaz", 0), item("bta", 1, mention("kaz")), kill)
    assert (story.killed_at, story.updated_at) == (None, at(0))


# -------------------------------------------------------------------------------------- editions, corrections


def test_the_later_of_an_agency_s_languages_is_an_edition() -> None:
    story = of(
        item("kaz", 0, item_id="kk", language="kk"),
        item("kaz", 1, item_id="en"),
        item("bta", 2, mention("kaz"), item_id="bg", language="bg"),
    )
    editions = {name: each.is_edition for name, each in story.lineages.items()}
    assert editions == {"kk": False, "en": True, "bg": False}


def test_both_of_two_languages_at_one_time_are_editions() -> None:
    story = of(item("kaz", 0, item_id="kk", language="kk"), item("kaz", 0, item_id="en"))
    assert lineage(story, "kk").is_edition
    assert lineage(story, "en").is_edition


def test_a_later_version_is_to_other_languages_what_the_first_was() -> None:
    story = of(
        item("kaz", 0, item_id="en1"),
        item("kaz", 1, item_id="kk", language="kk"),
        item("kaz", 2, item_id="en2"),
    )
    assert not lineage(story, "en2").is_edition
    assert lineage(story, "kk").is_edition


@pytest.mark.usefixtures("wagons_are_facts")
def test_a_correction_says_what_it_replaced_and_supersedes() -> None:
    story = of(
        item("kaz", 0, item_id="was", text=OLD),
        item("kaz", 1, item_id="is", text=NEW),
        item("bta", 2, mention("kaz"), item_id="b", text=NEW),
    )
    assert lineage(story, "is").corrects == (FIGURE,)
    assert lineage(story, "was").superseded_by == "is"
    assert lineage(story, "is").superseded_by is None
    assert lineage(story, "b").corrects == ()


@pytest.mark.usefixtures("wagons_are_facts")
def test_the_facts_an_item_s_own_revisions_replaced_are_said_of_it_with_those_of_its_text() -> None:
    colour = Replacement(old="blue", new="red")
    story = of(
        item("kaz", 0, item_id="was", text=OLD),
        item("kaz", 1, item_id="is", text=NEW, revised=2, corrects=(colour, FIGURE)),
    )
    assert lineage(story, "is").corrects == (colour, FIGURE)


def test_credits_are_said_against_the_origin() -> None:
    story = of(
        item("kaz", 0, item_id="k"),
        item("bta", 1, mention("kaz"), item_id="b"),
        item("mia", 2, mention("bta"), item_id="m"),
        item("tanjug", 3, item_id="t", is_whole=True),
        item("agerpres", 4, item_id="a"),
    )
    assert {name: each.credit for name, each in story.lineages.items()} == {
        "k": None,
        "b": CreditState.ORIGIN,
        "m": CreditState.OTHER,
        "t": CreditState.NONE,
        "a": CreditState.UNKNOWN,
    }
