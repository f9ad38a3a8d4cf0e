"""What forbids a merge that a reader would laugh at: words alike, and yet two reports.

    a verdict that would join, or nearly --> the first rule that fits --> at most "related"

| rule | what the two are |
|---|---|
| `rubric-title` | "Press review" of two agencies: the title names no one and nothing, and there is hardly a text |
| `figures-missing` | exchange rates, a price that moved, lottery results, both cut off before the first figure |
| `recurring-form` | two days' or two agencies' items of a title that comes again and again |
| `part-of-digest` | several reports under one title, and one of them |
| `unrelated-titles` | one notice, or the same show notes, under titles that have nothing to do with each other |
| `recurring-text` | the same, seen under three titles, though a word of one may stand in the text |
| `opposite-word` | exports and imports, north and south, "will" and "will not", in the same place |
| `word-replaced` | another word in the title, and the same two words in the same place of the texts |
| `name-inserted` | one title names someone or something more, of which the other text says nothing |
| `background-shared` | two reports that end in the same background |

All ask what the titles say, which `marks` and `titles` know; none asks how alike the texts are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from aggregator.match.jit import Hashes
from aggregator.match.lexicon.word_lists import NEGATION, opposites
from aggregator.match.words.classifier import REPEATED_AFTER, UNSURE, Verdict
from aggregator.match.words.features import FEATURES, Features
from aggregator.match.words.marks import BARE, FIGURES, RUBRIC, SAYS_LITTLE, SEVERAL, mark_id
from aggregator.match.words.titles import (
    Passage,
    Reading,
    inserted,
    is_number,
    read,
    stand_in_place,
)

_SIZE, _OVERLAP = FEATURES.index("size"), FEATURES.index("overlap")
_NUMBERS, _NAMES = FEATURES.index("numbers"), FEATURES.index("names")
_LEADS = FEATURES.index("lead_kept"), FEATURES.index("lead_known")

# Set by hand on a development set cut to 12 and 25 words: of the pairs of two reports that would be joined,
# the rules forbid 610 of 764 and 304 of 422; of the copies 50 of 3,587 and 13 of 4,943.
_SUBJECT_WORDS = (
    25  # fewer: what stands under a rubric's title is a sentence that comes every day …
)
_SUBJECT_FACTS = 3  # … unless so many numbers and names make a report of it
_FORM_WORDS = (
    40  # fewer: the first figures of a form may be cut off (that of a price stands by 35 to 40)
)
_SUBJECT_STEMS = 2  # a title of fewer says nothing of what it should share
_TWO_HEADLINES = 2  # one alone cannot be known in part
_TITLES_STEMS = 3  # two titles of fewer say nothing of what they should share
_CHANCE_STEMS = 4  # of so many one may be shared by chance
_RECURRENCES = 2  # other items that make a title, or a text, one that comes again
_NEARLY_EQUAL = 0.8  # the overlap of one notice with itself, a date being other
_TITLE_PLACE, _LEAD_PLACE = 2, 3  # words around two words that must be the same
_MOST_REPLACED = 3  # words: more are another title, not another word
_REPLACED_WORDS = 120  # in a longer text a word replaced is an edit
_MOST_INSERTED = 2
_INSERTED_WORDS = 60  # fewer: a longer text says by itself whom it is of
_STRANGE_LEAD = 0.2  # share of a lead that stands in the other text
_OPENING_WORDS = 6  # of a body; fewer than the shortest first sentence
_DIRECTIONS = ("order.to", "order.from")
_SAME_TITLES = 0.5  # share of the shorter title


class Compared(NamedTuple):
    """A pair as rules see it; every rule gives the same answer whichever text comes first."""

    a: Reading
    b: Reading
    features: Features

    def words(self) -> float:
        """How many words the shorter text has."""
        return math.expm1(self.features[_SIZE])

    def has_subject(self) -> bool:
        """Whether the shorter text has words, or numbers and names, enough to be of something."""
        facts = math.expm1(self.features[_NUMBERS]) + math.expm1(self.features[_NAMES])
        return self.words() >= _SUBJECT_WORDS or facts >= _SUBJECT_FACTS

    def both(self, mark: str) -> bool:
        """Whether both texts bear a mark."""
        return self.a.is_marked(mark) and self.b.is_marked(mark)

    def sides(self) -> Sequence[tuple[Reading, Reading]]:
        """Each side with its other."""
        return (self.a, self.b), (self.b, self.a)


def apply_rules(
    verdicts: Sequence[Verdict],
    own: Hashes,
    others: Sequence[Hashes],
    features: Features,
    apart: Sequence[timedelta],
) -> list[Verdict]:
    """The verdicts on an item and others after every rule was heard; a rule only ever lowers a score.

    Texts are given as `unpack_tokens` gives them, with the features of each pair, shape (others, 42), and
    how far apart the two were reported. Only pairs whose score says more than "related" are looked at,
    and equal texts that say little: rules know more of them.
    """
    doubtful = [
        at
        for at, verdict in enumerate(verdicts)
        if verdict.score > UNSURE or verdict.rule == "says-little"
    ]
    if not doubtful:
        return [*verdicts]
    reading = read(own)
    pairs = {at: Compared(reading, read(others[at]), features[at]) for at in doubtful}
    form, text = recurring_form(pairs, apart), recurring_text(pairs)
    decided = list(verdicts)
    for at, pair in pairs.items():
        rule = forbidding_rule(pair)
        rule = rule or (
            "recurring-form" if at in form else "recurring-text" if at in text else None
        )
        decided[at] = Verdict(UNSURE, rule) if rule else verdicts[at]
    return decided


def forbidding_rule(pair: Compared) -> str | None:
    """The name of the first rule that forbids to join a pair, or None."""
    return next((name for name, forbids in _OF_A_PAIR.items() if forbids(pair)), None)


# ------------------------------------------------------------------------- titles that say too little


def rubric_title(pair: Compared) -> bool:
    """Whether titles that name no one and nothing, or a form, are all that there is to compare."""
    if pair.both(BARE):
        same = pair.a.title_stems == pair.b.title_stems
        return pair.both(RUBRIC) or (same and pair.both(SAYS_LITTLE))
    return pair.both(RUBRIC) and not pair.has_subject()


def figures_missing(pair: Compared) -> bool:
    """Whether both are of a form of figures, and too short to have come to the first."""
    return pair.both(FIGURES) and pair.words() < _FORM_WORDS and pair.features[_NUMBERS] == 0.0


def recurring_form(pairs: dict[int, Compared], apart: Sequence[timedelta]) -> set[int]:
    """The pairs of one title that came on other days as well, with too little text to have a subject."""
    same = [at for at, pair in pairs.items() if pair.a.title.stems == pair.b.title.stems]
    if sum(apart[at] > REPEATED_AFTER for at in same) < _RECURRENCES:
        return set()
    return {at for at in same if not pairs[at].has_subject()}


# ------------------------------------------------------------ texts that are no part of what is reported


def unrelated_titles(pair: Compared) -> bool:
    """Whether neither title shares a word with the other item, or one text is silent of both titles."""
    a, b = pair.a.title_stems, pair.b.title_stems
    if not (a and b) or len(a) + len(b) < _TITLES_STEMS:
        return False
    shared = pair.b.knows(a), pair.a.knows(b)
    if max(shared) <= 1 and sum(shared) <= (len(a) + len(b)) // _CHANCE_STEMS:
        return True
    is_one_text = pair.features[_OVERLAP] >= _NEARLY_EQUAL
    return is_one_text and bool(a - b and b - a) and pair.a.body_knows(a | b) <= 1


def recurring_text(pairs: dict[int, Compared]) -> set[int]:
    """The pairs of one text that stands under several titles, none of which shares a word with another."""
    alike = {at: pair for at, pair in pairs.items() if pair.features[_OVERLAP] >= _NEARLY_EQUAL}
    seen: list[frozenset[int]] = []
    strange = set()
    for at, pair in alike.items():
        own, title = pair.a.title_stems, pair.b.title_stems
        if min(len(own), len(title)) >= _SUBJECT_STEMS and not own & title:
            strange.add(at)
            if not any(title & other for other in seen):
                seen.append(title)
    return strange if len(seen) >= _RECURRENCES else set()


def part_of_digest(pair: Compared) -> bool:
    """Whether one title is that of a digest, or of two reports, and the other is not of both.

    No title says nothing.
    """
    if not (pair.a.title.stems and pair.b.title.stems):
        return False
    is_other = pair.a.is_marked(SEVERAL) != pair.b.is_marked(SEVERAL)
    return is_other or any(_tells_of_another(one, other) for one, other in pair.sides())


def _tells_of_another(one: Reading, other: Reading) -> bool:
    """Whether the other item knows one of a title's headlines, and next to nothing of a further one."""
    told = [stems for stems in one.headlines if len(stems) >= _SUBJECT_STEMS]
    if len(told) < _TWO_HEADLINES:
        return False
    strange = [
        other.knows(stems) <= len(stems) // _CHANCE_STEMS or not other.knows_numbers(stems)
        for stems in told
    ]
    return any(strange) and not all(strange)


