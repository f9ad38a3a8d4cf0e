"""A text as features that do not depend on its language: what another language's copy would share.

words ---- skeletons of each, in beginnings of 2 (names) 3 4 5 7 consonants ---+
  |------- concepts of the lexicon, longest phrase first ----------------------+--> Extracted
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

from aggregator.languages import languages
from aggregator.match.crosslang import numbers
from aggregator.match.crosslang.names import coarse, skeletons, syllable_runs, syllable_skeleton
from aggregator.match.crosslang.opposites import turned_words
from aggregator.match.crosslang.packed import (
    IS_COMPLETE,
    TITLE_IS_SENTENCE,
    Extracted,
    FeatureKind,
    Name,
    Occurrence,
    as_columns,
    concatenated,
    feature_id,
)
from aggregator.match.crosslang.scanner import (
    END,
    NUMBER,
    START,
    Scanned,
    find_features,
    scan,
)
from aggregator.match.crosslang.territories import ideographs_of
from aggregator.match.crosslang.vocabulary import (
    COARSE_PREFIXES,
    KIND_OF,
    LONGEST_WORD,
    NAME_LETTERS,
    PREFIXES,
    Vocabulary,
    codepoints,
    concept_features,
)
from aggregator.match.lexicon import plain
from aggregator.model import Text

# Characters of title and body that are read: the facts of a wire item stand first.
LONGEST_TEXT = 2_400
LEAD_WORDS = 45
LEAD_IDEOGRAPHS = 110
VOCABULARIES = 16  # languages whose words are remembered at a time
REMEMBERED_FIGURES = 10_000
IDEOGRAPHS_A_WORD = 5 / 3

_NUMERALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_HAN = re.compile(r"[\u3400-\u9fff]")
_DAY = {"日", "号"}  # a day without its month is no fact: the same day has another name elsewhere
_QUOTED = r"[\s\"'»”’)\]」』]*$"
_CLOSING = 20  # characters in which a text ends
_NO_ELLIPSIS = r"(?<![.…])(?<![.…]\s)"
_FULL_STOP = re.compile(_NO_ELLIPSIS + r"[.。]" + _QUOTED)
_SENTENCE_END = re.compile(_NO_ELLIPSIS + r"[.。!！?？]" + _QUOTED)
_LATIN = re.compile(r"[A-Za-zÀ-ž]{2,}")


def extract(text: Text) -> Extracted:
    """Everything the text says that another language could say too."""
    written = unicodedata.normalize("NFKC", f"{text.title}\n{text.body[:LONGEST_TEXT]}")[
        :LONGEST_TEXT
    ]
    read = _read_chinese(written) if _is_han(written, text) else _read_words(written, text.language)
    turned = turned_words(read.written, text.language, read.title_ends, read.lead_ends)
    return read._replace(turned=turned, flags=_flags(text))


def _flags(text: Text) -> int:
    title_is_sentence = bool(_FULL_STOP.search(text.title))
    is_complete = bool(_SENTENCE_END.search(text.body[-_CLOSING:]))
    return title_is_sentence * TITLE_IS_SENTENCE | is_complete * IS_COMPLETE


def _is_han(written: str, text: Text) -> bool:
    """Whether a text is read as Chinese: by its language, or because a third of it is ideographs."""
    own = languages().get(text.language)
    if own and not own.has_spaces:
        return True
    return not written.isascii() and len(_HAN.findall(written)) * 3 > len(written)


def _title_ends(written: str, lead_ends: int) -> int:
    """Where the title ends; a text without one is told by its lead."""
    return written.find("\n") or lead_ends


# ------------------------------------------------------------------------------------- words


@lru_cache(maxsize=VOCABULARIES)
def _vocabulary(language: str) -> Vocabulary:
    return Vocabulary(language)


def _read_words(written: str, language: str) -> Extracted:
    vocabulary, codes = _vocabulary(language), codepoints(written)
    scanned = scan(written, codes, vocabulary)
    words = scanned.words
    lead_ends = int(words[LEAD_WORDS, START]) if len(words) > LEAD_WORDS else len(written)
    found = find_features(words, codes, vocabulary, written.find("\n"), lead_ends)
    figures = _figures(scanned, written, vocabulary)
    found = concatenated(found, as_columns(figures)) if figures else found
    return Extracted(written, _title_ends(written, lead_ends), lead_ends, len(words), found)


# ----------------------------------------------------------------------------------- figures


@lru_cache(maxsize=REMEMBERED_FIGURES)
def _figure(value: float) -> tuple[tuple[int, ...], FeatureKind]:
    """Small numbers are as often written in words: they are notions, and prove little."""
    if 0 <= value < len(_NUMERALS) and value == int(value):
        return (feature_id(f"c{_NUMERALS[int(value)]}"),), FeatureKind.CONCEPT
    return (feature_id(f"n{numbers.shown(value)}"),), FeatureKind.NUMBER


def _figures(scanned: Scanned, written: str, vocabulary: Vocabulary) -> list[Occurrence]:
    """Numbers with their scales, and the days and months they make."""
    words, table = scanned.words, vocabulary.words
    named = table.months[words[:, NUMBER]]
    months = set(np.flatnonzero(named).tolist())
    dates = numbers.written_dates(written) if len(scanned.figures) else []
    seen = [_date(int(date.value), date.start, date.end) for date in dates]
    each = zip(scanned.figures.tolist(), _scales(scanned, table.scales), strict=True)
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
        seen.append(Occurrence(*_figure(value * scale), False, start, end))
    for at in months:
        seen.append(_date(int(named[at]) * 100, *words[at, START : END + 1].tolist()))
    return seen


def _scales(scanned: Scanned, scales: NDArray[np.float64]) -> list[float]:
    """What the word right after each figure multiplies it by."""
    words, (_, ends, before) = scanned.words, scanned.figures.T
    found = np.ones(len(ends))
    followed = np.flatnonzero(before < len(words))
    after = words[before[followed]]
    beside = after[:, START] - ends[followed] < 3
    found[followed[beside]] = scales[after[beside, NUMBER]]
    return list(found.tolist())


def _date(value: int, start: int, end: int) -> Occurrence:
    """A day as month * 100 + day; with the day 0 a month, which is a notion."""
    if value % 100:
        return Occurrence((feature_id(f"d{value}"),), FeatureKind.DATE, False, start, end)
    return Occurrence((feature_id(f"m{value // 100}"),), FeatureKind.CONCEPT, False, start, end)


# ----------------------------------------------------------------------------------- Chinese


def _read_chinese(written: str) -> Extracted:
    seen: list[Occurrence] = []
    masked = list(written)
    for name, rank, start, end in ideographs_of().find(written):
        seen.append(Occurrence(concept_features(name), KIND_OF[rank], False, start, end))
        masked[start:end] = " " * (end - start)
    dates = numbers.written_dates(written)
    for date in dates:
        seen.append(_date(int(date.value), date.start, date.end))
    for match in numbers.NUMBER.finditer(written):
        is_day = written[match.end() : match.end() + 1] in _DAY
        if not is_day and not any(date.start <= match.start() < date.end for date in dates):
            scale = numbers.asian_scale(written, match.end())
            value = numbers.value_of(match.group()) * scale
            seen.append(Occurrence(*_figure(value), False, match.start(), match.end()))
    names = _add_syllables(seen, "".join(masked), written)
    _add_latin(seen, names, written)
    found = as_columns(seen, names)
    words, title_ends = int(len(written) / IDEOGRAPHS_A_WORD), _title_ends(written, LEAD_IDEOGRAPHS)
    return Extracted(written, title_ends, LEAD_IDEOGRAPHS, words, found)


def _add_syllables(seen: list[Occurrence], masked: str, written: str) -> list[Name]:
    """Adds runs of name syllables in what the lexicon left over; the names they are."""
    names, ended = [], -1
    for start, run in syllable_runs(masked):
        end = start + len(run)
        for skipped in range(min(len(run) - 1, 3)):
            rest = coarse(syllable_skeleton(run[skipped:]))
            found = _prefixes("z", rest, COARSE_PREFIXES)
            if found:
                seen.append(
                    Occurrence(found, FeatureKind.COARSE_SKELETON, True, start + skipped, end)
                )
        is_part = "·" in (written[start - 1 : start], written[end : end + 1])
        if len(run) >= 3 or is_part:
            whole = len(run) > 3 or is_part
            heard, word = coarse(syllable_skeleton(run)), feature_id(f"w{run}")
            lead = start < LEAD_IDEOGRAPHS
            continues = start == ended + 1 and written[ended] == "·"
            found_name = Name(
                heard, word, start, lead, chinese=True, opening=not whole, continues=continues
            )
            names.append(found_name)
            ended = end
    return names


def _add_latin(seen: list[Occurrence], names: list[Name], written: str) -> None:
    """Words in Latin letters within Chinese: names left as they were."""
    for match in _LATIN.finditer(written):
        word, (start, end) = match.group()[:LONGEST_WORD], match.span()
        (whole, other), capital = skeletons(word, "en"), word[0].isupper()
        seen.append(
            Occurrence(_prefixes("s", whole, PREFIXES), FeatureKind.SKELETON, capital, start, end)
        )
        if capital and not word.isupper() and whole:
            as_name = _prefixes("s", other, PREFIXES)
            as_name += _prefixes("s", whole, (2,)) + _prefixes("s", other, (2,))
            syllables: set[int] = set()
            for sounds in (whole, other):
                syllables.update(_prefixes("z", coarse(sounds), COARSE_PREFIXES))
            seen.append(Occurrence(as_name, FeatureKind.SKELETON, True, start, end))
            seen.append(Occurrence(tuple(syllables), FeatureKind.COARSE_SKELETON, True, start, end))
            beginning = feature_id(f"w{plain(word)[:NAME_LETTERS]}")
            names.append(Name(whole, beginning, start, start < LEAD_IDEOGRAPHS))


def _prefixes(sort: str, sounds: str, lengths: Sequence[int]) -> tuple[int, ...]:
    """The features of a skeleton's beginnings of these lengths."""
    return tuple(feature_id(sort + sounds[:size]) for size in lengths if len(sounds) >= size)
