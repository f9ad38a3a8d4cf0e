"""The index of other languages, and what it weighs features by."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from aggregator.match.crosslang.idf import MOST_DOCUMENTS, FeatureIdf, PriorCounts
from aggregator.match.crosslang.index import KEPT, Entry, InvertedIndex, likeness, query
from aggregator.match.crosslang.packed import Features
from aggregator.model import Credit

NOW = datetime(2026, 11, 4, tzinfo=UTC)
WEEK = timedelta(days=7)


def kept(*ids: int) -> object:
    return query(np.array(sorted(ids), dtype=np.uint32), np.full(len(ids), 0.8, dtype=np.float32))


def near(index: InvertedIndex, ids: tuple[int, ...], language: int = 0, most: int = 4) -> list[str]:
    found = index.nearest(kept(*ids), language, NOW - WEEK, NOW + WEEK, most)  # type: ignore[arg-type]
    return [candidate.entry.item_id for candidate in found]


def filled(*items: tuple[str, int, tuple[int, ...]]) -> InvertedIndex:
    index = InvertedIndex()
    for item_id, language, ids in items:
        index.add(Entry(item_id, language, NOW), kept(*ids))  # type: ignore[arg-type]
    return index


def test_items_of_other_languages_are_proposed_the_most_alike_first() -> None:
    index = filled(
        ("far", 1, (1, 7, 8, 9)), ("close", 1, (1, 2, 3, 9)), ("own", 0, (1, 2, 3, 4)),
        ("third", 2, (1, 2, 5, 6)), ("none", 1, (10, 11, 12)),
    )  # fmt: skip
    assert near(index, (1, 2, 3, 4)) == ["close", "third", "far"]
    assert near(index, (1, 2, 3, 4)) == ["close", "third", "far"]  # nothing is left from before
    assert near(index, (1, 2, 3, 4), most=1) == ["close", "third"]


def test_the_cosine_is_that_of_the_pair() -> None:
    index = filled(("b", 1, (1, 2, 3, 9)))
    (found,) = index.nearest(kept(1, 2, 3, 4), 0, NOW - WEEK, NOW + WEEK, 4)  # type: ignore[arg-type]
    assert found.cosine == pytest.approx(likeness(kept(1, 2, 3, 4), kept(1, 2, 3, 9)))  # type: ignore[arg-type]
    assert likeness(kept(1, 2), kept(2, 5)) == likeness(kept(2, 5), kept(1, 2))  # type: ignore[arg-type]


def test_only_the_weightiest_features_are_kept() -> None:
    ids = np.arange(2 * KEPT, dtype=np.uint32)
    weights = np.linspace(0.1, 1.0, 2 * KEPT, dtype=np.float32)
    chosen = query(ids, weights)
    assert chosen.ids.tolist() == list(range(KEPT, 2 * KEPT))


def test_an_entry_comes_back_as_it_went_in() -> None:
    entry = Entry("ключ", 3, NOW, "bta", (Credit(agency_id="kazinform", phrase="съобщи"),))
    index = InvertedIndex()
    index.add(entry, kept(1, 2, 3))  # type: ignore[arg-type]
    (found,) = index.nearest(kept(1, 2, 3), 0, NOW, NOW, 1)  # type: ignore[arg-type]
    assert found.entry == entry


def test_the_window_holds_and_old_blocks_are_dropped() -> None:
    index = filled(("a", 1, (1, 2, 3)))
    late = NOW + timedelta(days=1)
    assert not index.nearest(kept(1, 2, 3), 0, late, late + WEEK, 4)  # type: ignore[arg-type]
    index.forget(late)
    assert len(index) == 0


def features(*ids: int) -> Features:
    marks = np.zeros(len(ids), dtype=np.uint8)
    names, words = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32)
    places = np.zeros(len(words), dtype=np.uint8)
    return Features(np.array(sorted(ids), dtype=np.uint32), marks, marks, names, words, places, 100)


@pytest.fixture
def rarity() -> FeatureIdf:
    expected = PriorCounts(
        ("bg",),
        np.array([1, 2], dtype=np.uint32), np.array([[150, 100], [3, 3]], dtype=np.float32),
        np.array([0.6, 2.0]), 300.0,
    )  # fmt: skip
    return FeatureIdf(expected, np.ones(7, dtype=np.float32))


def rarities(table: FeatureIdf, language: int, *ids: int) -> list[float]:
    return list(table.of(np.array(ids, dtype=np.uint32), language).tolist())


def test_what_is_expected_goes_before_the_first_item(rarity: FeatureIdf) -> None:
    common, rare, unseen = rarities(rarity, 0, 1, 2, 99)
    assert common < rare < unseen


def test_each_language_has_its_own_counts(rarity: FeatureIdf) -> None:
    before = rarities(rarity, 1, 50)
    for _ in range(40):
        rarity.count(features(50), 0)
    assert rarities(rarity, 0, 50) < before
    assert rarities(rarity, 1, 50) == before


def test_a_language_met_later_begins_with_what_is_expected_of_any(rarity: FeatureIdf) -> None:
    assert rarities(rarity, 9, 1, 2) == rarities(rarity, 1, 1, 2)


def test_what_is_seen_no_more_is_forgotten_and_the_table_stays_small(rarity: FeatureIdf) -> None:
    size = len(rarity._keys)
    for number in range(6 * int(MOST_DOCUMENTS)):
        rarity.count(features(*range(1000 + 4 * number, 1004 + 4 * number)), 0)
    assert rarity._documents[0] < MOST_DOCUMENTS
    assert len(rarity._keys) <= 32 * size
    assert rarities(rarity, 0, 1000) == rarities(rarity, 0, 4_000_000_000)
