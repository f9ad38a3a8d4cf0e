"""Which texts still carry what a correction replaced, in whatever language they are.

    corrected  … [12] of the workers hurt …      old 14, new 12
    copy       … пострадали [14] рабочих …       carries the old fact and not the new one: stale

To call a copy stale is to say something of its agency, so it is said only of an old fact that stands
nowhere in the corrected text and, where it is one that may stand anywhere (a small number, a weekday),
beside words that stand beside the new fact as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aggregator.languages import languages
from aggregator.match.corrections.facts import (
    Piece,
    Sentence,
    Sort,
    facts_of,
    is_same,
    is_telling,
    sentences,
)
from aggregator.match.crosslang.names import skeletons
from aggregator.match.lexicon import plain
from aggregator.model import Replacement, Text

# Set by hand: how far around a fact the words lie that say what it is a fact of.
_AROUND, _AROUND_HAN = 4, 8  # pieces on either side
_LEAST_LETTERS = 4  # of a word that says something
_BEGINNING = 5  # letters in which forms of a word agree
_LEAST_SOUNDS = 3
_WORD = re.compile(r"\w+")
# Concepts that stand beside any fact.
_FAINT_CONCEPTS = frozenset("one year say report announce state_verb time_noun more number".split())


def carries(text: Text, fact: str, language: str) -> bool:
    """Whether a text states a fact, written in a language (ISO 639), in its own language or another.

    A number by its value and unit, a day by month and day, a name by its sounds in any case, a word that
    has an opposite by its meaning. Other words count within one language, as they are written.
    """
    facts = facts_of(fact, language)
    if not facts:
        return language == text.language and _has_words(text, fact)
    return _states(text, facts, language)


def is_stale(text: Text, corrected: Text, replacements: Sequence[Replacement]) -> bool:
    """Whether a text carries the old side of a replacement and not the new one.

    `replacements` are as the corrected text's language writes them.
    """
    return any(_keeps_old(text, corrected, one) for one in replacements)


def _keeps_old(text: Text, corrected: Text, replacement: Replacement) -> bool:
    language = corrected.language
    new = _measured(facts_of(replacement.new, language), corrected)
    old = facts_of(replacement.old, language)
    if not old or not new:
        is_kept = carries(text, replacement.old, language)
        return is_kept and not carries(text, replacement.new, language)
    if len(old) == len(new) == 1 and not old[0].unit:
        old = (old[0]._replace(unit=new[0].unit),)
    if _states(text, new, language) or _states(corrected, old, language):
        return False
    # Of a name in several words the copy may have all but the one that was wrong.
    wrong = [fact for fact in old if not any(is_same(fact, one, language, language) for one in new)]
    return bool(wrong) and all(_is_kept(text, corrected, fact, new) for fact in wrong)


def _measured(facts: tuple[Piece, ...], corrected: Text) -> tuple[Piece, ...]:
    """A number with the unit that it has in the corrected text, where it has but one."""
    if len(facts) != 1 or facts[0].sort is not Sort.NUMBER or facts[0].unit:
        return facts
    pieces = [piece for sentence in sentences(corrected) for piece in sentence.pieces]
    units = {
        piece.unit
        for piece in pieces
        if piece.sort is Sort.NUMBER and piece.value == facts[0].value
    }
    return (facts[0]._replace(unit=units.pop()),) if len(units) == 1 else facts


def _states(text: Text, facts: Sequence[Piece], language: str) -> bool:
    return all(any(True for _ in _stated(text, fact, language)) for fact in facts)


def _is_kept(text: Text, corrected: Text, old: Piece, new: Sequence[Piece]) -> bool:
    """Whether a text states a fact, of what the corrected text states the new one of."""
    stated = list(_stated(text, old, corrected.language))
    if not stated or is_telling(old):
        return bool(stated)
    meant = set[str]()
    for fact in new:
        for sentence, at in _stated(corrected, fact, corrected.language):
            meant |= _around(sentence, at, corrected.language)
    return any(
        _marks_agree(meant, _around(sentence, at, text.language), text, corrected)
        for sentence, at in stated
    )


def _stated(text: Text, fact: Piece, language: str) -> Iterator[tuple[Sentence, int]]:
    """Where a text states a fact: the sentences, and the place of the piece in each."""
    for sentence in sentences(text):
        for at, piece in enumerate(sentence.pieces):
            if is_same(fact, piece, language, text.language) or _is_in_month(fact, piece):
                yield sentence, at


def _is_in_month(fact: Piece, piece: Piece) -> bool:
    """Whether a day lies in the month that is the fact."""
    if fact.sort is not Sort.MONTH or piece.sort is not Sort.DATE:
        return False
    return int(piece.key) // 100 == int(fact.key)


def _has_words(text: Text, phrase: str) -> bool:
    written, sought = (
        " ".join(_WORD.findall(plain(words))) for words in (f"{text.title}\n{text.body}", phrase)
    )
    known = languages().get(text.language)
    if known and not known.has_spaces:
        return bool(sought) and sought in written
    return bool(sought) and f" {sought} " in f" {written} "


# ---------------------------------------------------------------------------------- what surrounds


def _around(sentence: Sentence, at: int, language: str) -> set[str]:
    """What stands around a piece: concepts, names by their sounds, numbers, beginnings of words."""
    known = languages().get(language)
    reach = _AROUND if known is None or known.has_spaces else _AROUND_HAN
    marks = set[str]()
    for place in range(max(0, at - reach), min(len(sentence.pieces), at + reach + 1)):
        if place != at:
            marks |= _marks(sentence.pieces[place], language)
    return marks


def _marks(piece: Piece, language: str) -> set[str]:
    if piece.sort in {Sort.NUMBER, Sort.YEAR, Sort.DATE, Sort.CLOCK, Sort.SCORE}:
        return {f"{piece.sort}:{piece.key}"}
    marks = {f"concept:{piece.concept}"} if piece.concept else set()
    marks -= {f"concept:{faint}" for faint in _FAINT_CONCEPTS}
    if piece.opposite:
        marks.add(f"opposite:{piece.opposite}")
    if piece.sort is Sort.NAME:
        heard = skeletons(piece.written, language)
        marks |= {f"sounds:{sound}" for sound in heard if len(sound) >= _LEAST_SOUNDS}
    elif len(piece.key) >= _LEAST_LETTERS or (piece.key and ord(piece.key[0]) > 0x3400):
        marks.add(f"word:{piece.key[:_BEGINNING]}")
    return marks


def _marks_agree(one: set[str], other: set[str], text: Text, corrected: Text) -> bool:
    """Whether two facts stand among the same things; words say so within one language only."""
    shared = one & other
    if text.language == corrected.language:
        return bool(shared)
    return any(not mark.startswith("word:") for mark in shared)
