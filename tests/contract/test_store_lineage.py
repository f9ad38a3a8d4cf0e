"""What the items of a story are to each other: summarised, kept, asked for, and made anew."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aggregator.model import (
    Action,
    Credit,
    CreditState,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    Move,
    Notice,
    Replacement,
    Story,
    StoryChange,
    StoryQuery,
    Summarise,
)
from aggregator.store.store import Store
from tests.contract.samples import (
    EARLIER,
    HOUR,
    NOON,
    fingerprint,
    found,
    founding,
    item,
    joining,
    match,
    place,
    save,
    summarise,
)

LATER = NOON + 40 * HOUR
LOST = Replacement(old="12 вагона", new="14 вагона")
WHOLE = Lineage(
    parent=match("b", "a", Kind.TRANSLATION, 0.875),
    is_undecided=True,
    credit=CreditState.OTHER,
    is_edition=True,
    is_stale=True,
    superseded_by="c",
    corrects=(LOST, Replacement(old="Иванов", new="Петров")),
)


def saying(**lineages: Lineage) -> Summarise:
    """A plain summary that says these things of these items."""

    def summary(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), lineages=lineages)

    return summary


def lineages(story: Story) -> dict[str, Lineage]:
    return {member.item.id: member.lineage for member in story.members}


def pair(store: Store, summary: Summarise = summarise) -> None:
    """Story sa of `a` and its copy `b`."""
    save(store, item("a"), item("b"))
    store.place([founding(item("a")), joining(item("b"), item("a"))], summarise=summary)


def revised(item_id: str, hours: int, number: int = 2) -> Item:
    return item(item_id, title="Ново", revision=number, revised_at=NOON + hours * HOUR)


# ------------------------------------------------------------------------------- written and read back


def test_a_lineage_is_read_back_as_it_was_written(store: Store) -> None:
    pair(store, saying(a=Lineage(), b=WHOLE))

    assert lineages(store.story("sa")) == {"a": Lineage(), "b": WHOLE}
    assert [member.match for member in store.story("sa").members] == [None, match("b", "a")]


@pytest.mark.parametrize("credit", [None, *CreditState])
def test_each_credit_is_kept(store: Store, credit: CreditState | None) -> None:
    pair(store, saying(b=Lineage(credit=credit)))

    assert lineages(store.story("sa"))["b"].credit is credit


def test_a_summary_says_nothing_of_items_of_other_stories(store: Store) -> None:
    found(store, item("c"))

    pair(store, saying(c=WHOLE))

    assert lineages(store.story("sc")) == {"c": Lineage()}


def test_the_next_summary_takes_the_place_of_the_last(store: Store) -> None:
    pair(store, saying(b=WHOLE))

    store.summarise_again(["sa"], summarise=saying(b=Lineage(is_stale=True)))

    assert lineages(store.story("sa"))["b"] == Lineage(is_stale=True)


def test_what_reading_said_of_an_item_is_read_back_with_every_revision(store: Store) -> None:
    credits_ = (
        Credit(agency_id="kazinform", phrase="както писа Казинформ през май", background=True),
        Credit(agency_id="sta", phrase="съобщи СТА"),
    )
    first = item("a", is_whole=True, names_source=True, credits=credits_)
    second = replace(
        first,
        revision=2,
        is_whole=False,
        names_source=False,
        notice=Notice.CORRECTION,
        corrects=(LOST,),
    )

    save(store, first)
    save(store, second)

    assert store.revisions("a") == [first, second]


def test_a_text_read_anew_changes_what_it_says_and_no_more(store: Store) -> None:
    found(store, item("a"))
    read = replace(
        item("a"),
        language="mk",
        credits=(Credit(agency_id="mia", phrase="МИА пишува"),),
        names_source=True,
        notice=Notice.KILL,
    )

    store.save_readings([replace(read, title="друго", text="друго", is_whole=True)])
    store.save_readings([])

    assert store.item("a") == read


# ----------------------------------------------------------------------- summarised as they are by now


def noting(asked: dict[str, list[str]]) -> Summarise:
    """A plain summary that notes of which members it was made."""

    def summary(members: Sequence[Member], story_id: str) -> StoryChange:
        asked[story_id] = [member.item.id for member in members]
        return summarise(members, story_id)

    return summary


def decide(store: Store, action: Action, item_id: str, story_id: str) -> None:
    """What another process decides."""
    by_hand = match(item_id, "c", Kind.MANUAL, 1.0) if action is Action.JOIN else None
    store.decide(
        action,
        item_id=item_id,
        other_id=None,
        moves=[Move(item_id=item_id, story_id=story_id, match=by_hand)],
        summarise=summarise,
        now=LATER,
    )


def test_only_the_stories_that_gain_an_item_are_summarised(store: Store) -> None:
    pair(store)
    found(store, item("c"))
    save(store, item("d"), item("e"))
    asked: dict[str, list[str]] = {}

    store.place([joining(item("d"), item("a")), founding(item("e"))], summarise=noting(asked))

    assert asked == {"sa": ["a", "b", "d"], "se": ["e"]}


def test_a_story_joined_meanwhile_is_summarised_with_all_of_the_story_that_took_it(
    store: Store,
) -> None:
    found(store, item("a"), item("c"))
    save(store, item("d"))
    placement = joining(item("d"), item("a"))
    decide(store, Action.JOIN, "a", "sc")
    asked: dict[str, list[str]] = {}

    store.place([placement], summarise=noting(asked))

    assert asked == {"sc": ["a", "c", "d"]}
    assert store.story("sa") == store.story_of("d")
    assert store.check() == []


def test_a_story_split_meanwhile_is_summarised_without_what_went(store: Store) -> None:
    pair(store)
    save(store, item("d"))
    placement = joining(item("d"), item("a"))
    decide(store, Action.SPLIT, "a", "sa-2")
    asked: dict[str, list[str]] = {}

    store.place([placement], summarise=noting(asked))

    assert asked == {"sa": ["b", "d"]}
    assert store.story("sa").lead_id == "b"
    assert store.check() == []


def test_a_match_is_at_hand_when_its_story_is_summarised(store: Store) -> None:
    came_by: dict[str, Match | None] = {}

    def summary(members: Sequence[Member], story_id: str) -> StoryChange:
        came_by.update({member.item.id: member.match for member in members})
        return summarise(members, story_id)

    pair(store, summary)

    assert came_by == {"a": None, "b": match("b", "a")}


# --------------------------------------------------------------------------------------- looked at again


def test_a_revised_item_is_awaited_with_its_story_until_it_was_looked_at_again(
    store: Store,
) -> None:
    pair(store)
    assert store.awaited() == []
    again = revised("b", 5)

    save(store, again)

    assert store.awaited() == [(again, fingerprint("b"), "sa")]
    store.place_again(again, (), (), summarise=summarise)
    assert store.awaited() == []
    assert store.story("sa").updated_at == NOON + 5 * HOUR


def test_an_item_revised_once_more_meanwhile_is_still_awaited(store: Store) -> None:
    pair(store)
    once, twice = revised("b", 5), revised("b", 6, number=3)
    save(store, once)
    save(store, twice)

    store.place_again(once, (), (), summarise=summarise)

    assert [waiting for waiting, *_ in store.awaited()] == [twice]


def test_an_item_revised_before_it_has_a_story_is_placed_and_not_awaited(store: Store) -> None:
    save(store, item("a"))
    save(store, revised("a", 1))

    assert store.awaited() == []
    place(store, founding(item("a")))
    assert store.awaited() == []


def test_awaited_items_come_earliest_first_up_to_the_limit(store: Store) -> None:
    at = {"a": 2, "b": 1, "c": 1}
    times = {name: NOON + hours * HOUR for name, hours in at.items()}
    found(store, *(item(name, reported_at=time) for name, time in times.items()))
    save(store, *(replace(revised(name, 5), reported_at=time) for name, time in times.items()))

    assert [waiting.id for waiting, *_ in store.awaited()] == ["b", "c", "a"]
    assert [waiting.id for waiting, *_ in store.awaited(limit=2)] == ["b", "c"]


def test_an_item_looked_at_again_may_make_stories_one(store: Store) -> None:
    found(store, item("a"), item("c", seen_at=NOON + HOUR), item("z"))
    again = replace(revised("c", 2), seen_at=NOON + HOUR)
    save(store, again)
    related = match("c", "z", Kind.RELATED, 0.3)

    moved = store.place_again(again, [match("c", "a")], [related], summarise=summarise)

    assert moved == [("c", "sa")]
    assert store.story_of("c").id == "sa"
    assert store.awaited() == []
    assert related in store.matches_of(["c"])


def test_the_reports_of_an_agency_are_listed_latest_first(store: Store) -> None:
    times = {"a": 0, "b": 3, "c": 1, "d": 1}
    save(store, *(item(name, reported_at=NOON + at * HOUR) for name, at in times.items()))
    save(store, item("z", agency_id="kazinform", reported_at=NOON + HOUR))

    listed = store.of_agency("bta", NOON + HOUR, NOON + 3 * HOUR)

    assert [one.id for one in listed] == ["b", "c", "d"]
    assert store.of_agency("sta", EARLIER, LATER) == []


# -------------------------------------------------------------------------------------- when it is dated


def test_the_date_of_a_story_moves_until_it_was_published(store: Store) -> None:
    def earliest(members: Sequence[Member], story_id: str) -> StoryChange:
        dated = min(member.item.reported_at for member in members)
        return replace(summarise(members, story_id), published_at=dated)

    found(store, item("a"), item("b"))
    early, earlier = (item(name, reported_at=NOON - at * HOUR) for name, at in (("c", 2), ("d", 4)))
    save(store, early, earlier)

    store.place([joining(early, item("a"))], summarise=earliest)
    assert store.story("sa").published_at == NOON - 2 * HOUR

    store.freeze_dates()
    store.place([joining(earlier, item("a"))], summarise=earliest)
    store.summarise_again(["sa"], summarise=earliest)
    assert store.story("sa").published_at == NOON - 2 * HOUR


def test_a_story_founded_after_the_others_were_published_is_still_to_be_dated(
    store: Store,
) -> None:
    store.freeze_dates()
    found(store, item("a"))

    def otherwise(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), published_at=EARLIER)

    store.summarise_again(["sa"], summarise=otherwise)
    assert store.story("sa").published_at == EARLIER
    store.freeze_dates()
    store.summarise_again(["sa"], summarise=summarise)
    assert store.story("sa").published_at == EARLIER


def test_to_publish_a_story_does_not_change_it(store: Store) -> None:
    found(store, item("a"))
    version, before = store.version(), store.story("sa")

    store.freeze_dates()

    assert (store.version(), store.story("sa")) == (version, before)


# ----------------------------------------------------------------------------------------- withdrawn, stale


def ids(store: Store, query: StoryQuery) -> list[str]:
    assert store.count_stories(query) == len(store.stories(query))
    return sorted(story.id for story in store.stories(query))


def test_stories_are_asked_for_by_whether_they_were_withdrawn(store: Store) -> None:
    found(store, item("a"), item("b"))

    def withdrawn(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), killed_at=LATER)

    store.summarise_again(["sa"], summarise=withdrawn)

    assert store.story("sa").killed_at == LATER
    assert ids(store, StoryQuery(killed=True)) == ["sa"]
    assert ids(store, StoryQuery(killed=False)) == ["sb"]
    assert ids(store, StoryQuery()) == ["sa", "sb"]


def test_stories_are_asked_for_by_their_stale_copies_and_whose_they_are(store: Store) -> None:
    copies = {"b": "kazinform", "d": "sta"}
    save(store, *(item(name, agency_id=agency) for name, agency in copies.items()))
    save(store, item("a"), item("c"), item("e"))
    store.place(
        [
            founding(item("a")),
            joining(item("b"), item("a")),
            founding(item("c")),
            joining(item("d"), item("c")),
            joining(item("e"), item("c")),
        ],
        summarise=saying(b=Lineage(is_stale=True), e=Lineage(is_stale=True)),
    )

    assert ids(store, StoryQuery(stale=True)) == ["sa", "sc"]
    assert ids(store, StoryQuery(stale=True, agency_id="kazinform")) == ["sa"]
    assert ids(store, StoryQuery(stale=True, agency_id="bta")) == ["sc"]
    assert ids(store, StoryQuery(stale=True, agency_id="sta")) == [], (
        "its copy is not the stale one"
    )
    assert ids(store, StoryQuery(agency_id="sta")) == ["sc"]


# ----------------------------------------------------------------------------------- made by other rules


def test_stories_summarised_by_other_rules_are_found_until_they_are_made_anew(
    store: Store,
) -> None:
    found(store, *(item(name, seen_at=NOON + at * HOUR) for at, name in enumerate("cab")))

    def by_new_rules(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), scheme="plain-2")

    def waiting(since: int = 0, limit: int = 9) -> list[str]:
        since_at = NOON + since * HOUR
        listed = store.stories_with_other_scheme("plain-2", since_at, limit=limit)
        return [story.id for story in listed]

    assert waiting() == ["sc", "sa", "sb"]
    assert waiting(limit=2) == ["sc", "sa"]
    assert waiting(since=1) == ["sa", "sb"]
    store.summarise_again(["sc", "sb"], summarise=by_new_rules)
    assert waiting() == ["sa"]


def test_a_story_without_items_is_not_made_anew(store: Store) -> None:
    found(store, item("a"), item("c"))
    decide(store, Action.JOIN, "a", "sc")

    listed = store.stories_with_other_scheme("plain-2", EARLIER, limit=9)

    assert [story.id for story in listed] == ["sc"]


def test_stories_made_anew_are_changed(store: Store) -> None:
    pair(store)
    version = store.version()
    asked: dict[str, list[str]] = {}

    store.summarise_again(["sa"], summarise=noting(asked))

    assert asked == {"sa": ["a", "b"]}
    assert store.changed_days(version) == {NOON.date()}
    store.summarise_again([], summarise=noting(asked))
