"""One word turned: two reports alike but that one title says the opposite of the other.

Exports and imports, north and south, men and women, rise and fall: what `lexicon/opposites.tsv` has, in
whatever language.
"""

from __future__ import annotations

import re
from functools import cache

from aggregator.match.crosslang.packed import IN_TITLE, Features, feature_id
from aggregator.match.lexicon import Ideographs, plain
from aggregator.match.lexicon.word_lists import opposite_words, opposites

_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʻʼ`][^\W\d_]+)*")
# Kinds whose words are prepositions, or stand beside most things: another language says them otherwise.
_SAID_OF_ANYTHING = frozenset({"change", "pace", "quality"})  # in one report of several things
_FAINT = frozenset(
    {
        "vote",
        "order",
        "company",
        "amount",
        "negation",
        "novelty",
        "size",
        "venue",
        "side",
        "ordinal",
    }
)


def turned_words(written: str, language: str, title_ends: int, lead_ends: int) -> tuple[int, ...]:
    """The ids of what title and lead (up to `lead_ends` characters) say of things that have an opposite."""
    words = opposite_words(language)
    if isinstance(words, Ideographs):
        found = [(hit.concept, hit.start) for hit in words.find(written[:lead_ends])]
    else:
        matches = [*_WORD.finditer(written, 0, lead_ends)]
        hits = words.find(plain("\n".join([match.group() for match in matches])).split("\n"))
        found = [(hit.concept, matches[hit.start].start()) for hit in hits]
    return tuple({_id_of(concept) | (at < title_ends) * IN_TITLE for concept, at in found})


def are_opposed(a: Features, b: Features) -> bool:
    """Whether the titles say opposite things, and neither text what the title of the other does.

    Where they say of something that it rose or fell, it is enough that one text does not: a report of a
    lowered rate may well say that the economy grew.
    """
    if not len(a.turned) or not len(b.turned):
        return False
    all_a, all_b = ({turned & ~IN_TITLE for turned in side.turned.tolist()} for side in (a, b))
    title_a, title_b = (
        {turned & ~IN_TITLE for turned in side.turned.tolist() if turned & IN_TITLE}
        for side in (a, b)
    )
    opposed = _opposed()
    return any(
        (one, other) in opposed and _is_telling(one, one in all_b, other in all_a)
        for one in title_a - title_b
        for other in title_b - title_a
    )


def _is_telling(one: int, *said: bool) -> bool:
    """Whether opposites tell, by whether either text says what the title of the other does."""
    return not all(said) if one in _of_anything() else not any(said)


@cache
def _of_anything() -> frozenset[int]:
    return frozenset(
        _id_of(word)
        for pair in opposites()
        for word in pair
        if word.partition(".")[0] in _SAID_OF_ANYTHING
    )


@cache
def _id_of(concept: str) -> int:
    return feature_id(f"o{concept}") & ~IN_TITLE


@cache
def _opposed() -> frozenset[tuple[int, int]]:
    """The pairs of ids that exclude each other, either way round."""
    pairs = [sorted(pair) for pair in opposites()]
    telling = [pair for pair in pairs if pair[0].partition(".")[0] not in _FAINT]
    both_ways = [(one, other) for pair in telling for one, other in (pair, pair[::-1])]
    return frozenset((_id_of(one), _id_of(other)) for one, other in both_ways)
