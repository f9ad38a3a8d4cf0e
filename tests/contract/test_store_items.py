"""Items: stored once, known by their keys, revised without loss."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import NotFoundError, StoreError
from aggregator.model import Credit, FeedState, Fingerprint, Indexed, StoryQuery
from aggregator.store.store import Store
from tests.contract.samples import (
    EARLIER,
    HOUR,
    NOON,
    arrival,
    fingerprint,
    found,
    founding,
    item,
    place,
    save,
    state,
    summarise,
)

CREDITS = (
    Credit(agency_id="kazinform", phrase="съобщи агенция „Казинформ“"),
    Credit(agency_id="bta", phrase="по споразумение", agreement=True),
)


def revise(store: Store, number: int, hours: int, **changes: object) -> None:
    revised = item(
        "a", revision=number, revised_at=NOON + hours * HOUR, content_hash=f"{number}", **changes
    )
    store.save_polls([state()], [(arrival(revised), fingerprint(f"a{number}"))])


def test_an_item_is_read_back_as_it_was_written(store: Store) -> None:
    written = item(
        "a", credits=CREDITS, revised_at=None, text="Қазақстан 中文 “§” \U0001f600\n\nдва"
    )

    save(store, written)

    assert store.item("a") == written


def test_an_item_may_lack_all_a_feed_may_leave_out(store: Store) -> None:
    bare = item("a", guid=None, link=None, html="", text="", language=None, published_at=None)

    save(store, bare)

    assert store.item("a") == bare


def test_an_item_not_stored_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError, match="'zz'"):
        store.item("zz")


def test_a_poll_stores_state_item_and_fingerprint_together(store: Store) -> None:
    polled = state(etag='"7"', item_count=1)

    store.save_polls([polled], [(arrival(item("a")), fingerprint("a"))])

    assert store.feed_states() == {"bta-bg": polled}
    assert store.unplaced() == [(item("a"), fingerprint("a"))]


def test_a_poll_that_cannot_be_stored_whole_leaves_the_old_validators(store: Store) -> None:
    store.save_polls([state(etag='"1"')], [])
    of_no_feed = item("a", feed_id="nowhere")

    with pytest.raises(StoreError, match=r"(?i)foreign key"):
        store.save_polls([state(etag='"2"')], [(arrival(of_no_feed), fingerprint())])

    assert store.feed_states() == {"bta-bg": state(etag='"1"')}
    assert store.unplaced() == []


def test_an_arrival_replayed_changes_nothing(store: Store) -> None:
    found(store, item("a"))
    version = store.version()

    store.save_polls([state()], [(arrival(item("a", title="друго")), fingerprint("other"))])

    assert store.item("a") == item("a")
    assert store.fingerprints(["a"]) == {"a": fingerprint("a")}
    assert store.unplaced() == []
    assert store.version() == version


def test_one_item_twice_in_a_poll_is_stored_once(store: Store) -> None:
    twice = (arrival(item("a")), fingerprint("a"))

    store.save_polls([state()], [twice, twice])

    assert store.unplaced() == [(item("a"), fingerprint("a"))]


def test_items_are_known_by_any_of_their_keys(store: Store) -> None:
    a, b = item("a"), item("b")
    store.save_polls(
        [state()],
        [(arrival(a, "guid:1", "link:1"), fingerprint()), (arrival(b, "guid:2"), fingerprint())],
    )

    assert store.known("bta-bg", {"link:1", "guid:2", "guid:3"}) == {"link:1": a, "guid:2": b}


def test_a_key_is_known_in_its_own_feed_alone(store: Store) -> None:
    save(store, item("a"))

    assert store.known("bta-en", {"guid:guid-a"}) == {}


def test_no_keys_know_nothing(store: Store) -> None:
    assert store.known("bta-bg", ()) == {}


def test_keys_may_be_many_and_long(store: Store) -> None:
    endless = "guid:" + "я" * 20_000
    linked = item("a", link="https://bta-bg.example/" + "x" * 20_000, guid="g" * 9_000)
    store.save_polls([state()], [(arrival(linked, endless), fingerprint())])

    keys = [f"guid:{number}" for number in range(2_000)]

    assert store.known("bta-bg", [*keys, endless]) == {endless: linked}
    assert store.find_item(str(linked.link)) == linked


def test_a_new_key_of_an_item_that_is_there_is_learnt(store: Store) -> None:
    save(store, item("a"))

    store.save_polls([state()], [(arrival(item("a"), "link:new"), fingerprint())])

    assert set(store.known("bta-bg", ["link:new"])) == {"link:new"}


def test_a_revision_takes_the_place_of_the_text_and_keeps_the_former(store: Store) -> None:
    save(store, item("a"))

    revise(store, 2, 1, title="Поправка", text="Нов текст", credits=CREDITS)
    revise(store, 3, 2, title="Втора поправка", published_at=None)

    first, second, present = store.revisions("a")
    assert first == item("a")
    assert (second.revision, second.title, second.text) == (2, "Поправка", "Нов текст")
    assert (second.revised_at, second.credits) == (NOON + HOUR, CREDITS)
    assert (present.revision, present.title, present.published_at) == (3, "Втора поправка", None)
    assert present == store.item("a")
    assert store.fingerprints(["a"]) == {"a": fingerprint("a3")}


def test_a_revision_never_changes_when_an_item_was_first_seen(store: Store) -> None:
    save(store, item("a"))

    revise(store, 2, 1, seen_at=NOON + HOUR)

    assert store.item("a").seen_at == NOON


def test_a_revision_replayed_or_older_changes_nothing(store: Store) -> None:
    save(store, item("a"))
    revise(store, 3, 2, title="трета")

    revise(store, 3, 2, title="пак трета")
    revise(store, 2, 1, title="втора")

    assert [revision.title for revision in store.revisions("a")] == [item("a").title, "трета"]


def test_a_revision_makes_its_story_changed_and_its_date_waits_for_the_summary(
    store: Store,
) -> None:
    found(store, item("a"), item("b"))
    version = store.version()

    revise(store, 2, 30)

    assert store.story("sa").updated_at == NOON
    assert store.version() > version
    assert store.changed_days(version) == {NOON.date()}
    store.place_again(store.item("a"), (), (), summarise=summarise)
    assert store.story("sa").updated_at == NOON + 30 * HOUR
    assert store.story("sb").updated_at == NOON


def test_a_revision_of_an_item_in_no_story_changes_no_story(store: Store) -> None:
    save(store, item("a"))

    revise(store, 2, 1)

    assert store.version() == 0
    assert [waiting.revision for waiting, _ in store.unplaced()] == [2]


def test_items_are_found_by_id_then_link_then_guid(store: Store) -> None:
    save(store, item("a", guid="same"), item("b", link="a"), item("c", guid="https://x.example/"))

    assert store.find_item("a").id == "a"
    assert store.find_item("https://bta-bg.example/c").id == "c"
    assert store.find_item("https://x.example/").id == "c"
    assert store.find_item("same").id == "a"


def test_of_items_with_one_link_the_one_seen_last_is_found(store: Store) -> None:
    link = "https://bta-bg.example/today"
    save(store, item("b", link=link, seen_at=NOON + HOUR), item("a", link=link))

    assert store.find_item(link).id == "b"


PAGE = "http://news.example/1"


@pytest.mark.parametrize(
    ("stored", "keys", "asked"),
    [
        ("https://www.news.example/1", ("link:http://news.example/1",), "http://news.example/1/"),
        (f"{PAGE}?utm_source=rss", (f"link:{PAGE}",), "https://www.news.example/1?fbclid=2"),
        (f"{PAGE}?utm_source=rss", (f"link:{PAGE}",), f"{PAGE}#comments"),
        (PAGE, ("guid:shared-link",), "https://www.news.example/1/#comments"),
        (f"{PAGE}#post-3", (f"link:{PAGE}#post-3",), "https://news.example/1#post-3"),
        (f"{PAGE}#comments", (f"link:{PAGE}#comments",), "news.example/1/#comments"),
        (
            "https://news.example/%d0%bc",
            ("link:http://news.example/%d0%bc",),
            "https://news.example/м",
        ),
    ],
    ids=["scheme", "tracking", "fragment", "no-key", "place", "no-scheme", "letters"],
)
def test_an_item_is_found_by_any_spelling_of_its_address(
    store: Store, stored: str, keys: tuple[str, ...], asked: str
) -> None:
    found, other = item("a", link=stored), item("b", link="https://news.example/2")
    pairs = [(arrival(found, *keys), fingerprint()), (arrival(other), fingerprint())]
    store.save_polls([state()], pairs)
    place(store, founding(found), founding(other))

    assert store.find_item(asked) == found
    assert [each.lead_id for each in store.stories(StoryQuery(search=asked))] == ["a"]
    assert store.count_stories(StoryQuery(search=asked)) == 1


def test_of_items_in_several_feeds_at_one_address_the_one_seen_last_is_found(store: Store) -> None:
    first = item("a", link=f"{PAGE}/?utm_medium=x")
    last = item("b", link=f"{PAGE}?utm_medium=y", feed_id="bta-en", seen_at=NOON + HOUR)
    pairs = [(arrival(each, f"link:{PAGE}"), fingerprint()) for each in (last, first)]
    store.save_polls([state(), state("bta-en")], pairs)

    assert store.find_item(f"{PAGE}/").id == "b"
    assert store.find_item(f"{PAGE}/?utm_medium=x").id == "a"


@pytest.mark.parametrize(
    "asked", ["https://news.example/", f"{PAGE}1", f"{PAGE}?id=2", "https://m.news.example/1"]
)
def test_another_page_is_not_taken_for_it(store: Store, asked: str) -> None:
    pair = (arrival(item("a", link=PAGE), f"link:{PAGE}"), fingerprint())
    store.save_polls([state()], [pair])

    with pytest.raises(NotFoundError):
        store.find_item(asked)


def test_what_is_not_found_says_how_to_find(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"'nothing'.*aggregator stories"):
        store.find_item("nothing")


def test_unplaced_items_come_earliest_first_up_to_the_limit(store: Store) -> None:
    save(store, item("c"), item("b", reported_at=NOON - HOUR), item("a"), item("d"))
    place(store, founding(item("d")))

    assert [waiting.id for waiting, _ in store.unplaced()] == ["b", "a", "c"]
    assert [waiting.id for waiting, _ in store.unplaced(limit=2)] == ["b", "a"]


def test_placed_items_are_streamed_for_the_index_in_the_order_of_reports(store: Store) -> None:
    late, old = item("a", credits=CREDITS), item("b", reported_at=NOON - 2 * HOUR)
    found(store, late, old, item("c", reported_at=NOON - timedelta(hours=2, microseconds=1)))
    save(store, item("unplaced"))

    entries = list(store.indexed(NOON - 2 * HOUR))

    assert [entry.item_id for entry in entries] == ["b", "a"]
    assert entries[1] == Indexed(
        item_id="a",
        story_id="sa",
        agency_id="bta",
        reported_at=NOON,
        fingerprint=fingerprint("a"),
        credits=CREDITS,
    )


def test_the_stream_may_be_left_and_written_beside(store: Store) -> None:
    found(store, *(item(f"i{number:04}") for number in range(30)))
    stream = store.indexed(EARLIER)
    next(stream)

    found(store, item("late"))
    stream.close()  # type: ignore[attr-defined]  # it is a generator; the contract is an iterator

    assert len(list(store.indexed(EARLIER))) == 31


def test_fingerprints_are_read_for_the_items_that_have_them(store: Store) -> None:
    save(store, item("a"), item("b"))

    assert store.fingerprints(["a", "zz"]) == {"a": fingerprint("a")}
    assert store.fingerprints([]) == {}


def test_fingerprints_can_be_replaced_by_those_of_another_scheme(store: Store) -> None:
    found(store, *(item(one, reported_at=NOON + at * HOUR) for at, one in enumerate("cab")))
    renewed = fingerprint("a", scheme="plain-2")

    store.save_fingerprints({"a": renewed})

    assert store.fingerprints(["a"]) == {"a": renewed}
    wanted = {"words": "plain-2"}
    waiting = store.items_with_other_scheme(wanted, EARLIER, limit=9)
    assert [one.id for one in waiting] == ["c", "b"]
    assert [one.id for one in store.items_with_other_scheme(wanted, NOON + HOUR, limit=9)] == ["b"]
    assert len(store.items_with_other_scheme(wanted, EARLIER, limit=1)) == 1


@pytest.mark.parametrize(
    ("wanted", "waiting"),
    [
        ({"words": "plain-1", "crosslang": "neutral-1"}, []),
        ({"words": "plain-1", "crosslang": "neutral-2"}, ["a"]),
        ({"words": "plain-2", "crosslang": "neutral-1"}, ["a"]),
        ({"words": "neutral-1", "crosslang": "plain-1"}, ["a"]),
        ({"words": "plain-1", "crosslang": "neutral-1", "embedding": "model"}, ["a"]),
        ({"words": "plain-1"}, []),
        ({}, []),
    ],
)
def test_an_item_waits_for_each_channel_whose_scheme_it_lacks(
    store: Store, wanted: dict[str, str], waiting: list[str]
) -> None:
    found(store, item("a"))

    lacking = store.items_with_other_scheme(wanted, EARLIER, limit=9)

    assert [one.id for one in lacking] == waiting


def test_an_item_without_a_fingerprint_waits_for_one(store: Store) -> None:
    found(store, item("a"))
    store.save_fingerprints({"a": Fingerprint(language="bg")})

    assert store.fingerprints(["a"]) == {}
    assert list(store.indexed(EARLIER)) == []
    (lacking,) = store.items_with_other_scheme({"words": "plain-1"}, EARLIER, limit=9)
    assert lacking.id == "a"


def test_a_new_fingerprint_leaves_no_part_of_the_old_one(store: Store) -> None:
    save(store, item("a"))
    fewer = Fingerprint(language="en", parts=fingerprint("other").parts[1:])

    store.save_fingerprints({"a": fewer})

    assert store.fingerprints(["a"]) == {"a": fewer}


def test_the_feed_of_items_may_be_retired(store: Store) -> None:
    found(store, item("a"))

    store.retire_feeds([])

    assert store.story("sa").lead == item("a")


def test_a_poll_without_arrivals_saves_the_state(store: Store) -> None:
    after: FeedState = replace(state(), overlap_streak=2)

    store.save_polls([after], [])

    assert store.feed_states() == {"bta-bg": after}
