"""The facts that one agency's later version of a report replaced, in sentences it otherwise kept.

    before   … [12] people were hurt in [Dostan], the mayor said …
    after    … [14] people were hurt in [Dostan], the mayor said …     -> 12, 14

What grows is no correction: a toll that rises, votes still counted, a score, a sentence reworded, a
sentence added. Where that is in doubt nothing was replaced, unless the item says that it corrects:
then the doubt falls the other way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from aggregator.languages import Notices, languages
from aggregator.match.corrections.facts import (
    Piece,
    Sentence,
    Sort,
    common_letters,
    is_same,
    sentences,
)
from aggregator.match.lexicon.word_lists import kind_of_concept, opposites
from aggregator.model import Replacement, Text

# Set by hand: what a correction leaves as it was, and how much it replaces.
_KEPT, _KEPT_MARKED = 0.6, 0.5  # share of a sentence's pieces
_NEAR = 3  # sentences from its place that a sentence may have moved
_MOST_UNMARKED = 4  # facts: where more change, the report is another day's
_KEPT_SENTENCES = 0.5  # share of the former version's sentences that stand in the later one
_ENDING, _STEM = 4, 3  # letters in which forms of a word differ, and that they share
_ROUNDED_DIGITS = 2  # significant digits that a rounded number keeps at least

# What is counted as it goes on: those numbers rise, or change either way.
_TOLLS = frozenset(
    "kill die injure casualties corpse drown evacuation detain arrest rescue infection hospitalise patient fire"
    " hectare vote_count vote voter turnout missing rescuer flood donation resident_evacuated".split()
)
_CHANGING = frozenset(
    "missing hospitalise infection patient vote_count turnout score_result points_score".split()
)
# Opposites that may well follow one another: it began, it ended.
_IN_TURN = frozenset(
    "phase door custody stage measure motion life search daypart half post conflict pace".split()
)


class _Change(NamedTuple):
    """A fact and what stands in its place; `is_update` where time may have changed it."""

    old: Piece
    new: Piece
    is_update: bool


def replaced(before: Text, after: Text, *, is_marked: bool = False) -> tuple[Replacement, ...]:
    """The facts replaced between two versions in one language, in the order of the later text.

    `is_marked` says that the later one calls itself a correction. () for an update, a reworded report,
    texts of two languages, and in doubt.
    """
    is_verbatim = (before.title, before.body) == (after.title, after.body)
    if before.language != after.language or is_verbatim:
        return ()
    old, new = sentences(before), sentences(after)
    pairs = list(_pairs(old, new))
    changes = [
        change for one, other in pairs for change in _changes(one, other, after.language, is_marked)
    ]
    if not is_marked and _is_another_report(old, new, pairs, changes):
        return ()
    counted = [change for change in changes if is_marked or not change.is_update]
    return tuple(dict.fromkeys(map(_as_written, counted)))


def _as_written(change: _Change) -> Replacement:
    """The two sides in few words: figures without the words of their unit, unless it is the unit that changed."""
    old, new = change.old, change.new
    if old.figure and new.figure and old.unit == new.unit:
        return Replacement(old=old.figure, new=new.figure)
    return Replacement(old=old.written, new=new.written)


def _is_another_report(
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    pairs: Sequence[tuple[Sentence, Sentence]],
    changes: Sequence[_Change],
) -> bool:
    """Whether so much changed that the report was carried on, or is the next of its kind."""
    later = {tuple(sentence.keys) for sentence in new}
    kept = sum(tuple(sentence.keys) in later for sentence in old) + len(pairs)
    if kept < _KEPT_SENTENCES * len(old):
        return True
    distinct = {(change.old.key, change.new.key) for change in changes}
    if len(distinct) > _MOST_UNMARKED:
        return True
    sorts = {change.old.sort for change in changes}
    if sorts & {Sort.DATE, Sort.WEEKDAY} and Sort.NUMBER in sorts:
        return True  # the same bulletin of another day
    rises = any(change.old.sort is Sort.NUMBER and _rises(change) for change in changes)
    return rises and len(new) - len(old) > len(old) / 2


def _rises(change: _Change) -> bool:
    return change.new.value > change.old.value


# ---------------------------------------------------------------------------------------- sentences


def _pairs(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Sentences changed in their place: each that is not in the other text with the one most like it."""
    standing = {tuple(sentence.keys) for sentence in old}
    left = {tuple(sentence.keys) for sentence in new}
    free = [at for at, sentence in enumerate(new) if tuple(sentence.keys) not in standing]
    for place, sentence in enumerate(old):
        if tuple(sentence.keys) in left:
            continue
        near = [at for at in free if abs(at - place) <= _NEAR + abs(len(new) - len(old))]
        likeness = {at: _likeness(sentence, new[at]) for at in near}
        best = max(near, key=lambda at: (likeness[at], -abs(at - place)), default=None)
        if best is not None and likeness[best] >= _KEPT_MARKED:
            free.remove(best)
            yield sentence, new[best]


