"""Article pages, and the items that wait for theirs, on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.model import Item, Notice, Page
from aggregator.store.store import Store
from tests.contract.samples import HOUR, NOON, arrival, fingerprint, item, state

UNTIL = NOON + HOUR


def page(number: int = 1, **changes: Any) -> Page:
    fresh = Page(
        key=f"key-{number}",
        url=f"https://bta-bg.example/{number}",
        host="bta-bg.example",
        asked_at=NOON + number * HOUR,
        status=200,
        etag='W/"я"',
        last_modified="Wed, 04 Nov 2026 10:00:00 GMT",
        text="Мостът при Лозен е отворен, съобщи общината.",
    )
    return replace(fresh, **changes)


def hold(store: Store, *held: Item) -> None:
    store.save_polls([state()], [(arrival(each), fingerprint()) for each in held])


def waiting(store: Store) -> list[str]:
    return [one.item_id for one in store.waiting_for_pages()]


def test_an_item_that_waits_for_its_page_is_not_placed(store: Store) -> None:
    hold(store, item("a", awaits_page_until=UNTIL), item("b"))

    assert [held.id for held, _ in store.unplaced()] == ["b"]
    (one,) = store.waiting_for_pages()
    assert one == ("a", "bta-bg", "https://bta-bg.example/a", NOON)
    assert store.item("a").awaits_page_until == UNTIL


def test_the_earliest_reported_comes_first(store: Store) -> None:
    later = item("a", awaits_page_until=UNTIL, reported_at=NOON + timedelta(minutes=1))
    hold(store, later, item("c", awaits_page_until=UNTIL), item("b", awaits_page_until=UNTIL))

    assert waiting(store) == ["b", "c", "a"]


def test_what_corrects_or_withdraws_a_report_goes_before(store: Store) -> None:
    kill = item("z", awaits_page_until=UNTIL, reported_at=NOON + HOUR, notice=Notice.KILL)
    hold(store, item("a", awaits_page_until=UNTIL), kill)

    assert waiting(store) == ["z", "a"]


@pytest.mark.parametrize(("minutes", "overdue"), [(59, []), (60, ["a"]), (61, ["a"])])
def test_items_are_overdue_when_their_time_is_over(
    store: Store, minutes: int, overdue: list[str]
) -> None:
    hold(store, item("a", awaits_page_until=UNTIL), item("b"))
    assert store.overdue_for_pages(NOON + timedelta(minutes=minutes)) == overdue


def test_a_page_its_items_and_those_released_are_stored_together(store: Store) -> None:
    hold(store, *(item(name, awaits_page_until=UNTIL) for name in "abc"))
    read = replace(store.item("a"), full_text="Цял текст.", is_whole=True, language="en")
    made = fingerprint("other")

    store.save_page(page(), [(read, made)], released=["b"])

    assert store.page("key-1") == page()
    assert store.item("a") == replace(read, awaits_page_until=None)
    assert store.fingerprints(["a"]) == {"a": made}
    assert waiting(store) == ["c"]
    assert [held.id for held, _ in store.unplaced()] == ["a", "b"]


def test_a_page_asked_again_takes_its_own_place(store: Store) -> None:
    assert store.page("key-1") is None
    store.save_page(page(), [])
    gone = page(status=None, etag=None, last_modified=None, text="", refusal="no answer")

    store.save_page(gone, [])

    assert store.page("key-1") == gone


def test_an_item_revised_since_it_was_read_waits_on(store: Store) -> None:
    hold(store, item("a", awaits_page_until=UNTIL))
    read = replace(store.item("a"), full_text="Стар текст.")
    hold(store, item("a", awaits_page_until=UNTIL, revision=2, text="Ново.", revised_at=NOON))

    store.save_page(page(), [(read, fingerprint("other"))])

    assert store.item("a").full_text == ""
    assert waiting(store) == ["a"]


def test_the_latest_pages_of_a_host_and_how_many_were_asked(store: Store) -> None:
    for number in range(1, 6):
        store.save_page(page(number), [])
    store.save_page(page(9, host="other.example"), [])

    latest = store.latest_pages("bta-bg.example", limit=3)

    assert [each.key for each in latest] == ["key-5", "key-4", "key-3"]
    assert store.count_pages("bta-bg.example", NOON + 4 * HOUR) == 2
    assert store.count_pages("other.example", NOON) == 1
    assert store.count_pages("nobody.example", NOON) == 0


def test_the_latest_items_of_a_feed(store: Store) -> None:
    store.save_feed_states([state(), state("bta-en")])
    hold(store, *(item(f"a{n}", reported_at=NOON + n * HOUR) for n in range(4)))
    hold(store, item("b", feed_id="bta-en", reported_at=NOON + 9 * HOUR))

    assert [each.id for each in store.latest_of_feed("bta-bg", "bta", limit=2)] == ["a3", "a2"]
    assert store.latest_of_feed("bta-bg", "another", limit=2) == []
