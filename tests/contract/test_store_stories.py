"""Stories: placed whole, read in few queries, searched in any script, their changes logged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from aggregator.errors import NotFoundError
from aggregator.model import (
    Evidence,
    Fact,
    Kind,
    Match,
    Member,
    Order,
    Passage,
    Related,
    Story,
    StoryChange,
    StoryQuery,
)
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
    summarise,
)

DAY = timedelta(days=1)


def ids(stories: list[Story]) -> list[str]:
    return [story.id for story in stories]


@contextmanager
def counted_queries(store: Store) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    yield asked
    event.remove(store._engine, "before_cursor_execute", note)


def test_an_item_founds_its_story(store: Store) -> None:
    save(store, item("a"))

    place(store, founding(item("a")))

    assert store.unplaced() == []
    assert store.story("sa") == Story(
        id="sa",
        members=(Member(item=item("a")),),
        lead_id="a",
        origin_id="bta",
        first_seen_at=NOON,
        updated_at=NOON,
        published_at=NOON,
    )
    assert store.story_of("a") == store.story("sa")


def test_a_copy_joins_with_its_evidence(store: Store) -> None:
    evidence = Evidence(
        rule="aligned",
        reason="същите числа и имена",
        features={"containment": 0.875, "numbers": 1.0},
        agree=(Fact(a="Лозен", b="Лозен"),),
        differ=(Fact(a="5.4", b=""),),
        passages=(Passage(a="мост", b="мост", same=True), Passage(a="нов", b="стар", same=False)),
        credit="съобщи БТА",
    )
    pair = Match(a="b", b="a", kind=Kind.EXCERPT, score=0.8125, evidence=evidence)
    move, _ = joining(item("b"), item("a"))
    found(store, item("a"))
    save(store, item("b"))

    place(store, (replace(move, match=pair), ()))

    assert store.story("sa").members == (
        Member(item=item("a")),
        Member(item=item("b"), match=pair),
    )


def test_a_batch_may_found_a_story_and_add_to_it(store: Store) -> None:
    save(store, item("a"), item("b"), item("c"))

    place(store, founding(item("a")), joining(item("b"), item("a")), founding(item("c")))

    assert [member.item.id for member in store.story("sa").members] == ["a", "b"]
    assert store.count_stories(StoryQuery()) == 2


def test_members_stand_in_the_order_of_their_reports_those_of_one_time_by_their_ids(
    store: Store,
) -> None:
    a, b = item("a"), item("b", reported_at=NOON - HOUR)
    c = item("c", seen_at=NOON - HOUR)  # which of two of one time was seen first says nothing
    save(store, a, b, c)

    place(store, founding(a), joining(b, a), joining(c, a))

    assert [member.item.id for member in store.story("sa").members] == ["b", "a", "c"]


def test_a_story_that_gains_several_items_is_summarised_once_with_all_that_it_holds(
    store: Store,
) -> None:
    found(store, item("a"), item("z"))
    save(store, item("b", reported_at=NOON - HOUR), item("c"))
    asked: list[tuple[str, list[str]]] = []

    def noted(members: Sequence[Member], story_id: str) -> StoryChange:
        asked.append((story_id, [member.item.id for member in members]))
        return summarise(members, story_id)

    store.place(
        [joining(item("b"), item("a")), joining(item("c"), item("a"))],
        summarise=noted,
    )

    assert asked == [("sa", ["b", "a", "c"])]


def test_a_placement_replayed_changes_nothing(store: Store) -> None:
    found(store, item("a"), item("b"))
    version = store.version()

    place(store, founding(item("a")), joining(item("b"), item("a")))

    assert store.story_of("b").id == "sb"
    assert store.version() == version


def test_nothing_to_place_is_nothing_to_do(store: Store) -> None:
    place(store)

    assert store.version() == 0


def test_an_item_that_is_not_stored_cannot_be_placed(store: Store) -> None:
    save(store, item("a"))

    with pytest.raises(NotFoundError, match="'zz'"):
        place(store, founding(item("a")), founding(item("zz")))

    assert [waiting.id for waiting, _ in store.unplaced()] == ["a"]


def test_large_batches_are_placed_whole(store: Store) -> None:
    many = [item(f"i{number:04}") for number in range(1_100)]

    found(store, *many)

    assert store.unplaced() == []
    assert len(store.stories(StoryQuery())) == 1_100


@pytest.mark.parametrize("missing", ["sa", "zz"])
def test_a_story_not_there_is_not_found(store: Store, missing: str) -> None:
    with pytest.raises(NotFoundError, match=missing):
        store.story(missing)


def test_an_item_not_placed_yet_has_no_story(store: Store) -> None:
    save(store, item("a"))

    with pytest.raises(NotFoundError, match="not in a story yet"):
        store.story_of("a")
    with pytest.raises(NotFoundError, match="no item"):
        store.story_of("b")


# ----------------------------------------------------------------------------------------- related


def test_related_stories_are_listed_from_both_sides(store: Store) -> None:
    pair = match("b", "a", Kind.RELATED, 0.4)
    found(store, item("a", title="Първи мост", reported_at=NOON - HOUR))
    save(store, item("b", title="Втори мост", language=None))

    place(store, founding(item("b"), pair))

    first = Related(
        story_id="sa",
        title="Първи мост",
        agency_id="bta",
        language="bg",
        reported_at=NOON - HOUR,
        match=pair,
    )
    second = replace(first, story_id="sb", title="Втори мост", language=None, reported_at=NOON)
    assert store.story("sb").related == (first,)
    assert store.story("sa").related == (second,)


def test_a_related_story_is_named_once_by_its_best_pair(store: Store) -> None:
    weak, strong = match("c", "a", Kind.RELATED, 0.3), match("c", "b", Kind.RELATED, 0.5)
    save(store, item("a"), item("b"), item("c"))

    place(
        store, founding(item("a")), joining(item("b"), item("a")), founding(item("c"), weak, strong)
    )

    assert [related.match for related in store.story("sc").related] == [strong]


def test_a_related_pair_within_one_story_is_not_shown(store: Store) -> None:
    save(store, item("a"), item("b"))

    place(
        store,
        founding(item("a")),
        joining(item("b"), item("a"), match("b", "a", Kind.RELATED, 0.4)),
    )

    assert store.story("sa").related == ()


def test_the_ten_best_related_stories_are_shown(store: Store) -> None:
    others = [item(f"o{number:02}") for number in range(12)]
    found(store, *others)
    save(store, item("a"))
    pairs = [
        match("a", other.id, Kind.RELATED, number / 100) for number, other in enumerate(others)
    ]

    place(store, founding(item("a"), *pairs))

    shown = [related.story_id for related in store.story("sa").related]
    assert shown == [f"so{number:02}" for number in range(11, 1, -1)]


def test_every_pair_of_an_item_is_listed_best_first(store: Store) -> None:
    save(store, item("a"), item("b"), item("c"))
    related = match("c", "a", Kind.RELATED, 0.4)
    place(store, founding(item("a")), joining(item("b"), item("a")), founding(item("c"), related))

    assert store.matches_of(["a"]) == [match("b", "a"), related]
    assert store.matches_of(["b"]) == [match("b", "a")]
    assert store.matches_of([]) == []


# ----------------------------------------------------------------------------------------- queries


def test_stories_come_newest_first_and_page_by_page(store: Store) -> None:
    found(store, *(item(one, seen_at=NOON + at * HOUR) for at, one in enumerate("abcd")))

    assert ids(store.stories(StoryQuery())) == ["sd", "sc", "sb", "sa"]
    assert ids(store.stories(StoryQuery(limit=2))) == ["sd", "sc"]


def test_of_the_stories_of_one_poll_the_latest_report_comes_first(store: Store) -> None:
    found(
        store,
        *(
            item(one, reported_at=NOON - at * HOUR)
            for one, at in zip("abc", (2, 0, 1), strict=True)
        ),
    )

    assert ids(store.stories(StoryQuery())) == ["sb", "sc", "sa"]


def test_stories_of_a_span_are_first_seen_at_or_after_and_before(store: Store) -> None:
    found(store, *(item(one, seen_at=NOON + at * HOUR) for at, one in enumerate("abcd")))

    span = StoryQuery(since_at=NOON + HOUR, until_at=NOON + 3 * HOUR)

    assert ids(store.stories(span)) == ["sc", "sb"]
    assert store.count_stories(span) == 2


def test_stories_are_asked_for_by_their_number_of_items(store: Store) -> None:
    save(store, item("a"), item("b"), item("c"))
    place(store, founding(item("a")), joining(item("b"), item("a")), founding(item("c")))

    assert ids(store.stories(StoryQuery(min_items=2))) == ["sa"]
    assert store.count_stories(StoryQuery(min_items=3)) == 0
    assert store.count_stories(StoryQuery(min_items=0)) == 2


def test_stories_are_asked_for_by_language_and_agency_of_any_item(store: Store) -> None:
    copy = item("b", feed_id="kz-kk", agency_id="kazinform", language="kk")
    save(store, item("a"), copy, item("c"))
    place(store, founding(item("a")), joining(copy, item("a")), founding(item("c")))

    assert ids(store.stories(StoryQuery(language="kk"))) == ["sa"]
    assert ids(store.stories(StoryQuery(agency_id="kazinform"))) == ["sa"]
    assert ids(store.stories(StoryQuery(language="bg", agency_id="kazinform"))) == ["sa"]
    assert ids(store.stories(StoryQuery(language="kk", min_items=3))) == []


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("ЛОЗЕН", True),
        ("лозен", True),
        ("мост вторник", True),  # one word of the title, one of the text
        ("вторник лоз", True),
        ("ЕЖ", True),  # the text says "Ёж"
        ("ёж", True),
        ("қаржы", True),
        ("100%", True),
        ("10", False),
        ("1__%", False),
        ("straße", True),
        ("STRASSE", True),
        ("a\\b", True),
        ("мост София", False),
        ("кран", False),
        ("   ", True),
    ],
)
def test_a_search_finds_every_word_in_one_item_in_any_script(
    store: Store, words: str, hit: bool
) -> None:
    one = item(
        "a",
        title="Мостът при Лозен",
        text="Отворен във вторник. Ёж, ҚАРЖЫ, 100%, Straße, a\\b",
    )
    other = item("b", title="София", text="без вода")
    save(store, one, other)
    place(store, founding(one), joining(other, one))

    assert (ids(store.stories(StoryQuery(search=words))) == ["sa"]) is hit
    assert store.count_stories(StoryQuery(search=words)) == int(hit)


def test_a_search_finds_the_present_words_of_a_revised_item(store: Store) -> None:
    found(store, item("a", title="старо"))
    save(store, item("a", title="ново", revision=2, revised_at=NOON + HOUR))

    assert store.count_stories(StoryQuery(search="ново")) == 1
    assert store.count_stories(StoryQuery(search="старо")) == 0


def test_two_hundred_stories_take_a_handful_of_queries(store: Store) -> None:
    founders = [item(f"f{number:03}", seen_at=NOON + number * HOUR) for number in range(200)]
    copies = [item(f"c{number:03}") for number in range(200)]
    found(store, *founders)
    save(store, *copies)
    place(store, *(joining(copy, to) for copy, to in zip(copies, founders, strict=True)))

    with counted_queries(store) as asked:
        read = store.stories(StoryQuery())

    assert [len(story.members) for story in read] == [2] * 200
    assert len(asked) <= 6


# ------------------------------------------------------------------------------ versions and days


def test_the_version_grows_with_every_change_of_a_story(store: Store) -> None:
    versions = [store.version()]
    for one in "abc":
        found(store, item(one))
        versions.append(store.version())

    assert versions == sorted(set(versions))


def test_what_changes_no_story_keeps_the_version(store: Store) -> None:
    found(store, item("a"))
    version = store.version()

    save(store, item("b"))
    store.save_feed_states(store.feed_states().values())

    assert store.version() == version
    assert store.changed_days(version) == set()


def test_changed_days_are_those_touched_after_a_version(store: Store) -> None:
    found(store, item("a"))
    before = store.version()
    found(store, item("b", seen_at=NOON + DAY), item("c", seen_at=NOON + 2 * DAY))
    between = store.version()
    save(store, item("d"))
    place(store, joining(item("d"), item("a")))

    assert store.changed_days(before) == {date(2026, 11, day) for day in (4, 5, 6)}
    assert store.changed_days(between) == {date(2026, 11, 4)}
    assert store.changed_days(store.version()) == set()


def test_a_story_that_changes_its_day_changes_both(store: Store) -> None:
    found(store, item("a"))
    version = store.version()
    save(store, item("b"))

    def a_day_earlier(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(summarise(members, story_id), first_seen_at=NOON - DAY)

    store.place([joining(item("b"), item("a"))], summarise=a_day_earlier)

    assert store.changed_days(version) == {date(2026, 11, 3), date(2026, 11, 4)}
    assert store.story_days() == [(date(2026, 11, 3), 1)]


def test_days_with_stories_are_counted_newest_first(store: Store) -> None:
    midnight = NOON.replace(hour=0)
    found(
        store,
        item("a", seen_at=midnight),
        item("b", seen_at=midnight - timedelta(microseconds=1)),
        item("c"),
    )

    assert store.story_days() == [(date(2026, 11, 4), 2), (date(2026, 11, 3), 1)]


def test_stories_stand_by_date_where_that_is_asked_and_are_chosen_all_the_same(
    store: Store,
) -> None:
    late = item("c", seen_at=NOON + 2 * HOUR, reported_at=NOON - DAY)
    twin = item("d", seen_at=NOON - HOUR, reported_at=NOON - HOUR)
    found(store, twin, item("a", seen_at=NOON, reported_at=NOON - HOUR), late)

    seen = [story.lead_id for story in store.stories(StoryQuery())]
    dated = store.stories(StoryQuery(order=Order.DATE))

    assert seen == ["c", "a", "d"]
    assert [story.lead_id for story in dated][-1] == "c"
    order = [(story.published_at, story.id) for story in dated]
    assert order == sorted(order, reverse=True)
    day = StoryQuery(since_at=NOON, until_at=NOON + DAY, order=Order.DATE)
    assert [story.lead_id for story in store.each_story(day)] == ["a", "c"]


def test_a_story_is_summarised_by_its_members_without_their_markup(store: Store) -> None:
    a, b = (item(name, text="Мостът е отворен.", html="<p>Мостът е отворен.</p>") for name in "ab")
    found(store, a)
    save(store, b)
    seen: list[tuple[str, str]] = []

    def look(members: Sequence[Member], story_id: str) -> StoryChange:
        seen.extend((one.item.text, one.item.html) for one in members if one.item.id == "a")
        return summarise(members, story_id)

    store.place([joining(b, a)], summarise=look)

    assert seen == [("Мостът е отворен.", "")]
    assert [member.item for member in store.story("sa").members] == [a, b]
