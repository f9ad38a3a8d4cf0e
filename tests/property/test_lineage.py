"""Whatever the items of a story are and in whatever order they came, what is said of them holds together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from aggregator.match.story import summarise
from aggregator.model import (
    Credit,
    CreditState,
    Evidence,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    Notice,
    StoryChange,
)

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
AGENCIES = ("bta", "kazinform", "mia", "focus")
# Half of them at one of three moments, so that many times are equal.
MINUTES = st.one_of(st.sampled_from([0, 10, 20]), st.integers(0, 40))
CREDITS = st.lists(
    st.builds(
        Credit,
        agency_id=st.sampled_from(AGENCIES),
        phrase=st.just("as reported"),
        agreement=st.booleans(),
        background=st.booleans(),
    ),
    max_size=2,
).map(tuple)


@st.composite
def stories(draw: st.DrawFn) -> list[Item]:
    """Up to eight items of one report, their ids in no order of time."""
    size = draw(st.integers(1, 8))
    ids = draw(st.permutations([f"i{number}" for number in range(size)]))
    return [draw(items(item_id)) for item_id in ids]


@st.composite
def items(draw: st.DrawFn, item_id: str) -> Item:
    """One item; a third have words that were corrected."""
    agency, language = draw(st.sampled_from(AGENCIES)), draw(st.sampled_from(["bg", "en"]))
    reported_at = NOON + timedelta(minutes=draw(MINUTES))
    killed = draw(st.integers(0, 9)) == 0
    count = draw(st.sampled_from([350, 350, 530]))
    return Item(
        id=item_id,
        feed_id=f"{agency}-{language}",
        agency_id=agency,
        language=language,
        title="The ferry is back",
        text=f"The ferry at Rusalka has {count} seats and leaves at noon from the old pier.",
        seen_at=reported_at + timedelta(minutes=draw(st.integers(0, 30))),
        reported_at=reported_at,
        published_at=draw(st.sampled_from([reported_at, None])),
        credits=draw(CREDITS),
        names_source=draw(st.booleans()),
        is_whole=draw(st.booleans()),
        notice=Notice.KILL if killed else None,
    )


def relate(item: Item, other: Item) -> Match:
    """A verdict that depends on the pair alone."""
    score = Random("".join(sorted((item.id, other.id)))).random()
    kind = Kind.NEAR if score > 0.4 else Kind.RELATED
    return Match(
        a=item.id, b=other.id, kind=kind, score=score, evidence=Evidence(rule="r", reason="why")
    )


def summary(found: list[Item]) -> StoryChange:
    return summarise([Member(item=item) for item in found], "s", relate=relate)


def parents(change: StoryChange) -> dict[str, str]:
    return {item: each.parent.b for item, each in change.lineages.items() if each.parent}


@given(stories())
def test_parents_make_a_forest_and_are_never_later(found: list[Item]) -> None:
    reported = {item.id: item.reported_at for item in found}
    above = parents(summary(found))
    for item_id, parent_id in above.items():
        assert reported[parent_id] <= reported[item_id]
        seen, place = {item_id}, parent_id
        while place in above:
            assert place not in seen
            seen.add(place)
            place = above[place]


@given(stories(), st.randoms())
def test_the_order_of_arrival_changes_nothing(found: list[Item], random: Random) -> None:
    """Nor does which of them was seen first: only `first_seen_at` knows, which is the least of all."""
    change = summary(found)
    shuffled = found[:]
    random.shuffle(shuffled)
    assert summary(shuffled) == change


@given(stories())
def test_only_what_is_without_an_earlier_source_has_no_parent(found: list[Item]) -> None:
    """An item of an agency whose earlier version is there always has one, and so has a copy of a credited one."""
    above = parents(summary(found))
    reports = [item for item in found if item.notice is not Notice.KILL]
    for item in reports:
        named = {c.agency_id for c in item.credits if not c.background} - {item.agency_id}
        for other in reports:
            if other.reported_at < item.reported_at:
                is_own = other.agency_id == item.agency_id
                if is_own or other.agency_id in named:
                    assert item.id in above


@given(stories())
def test_nobody_is_said_to_credit_no_one_without_a_whole_text_that_names_none(
    found: list[Item],
) -> None:
    change = summary(found)
    for item in found:
        credit = change.lineages[item.id].credit
        if item.agency_id == change.origin_id:
            assert credit is None
        if credit is CreditState.NONE:
            assert item.is_whole
            assert not item.names_source


@given(stories())
def test_an_item_of_the_origin_was_taken_from_nobody_it_does_not_credit(found: list[Item]) -> None:
    change = summary(found)
    by_id = {item.id: item for item in found}
    for item_id, parent_id in parents(change).items():
        item, parent = by_id[item_id], by_id[parent_id]
        if item.agency_id == change.origin_id != parent.agency_id:
            assert parent.agency_id in {credit.agency_id for credit in item.credits}


@given(stories())
def test_a_summary_of_its_own_result_is_the_same(found: list[Item]) -> None:
    """What was stated before does not change what is stated next."""
    change = summary(found)
    again = [Member(item=item, lineage=change.lineages[item.id]) for item in found]
    assert summarise(again, "s", relate=relate) == change


@given(stories())
def test_a_lineage_is_said_of_every_item(found: list[Item]) -> None:
    change = summary(found)
    assert change.lineages.keys() == {item.id for item in found}
    assert all(isinstance(each, Lineage) for each in change.lineages.values())
    assert change.published_at == min(item.reported_at for item in found)
    assert change.lead_id in change.lineages


@given(stories(), st.data())
def test_a_person_s_choice_changes_the_lead_alone_and_holds_while_the_item_stands(
    story: list[Item], data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(story))
    members = [Member(item=each, chosen=7 if each is chosen else None) for each in story]
    plain = summarise([Member(item=each) for each in story], "s", relate=relate)

    led = summarise(members, "s", relate=relate)

    assert replace(led, lead_id=plain.lead_id) == plain
    has_other_versions = any(
        (each.agency_id, each.language) == (chosen.agency_id, chosen.language)
        and each is not chosen
        for each in story
    )
    if chosen.notice is None and not has_other_versions:
        assert led.lead_id == chosen.id
    elif led.lead_id not in {plain.lead_id, chosen.id}:
        by_id = {each.id: each for each in story}
        assert by_id[led.lead_id].agency_id == chosen.agency_id, "its agency's correction"