def background_shared(pair: Compared) -> bool:
    """Whether each has a subject of its own: title and first words, of which the other text knows little."""
    a, b = pair.a.title_stems, pair.b.title_stems
    if not (a and b) or len(a & b) >= _SAME_TITLES * min(len(a), len(b)):
        return False
    if all(pair.features[lead] < _STRANGE_LEAD for lead in _LEADS):
        return True
    return all(_opens_by_itself(one, other) for one, other in pair.sides())


def _opens_by_itself(one: Reading, other: Reading) -> bool:
    """Whether the other text has no phrase of a text's first words, and at most half of its title."""
    stems = one.title_stems
    if other.knows(stems) > len(stems) / 2:
        return False
    return not {*_phrases(one.lead.stems[:_OPENING_WORDS])} & {*_phrases(other.stems)}


def _phrases(stems: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Every three neighbouring words."""
    return zip(stems, stems[1:], stems[2:], strict=False)


# ------------------------------------------------------------------------------- one word that is other


def opposite_word(pair: Compared) -> bool:
    """Whether a word and its opposite, or a word and its denial, stand in the same place."""
    titles, leads = (pair.a.title, pair.b.title), (pair.a.lead, pair.b.lead)
    return (
        _are_opposed(*titles, least=_TITLE_PLACE, directions=True)
        or _are_opposed(*leads, least=_LEAD_PLACE, directions=False)
        or any(_is_denied(*sides) for sides in (titles, titles[::-1], leads, leads[::-1]))
    )


def _are_opposed(a: Passage, b: Passage, *, least: int, directions: bool) -> bool:
    """Whether `a` has a concept that `b` never has, where `b` has its opposite, which `a` never has."""
    only_a = _telling(a, b, directions=directions)
    only_b = _telling(b, a, directions=directions)
    return any(
        (one, other) in _opposed() and stand_in_place(a, at, b, there, least=least)
        for at, one in only_a
        for there, other in only_b
    )


def _telling(one: Passage, other: Passage, *, directions: bool) -> list[tuple[int, int]]:
    """The places and concepts that only one has; "to" and "from" before a number are none: "from 5 to 8"."""
    heard = other.concepts.values()
    return [
        (at, name)
        for at, name in one.concepts.items()
        if name not in heard
        and (name not in _directions() or (directions and not is_number(one.stem(at + 1))))
    ]


def _is_denied(a: Passage, b: Passage) -> bool:
    """Whether `a` says "not" between two words that stand side by side in `b`, which never says it."""
    no = mark_id(NEGATION)
    denials = [at for at, name in a.concepts.items() if name == no]
    if not denials or no in b.concepts.values():
        return False
    neighbours = set(zip([-1, *b.stems], [*b.stems, -1], strict=True))
    return any((a.stem(at - 1), a.stem(at + 1)) in neighbours for at in denials)


@cache
def _directions() -> frozenset[int]:
    """The prepositions "to" and "from": in a text they stand for other reasons, and are heard in titles."""
    return frozenset(map(mark_id, _DIRECTIONS))


@cache
def _opposed() -> frozenset[tuple[int, int]]:
    pairs = [sorted(map(mark_id, pair)) for pair in opposites()]
    return frozenset((a, b) for one, other in pairs for a, b in ((one, other), (other, one)))


def word_replaced(pair: Compared) -> bool:
    """Whether the texts differ, in the same place, in the words in which the titles differ."""
    a, b = pair.a.title_stems, pair.b.title_stems
    if not a & b or pair.words() >= _REPLACED_WORDS:
        return False
    if not all(0 < len(rest) <= _MOST_REPLACED for rest in (a - b, b - a)):
        return False
    only_a, only_b = a - b - {*pair.b.lead.stems}, b - a - {*pair.a.lead.stems}
    return any(
        stand_in_place(pair.a.lead, at, pair.b.lead, there, least=_TITLE_PLACE)
        for at in pair.a.lead.places(only_a)
        for there in pair.b.lead.places(only_b)
    )


def name_inserted(pair: Compared) -> bool:
    """Whether one title has a name, a number or a qualifier more, of which the other text is silent."""
    return pair.words() < _INSERTED_WORDS and any(
        _names_more(longer, shorter) for longer, shorter in pair.sides()
    )


def _names_more(longer: Reading, shorter: Reading) -> bool:
    """What stands at a title's edge is the site's, the source's, the hour: only a qualifier counts there."""
    places = inserted(longer.title, shorter.title)
    inside = places.start > 0 and places.stop < len(longer.title.stems)
    return len(places) <= _MOST_INSERTED and any(
        at in longer.content
        and (at in longer.title.concepts or (inside and at in longer.facts))
        and not shorter.knows({longer.title.stem(at)})
        for at in places
    )


_OF_A_PAIR: dict[str, Callable[[Compared], bool]] = {
    "rubric-title": rubric_title,
    "figures-missing": figures_missing,
    "part-of-digest": part_of_digest,
    "unrelated-titles": unrelated_titles,
    "opposite-word": opposite_word,
    "word-replaced": word_replaced,
    "name-inserted": name_inserted,
    "background-shared": background_shared,
}
RULES = frozenset({*_OF_A_PAIR, "recurring-form", "recurring-text"})  # the names of all
