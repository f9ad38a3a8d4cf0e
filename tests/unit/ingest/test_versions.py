"""Versions, embargoes and withdrawals as agencies' formats state them, in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.ingest.versions import is_embargoed
from aggregator.model import Change, Feed, Notice, ParsedItem
from tests.unit.ingest.identity_samples import (
    FEED,
    FERRY,
    NOW,
    SPIDER,
    Memory,
    changes,
    entry,
)

HOUR = timedelta(hours=1)
KILLED: dict[str, Any] = {"notice": Notice.KILL}
WITHHELD: dict[str, Any] = {"notice": Notice.KILL, "is_withheld": True}


def version(number: int, text: str = FERRY, **more: Any) -> ParsedItem:
    """A version as a wire delivers it: a guid, a time, no link."""
    made_at = NOW - 10 * HOUR + number * HOUR
    return entry(text=text, link=None, published_at=made_at, versioned_at=made_at, **more)


def held(memory: Memory) -> list[tuple[int, str]]:
    """Revision and text of each item held."""
    found = {item.id: item for item in memory.known.values()}
    return [(item.revision, item.text) for item in found.values()]


def test_a_later_version_is_a_revision_whatever_its_words() -> None:
    memory = Memory()

    assert changes(memory.poll(version(1))) == [Change.NEW]
    assert changes(memory.poll(version(2, SPIDER))) == [Change.REVISED]
    assert held(memory) == [(2, SPIDER)]


def test_a_version_that_comes_late_changes_nothing() -> None:
    memory = Memory()
    memory.poll(version(3, SPIDER))

    assert memory.poll(version(1)) == []
    assert memory.poll(version(2, FERRY + " " + SPIDER)) == []
    assert held(memory) == [(1, SPIDER)]


def test_a_version_may_return_to_former_words_within_the_hour() -> None:
    memory = Memory()
    memory.poll(version(1))
    memory.poll(version(2, SPIDER))

    assert changes(memory.poll(version(3))) == [Change.REVISED]
    assert held(memory) == [(3, FERRY)]


@pytest.mark.parametrize("again", [version(1), version(2)])
def test_the_same_words_are_nothing_new_under_any_version(again: ParsedItem) -> None:
    memory = Memory()
    memory.poll(version(1))

    assert memory.poll(again) == []


@pytest.mark.parametrize(
    "notice",
    [
        version(2, **KILLED),
        version(2, "", title="", **KILLED),
        version(2, SPIDER, title="Withdrawn at the source's request", **KILLED),
        version(2, "", title="", **WITHHELD),
        entry(title="", text="", link=None, **KILLED),  # its format gives no time of versions
    ],
)
def test_a_withdrawal_revises_the_item_and_leaves_its_words(notice: ParsedItem) -> None:
    memory = Memory()
    memory.poll(version(1))

    [arrival] = memory.poll(notice)

    assert arrival.change is Change.REVISED
    assert (arrival.item.stated_notice, arrival.item.text) == (Notice.KILL, FERRY)
    assert memory.poll(notice) == []


def test_a_withdrawal_under_another_guid_is_an_item_of_its_own() -> None:
    """It repeats the words of what it withdraws, which matching then finds."""
    memory = Memory()
    memory.poll(version(1))

    [arrival] = memory.poll(version(2, guid="kill-1", **KILLED))

    assert (arrival.change, arrival.item.stated_notice) == (Change.NEW, Notice.KILL)
    assert memory.poll(version(2, guid="kill-1", **KILLED)) == []


def test_what_was_withdrawn_may_come_back() -> None:
    memory = Memory()
    memory.poll(version(1))
    memory.poll(version(2, **KILLED))

    [arrival] = memory.poll(version(3))

    assert (arrival.item.stated_notice, arrival.item.revision) == (None, 3)


def test_an_older_version_does_not_bring_back_what_was_withdrawn() -> None:
    memory = Memory()
    memory.poll(version(2))
    memory.poll(version(3, **KILLED))

    assert memory.poll(version(2)) == []


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        (version(1, **KILLED), [Change.NEW]),  # it may withdraw what another feed brought
        (version(1, "", title="", **KILLED), []),
        (version(1, **WITHHELD), []),
    ],
)
def test_a_withdrawal_of_what_we_do_not_hold(notice: ParsedItem, expected: list[Change]) -> None:
    assert changes(Memory().poll(notice)) == expected


def test_an_embargoed_item_comes_when_its_time_has_come() -> None:
    memory = Memory()
    until = NOW + 2 * HOUR
    kept = version(1, embargoed_until=until)

    assert memory.poll(kept, after=HOUR) == []
    assert memory.poll(kept, after=HOUR) == []
    assert changes(memory.poll(kept)) == [Change.NEW]


@pytest.mark.parametrize(
    ("until", "expected"),
    [(None, False), (NOW - HOUR, False), (NOW, False), (NOW + HOUR, True)],
)
def test_an_embargo_ends_at_its_time(until: datetime | None, expected: bool) -> None:
    assert is_embargoed(entry(embargoed_until=until), NOW) is expected


def test_feeds_that_state_nothing_are_judged_by_their_words_as_before() -> None:
    memory = Memory()
    memory.poll(entry(link=None))

    assert changes(memory.poll(entry(text=SPIDER, link=None))) == [Change.NEW]


FOLDER = Feed(id="wire", url="file:///var/spool/wire/", agency_id="bta")


@pytest.mark.parametrize("make", [version, lambda number, text: entry(text=text)])
@pytest.mark.parametrize(("feed", "expected"), [(FEED, False), (FOLDER, True)])
def test_only_a_folder_is_believed_that_a_text_is_whole_new_and_revised_alike(
    feed: Feed, expected: bool, make: Callable[[int, str], ParsedItem]
) -> None:
    memory = Memory(feed)
    arrivals = [
        *memory.poll(replace(make(1, FERRY), is_whole=True)),
        *memory.poll(replace(make(2, FERRY + " Билетите поскъпват."), is_whole=True)),
    ]

    assert changes(arrivals) == [Change.NEW, Change.REVISED]
    assert [arrival.item.is_whole for arrival in arrivals] == [expected, expected]


def test_a_folders_text_that_is_no_longer_whole_is_not_said_to_be() -> None:
    memory = Memory(FOLDER)
    memory.poll(version(1, is_whole=True))

    [arrival] = memory.poll(version(2, SPIDER))

    assert not arrival.item.is_whole
