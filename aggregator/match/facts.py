"""What two texts of different languages both say, and what only one does, each in its own spelling."""

from __future__ import annotations

from aggregator.match.crossfeatures import Kind, Reading
from aggregator.match.crossmodel import Weighed
from aggregator.model import Fact

_MOST = 12


def compare_facts(
    a: Reading, b: Reading, weighed_a: Weighed, weighed_b: Weighed
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Facts that agree and facts only one side has, the most telling first, at most `_MOST` each."""
    spelled_a, spelled_b = _spellings(a), _spellings(b)
    telling_a, telling_b = _telling(weighed_a), _telling(weighed_b)
    agree: dict[tuple[str, str], float] = {}
    for label in spelled_a.keys() & spelled_b.keys():
        pair = spelled_a[label], spelled_b[label]
        agree[pair] = agree.get(pair, 0.0) + telling_a[label] * telling_b[label]
    same = _unlike_spellings(sorted(agree, key=lambda pair: (-agree[pair], pair)))
    known_a, known_b = {pair[0] for pair in agree}, {pair[1] for pair in agree}
    only_a = [Fact(a=word, b="") for word in _alone(a, spelled_b, known_a)]
    only_b = [Fact(a="", b=word) for word in _alone(b, spelled_a, known_b)]
    differ = [*only_a[: _MOST // 2], *only_b[: _MOST // 2]]
    return tuple(Fact(a=one, b=other) for one, other in same[:_MOST]), tuple(differ)


def _unlike_spellings(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each word once: a pair whose words both stand in an earlier pair adds nothing."""
    kept: list[tuple[str, str]] = []
    seen: set[str] = set()
    for pair in pairs:
        if pair[0].casefold() not in seen and pair[1].casefold() not in seen:
            kept.append(pair)
            seen.update(word.casefold() for word in pair)
    return kept


def _spellings(reading: Reading) -> dict[int, str]:
    return {
        feature: reading.written[seen.start : seen.end]
        for seen in reversed(reading.seen)
        for feature in seen.features
    }


def _telling(weighed: Weighed) -> dict[int, float]:
    return dict(zip(weighed.features.ids.tolist(), weighed.weights.tolist(), strict=True))


def _alone(reading: Reading, spelled_there: dict[int, str], agreed: set[str]) -> list[str]:
    """Names, places and figures the other text lacks, those of the lead first."""
    missing: dict[str, None] = {}
    for seen in reading.seen:
        word = reading.written[seen.start : seen.end]
        telling = seen.kind in {Kind.NUMBER, Kind.DATE, Kind.NAMED} or seen.name
        if telling and word not in agreed and spelled_there.keys().isdisjoint(seen.features):
            missing.setdefault(word)
    return list(missing)
