"""What forbids a merge that a reader would laugh at: words alike, and yet two reports.

    both texts' tokens and marks --> the first rule that fits, or none --> at most "related"

| rule | what the two are |
|---|---|
| `rubric-title` | "Press review" of two agencies: the title names no one and nothing, and there is hardly a text |
| `unrelated-titles` | one notice, or show notes, under reports that have nothing to do with each other |
| `part-of-digest` | several reports under one title, and one of them |
| `opposite-word` | exports and imports, north and south, in the same place |
| `word-replaced` | another word in the same place of both title and text |
| `name-inserted` | one form, but one of the titles names someone or something more |
| `background-shared` | reports of their own that end in the same background |

None looks at how alike the texts are: a pair is only asked about when it would else be joined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from aggregator.match.jit import Hashes
from aggregator.match.lexicon.word_lists import NEGATION, opposites
from aggregator.match.words.features import FEATURES, Features
from aggregator.match.words.marks import BARE, FIGURES, RUBRIC, SAYS_LITTLE, SEVERAL, mark_id
from aggregator.match.words.titles import (
    Passage,
    Reading,
    inserted,
    read,
    stand_in_place,
)
from aggregator.match.words.token_bits import KIND_MASK
from aggregator.match.words.tokens import NAME, NUMBER

_SIZE = FEATURES.index("size")
_NUMBERS, _NAMES = FEATURES.index("numbers"), FEATURES.index("names")
_LEADS = FEATURES.index("lead_kept"), FEATURES.index("lead_known")

_RUBRIC_WORDS = 25  # fewer: what stands under a rubric's title is a sentence that comes every day
_RUBRIC_FACTS = 3  # so many numbers and names make a report of it
_SUBJECT_STEMS = 2  # a title of fewer says nothing of what it should share
_CHANCE_STEMS = 4  # in a title of so many one may be shared by chance
_LONG = 120
_MOST_TURNED = 3  # words: more in one place are another title, not another word
_MOST_INSERTED = 2
_INSERTED_WORDS = 60  # fewer: a longer text says by itself whether it is of the name
_FORM_WORDS = 20
_STRANGE_LEAD = 0.2
_RELATED_TITLES = 0.5


class Compared(NamedTuple):
    """A pair as rules see it; every rule gives the same answer whichever text comes first."""

    a: Reading
    b: Reading
    features: Features

    def words(self) -> float:
        """How many words the shorter text has."""
        return math.expm1(self.features[_SIZE])

    def facts(self) -> float:
        """How many numbers and names the shorter text has."""
        return math.expm1(self.features[_NUMBERS]) + math.expm1(self.features[_NAMES])

    def both(self, mark: str) -> bool:
        """Whether both titles bear a mark."""
        return self.a.is_marked(mark) and self.b.is_marked(mark)

    def sides(self) -> Sequence[tuple[Reading, Reading]]:
        """Each side with its other."""
        return (self.a, self.b), (self.b, self.a)


def forbidding_rule(own: Hashes, other: Hashes, features: Features) -> str | None:
    """The name of the first rule that forbids to join two texts, or None.

    Texts are given as `unpack_tokens` gives them, with the features of the pair, shape (28,).
    """
    pair = Compared(read(own), read(other), features)
    return next((name for name, forbids in RULES.items() if forbids(pair)), None)


def rubric_title(pair: Compared) -> bool:
    """Whether titles that name no one and nothing, or a form, are all that there is to compare."""
    if pair.both(BARE):
        return pair.both(RUBRIC) or pair.both(SAYS_LITTLE)
    if pair.words() >= _RUBRIC_WORDS:
        return False
    return pair.both(RUBRIC) and pair.facts() < _RUBRIC_FACTS


def figures_missing(pair: Compared) -> bool:
    """Whether both are of a form of figures (a lottery, exchange rates), cut off before the first."""
    return pair.both(FIGURES) and pair.words() < _FORM_WORDS and pair.features[_NUMBERS] == 0.0


def unrelated_titles(pair: Compared) -> bool:
    """Whether neither title shares a word with the other item, its title or its text."""
    return all(_is_foreign(one, other) for one, other in pair.sides())


def _is_foreign(one: Reading, other: Reading) -> bool:
    stems = one.title_stems()
    by_chance = 1 if len(stems) >= _CHANCE_STEMS else 0
    return len(stems) >= _SUBJECT_STEMS and other.knows(stems) <= by_chance


def part_of_digest(pair: Compared) -> bool:
    """Whether one title is that of a digest, and the other is not."""
    return pair.a.is_marked(SEVERAL) != pair.b.is_marked(SEVERAL)


def opposite_word(pair: Compared) -> bool:
    """Whether a word and its opposite, or a word and its denial, stand in the same place."""
    titles, leads = (pair.a.title, pair.b.title), (pair.a.lead, pair.b.lead)
    return (
        _are_opposed(*titles)
        or _are_opposed(*leads)
        or any(_is_denied(*sides) for sides in (titles, titles[::-1], leads, leads[::-1]))
    )


def _are_opposed(a: Passage, b: Passage) -> bool:
    only_a = [(at, name) for at, name in a.concepts.items() if name not in b.concepts.values()]
    only_b = [(at, name) for at, name in b.concepts.items() if name not in a.concepts.values()]
    return any(
        (one, other) in _opposed() and stand_in_place(a, at, b, there)
        for at, one in only_a
        for there, other in only_b
    )


def _is_denied(a: Passage, b: Passage) -> bool:
    """Whether `a` says "not" between two words that stand side by side in `b`, which never says it."""
    no = mark_id(NEGATION)
    if no in b.concepts.values():
        return False
    neighbours = {(b.stem(at), b.stem(at + 1)) for at in range(-1, len(b.tokens))}
    return any(
        (a.stem(at - 1), a.stem(at + 1)) in neighbours
        for at, name in a.concepts.items()
        if name == no
    )


@cache
def _opposed() -> frozenset[tuple[int, int]]:
    pairs = [tuple(map(mark_id, pair)) for pair in opposites()]
    return frozenset((a, b) for pair in pairs for a, b in (pair, pair[::-1]))


def word_replaced(pair: Compared) -> bool:
    """Whether a word of the one title stands in its text where the other has a word of its own title."""
    a, b = pair.a.title_stems() - pair.b.title_stems(), pair.b.title_stems() - pair.a.title_stems()
    if not (0 < len(a) <= _MOST_TURNED and 0 < len(b) <= _MOST_TURNED):
        return False
    if len(pair.a.title_stems() & pair.b.title_stems()) < 1 or pair.words() >= _LONG:
        return False
    a -= pair.b.lead.stems(range(len(pair.b.lead.tokens)))
    b -= pair.a.lead.stems(range(len(pair.a.lead.tokens)))
    places_a = [at for at in range(len(pair.a.lead.tokens)) if pair.a.lead.stem(at) in a]
    places_b = [at for at in range(len(pair.b.lead.tokens)) if pair.b.lead.stem(at) in b]
    return any(stand_in_place(pair.a.lead, i, pair.b.lead, j) for i in places_a for j in places_b)


def name_inserted(pair: Compared) -> bool:
    """Whether one title has a name, a number or a qualifier more, of which the other text is silent."""
    return pair.words() < _INSERTED_WORDS and any(
        _names_more(longer, shorter) for longer, shorter in pair.sides()
    )


def _names_more(longer: Reading, shorter: Reading) -> bool:
    places = inserted(longer.title, shorter.title)
    inside = places.start > 0 and places.stop < len(longer.title.tokens)
    return len(places) <= _MOST_INSERTED and any(
        (at in longer.title.concepts or (inside and _is_fact(longer.title.tokens[at])))
        and at in longer.content
        and not shorter.knows({longer.title.stem(at)})
        for at in places
    )


def _is_fact(token: int) -> bool:
    return token & KIND_MASK in (NAME, NUMBER)


def background_shared(pair: Compared) -> bool:
    if any(pair.features[lead] >= _STRANGE_LEAD for lead in _LEADS):
        return False
    a, b = pair.a.title_stems(), pair.b.title_stems()
    return bool(a and b) and len(a & b) < _RELATED_TITLES * min(len(a), len(b))


RULES: dict[str, Callable[[Compared], bool]] = {
    "rubric-title": rubric_title,
    "figures-missing": figures_missing,
    "unrelated-titles": unrelated_titles,
    "part-of-digest": part_of_digest,
    "opposite-word": opposite_word,
    "word-replaced": word_replaced,
    "name-inserted": name_inserted,
    "background-shared": background_shared,
}
