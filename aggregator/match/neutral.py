"""A text as features that do not depend on its language: what another language's copy would share.

    words ---- skeletons of each, in beginnings of 2 (names) 3 4 5 7 consonants ---+
      |------- concepts of the lexicon, longest phrase first ----------------------+--> Seen, Name
    figures -- numbers, dates -----------------------------------------------------+
    Chinese -- concepts by longest match; runs of name syllables, coarse ----------+

What a word gives wherever it stands is worked out once and remembered: most words of news recur.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from aggregator.match import quantities
from aggregator.match.crossfeatures import Kind, Name, Reading, Seen, feature
from aggregator.match.lexicon import Rank, plain
from aggregator.match.places import ideographs_of, lexicon_of
from aggregator.match.skeleton import alternative, coarse, skeleton
from aggregator.match.syllables import runs, sounds
from aggregator.model import Text

LONGEST_TEXT = 2_400  # characters of title and body that are read: a wire item's facts stand first
LEAD_WORDS = 45
LEAD_IDEOGRAPHS = 110
NAME_LETTERS = 6  # of a word tell one name from another: endings come later
LONGEST_WORD = 40  # letters; what is longer is no word
LONGEST_ABBREVIATION = 5  # letters; abbreviations are translated, not written by sound
REMEMBERED_WORDS = 200_000
IDEOGRAPHS_A_WORD = 5 / 3

_BEGINNINGS = (3, 4, 5, 7)  # consonants
_COARSE_BEGINNINGS = (2, 3, 4)
_KIND_OF = {Rank.NOTION: Kind.CONCEPT, Rank.NAMED: Kind.NAMED, Rank.COUNTRY: Kind.COUNTRY}
_NUMERALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_TOKEN = re.compile(
    rf"({quantities.NUMBER.pattern})|([^\W\d_]+(?:['’‘ʻʼ`][^\W\d_]+)*)|([.!?…:«\"“„\n])"
)
_NUMBER, _WORD, _END = 1, 2, 3  # what a token is, by its group
_HAN = re.compile(r"[\u3400-\u9fff]")
_CLOSING = {"»", "”", '"'}
_DAY = {"日", "号"}  # a day without its month is no fact: the same day has another name elsewhere
_LATIN = re.compile(r"[A-Za-zÀ-ž]{2,}")


def read(text: Text) -> Reading:
    """Everything the text says that another language could say too."""
    written = unicodedata.normalize("NFKC", f"{text.title}\n{text.body[:LONGEST_TEXT]}")[
        :LONGEST_TEXT
    ]
    if text.language == "zh" or len(_HAN.findall(written)) * 3 > len(written):
        return _read_chinese(written)
    return _read_words(written, text.language)


# ------------------------------------------------------------------------------------- words


class _Word(NamedTuple):
    """What a word gives wherever it stands."""

    features: tuple[int, ...]
    as_name: tuple[int, ...]  # further skeletons of a word written large …
    as_syllables: tuple[int, ...]  # … and its coarse ones
    sounds: str
    other: str  # a second reading of the sounds
    beginning: int
    month: int
    plain: str


class _Written(NamedTuple):
    """A word at its place."""

    word: str
    start: int
    end: int
    capital: bool
    opening: bool  # begins a sentence


class _Figure(NamedTuple):
    """A number at its place."""

    value: float
    start: int
    end: int
    before: int  # words before it


@lru_cache(maxsize=REMEMBERED_WORDS)
def _word(word: str, language: str) -> _Word:
    whole, other = skeleton(word, language), alternative(word, language)
    as_name = _beginnings("s", other, _BEGINNINGS)
    as_name += [feature(f"s{sound[:2]}") for sound in (whole, other) if len(sound) >= 2]
    syllables = {
        found
        for reading in (whole, other)
        for found in _beginnings("z", coarse(reading), _COARSE_BEGINNINGS)
    }
    folded = plain(word)
    return _Word(
        features=tuple(_beginnings("s", whole, _BEGINNINGS)),
        as_name=tuple(as_name),
        as_syllables=tuple(sorted(syllables)),
        sounds=whole,
        other=other,
        beginning=feature(f"w{folded[:NAME_LETTERS]}"),
        month=quantities.month_of(language, folded),
        plain=folded,
    )


def _beginnings(sort: str, sounds: str, lengths: Sequence[int]) -> list[int]:
    return [feature(f"{sort}{sounds[:length]}") for length in lengths if len(sounds) >= length]


def _read_words(written: str, language: str) -> Reading:
    words, figures = _tokens(written)
    lead_ends = words[LEAD_WORDS].start if len(words) > LEAD_WORDS else len(written)
    known = [_word(word.word, language) for word in words]
    seen, covered = _concepts(words, known, language)
    names = _see_words(seen, words, known, covered, lead_ends, written)
    _see_figures(seen, figures, words, known, written)
    return Reading(written, lead_ends, len(words), seen, names)


def _tokens(written: str) -> tuple[list[_Written], list[_Figure]]:
    words: list[_Written] = []
    figures: list[_Figure] = []
    opening = True
    for match in _TOKEN.finditer(written):
        sort, (start, end) = match.lastindex, match.span()
        if sort == _WORD:
            word = written[start : min(end, start + LONGEST_WORD)]
            words.append(_Written(word, start, end, word[0].isupper(), opening))
        elif sort == _NUMBER:
            value = quantities.value_of(written[start:end])
            figures.append(_Figure(value, start, end, len(words)))
        opening = sort == _END
    return words, figures


def _concepts(
    words: Sequence[_Written], known: Sequence[_Word], language: str
) -> tuple[list[Seen], set[int]]:
    """The concepts of the lexicon, and which words they are made of."""
    seen: list[Seen] = []
    covered: set[int] = set()
    capitals = [capital for _, _, _, capital, _ in words]
    plains = [word.plain for word in known]
    for concept, rank, start, end in lexicon_of(language).find(plains, capitals):
        kind, at, until = _KIND_OF[rank], words[start].start, words[end - 1].end
        seen.append(Seen(_concept(concept), kind, False, at, until))
        covered.update(range(start, end))
    return seen, covered


@cache
def _concept(concept: str) -> tuple[int, ...]:
    """A concept's own feature, and that of the wider one it is a part of (south_korea: korea)."""
    wider = concept.rpartition("_")[2]
    own = feature(f"c{concept}")
    return (own, feature("ckorea")) if wider == "korea" != concept else (own,)


