"""Pick-up of what an older version stored: the copies are there, and nothing is said that was not looked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from aggregator.model import CreditState, Kind
from aggregator.pickup import Span
from aggregator.store.store import Store
from tests.contract.samples import NOON
from tests.contract.test_migrations import SCHEME_OF_0001, fill_as_0001


@pytest.fixture
def opened(url: str) -> Iterator[Store]:
    store = Store(url)
    yield store
    store.close()


def test_its_copies_are_found_with_no_word_of_credit_or_lag(opened: Store) -> None:
    fill_as_0001(opened, SCHEME_OF_0001)
    with opened._writing() as connection:  # of the story of two, the second is another agency's
        connection.execute(text("UPDATE items SET agency_id = 'focus' WHERE id = 'b'"))

    opened.upgrade()

    day = Span(since_at=NOON - timedelta(hours=1), until_at=NOON + timedelta(hours=1))
    both, alone = sorted(opened.pickup("bta", day).ours.reports)
    (copy,) = both.copies
    assert (copy.item_id, copy.agency_id, copy.language) == ("b", "focus", "en")
    assert (copy.kind, copy.credit) == (Kind.TRANSLATION, CreditState.UNKNOWN)
    assert (copy.lag, copy.since_first, copy.is_stale) == (None, None, False)
    assert (alone.story_id, alone.copies) == ("sc", ())