def _likeness(a: Sentence, b: Sentence) -> float:
    """How like two sentences are, in [0, 1]; 0 where it is less than counts, which is quickly told."""
    shorter, longer = sorted((len(a.keys), len(b.keys)))
    if 2 * shorter < _KEPT_MARKED * (shorter + longer):
        return 0.0
    matcher = SequenceMatcher(None, a.keys, b.keys, autojunk=False)
    return 0.0 if matcher.quick_ratio() < _KEPT_MARKED else matcher.ratio()


# ------------------------------------------------------------------------------------------ changes


def _changes(one: Sentence, other: Sentence, language: str, is_marked: bool) -> list[_Change]:
    """The facts replaced in a sentence; none where it was reworded."""
    spans = list(_spans(one.pieces, other.pieces, language))
    changed = sum(max(len(a), len(b)) for a, b in spans)
    total = max(len(one.pieces), len(other.pieces))
    if changed > 1 and total - changed < (_KEPT_MARKED if is_marked else _KEPT) * total:
        return []
    found: list[_Change] = []
    for a, b in spans:
        pairs = list(_facts_replaced(a, b, language, is_marked))
        if not is_marked and (len(a) != len(b) or len(pairs) < len(a)):
            return []
        found += [
            _Change(old, new, _is_update(old, new, one, other, language)) for old, new in pairs
        ]
    turned = any(change.old.opposite for change in found)
    if turned and len(found) > 1 and not is_marked:
        return []  # it fell instead, and by how much: the market moved on
    return _joined(found, one, other)


