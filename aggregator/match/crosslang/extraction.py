"""A text as features that do not depend on its language: what another language's copy would share.

words ---- skeletons of each, in beginnings of 2 (names) 3 4 5 7 consonants ---+
  |------- concepts of the lexicon, longest phrase first ----------------------+--> Reading
figures -- numbers, dates -----------------------------------------------------+
Chinese -- concepts by longest match; runs of name syllables, coarse ----------+
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aggregator.match.crosslang import numbers
from aggregator.match.crosslang.names import coarse, readings, syllable_runs, syllable_skeleton
from aggregator.match.crosslang.packed import (
    Kind,
    Name,
    Reading,
    Seen,
    columns,
    feature,
    joined,
)
from aggregator.match.crosslang.scanner import (
    END,
    NUMBER,
    START,
    Wording,
    see,
    wording,
)
from aggregator.match.crosslang.territories import ideographs_of
from aggregator.match.crosslang.vocabulary import (
    BEGINNINGS,
    COARSE_BEGINNINGS,
    KIND_OF,
    LONGEST_WORD,
    NAME_LETTERS,
    Vocabulary,
    codepoints,
    concept,
)
from aggregator.match.lexicon import plain
from aggregator.model import Text

LONGEST_TEXT = 2_400  # characters of title and body that are read: a wire item's facts stand first
LEAD_WORDS = 45
LEAD_IDEOGRAPHS = 110
VOCABULARIES = 16  # languages whose words are remembered at a time
REMEMBERED_FIGURES = 10_000
IDEOGRAPHS_A_WORD = 5 / 3

_NUMERALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_HAN = re.compile(r"[\u3400-\u9fff]")
_DAY = {"日", "号"}  # a day without its month is no fact: the same day has another name elsewhere
_LATIN = re.compile(r"[A-Za-zÀ-ž]{2,}")


def read(text: Text) -> Reading:
    """Everything the text says that another language could say too."""
    written = unicodedata.normalize("NFKC", f"{text.title}\n{text.body[:LONGEST_TEXT]}")[
        :LONGEST_TEXT
    ]
    if text.language == "zh" or (
        not written.isascii() and len(_HAN.findall(written)) * 3 > len(written)
    ):
        return _read_chinese(written)
    return _read_words(written, text.language)


# ------------------------------------------------------------------------------------- words


@lru_cache(maxsize=VOCABULARIES)
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(language)


def _read_words(written: str, language: str) -> Reading:
    vocabulary, codes = _vocabulary(language), codepoints(written)
    worded = wording(written, codes, vocabulary)
    words = worded.words
    lead_ends = int(words[LEAD_WORDS, START]) if len(words) > LEAD_WORDS else len(written)
    found = see(words, codes, vocabulary, written.find("\n"), lead_ends)
    figures = _figures(worded, written, vocabulary)
    found = joined(found, columns(figures)) if figures else found
    return Reading(written, lead_ends, len(words), found)


# ----------------------------------------------------------------------------------- figures


@lru_cache(maxsize=REMEMBERED_FIGURES)
def _figure(value: float) -> tuple[tuple[int, ...], Kind]:
    """Small numbers are as often written in words: they are notions, and prove little."""
    if 0 <= value < len(_NUMERALS) and value == int(value):
        return (feature(f"c{_NUMERALS[int(value)]}"),), Kind.CONCEPT
    return (feature(f"n{numbers.shown(value)}"),), Kind.NUMBER


def _figures(worded: Wording, written: str, vocabulary: Vocabulary) -> list[Seen]:
    """Numbers with their scales, and the days and months they make."""
    words, table = worded.words, vocabulary.words
    named = table.months[words[:, NUMBER]]
    months = set(np.flatnonzero(named).tolist())
    dates = numbers.written_dates(written) if len(worded.figures) else []
    seen = [_date(int(date.value), date.start, date.end) for date in dates]
    each = zip(worded.figures.tolist(), _scales(worded, table.scales), strict=True)
    for (start, end, before), scale in each:
        if any(date.start <= start < date.end for date in dates):
            continue
        value = numbers.value_of(written[start:end])
        month = next((at for at in (before, before - 1) if at in months), None)
        if month is not None and 1 <= value <= 31 and value == int(value):
            day = int(named[month]) * 100 + int(value)
            at, until = words[month, START : END + 1].tolist()
            seen.append(_date(day, min(start, at), max(end, until)))
            continue
        seen.append(Seen(*_figure(value * scale), False, start, end))
    for at in months:
        seen.append(_date(int(named[at]) * 100, *words[at, START : END + 1].tolist()))
    return seen


def _scales(worded: Wording, scales: NDArray[np.float64]) -> list[float]:
    """What the word right after each figure multiplies it by."""
    words, (_, ends, before) = worded.words, worded.figures.T
    found = np.ones(len(ends))
    followed = np.flatnonzero(before < len(words))
    after = words[before[followed]]
    beside = after[:, START] - ends[followed] < 3
    found[followed[beside]] = scales[after[beside, NUMBER]]
    return list(found.tolist())


def _date(value: int, start: int, end: int) -> Seen:
    """A day as month * 100 + day; with the day 0 a month, which is a notion."""
    if value % 100:
        return Seen((feature(f"d{value}"),), Kind.DATE, False, start, end)
    return Seen((feature(f"m{value // 100}"),), Kind.CONCEPT, False, start, end)


# ----------------------------------------------------------------------------------- Chinese


def _read_chinese(written: str) -> Reading:
    seen: list[Seen] = []
    masked = list(written)
    for name, rank, start, end in ideographs_of().find(written):
        seen.append(Seen(concept(name), KIND_OF[rank], False, start, end))
        masked[start:end] = " " * (end - start)
    dates = numbers.written_dates(written)
    for date in dates:
        seen.append(_date(int(date.value), date.start, date.end))
    for match in numbers.NUMBER.finditer(written):
        is_day = written[match.end() : match.end() + 1] in _DAY
        if not is_day and not any(date.start <= match.start() < date.end for date in dates):
            scale = numbers.asian_scale(written, match.end())
            value = numbers.value_of(match.group()) * scale
            seen.append(Seen(*_figure(value), False, match.start(), match.end()))
    names = _see_syllables(seen, "".join(masked), written)
    _see_latin(seen, names, written)
    found = columns(seen, names)
    return Reading(written, LEAD_IDEOGRAPHS, int(len(written) / IDEOGRAPHS_A_WORD), found)


def _see_syllables(seen: list[Seen], masked: str, written: str) -> list[Name]:
    """Adds runs of name syllables in what the lexicon left over; the names they are."""
    names = []
    for start, run in syllable_runs(masked):
        end = start + len(run)
        for skipped in range(min(len(run) - 1, 3)):
            rest = coarse(syllable_skeleton(run[skipped:]))
            found = _beginnings("z", rest, COARSE_BEGINNINGS)
            if found:
                seen.append(Seen(found, Kind.SYLLABLE, True, start + skipped, end))
        if len(run) >= 3:
            whole = len(run) > 3 or "·" in written[max(start - 1, 0) : end + 1]
            heard, word = coarse(syllable_skeleton(run)), feature(f"w{run}")
            lead = start < LEAD_IDEOGRAPHS
            names.append(Name(heard, word, lead, chinese=True, opening=not whole))
    return names


def _see_latin(seen: list[Seen], names: list[Name], written: str) -> None:
    """Words in Latin letters within Chinese: names left as they were."""
    for match in _LATIN.finditer(written):
        word, (start, end) = match.group()[:LONGEST_WORD], match.span()
        (whole, other), capital = readings(word, "en"), word[0].isupper()
        seen.append(Seen(_beginnings("s", whole, BEGINNINGS), Kind.SOUND, capital, start, end))
        if capital and not word.isupper() and whole:
            as_name = _beginnings("s", other, BEGINNINGS)
            as_name += _beginnings("s", whole, (2,)) + _beginnings("s", other, (2,))
            syllables: set[int] = set()
            for reading in (whole, other):
                syllables.update(_beginnings("z", coarse(reading), COARSE_BEGINNINGS))
            seen.append(Seen(as_name, Kind.SOUND, True, start, end))
            seen.append(Seen(tuple(syllables), Kind.SYLLABLE, True, start, end))
            beginning = feature(f"w{plain(word)[:NAME_LETTERS]}")
            names.append(Name(whole, beginning, start < LEAD_IDEOGRAPHS))


def _beginnings(sort: str, sounds: str, lengths: Sequence[int]) -> tuple[int, ...]:
    """The features of a skeleton's beginnings of these lengths."""
    return tuple(feature(sort + sounds[:size]) for size in lengths if len(sounds) >= size)