def _for_show(words: Sequence[_Written], written: str) -> int:
    """Where a title ends whose words are capitalised for show; 0 when they are not."""
    title_ends = written.find("\n")
    long = [word for word in words if word.end <= title_ends and len(word.word) > 3]
    capitals = sum(word.capital for word in long)
    return title_ends if len(long) > 3 and capitals > 0.6 * len(long) else 0


def _written_large(words: Sequence[_Written], show_ends: int, written: str) -> set[str]:
    """The words that are large for their own sake, not because a sentence or a quotation begins.

    So is the first of several large words, a word quoted alone, and one that is large more than once
    and never small.
    """
    names: set[str] = set()
    once: set[str] = set()
    small = {word.word for word in words if not word.capital}
    following = [*words[1:], None][: len(words)]  # a text may have no words
    for word, after in zip(words, following, strict=True):
        if not word.capital or word.start < show_ends:
            continue
        leads = after is not None and after.capital and after.start == word.end + 1
        alone = written[word.end : word.end + 1] in _CLOSING
        again = word.word in once and word.word.casefold() not in small
        if not word.opening or leads or alone or again:
            names.add(word.word)
        once.add(word.word)
    return names


def _see_words(
    seen: list[Seen],
    words: Sequence[_Written],
    known: Sequence[_Word],
    covered: set[int],
    lead_ends: int,
    written: str,
) -> list[Name]:
    """Adds the sounds of every word; the words written as names."""
    show_ends = _for_show(words, written)
    inside = _written_large(words, show_ends, written)
    names: list[Name] = []
    for at, (word, start, end, capital, _) in enumerate(words):
        info = known[at]
        name = capital and word in inside
        if info.features:
            seen.append(Seen(info.features, Kind.SOUND, name, start, end))
        if not capital:
            continue
        seen.append(Seen(info.as_name, Kind.SOUND, name, start, end))
        seen.append(Seen(info.as_syllables, Kind.SYLLABLE, name, start, end))
        if at in covered or not info.sounds or len(word) <= 2:
            continue
        lead = start < lead_ends
        opening = not name or (len(word) <= LONGEST_ABBREVIATION and word.isupper())
        names.append(Name(info.sounds, info.beginning, lead, opening=opening))
        if info.other:
            names.append(Name(info.other, info.beginning, lead, other=True, opening=opening))
    return names


# ----------------------------------------------------------------------------------- figures


