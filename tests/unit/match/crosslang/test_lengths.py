"""A summary is proposed beside the lead of a report, a report beside whole reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from aggregator.match.crosslang.index import Entry
from aggregator.match.crosslang.lengths import Candidates, Keys
from aggregator.match.crosslang.packed import LEAD, Features

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
BG, RU, EN = 0, 1, 2
NO_NAMES = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)


def keys(lead: range, rest: range = range(0)) -> Keys:
    """What a text is found by that says `lead` in its lead and `rest` after it."""
    ids = np.array([*lead, *rest], dtype=np.uint32)
    marks = np.array([LEAD] * len(lead) + [0] * len(rest), dtype=np.uint8)
    features = Features(ids, marks, np.zeros(len(ids), dtype=np.uint8), *NO_NAMES, len(ids))
    return Keys.of(features, np.full(len(ids), 0.8, dtype=np.float32))


SUMMARY = keys(range(1, 9))
REPORT = keys(range(1, 9), range(100, 160))


def filled(*items: tuple[str, int, Keys]) -> Candidates:
    candidates = Candidates()
    for item_id, language, key in items:
        candidates.add(Entry(item_id, language, NOW), key)
    return candidates


def nearest(candidates: Candidates, own: Keys, most: int = 4) -> list[tuple[str, float]]:
    found = candidates.nearest(own, BG, NOW, NOW, most)
    return [(near.entry.item_id, near.cosine) for near in found]


def test_a_summary_is_as_near_to_a_report_as_to_a_summary_of_the_same() -> None:
    other = keys(range(1, 4), range(200, 260))
    candidates = filled(("summary", RU, SUMMARY), ("report", RU, REPORT), ("other", RU, other))

    (first, near), (second, as_near), (third, far) = nearest(candidates, SUMMARY)

    assert {first, second} == {"summary", "report"}
    assert near == as_near > far
    assert third == "other"


def test_a_report_finds_reports_by_all_they_say_and_summaries_by_its_lead() -> None:
    same_lead = keys(range(1, 9), range(200, 260))
    candidates = filled(
        ("report", RU, REPORT), ("same lead", RU, same_lead), ("summary", RU, SUMMARY)
    )

    found = dict(nearest(candidates, REPORT))

    assert found["report"] > found["summary"] > found["same lead"]


@pytest.mark.parametrize("own", [SUMMARY, REPORT])
def test_no_item_is_proposed_twice_and_no_language_more_often_than_asked(own: Keys) -> None:
    items = [(f"{kind}{n}{language}", language, key) for n in range(3) for language in (RU, EN)
             for kind, key in (("s", SUMMARY), ("r", REPORT))]  # fmt: skip
    found = [item_id for item_id, _ in nearest(filled(*items), own, most=4)]

    assert len(found) == len(set(found)) == 2 * 4


@pytest.mark.parametrize(("a", "b"), [(SUMMARY, SUMMARY), (SUMMARY, REPORT), (REPORT, REPORT)])
def test_likeness_is_the_cosine_of_the_candidates_whichever_side_asks(a: Keys, b: Keys) -> None:
    ((_, cosine),) = nearest(filled(("b", RU, b)), a)
    assert a.likeness(b) == b.likeness(a) == pytest.approx(cosine)


def test_what_is_old_is_let_go_of_and_each_item_counts_once() -> None:
    candidates = filled(("summary", RU, SUMMARY), ("report", RU, REPORT))
    assert len(candidates) == 2
    candidates.forget(NOW + timedelta(days=1))
    assert len(candidates) == 0
    assert not nearest(candidates, REPORT)
