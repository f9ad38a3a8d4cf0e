from datetime import UTC, datetime, timedelta

import numpy as np

from aggregator.match.registry import IndexRow
from aggregator.match.words.lsh import (
    BODY_BAND,
    MAX_SINGLE_BAND,
    LshIndex,
)

AT = datetime(2026, 11, 2, tzinfo=UTC)
VALUES = 190
EVER = (AT - timedelta(days=1), AT + timedelta(days=1))


def signature(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1 << 32, VALUES, dtype=np.uint32)


def row(number: int, story: int | None = None) -> IndexRow:
    at = int(AT.timestamp()) + number
    return IndexRow(str(number), f"s{number if story is None else story}", "bta", "bg", at)


def index(count: int, per_story: int = 1) -> LshIndex:
    made = LshIndex()
    for number in range(count):
        made.add(row(number, number // per_story), signature(number).tobytes())
    return made


def near(of: LshIndex, seed: int, limit: int = 16) -> list[str]:
    return [found.item_id for found in of.candidates(signature(seed).tobytes(), *EVER, limit)]


def test_equal_signatures_meet_in_every_band() -> None:
    (found,) = index(3).candidates(signature(1).tobytes(), *EVER, 16)

    assert found == row(1)._replace(shared_bands=74)


def test_one_equal_band_is_enough_and_the_best_stand_first() -> None:
    made = index(1)
    for number, bands in ((1, 1), (2, 5), (3, 2)):
        values = signature(100 + number)
        values[: bands * BODY_BAND] = signature(0)[: bands * BODY_BAND]
        made.add(row(number), values.tobytes())

    assert near(made, 0) == ["0", "2", "3", "1"]
    assert near(made, 0, limit=2) == ["0", "2"]


def test_few_of_those_met_once_are_told_the_newest_first() -> None:
    made = LshIndex()
    for number in range(9):
        values = signature(number)
        values[:BODY_BAND] = signature(99)[:BODY_BAND]
        made.add(row(number), values.tobytes())

    assert near(made, 99) == ["8", "7", "6"][:MAX_SINGLE_BAND]


def test_only_rows_of_the_time_asked_for_are_candidates() -> None:
    made = index(5)
    window = (AT + timedelta(seconds=3), AT + timedelta(seconds=9))

    assert made.candidates(signature(2).tobytes(), *window, 16) == []
    assert len(made.candidates(signature(3).tobytes(), *window, 16)) == 1


def test_growing_loses_nothing() -> None:
    made = index(13_000, per_story=4)

    assert len(made) == 13_000
    assert all(near(made, number, limit=1) == [str(number)] for number in range(0, 13_000, 501))
    assert {r.item_id for r in made.members("s1000")} == {"4000", "4001", "4002", "4003"}
    assert made.rows("12999") == [row(12_999, 3249)]


def test_the_oldest_are_let_go_and_the_others_stay_findable() -> None:
    made = index(6_000, per_story=3)

    staying = made.forget(AT + timedelta(seconds=2_000))

    assert staying == 4_000 / 6_000
    assert len(made) == 4_000
    assert "1999" not in near(made, 1_999)
    assert all(near(made, number, limit=1) == [str(number)] for number in range(2_000, 6_000, 307))
    assert [r.item_id for r in made.members("s666")] == ["2000"]
    made.add(row(6_000), signature(6_000).tobytes())
    assert near(made, 6_000, limit=1) == ["6000"]


def test_a_few_old_rows_are_kept_until_they_are_many() -> None:
    made = index(100)

    assert made.forget(AT + timedelta(seconds=5)) == 1.0
    assert len(made) == 100


def test_all_can_be_let_go() -> None:
    made = index(10)

    assert made.forget(AT + timedelta(days=1)) == 0.0
    assert len(made) == 0
    assert near(made, 3) == []


def test_a_removed_item_is_no_candidate_and_no_member() -> None:
    made = index(3, per_story=3)

    made.remove("1")

    assert near(made, 1) == []
    assert {r.item_id for r in made.members("s0")} == {"0", "2"}
    assert made.rows("1") == []


def test_a_row_without_a_signature_is_found_by_its_names() -> None:
    made = LshIndex()
    made.add(row(7), b"")

    assert made.rows("7") == [row(7)]
    assert made.members("s7") == [row(7)]
    assert made.candidates(b"", *EVER, 16) == []
