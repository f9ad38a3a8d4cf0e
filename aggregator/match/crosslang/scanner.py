"""The words of a text in an alphabet, and all that the vocabulary says of them: compiled loops.

    characters --scan--> words, figures --find_features--> concepts (longest phrase first), skeletons, names

How a word is written decides what it is: with a capital within a sentence it is a name, where a
sentence begins perhaps not, in a title in title case neither.

For who changes this: every function below `scan` and `find_features` is compiled by numba and sees plain
arrays only, rows of `Words` by the number of a word; test_scanner.py holds each against the plain Python of
`numbers`, `names` and `lexicon`. A word's number is valid until the next `scan` of that vocabulary, which
may begin anew, so a text is scanned and searched in one go.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.crosslang.packed import (
    CONTINUES,
    IN_LEAD,
    NAME,
    SENTENCE_INITIAL,
    Columns,
    FeatureKind,
)
from aggregator.match.crosslang.vocabulary import (
    ABBREVIATION,
    AS_NAME_AT,
    CAPITAL,
    COARSE_AT,
    LONG,
    LONGEST_WORD,
    PATTERNS_AT,
    PATTERNS_END,
    PHRASES_AT,
    SKELETONS_AT,
    SKELETONS_END,
    TINY,
    Bytes,
    Keys,
    Numbers,
    Phrases,
    Vocabulary,
    Words,
    find,
    key_of,
)
from aggregator.match.jit import Hashes, Places, jit

_OTHER, _LETTER, _DIGIT, _APOSTROPHE, _END = range(5)
_BMP = 0x10000  # no alphabet of news lies beyond
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_APOSTROPHES, _ENDS = "'’‘ʻʼ`", '.!?…:«"“„\n'
# The columns of the tokens `scan` gives: a word's number is -1 where it is new.
START, END, BEGINS, NUMBER = range(4)
_CAPITALISED, _NAME = 1, 2  # how a word was met in a text
_FEW_WORDS = 3  # long words of a title that say nothing of its case; set by hand …
_TITLE_CASE = 0.6  # … as is the share of capitals above which a title is in title case
_SPACE, _COMMA, _HYPHEN, _POINT = 0x20, 0x2C, 0x2D, 0x2E
_SYLLABLE = int(FeatureKind.COARSE_SKELETON)


class Scanned(NamedTuple):
    """Words with start, end, whether a sentence begins, number; figures with start, end, words before."""

    words: Numbers
    figures: Numbers


def scan(written: str, codes: Hashes, vocabulary: Vocabulary) -> Scanned:
    """The words and figures of a text; new words are taken into the vocabulary."""
    vocabulary.make_room(len(written) // 2 + 1)
    words, figures = _split(codes, _classes_of(codes))
    new = _number_words(words, codes, vocabulary.words)
    if len(new):
        spans = zip(*(words[new, column].tolist() for column in (START, END)), strict=True)
        vocabulary.take(
            list(
                dict.fromkeys(
                    written[start : min(end, start + LONGEST_WORD)] for start, end in spans
                )
            )
        )
        _number_words(words, codes, vocabulary.words)
    return Scanned(words, figures)


def find_features(
    words: Numbers, codes: Hashes, vocabulary: Vocabulary, title_ends: int, lead_ends: int
) -> Columns:
    """What the words of a text say; `title_ends` and `lead_ends` are characters."""
    return Columns(
        *_find_features(words, codes, vocabulary.words, vocabulary.phrases, title_ends, lead_ends)
    )


@cache
def _class_table() -> Bytes:
    """The class of each character of the basic plane."""
    classes = np.full(_BMP, _OTHER, dtype=np.uint8)
    every = "".join(map(chr, range(_BMP)))
    for pattern, kind in ((_LETTERS, _LETTER), (_DIGITS, _DIGIT)):
        for run in pattern.finditer(every):
            classes[run.start() : run.end()] = kind
    for characters, kind in ((_APOSTROPHES, _APOSTROPHE), (_ENDS, _END)):
        for character in characters:
            classes[ord(character)] = kind
    return classes


# ------------------------------------------------------------------------------- words and figures


def _classes_of(codes: Hashes) -> Bytes:
    """The class of each character, and some of nothing behind the last."""
    classes = np.zeros(codes.size + 4, dtype=np.uint8)
    np.take(_class_table(), codes, out=classes[: codes.size], mode="clip")
    return classes


@jit
def _run_end(classes: Bytes, at: int, kind: int) -> int:
    """Where the characters of one class that begin here end."""
    while classes[at] == kind:
        at += 1
    return at


@jit
def _word_end(classes: Bytes, at: int) -> int:
    """Where a word ends: apostrophes join letters."""
    at = _run_end(classes, at, _LETTER)
    while classes[at] == _APOSTROPHE and classes[at + 1] == _LETTER:
        at = _run_end(classes, at + 1, _LETTER)
    return at


@jit
def _groups_digits(mark: int, by: int) -> bool:
    """Whether a mark parts groups of three digits, in one of three ways of writing."""
    if by == 0:
        return mark == _SPACE
    return mark == (_COMMA if by == 1 else _POINT)


@jit
def _decimals_end(codes: Hashes, classes: Bytes, at: int, by: int) -> int:
    """Where the decimals that begin here end; the same place where none begin."""
    if classes[at + 1] == _DIGIT:
        mark = codes[at]
        if (mark == _COMMA and by != 1) or (mark == _POINT and by != 2):
            return _run_end(classes, at + 1, _DIGIT)
    return at


@jit
def _number_end(codes: Hashes, classes: Bytes, start: int) -> int:
    """Where a number ends, as `numbers.NUMBER` has it: groups of three digits, then decimals."""
    whole = _run_end(classes, start, _DIGIT)
    if whole - start > 3:
        return _decimals_end(codes, classes, whole, 3)
    for by in range(3):
        at = before = whole
        while (
            at < codes.size
            and _groups_digits(codes[at], by)
            and classes[at + 1] == _DIGIT
            and classes[at + 2] == _DIGIT
            and classes[at + 3] == _DIGIT
        ):
            before, at = at, at + 4
        if classes[at] == _DIGIT:  # the last group has more: it is none
            at = before
        if at > whole:
            return _decimals_end(codes, classes, at, by)
    return _decimals_end(codes, classes, whole, 3)


@jit
def _split(codes: Hashes, classes: Bytes) -> tuple[Numbers, Numbers]:
    words = np.empty((codes.size // 2 + 1, 4), dtype=np.int32)
    figures = np.empty((codes.size // 2 + 1, 3), dtype=np.int32)
    at, count, counted, opening = 0, 0, 0, 1
    while at < codes.size:
        kind, start = classes[at], at
        at += 1
        if kind == _LETTER:
            at = _word_end(classes, start)
            words[count, START], words[count, END] = start, at
            words[count, BEGINS], words[count, NUMBER] = opening, -1
            count += 1
        elif kind == _DIGIT:
            at = _number_end(codes, classes, start)
            figures[counted, 0], figures[counted, 1], figures[counted, 2] = start, at, count
            counted += 1
        if kind in (_LETTER, _DIGIT, _END):
            opening = 1 if kind == _END else 0
    return words[:count].copy(), figures[:counted].copy()


@jit
def _number_words(words: Numbers, codes: Hashes, table: Words) -> Places:
    """Gives words their numbers; which of them have none."""
    new = np.empty(len(words), dtype=np.int64)
    count = 0
    for at in range(len(words)):
        start = words[at, START]
        key = key_of(codes, start, min(words[at, END], start + LONGEST_WORD))
        words[at, NUMBER] = find(key, table.keys, table.numbers)
        if words[at, NUMBER] < 0:
            new[count] = at
            count += 1
    return new[:count]


# ------------------------------------------------------------------------------------ concepts


@jit
def _follows(words: Numbers, at: int, phrase: int, table: Words, phrases: Phrases) -> bool:
    """Whether the words after one fit the patterns of a phrase after the first."""
    if at + phrases.sizes[phrase] > len(words):
        return False
    for place in range(phrases.bounds[phrase, 0], phrases.bounds[phrase, 1]):
        at += 1
        bounds = table.bounds[words[at, NUMBER]]
        fits = False
        for fitting in range(bounds[PATTERNS_AT], bounds[PATTERNS_END]):
            fits = fits or table.links[fitting] == phrases.pool[place]
        if not fits:
            return False
    return True


@jit
def _phrase_at(words: Numbers, at: int, table: Words, phrases: Phrases) -> int:
    """The longest phrase that begins with a word, or -1."""
    number = words[at, NUMBER]
    for place in range(table.bounds[number, PHRASES_AT], table.bounds[number, PATTERNS_AT]):
        phrase = int(table.links[place])
        if phrases.large[phrase] and not table.written[number] & CAPITAL:
            continue
        if _follows(words, at, phrase, table, phrases):
            return phrase
    return -1


# --------------------------------------------------------------------------------------- names


@jit
def _title_case_ends(words: Numbers, table: Words, title_ends: int) -> int:
    """Where a title in title case ends; 0 when it is written like a sentence."""
    long = capitals = 0
    for at in range(len(words)):
        how = table.written[words[at, NUMBER]]
        if words[at, END] <= title_ends and how & LONG:
            long += 1
            capitals += 1 if how & CAPITAL else 0
    return title_ends if long > _FEW_WORDS and capitals > _TITLE_CASE * long else 0


@jit
def _is_lower_case_too(words: Numbers, number: int, table: Words) -> bool:
    """Whether a text has a capitalised word in small letters as well."""
    for at in range(len(words)):
        other = words[at, NUMBER]
        if table.small[number] == table.own[other] and not table.written[other] & CAPITAL:
            return True
    return False


@jit
def _mark_names(words: Numbers, codes: Hashes, table: Words, title_case_ends: int) -> None:
    """Marks the words that have a capital of their own, not because a sentence or a quotation begins.

    So has the first of several capitalised words, a word quoted alone, and one that is capitalised more
    than once and never written small.
    """
    for at in range(len(words)):
        number, end = words[at, NUMBER], words[at, END]
        if not table.written[number] & CAPITAL or words[at, START] < title_case_ends:
            continue
        leads = (
            at + 1 < len(words)
            and words[at + 1, START] == end + 1
            and table.written[words[at + 1, NUMBER]] & CAPITAL
        )
        alone = end < codes.size and codes[end] in (0xBB, 0x201D, 0x22)  # » ” "
        if (
            not words[at, BEGINS]
            or leads
            or alone
            or (table.met[number] & _CAPITALISED and not _is_lower_case_too(words, number, table))
        ):
            table.met[number] |= _NAME
        table.met[number] |= _CAPITALISED


# ------------------------------------------------------------------------------------ features


@jit
def _find_features(
    words: Numbers, codes: Hashes, table: Words, phrases: Phrases, title_ends: int, lead_ends: int
) -> tuple[Hashes, Bytes, Numbers, Numbers, Keys, Hashes, Numbers]:
    most = 0
    for at in range(len(words)):
        bounds = table.bounds[words[at, NUMBER]]
        most += bounds[SKELETONS_END] - bounds[SKELETONS_AT]
        most += 2  # a concept has two features at most
    ids, flags = np.empty(most, dtype=np.uint32), np.empty(most, dtype=np.uint8)
    spans = np.empty((2, most), dtype=np.int32)
    covered = np.zeros(len(words), dtype=np.bool_)
    names = np.empty(2 * len(words), dtype=np.uint64)
    of_names = np.empty(2 * len(words), dtype=np.uint32)
    name_starts = np.empty(2 * len(words), dtype=np.int32)
    count = _add_concepts(words, table, phrases, ids, flags, spans, covered)
    _mark_names(words, codes, table, _title_case_ends(words, table, title_ends))
    count = _add_skeletons(words, table, ids, flags, spans, count)
    named = _collect_names(words, codes, table, covered, lead_ends, names, of_names, name_starts)
    for at in range(len(words)):
        table.met[words[at, NUMBER]] = 0
    return (
        ids[:count],
        flags[:count],
        spans[0, :count],
        spans[1, :count],
        names[:named],
        of_names[:named],
        name_starts[:named],
    )


@jit
def _add_concepts(
    words: Numbers,
    table: Words,
    phrases: Phrases,
    ids: Hashes,
    flags: Bytes,
    spans: Numbers,
    covered: NDArray[np.bool_],
) -> int:
    """The concepts from left to right, and which words they are made of; how many features they have."""
    count = at = 0
    while at < len(words):
        phrase = _phrase_at(words, at, table, phrases)
        if phrase < 0:
            at += 1
            continue
        last = at + phrases.sizes[phrase] - 1
        for place in range(phrases.bounds[phrase, 1], phrases.bounds[phrase, 2]):
            ids[count], flags[count] = phrases.pool[place], phrases.kinds[phrase]
            spans[0, count], spans[1, count] = words[at, START], words[last, END]
            count += 1
        covered[at : last + 1] = True
        at = last + 1
    return count


@jit
def _add_skeletons(
    words: Numbers, table: Words, ids: Hashes, flags: Bytes, spans: Numbers, count: int
) -> int:
    """Adds the skeletons of every word to what there is; how many features there are then."""
    for at in range(len(words)):
        number = words[at, NUMBER]
        how, bounds = table.written[number], table.bounds[number]
        name = NAME if how & CAPITAL and table.met[number] & _NAME else 0
        until = bounds[SKELETONS_END] if how & CAPITAL else bounds[AS_NAME_AT]
        for place in range(bounds[SKELETONS_AT], until):
            ids[count] = table.pool[place]
            flags[count] = name | (_SYLLABLE if place >= bounds[COARSE_AT] else 0)
            spans[0, count], spans[1, count] = words[at, START], words[at, END]
            count += 1
    return count


@jit
def _collect_names(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    words: Numbers,
    codes: Hashes,
    table: Words,
    covered: NDArray[np.bool_],
    lead_ends: int,
    names: Keys,
    of_names: Hashes,
    name_starts: Numbers,
) -> int:
    """The capitalised words that are no concept, with each of their skeletons; how many.

    Those that only a space or a hyphen parts are one name.
    """
    count, ended = 0, -1
    for at in range(len(words)):
        number = words[at, NUMBER]
        how = table.written[number]
        if not how & CAPITAL or how & TINY or covered[at] or not table.sounds[number, 0]:
            continue
        marks = np.uint64(IN_LEAD if words[at, START] < lead_ends else 0)
        if not table.met[number] & _NAME or how & ABBREVIATION:
            marks |= np.uint64(SENTENCE_INITIAL)
        if words[at, START] == ended + 1 and codes[ended] in (_SPACE, _HYPHEN):
            marks |= np.uint64(CONTINUES)
        ended = words[at, END]
        for reading in range(2):
            if table.sounds[number, reading]:
                names[count] = table.sounds[number, reading] | marks
                of_names[count] = table.beginnings[number]
                name_starts[count] = words[at, START]
                count += 1
    return count