def _spans(
    a: Sequence[Piece], b: Sequence[Piece], language: str
) -> Iterator[tuple[Sequence[Piece], Sequence[Piece]]]:
    """The pieces in which two sentences differ, but for forms of one word; of as many each by its place."""
    if len(a) == len(b):
        pairs = zip(a, b, strict=True)
        differing = [(x, y) for x, y in pairs if not _is_one_word(x, y, language)]
        if len(differing) <= len(a) * (1 - _KEPT_MARKED):
            yield from (([x], [y]) for x, y in differing)
            return
    keys_a, keys_b = [piece.key for piece in a], [piece.key for piece in b]
    for tag, i, j, k, m in SequenceMatcher(None, keys_a, keys_b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield a[i:j], b[k:m]


def _is_one_word(a: Piece, b: Piece, language: str) -> bool:
    """Whether two pieces are one fact, or forms of one word, as a noun has them behind another number."""
    if a.key == b.key or is_same(a, b, language, language):
        return True
    return a.sort is b.sort is Sort.WORD and not a.opposite and _is_inflected(a.key, b.key)


def _is_inflected(one: str, other: str) -> bool:
    common = common_letters(one, other)
    return common >= _STEM and max(len(one), len(other)) - common <= _ENDING


def _facts_replaced(
    a: Sequence[Piece], b: Sequence[Piece], language: str, is_marked: bool
) -> Iterator[tuple[Piece, Piece]]:
    """Facts of one sort against each other, in their order."""
    if len(a) != len(b):
        a, b = _whole_names(a), _whole_names(b)
    rest = [piece for piece in b if piece.is_fact]
    for piece in a:
        match = next((one for one in rest if _replaces(piece, one, language, is_marked)), None)
        if match:
            rest.remove(match)
            yield piece, match


def _replaces(old: Piece, new: Piece, language: str, is_marked: bool) -> bool:
    """Whether another fact of the same sort stands in the place of one."""
    if old.sort is not new.sort or not old.is_fact or is_same(old, new, language, language):
        return False
    if old.sort is Sort.NUMBER:
        is_other_unit = bool(old.unit and new.unit) and old.unit != new.unit
        return is_other_unit or not _is_rounding(old.value, new.value)
    if old.sort is Sort.NAME:
        is_sure = is_marked or old.is_certain or new.is_certain
        return is_sure and not set(old.key.split()) & set(new.key.split())
    if old.sort is Sort.WORD:
        return frozenset((old.opposite, new.opposite)) in _opposed()
    return True


@cache
def _opposed() -> frozenset[frozenset[str]]:
    return opposites()


def _is_rounding(a: float, b: float) -> bool:
    """Whether two values are one, or one of them is the other with fewer digits."""
    if a == b:
        return True
    return any(
        float(f"{fine:.{digits}g}") == coarse
        for fine, coarse in ((a, b), (b, a))
        for digits in range(_ROUNDED_DIGITS, 9)
    )


# ------------------------------------------------------------------------------------------ updates


def _is_update(old: Piece, new: Piece, one: Sentence, other: Sentence, language: str) -> bool:
    """Whether time may have brought the new fact: then the old one was no mistake."""
    if old.opposite:
        return kind_of_concept(old.opposite) in _IN_TURN
    if old.sort in {Sort.NAME, Sort.YEAR, Sort.MONTH}:
        return False
    if _tells(one, language, _developing) or _tells(other, language, _developing):
        return True
    if old.sort is Sort.NUMBER:
        return _is_counted_on(old, new, one, other, language)
    is_result = any(piece.opposite.startswith("result.") for piece in one.pieces)
    return old.sort is Sort.SCORE or (old.sort is Sort.CLOCK and is_result)


def _is_counted_on(old: Piece, new: Piece, one: Sentence, other: Sentence, language: str) -> bool:
    """Whether a number is a count that goes on: of victims it rises, of the missing it falls as well."""
    told = {piece.concept for sentence in (one, other) for piece in sentence.pieces}
    if told & _CHANGING:
        return True
    return new.value > old.value and (bool(told & _TOLLS) or _tells(one, language, _tolls))


def _tells(sentence: Sentence, language: str, of: Callable[[Notices], Sequence[str]]) -> bool:
    """Whether a sentence has one of the patterns that a language's notices list."""
    pattern = _pattern(language, of)
    return bool(pattern and pattern.search(sentence.written))


def _developing(notices: Notices) -> Sequence[str]:
    return notices.developing


def _tolls(notices: Notices) -> Sequence[str]:
    return notices.tolls


@cache
def _pattern(language: str, of: Callable[[Notices], Sequence[str]]) -> re.Pattern[str] | None:
    known = languages().get(language)
    listed = "|".join(of(known.notices)) if known else ""
    if known is None or not listed:
        return None
    whole = rf"(?<!\w)(?:{listed})(?!\w)" if known.has_spaces else listed
    return re.compile(whole, re.IGNORECASE)


# ------------------------------------------------------------------------------------ names of words


def _joined(changes: Sequence[_Change], one: Sentence, other: Sentence) -> list[_Change]:
    """Names of several words that were replaced together, as one."""
    joined: list[_Change] = []
    for change in changes:
        last = joined[-1] if joined else None
        if (
            last
            and _adjoin(last.old, change.old, one.pieces)
            and _adjoin(last.new, change.new, other.pieces)
        ):
            joined[-1] = _Change(
                _as_one(last.old, change.old), _as_one(last.new, change.new), change.is_update
            )
        else:
            joined.append(change)
    return joined


def _whole_names(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with each name of several words as one."""
    whole: list[Piece] = []
    for piece in pieces:
        if whole and _adjoin(whole[-1], piece, (whole[-1], piece)):
            whole[-1] = _as_one(whole[-1], piece)
        else:
            whole.append(piece)
    return whole


def _adjoin(first: Piece, second: Piece, pieces: Sequence[Piece]) -> bool:
    is_next = any(x.end == first.end and y.start == second.start for x, y in pairwise(pieces))
    return is_next and first.sort is second.sort is Sort.NAME and second.start - first.end == 1


def _as_one(first: Piece, second: Piece) -> Piece:
    return first._replace(
        written=f"{first.written} {second.written}",
        key=f"{first.key} {second.key}",
        end=second.end,
        is_certain=True,
    )
