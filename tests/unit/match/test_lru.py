from collections.abc import Sequence

from aggregator.match.lru import LruCache

NUMBERS = {"one": 1, "two": 2, "three": 3}


def cache(capacity: int) -> tuple[LruCache[int], list[list[str]]]:
    """A cache over `NUMBERS`, and what it has asked for."""
    asked: list[list[str]] = []

    def fetch(ids: Sequence[str]) -> dict[str, int]:
        asked.append([*ids])
        return {id_: NUMBERS[id_] for id_ in ids if id_ in NUMBERS}

    return LruCache(fetch, capacity=capacity), asked


def test_all_that_is_missing_is_fetched_at_once_and_only_that() -> None:
    made, asked = cache(capacity=3)

    assert made.of(["two", "none", "one"]) == {"two": 2, "one": 1}
    assert made.of(["one", "three", "two"]) == {"one": 1, "three": 3, "two": 2}
    assert made.of(["one"]) == {"one": 1}
    assert asked == [["two", "none", "one"], ["three"]]


def test_the_least_recently_used_go_first() -> None:
    made, asked = cache(capacity=2)
    made.of(["one", "two"])
    made.of(["one"])

    made.of(["three"])
    made.of(["one", "three"])
    made.of(["two"])

    assert asked == [["one", "two"], ["three"], ["two"]]


def test_more_than_it_can_hold_is_given_all_the_same() -> None:
    made, _ = cache(capacity=1)

    assert made.of(["one", "two", "three"]) == NUMBERS


def test_what_is_dropped_is_fetched_anew() -> None:
    made, asked = cache(capacity=3)
    made.of(["one"])

    made.drop("one")
    made.drop("never there")

    assert made.of(["one"]) == {"one": 1}
    assert asked == [["one"], ["one"]]