def _figure(value: float) -> tuple[tuple[int, ...], Kind]:
    """Small numbers are as often written in words: they are notions, and prove little."""
    if 0 <= value < len(_NUMERALS) and value == int(value):
        return (feature(f"c{_NUMERALS[int(value)]}"),), Kind.CONCEPT
    return (feature(f"n{quantities.shown(value)}"),), Kind.NUMBER


def _see_figures(
    seen: list[Seen],
    figures: Sequence[_Figure],
    words: Sequence[_Written],
    known: Sequence[_Word],
    written: str,
) -> None:
    """Adds numbers with their scales, and the days and months they make."""
    dates = quantities.written_dates(written) if figures else []
    for date in dates:
        seen.append(_date(int(date.value), date.start, date.end))
    months = {at for at, word in enumerate(known) if word.month}
    for value, start, end, before in figures:
        if any(date.start <= start < date.end for date in dates):
            continue
        month = next((at for at in (before, before - 1) if at in months), None)
        if month is not None and 1 <= value <= 31 and value == int(value):
            day = known[month].month * 100 + int(value)
            seen.append(_date(day, min(start, words[month].start), max(end, words[month].end)))
            continue
        beside = before < len(known) and words[before].start - end < 3
        scale = quantities.scale_of(known[before].plain) if beside else 1
        seen.append(Seen(*_figure(value * scale), False, start, end))
    for at in months:
        seen.append(_date(known[at].month * 100, words[at].start, words[at].end))


def _date(value: int, start: int, end: int) -> Seen:
    """A day as month * 100 + day; with the day 0 a month, which is a notion."""
    if value % 100:
        return Seen((feature(f"d{value}"),), Kind.DATE, False, start, end)
    return Seen((feature(f"m{value // 100}"),), Kind.CONCEPT, False, start, end)


# ----------------------------------------------------------------------------------- Chinese


def _read_chinese(written: str) -> Reading:
    seen: list[Seen] = []
    masked = list(written)
    for concept, rank, start, end in ideographs_of().find(written):
        seen.append(Seen(_concept(concept), _KIND_OF[rank], False, start, end))
        masked[start:end] = " " * (end - start)
    dates = quantities.written_dates(written)
    for date in dates:
        seen.append(_date(int(date.value), date.start, date.end))
    for match in quantities.NUMBER.finditer(written):
        is_day = written[match.end() : match.end() + 1] in _DAY
        if not is_day and not any(date.start <= match.start() < date.end for date in dates):
            scale = quantities.asian_scale(written, match.end())
            value = quantities.value_of(match.group()) * scale
            seen.append(Seen(*_figure(value), False, match.start(), match.end()))
    names = _see_syllables(seen, "".join(masked), written)
    _see_latin(seen, names, written)
    return Reading(written, LEAD_IDEOGRAPHS, int(len(written) / IDEOGRAPHS_A_WORD), seen, names)


def _see_syllables(seen: list[Seen], masked: str, written: str) -> list[Name]:
    """Adds runs of name syllables in what the lexicon left over; the names they are."""
    names = []
    for start, run in runs(masked):
        end = start + len(run)
        for skipped in range(min(len(run) - 1, 3)):
            rest = coarse(sounds(run[skipped:]))
            found = tuple(_beginnings("z", rest, _COARSE_BEGINNINGS))
            if found:
                seen.append(Seen(found, Kind.SYLLABLE, True, start + skipped, end))
        if len(run) >= 3:
            whole = len(run) > 3 or "·" in written[max(start - 1, 0) : end + 1]
            heard, word = coarse(sounds(run)), feature(f"w{run}")
            lead = start < LEAD_IDEOGRAPHS
            names.append(Name(heard, word, lead, chinese=True, opening=not whole))
    return names


def _see_latin(seen: list[Seen], names: list[Name], written: str) -> None:
    """Words in Latin letters within Chinese: names left as they were."""
    for match in _LATIN.finditer(written):
        word, (start, end) = match.group()[:LONGEST_WORD], match.span()
        info, capital = _word(word, "en"), word[0].isupper()
        if info.features:
            seen.append(Seen(info.features, Kind.SOUND, capital, start, end))
        if capital and not word.isupper() and info.sounds:
            seen.append(Seen(info.as_name, Kind.SOUND, True, start, end))
            seen.append(Seen(info.as_syllables, Kind.SYLLABLE, True, start, end))
            names.append(Name(info.sounds, info.beginning, start < LEAD_IDEOGRAPHS))
