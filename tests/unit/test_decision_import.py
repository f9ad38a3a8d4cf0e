"""Decisions made again in another database, or in the same: which are made, which are not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from aggregator.decision_file import FiledDecision, file_decision
from aggregator.decision_import import Rehearsal, import_decisions
from aggregator.editor import REASON_LENGTH, Editor
from aggregator.match import story as story_rules
from aggregator.store.store import Store
from tests.contract.samples import HOUR, NOON, found, founding, item, joining, place, save, unlike
from tests.databases import store_at

A, B, C, D = (item(name, seen_at=NOON + hour * HOUR) for hour, name in enumerate("abcd"))
LATER = NOON + 24 * HOUR


def two_stories(store: Store) -> None:
    """`a` alone, `d` alone, and `b` with its copy `c`."""
    found(store, A, D)
    save(store, B, C)
    place(store, founding(B), joining(C, B))


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Store]:
    """Where decisions are made first."""
    store = store_at(tmp_path / "there.db", two_stories)
    yield store
    store.close()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Store]:
    """Where they are imported."""
    store = store_at(tmp_path / "here.db", two_stories)
    yield store
    store.close()


def editor(store: Store, by: str = "nadia") -> Editor:
    return Editor(store, summarise=partial(story_rules.summarise, relate=unlike), by=by)


def exported(store: Store) -> list[FiledDecision]:
    return [
        file_decision(record)
        for record in reversed(store.decisions_made())
        if record.undone_at is None
    ]


def left_out(store: Store, filed: Sequence[FiledDecision], *, rehearse: bool = False) -> list[str]:
    """Import; for each decision why it was not made, "" where it was."""
    hand = Rehearsal(store) if rehearse else editor(store, "ivo")
    return [result.left_out for result in import_decisions(filed, store, hand)]


def held(store: Store) -> dict[str, tuple[str, set[str]]]:
    """Lead and items of the story of each item."""
    stories = {name: store.story_of(name) for name in "abcd"}
    return {
        name: (story.lead_id, {member.item.id for member in story.members})
        for name, story in stories.items()
    }


def every_kind(store: Store) -> None:
    editor(store).split(C, LATER, reason="another day")
    editor(store).join(C, A, LATER + HOUR, reason="one speech")
    editor(store).lead(C, LATER + 2 * HOUR)


def test_decisions_made_again_lead_to_the_same_stories(there: Store, here: Store) -> None:
    every_kind(there)

    assert left_out(here, exported(there)) == ["", "", ""]

    assert held(here) == held(there)
    assert here.check() == []


def test_who_decided_when_and_why_stays_as_it_was(there: Store, here: Store) -> None:
    every_kind(there)

    left_out(here, exported(there))

    assert exported(here) == exported(there)


def test_a_file_imported_twice_changes_nothing_the_second_time(there: Store, here: Store) -> None:
    every_kind(there)
    left_out(here, exported(there))
    before = here.version()

    assert left_out(here, exported(there)) == ["It was made here already."] * 3
    assert left_out(there, exported(there)) == ["It was made here already."] * 3

    assert here.version() == before


def test_a_decision_undone_here_is_made_again(here: Store) -> None:
    editor(here).split(C, LATER)
    filed = exported(here)
    editor(here).undo(LATER)

    assert left_out(here, filed) == [""]

    assert held(here)["c"] == ("c", {"c"})


def test_what_the_stories_here_say_already_is_not_decided(there: Store, here: Store) -> None:
    editor(there).split(C, LATER)
    editor(there).join(A, D, LATER)
    filed = exported(there)
    editor(here, "ivo").split(B, LATER + HOUR)
    editor(here, "ivo").join(D, A, LATER + HOUR)

    split, join = left_out(here, filed)

    assert split == "c and b are already in two stories."
    assert join == "a and d are already in one story: sa."
    assert len(here.decisions()) == 2


def test_an_item_is_not_split_from_others_than_it_was(there: Store, here: Store) -> None:
    editor(there).split(C, LATER)
    filed = exported(there)
    editor(here).split(C, LATER + HOUR)
    editor(here).join(C, A, LATER + HOUR)

    assert left_out(here, filed) == ["c and b are already in two stories."]

    assert held(here)["c"][1] == {"a", "c"}


def test_a_decision_about_an_item_that_is_not_here_is_left_out_and_the_others_are_made(
    there: Store, tmp_path: Path
) -> None:
    editor(there).join(A, D, LATER)
    editor(there).lead(C, LATER)
    with_fewer = store_at(tmp_path / "fewer.db", without_d)

    missing, made = left_out(with_fewer, exported(there))

    assert missing == f"There is no item here that is certainly “{D.title}” (bta)."
    assert made == ""
    assert with_fewer.story("sb").lead_id == "c"
    with_fewer.close()


def without_d(store: Store) -> None:
    found(store, A)
    save(store, B, C)
    place(store, founding(B), joining(C, B))


def test_a_split_that_does_not_say_from_what_is_left_out(there: Store, here: Store) -> None:
    editor(there).split(C, LATER)
    (filed,) = exported(there)

    assert left_out(here, [filed.model_copy(update={"other": None})]) == [
        "The file does not name the other item of this split."
    ]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_rehearsal_tells_what_an_import_does_and_changes_nothing(
    there: Store, here: Store, *, is_there: bool
) -> None:
    every_kind(there)
    editor(there).join(D, B, LATER + 3 * HOUR)
    editor(there).split(D, LATER + 4 * HOUR)
    filed = [*exported(there), exported(there)[1].model_copy(update={"made_at": NOON})]
    too_long = exported(there)[0].model_copy(update={"reason": "x" * (REASON_LENGTH + 1)})
    filed.append(too_long.model_copy(update={"made_at": NOON}))
    store = there if is_there else here
    before = store.version(), store.decisions()

    told = left_out(store, filed, rehearse=True)

    assert (store.version(), store.decisions()) == before
    made = left_out(store, filed)
    assert [bool(why) for why in told] == [bool(why) for why in made]
    assert not all(made) or is_there
