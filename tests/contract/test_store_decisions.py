"""A person's decisions: remembered, taken back exactly, learnt by other processes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from aggregator.errors import NotFoundError, StoreError
from aggregator.model import (
    Action,
    Decision,
    DecisionRecord,
    Kind,
    Member,
    Move,
    StoryChange,
    StoryQuery,
)
from aggregator.store.store import Store
from tests.contract.samples import (
    HOUR,
    NOON,
    arrival,
    fingerprint,
    found,
    founding,
    item,
    joining,
    match,
    place,
    save,
    state,
    summarise,
)

LATER = NOON + 5 * HOUR


def join(store: Store, a: str, b: str) -> Decision:
    """Put the whole story of `a` into that of `b`, as the editor does."""
    goes, stays = store.story_of(a), store.story_of(b)
    manual = match(a, b, Kind.MANUAL, 1.0)
    moves = [
        Move(item_id=m.item.id, story_id=stays.id, match=manual if m.item.id == a else m.match)
        for m in goes.members
    ]
    return store.decide(
        Action.JOIN,
        item_id=a,
        other_id=b,
        moves=moves,
        summarise=summarise,
        now=LATER,
        made_by="nadia",
    )


def split(store: Store, item_id: str, story_id: str) -> Decision:
    """Give an item a story of its own."""
    return store.decide(
        Action.SPLIT,
        item_id=item_id,
        other_id=None,
        moves=[Move(item_id=item_id, story_id=story_id)],
        summarise=summarise,
        now=LATER,
    )


def held(store: Store) -> dict[str, list[str]]:
    """Every listed story with its items."""
    listed = store.stories(StoryQuery())
    return {story.id: [member.item.id for member in story.members] for story in listed}


def pair(store: Store) -> None:
    """Story sa of a and its copy b; story sc of c alone."""
    found(store, item("a"), item("c", seen_at=NOON + 30 * HOUR))
    save(store, item("b"))
    place(store, joining(item("b"), item("a")))


def test_a_join_moves_every_item_and_remembers_who_decided_what(store: Store) -> None:
    pair(store)

    decision = join(store, "a", "c")

    assert held(store) == {"sc": ["a", "b", "c"]}
    assert store.story("sc").lead_id == "c"
    assert decision == Decision(
        id=decision.id,
        action=Action.JOIN,
        item_id="a",
        other_id="c",
        made_at=LATER,
        made_by="nadia",
    )
    assert store.decisions() == [decision]
    assert store.check() == []


def test_a_story_joined_into_another_answers_by_its_old_id(store: Store) -> None:
    pair(store)
    found(store, item("d"))
    join(store, "a", "c")
    join(store, "c", "d")

    assert store.story("sa") == store.story("sd")
    assert len(store.story("sa").members) == 4
    assert store.check() == []


def test_a_story_joined_into_another_is_neither_listed_nor_counted(store: Store) -> None:
    pair(store)

    join(store, "a", "c")

    assert store.count_stories(StoryQuery()) == 1
    assert store.story_days() == [(date(2026, 11, 5), 1)]


def test_a_split_gives_an_item_its_own_story(store: Store) -> None:
    pair(store)

    split(store, "b", "sb")

    assert held(store) == {"sc": ["c"], "sb": ["b"], "sa": ["a"]}
    assert store.story("sb").members == (Member(item=item("b")),)
    assert store.check() == []


def test_a_decision_changes_the_days_of_every_story_it_touched(store: Store) -> None:
    pair(store)
    version = store.version()

    join(store, "a", "c")

    assert store.changed_days(version) == {date(2026, 11, 4), date(2026, 11, 5)}


def test_an_undone_join_leaves_everything_as_it_was(store: Store) -> None:
    pair(store)
    before = store.stories(StoryQuery())
    decision = join(store, "a", "c")

    assert store.undo(LATER, summarise=summarise) == decision

    assert store.stories(StoryQuery()) == before
    assert store.story_days() == [(date(2026, 11, 5), 1), (date(2026, 11, 4), 1)]
    assert store.decisions() == []
    assert store.check() == []


def test_an_undone_split_leaves_everything_as_it_was(store: Store) -> None:
    pair(store)
    before = store.stories(StoryQuery())
    split(store, "b", "sb")

    store.undo(LATER, summarise=summarise)

    assert store.stories(StoryQuery()) == before
    assert store.story("sb").id == "sa"
    assert store.check() == []


def test_decisions_are_undone_last_first(store: Store) -> None:
    pair(store)
    before = held(store)
    first, second = split(store, "b", "sb"), join(store, "b", "c")

    assert store.undo(LATER, summarise=summarise) == second
    assert held(store) == {"sc": ["c"], "sb": ["b"], "sa": ["a"]}
    assert store.undo(LATER, summarise=summarise) == first
    assert held(store) == before


def test_a_decision_undone_may_be_made_again(store: Store) -> None:
    pair(store)
    before = held(store)
    join(store, "a", "c")
    store.undo(LATER, summarise=summarise)

    again = join(store, "a", "c")

    assert store.decisions() == [again]
    assert held(store) == {"sc": ["a", "b", "c"]}
    store.undo(LATER, summarise=summarise)
    assert held(store) == before


def test_without_a_decision_there_is_nothing_to_undo(store: Store) -> None:
    pair(store)
    split(store, "b", "sb")
    store.undo(LATER, summarise=summarise)

    with pytest.raises(NotFoundError, match="nothing to undo"):
        store.undo(LATER, summarise=summarise)


def test_a_copy_that_came_since_stays_in_the_joined_story(store: Store) -> None:
    pair(store)
    join(store, "a", "c")
    save(store, item("d", seen_at=NOON + 40 * HOUR))
    place(store, joining(item("d"), item("c")))

    store.undo(LATER, summarise=summarise)

    assert held(store) == {"sc": ["c", "d"], "sa": ["a", "b"]}
    assert store.check() == []


def test_a_copy_that_came_since_keeps_the_split_story(store: Store) -> None:
    pair(store)
    split(store, "b", "sb")
    save(store, item("d"))
    place(store, joining(item("d"), item("b")))

    store.undo(LATER, summarise=summarise)

    assert held(store) == {"sc": ["c"], "sb": ["d"], "sa": ["a", "b"]}
    assert store.story("sb").lead_id == "d"
    assert store.check() == []


def test_a_correction_that_came_since_is_not_undone(store: Store) -> None:
    pair(store)
    join(store, "a", "c")
    save(store, item("a", title="Поправка", revision=2, revised_at=NOON + 40 * HOUR))

    store.undo(LATER, summarise=summarise)

    assert store.story("sa").lead.title == "Поправка"
    assert store.story("sa").updated_at == NOON + 40 * HOUR


def test_every_story_touched_is_summarised_when_undone(store: Store) -> None:
    pair(store)
    join(store, "a", "c")
    asked: dict[str, list[str]] = {}

    def noted(members: Sequence[Member], story_id: str) -> StoryChange:
        asked[story_id] = [member.item.id for member in members]
        return summarise(members, story_id)

    store.undo(LATER, summarise=noted)

    assert asked == {"sa": ["a", "b"], "sc": ["c"]}


def test_a_placement_into_a_story_joined_meanwhile_goes_where_its_items_went(store: Store) -> None:
    pair(store)
    save(store, item("d", seen_at=NOON + 40 * HOUR))
    join(store, "a", "c")

    place(store, joining(item("d"), item("a")))

    assert held(store) == {"sc": ["a", "b", "c", "d"]}
    assert store.story("sc").lead_id == "c"
    assert store.check() == []


def test_every_placement_of_a_batch_finds_the_story_that_took_its_own(store: Store) -> None:
    pair(store)
    found(store, item("e"), item("f"))
    save(store, item("d1"), item("d2"))
    join(store, "a", "c")
    join(store, "e", "f")

    place(store, joining(item("d1"), item("a")), joining(item("d2"), item("e")))

    assert held(store) == {"sc": ["a", "b", "c", "d1"], "sf": ["d2", "e", "f"]}
    assert store.count_stories(StoryQuery(min_items=4)) == 1
    assert store.check() == []


def test_a_placement_into_a_story_whose_lead_was_split_off_meanwhile_is_led_by_the_next(
    store: Store,
) -> None:
    pair(store)
    save(store, item("d"))
    placement = joining(item("d"), item("a"))
    split(store, "a", "sa-2")

    place(store, placement)

    assert held(store) == {"sc": ["c"], "sa-2": ["a"], "sa": ["b", "d"]}
    assert store.story("sa").lead_id == "b"
    assert store.check() == []


def test_a_decision_is_stored_whole_or_not_at_all(store: Store) -> None:
    pair(store)
    before = store.stories(StoryQuery())

    def led_astray(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), lead_id="a")

    with pytest.raises(StoreError, match="sc cannot be led by a"):
        store.decide(
            Action.JOIN,
            item_id="b",
            other_id="c",
            moves=[Move(item_id="b", story_id="sc")],
            summarise=led_astray,
            now=LATER,
        )

    assert store.stories(StoryQuery()) == before
    assert store.decisions() == []


def test_a_story_cannot_be_left_led_by_an_item_that_went(store: Store) -> None:
    pair(store)

    def as_before(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), lead_id=story_id.removeprefix("s"))

    with pytest.raises(StoreError, match="sa cannot be led by a"):
        store.decide(
            Action.JOIN,
            item_id="a",
            other_id="c",
            moves=[Move(item_id="a", story_id="sc")],
            summarise=as_before,
            now=LATER,
        )


def test_a_story_cannot_be_made_without_items(store: Store) -> None:
    pair(store)

    def of_another(members: Sequence[Member], _story_id: str) -> StoryChange:
        return summarise(members, "sb")

    with pytest.raises(StoreError, match="without items"):
        store.decide(
            Action.SPLIT,
            item_id="b",
            other_id=None,
            moves=[Move(item_id="b", story_id="sc")],
            summarise=of_another,
            now=LATER,
        )


def test_an_item_in_no_story_cannot_be_decided_about(store: Store) -> None:
    pair(store)
    store.save_polls([state()], [(arrival(item("d")), fingerprint())])

    with pytest.raises(NotFoundError, match="Item d is not in a story"):
        store.decide(
            Action.JOIN,
            item_id="d",
            other_id="c",
            moves=[Move(item_id="d", story_id="sc")],
            summarise=summarise,
            now=LATER,
        )


def test_others_learn_what_decisions_moved_and_what_undoing_moved_back(store: Store) -> None:
    pair(store)
    start = store.version()
    join(store, "a", "c")
    after_join = store.version()

    assert store.moves_since(start) == [("a", "sc"), ("b", "sc")]
    assert store.moves_since(after_join) == []

    store.undo(LATER, summarise=summarise)

    assert store.moves_since(after_join) == [("a", "sa"), ("b", "sa")]
    assert store.moves_since(store.version()) == []


def test_who_decided_may_be_unknown(store: Store) -> None:
    pair(store)

    assert split(store, "b", "sb").made_by is None
    assert [decision.made_by for decision in store.decisions()] == [None]


def test_the_version_of_the_last_decision_tells_what_a_reader_has_missed(store: Store) -> None:
    pair(store)
    assert store.decided_version() == 0

    join(store, "a", "c")

    made = store.decided_version()
    assert made == store.version()
    found(store, item("d"))
    assert store.decided_version() == made < store.version()
    store.undo(LATER, summarise=summarise)
    assert store.decided_version() == store.version() > made


def test_placements_are_no_decisions(store: Store) -> None:
    found(store, item("a"))
    save(store, item("b"))
    place(store, founding(item("b")))

    assert store.moves_since(0) == []
    assert store.decisions() == []


def lead(store: Store, item_id: str) -> Decision:
    """Choose an item to lead its story."""
    return store.decide(
        Action.LEAD, item_id=item_id, other_id=None, moves=(), summarise=chosen_leads, now=LATER
    )


def chosen_leads(members: Sequence[Member], story_id: str) -> StoryChange:
    """The plain summary, led by the item chosen last."""
    last = max(members, key=lambda member: member.chosen or 0)
    plain = summarise(members, story_id)
    return replace(plain, lead_id=last.item.id) if last.chosen else plain


def chosen(store: Store, story_id: str) -> dict[str, int | None]:
    return {member.item.id: member.chosen for member in store.story(story_id).members}


def test_a_story_is_summarised_by_the_lead_that_a_person_chose(store: Store) -> None:
    pair(store)
    before = store.story("sa")

    decision = lead(store, "b")

    story = store.story("sa")
    assert (before.lead_id, story.lead_id) == ("a", "b")
    assert chosen(store, "sa") == {"a": None, "b": decision.id}
    assert held(store) == {"sc": ["c"], "sa": ["a", "b"]}
    assert store.check() == []


def test_a_choice_moves_nothing_but_changes_the_day_of_its_story(store: Store) -> None:
    pair(store)
    version = store.version()

    lead(store, "b")

    assert store.decided_version() == store.version() > version
    assert store.changed_days(version) == {date(2026, 11, 4)}
    assert store.moves_since(version) == []


def test_an_undone_choice_leaves_everything_as_it_was(store: Store) -> None:
    pair(store)
    before = store.stories(StoryQuery())
    decision = lead(store, "b")

    assert store.undo(LATER, summarise=chosen_leads) == decision

    assert store.stories(StoryQuery()) == before
    assert store.decisions() == []


def test_of_an_item_chosen_twice_the_last_choice_counts(store: Store) -> None:
    pair(store)
    first = lead(store, "b")
    second = lead(store, "a")
    third = lead(store, "b")
    assert chosen(store, "sa") == {"a": second.id, "b": third.id}

    store.undo(LATER, summarise=chosen_leads)

    assert chosen(store, "sa") == {"a": second.id, "b": first.id}
    assert store.story("sa").lead_id == "a"


def test_a_choice_is_known_wherever_its_item_goes(store: Store) -> None:
    pair(store)
    decision = lead(store, "b")
    asked: dict[str, dict[str, int | None]] = {}

    def noted(members: Sequence[Member], story_id: str) -> StoryChange:
        asked[story_id] = {member.item.id: member.chosen for member in members}
        return chosen_leads(members, story_id)

    store.decide(
        Action.JOIN,
        item_id="b",
        other_id="c",
        moves=[Move(item_id="b", story_id="sc", match=match("b", "c", Kind.MANUAL))],
        summarise=noted,
        now=LATER,
    )

    assert asked == {"sa": {"a": None}, "sc": {"b": decision.id, "c": None}}
    assert store.story("sc").lead_id == "b"


def test_an_item_in_no_story_cannot_lead_one(store: Store) -> None:
    pair(store)
    store.save_polls([state()], [(arrival(item("d")), fingerprint())])

    with pytest.raises(NotFoundError, match="Item d is not in a story"):
        lead(store, "d")

    assert store.decisions() == []


def test_a_reason_is_kept_with_its_decision(store: Store) -> None:
    pair(store)
    made = store.decide(
        Action.SPLIT,
        item_id="b",
        other_id="a",
        moves=[Move(item_id="b", story_id="sb")],
        summarise=summarise,
        now=LATER,
        reason="another bridge",
    )

    assert made.reason == "another bridge"
    assert store.decisions() == [made]


def test_all_decisions_are_listed_the_last_first_with_what_they_name(store: Store) -> None:
    pair(store)
    first, second = join(store, "a", "c"), lead(store, "b")
    store.undo(LATER + HOUR, summarise=summarise)

    assert store.decisions_made() == [
        DecisionRecord(decision=second, item=item("b"), story_id="sc", undone_at=LATER + HOUR),
        DecisionRecord(
            decision=first,
            item=item("a"),
            story_id="sc",
            other=item("c", seen_at=NOON + 30 * HOUR),
            other_story_id="sc",
        ),
    ]
    assert [record.decision for record in store.decisions_made(limit=1)] == [second]


def test_items_are_found_by_any_of_their_names(store: Store) -> None:
    save(store, item("a"), item("b"), item("c"), item("d", guid=None, link=None))

    found = store.items_alike("a", guid="guid-b", link="https://bta-bg.example/c")

    assert [one.id for one in found] == ["a", "b", "c"]
    assert store.items_alike("none") == []


def test_decisions_made_after_one_are_listed_oldest_first(store: Store) -> None:
    pair(store)
    first, second = split(store, "b", "sb"), join(store, "b", "c")

    assert store.decisions() == [first, second]
    assert store.decisions(first.id) == [second]
