"""Stories that become one: the older stays, the other's id leads there, what a person parted stays apart."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from aggregator.editor import Editor
from aggregator.errors import NotFoundError
from aggregator.match import story
from aggregator.model import Item, Kind, Match, StoryQuery
from aggregator.store.store import Store
from tests.contract.samples import (
    HOUR,
    NOON,
    found,
    founding,
    item,
    joining,
    match,
    place,
    save,
    unlike,
)

LATER = NOON + 24 * HOUR


def report(name: str, hours: int) -> Item:
    """An item reported and seen so many hours after noon."""
    at = NOON + hours * HOUR
    return item(name, seen_at=at, reported_at=at)


A, B, C, D = report("a", 0), report("b", 1), report("c", 2), report("d", 3)


summarise = partial(story.summarise, relate=unlike)


def two_stories(store: Store) -> None:
    """`a` alone, and `b` with its copy `c`."""
    found(store, A)
    save(store, B, C)
    place(store, founding(B), joining(C, B))


def unite(store: Store, *pairs: Match) -> list[tuple[str, str]]:
    return store.place((), united=pairs, summarise=summarise)


def by_hand(store: Store) -> Editor:
    return Editor(store, summarise=summarise)


def matches(store: Store, story_id: str) -> dict[str, str | None]:
    """Which item each item of a story came by."""
    members = store.story(story_id).members
    return {each.item.id: each.match.b if each.match else None for each in members}


def test_the_older_story_stays_and_the_other_leads_there(store: Store) -> None:
    two_stories(store)

    moved = unite(store, match("a", "c"))

    assert sorted(moved) == [("b", "sa"), ("c", "sa")]
    assert store.story("sb").id == "sa"
    (only,) = store.stories(StoryQuery())
    assert (only.id, only.first_seen_at, only.updated_at) == ("sa", NOON, NOON)
    assert store.check() == []


def test_the_matches_lead_through_the_pair_that_made_them_one(store: Store) -> None:
    two_stories(store)

    unite(store, match("a", "c", Kind.EXCERPT, 0.97))

    assert matches(store, "sa") == {"a": None, "b": "c", "c": "a"}
    _, _, by = store.story("sa").members
    assert by.match is not None
    assert (by.match.a, by.match.kind, by.match.score) == ("c", Kind.EXCERPT, 0.97)


def test_an_item_and_the_union_it_brings_are_stored_together(store: Store) -> None:
    two_stories(store)
    save(store, D)

    moved = store.place([joining(D, B)], united=[match("d", "a")], summarise=summarise)

    assert {item_id for item_id, _ in moved} == {"b", "c", "d"}
    assert matches(store, "sa") == {"a": None, "b": "d", "c": "b", "d": "a"}


def test_related_pairs_are_stored_along(store: Store) -> None:
    two_stories(store)

    store.place_again(A, (), [match("a", "b", Kind.RELATED, 0.5)], summarise=summarise)

    assert [each.story_id for each in store.story("sa").related] == ["sb"]


def test_a_pair_of_one_story_changes_nothing(store: Store) -> None:
    two_stories(store)
    version = store.version()

    assert unite(store, match("c", "b")) == []
    assert store.version() == version


def test_an_item_that_is_in_no_story_yet_unites_nothing(store: Store) -> None:
    two_stories(store)
    save(store, D)

    assert unite(store, match("d", "a")) == []
    with pytest.raises(NotFoundError):
        unite(store, match("z", "a"))


def test_three_stories_become_one_by_two_pairs(store: Store) -> None:
    two_stories(store)
    found(store, D)

    moved = unite(store, match("d", "c"), match("d", "a"))

    assert dict(moved) == {"b": "sa", "c": "sa", "d": "sa"}
    assert matches(store, "sa") == {"a": None, "b": "c", "c": "d", "d": "a"}
    assert store.story("sd").id == store.story("sb").id == "sa"


# ------------------------------------------------------------------------------------ what people decide


def test_what_a_person_parted_is_never_united(store: Store) -> None:
    two_stories(store)
    by_hand(store).split(C, LATER)
    version = store.version()

    assert unite(store, match("c", "b")) == []
    assert store.version() == version
    assert unite(store, match("c", "a")) == [("c", "sa")]
    assert unite(store, match("b", "a")) == []  # for `c` is there now


def test_what_a_person_parted_stays_apart_from_what_took_the_rest(store: Store) -> None:
    two_stories(store)
    by_hand(store).split(C, LATER)
    unite(store, match("b", "a"))

    assert unite(store, match("c", "a")) == []
    assert matches(store, "sc") == {"c": None}


def test_a_split_that_was_undone_parts_nothing(store: Store) -> None:
    two_stories(store)
    by_hand(store).split(C, LATER)
    by_hand(store).undo(LATER)

    assert dict(unite(store, match("c", "a"))) == {"b": "sa", "c": "sa"}


def test_a_join_is_undone_though_its_story_became_one_with_another(store: Store) -> None:
    two_stories(store)
    found(store, D)
    by_hand(store).join(D, B, LATER)
    unite(store, match("b", "a"))

    by_hand(store).undo(LATER)

    assert store.story("sd").id == "sd"
    assert matches(store, "sd") == {"d": None}
    assert matches(store, "sa") == {"a": None, "b": "a", "c": "b"}


def test_what_was_split_off_comes_back_to_the_story_that_took_the_rest(store: Store) -> None:
    two_stories(store)
    by_hand(store).split(C, LATER)
    unite(store, match("b", "a"))

    by_hand(store).undo(LATER)

    assert matches(store, "sa") == {"a": None, "b": "a", "c": "b"}
    assert store.check() == []


# ------------------------------------------------------------------------------- order, and addresses


def test_of_items_reported_at_once_the_one_with_most_text_comes_first(store: Store) -> None:
    long = replace(report("z", 0), text="Движението по новия мост започна във вторник сутринта.")
    save(store, report("y", 0), report("x", 0), long, report("w", -1))

    assert [one.id for one, _ in store.unplaced()] == ["w", "z", "x", "y"]


def test_who_answers_to_an_address_is_found_and_who_has_the_same_link(store: Store) -> None:
    same = "https://bta.example/most"
    one, twin = replace(A, link=same), replace(B, link=same)
    other = replace(C, link=f"{same}-2", feed_id="bta-en")
    save(store, one, twin, other)

    key = f"guid:{one.guid}"  # the samples answer to their guids
    assert {each.id for each in store.at_address(["bta-bg", "bta-en"], key)} == {"a", "b"}
    assert store.at_address(["bta-en"], key) == []
