"""A text as sentences of pieces, each with the fact it is: a number with its unit, a date, a name.

    title, body -> tokens (`words`) -> pieces:  numbers · years · dates · weekdays · times · scores · names
                   concepts (`lexicon`) --^     and plain words, some of which have an opposite

Numbers, dates and concepts have one key in every language; names are compared by their sounds
(`crosslang.names`), plain words within one language only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from aggregator.languages import languages
from aggregator.match.corrections.notice import bare, take_notes
from aggregator.match.crosslang.names import coarse, skeletons, syllable_runs, syllable_skeleton
from aggregator.match.crosslang.numbers import scale_of, written_dates
from aggregator.match.crosslang.territories import ideographs_of, lexicon_of
from aggregator.match.lexicon import Found, Ideographs, Lexicon, plain
from aggregator.match.lexicon.word_lists import kind_of_concept, opposite_words, words_of
from aggregator.match.text.letters import one_script
from aggregator.match.text.rules import dateline, is_footer
from aggregator.match.text.wire import take_wire
from aggregator.match.words.capitals import confirm_names
from aggregator.match.words.quantities import is_quantity, is_year, parts
from aggregator.match.words.token_bits import NAME, NUMBER, kind_of, word_of
from aggregator.match.words.tokens import Tokens, tokenise
from aggregator.model import Text


class Sort(StrEnum):
    """What a piece of a text is."""

    NUMBER = "number"
    YEAR = "year"
    DATE = "date"  # a day of a month
    MONTH = "month"
    WEEKDAY = "weekday"
    CLOCK = "clock"
    SCORE = "score"  # a score, a range, a fraction
    NAME = "name"
    WORD = "word"


class Piece(NamedTuple):
    """One fact or word of a text. `key` is equal for equal pieces of one language."""

    written: str
    sort: Sort
    key: str
    start: int = 0  # characters, in title or body
    end: int = 0
    value: float = 0.0  # of a number
    unit: str = ""  # of a number: a concept of `_UNITS`, or ""
    figure: str = ""  # of a number with its unit: as written, without the words of the unit
    concept: str = ""  # of the lexicon
    opposite: str = ""  # what it says of its kind: "change.up"
    is_certain: bool = True  # of a name: its capital means one

    @property
    def is_fact(self) -> bool:
        """Whether a correction may replace it."""
        return self.sort is not Sort.WORD or bool(self.opposite)


class Sentence(NamedTuple):
    """The pieces of a sentence, and its words as written."""

    written: str
    pieces: tuple[Piece, ...]

    @property
    def keys(self) -> list[str]:
        """The keys of the pieces, in their order."""
        return [piece.key for piece in self.pieces]


_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_UNITS = frozenset(
    "percent basis_point kilometre metre kilogram gram ton hectare litre mile milli_centimetre inch_foot"
    " dollar euro pound_sterling yen yuan franc ruble tenge sum_uz som_kg lev leu lira lari manat hryvnia zloty"
    " forint krona rupee second_of_time minute hour day week month year".split()
)
# Kinds of opposites whose words stand beside most things, or are prepositions.
_FAINT = frozenset(
    "vote order company negation novelty size side amount height ordinal scope venue".split()
)
_SIGNS = {"%": "percent", "$": "dollar", "€": "euro", "£": "pound_sterling", "¥": "yuan"}
_CURRENCIES = frozenset("$€£¥")
_UNIT = re.compile(r"[\s.-]{0,3}")  # what stands between a number and its unit
_DATED = 2  # first lines that may have a dateline
_LONGEST_HAN_UNIT = 4  # characters
_PREPOSITION = 2  # letters of the longest
_REMEMBERED_LENGTH = 20_000  # characters of a text; the sentences of a longer one take megabytes
_TELLING_DIGITS = 3  # significant digits of a number that says enough without its unit
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(
    r"(?<![\s.][^\W\d_])(?<![\s.][^\W\d_]{2})[.!?…]+[\"”»“’)\]]*\s+(?=[\"„“«(\[]?[^\W_a-zа-яё])|[。！？!?；]+[”」』]?|\n+"
)
_ENDED = re.compile(r"[.!?。！？][\"”»“’)\]」』]*$")
_DAY_MONTH = re.compile(
    r"(?<![\d.,:])(\d{1,2})(?:-?[^\W\d_]{1,3})?[\s-]+(?:[^\W\d_]{1,2}\s+)?([^\W\d_]{3,})"
)
_MONTH_DAY = re.compile(
    r"(?<![^\W_])([^\W\d_]{3,})\.?\s+(\d{1,2})(?:[^\W\d_]{2})?(?![\d:%]|[.,]\d)"
)
_SCORE = re.compile(r"\d{1,3}\s?[:\-‐‑–/]\s?\d{1,3}")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.,hч时](?:[0-5]\d)")


def sentences(text: Text) -> tuple[Sentence, ...]:
    """The sentences of a text, its title first; the text may be as its feed has it.

    Marks of a correction, notes on it and the dateline are left out: they are no facts of the report.
    """
    is_short = len(text.body) <= _REMEMBERED_LENGTH
    return (_sentences if is_short else _sentences.__wrapped__)(text)


@lru_cache(maxsize=64)
def _sentences(text: Text) -> tuple[Sentence, ...]:
    title, body = _report(text)
    of_title, of_body = tokenise(title), tokenise(body)
    title_values, body_values = confirm_names(of_title.values, of_body.values)
    read = _pieces(title, of_title._replace(values=title_values), text.language)
    head = (Sentence(title, tuple(read)),) if read else ()
    pieces = _pieces(body, of_body._replace(values=body_values), text.language)
    return (*head, *_split(body, pieces))


def _report(text: Text) -> tuple[str, str]:
    """Title and body of a text without what stands around a report, in the script of its language."""
    title, body = (unicodedata.normalize("NFKC", part) for part in (text.title, text.body))
    lines = [line for line in map(str.strip, body.splitlines()) if line and not is_footer(line)]
    lines = take_wire(take_notes(lines)[0]).lines
    lines[:_DATED] = [line[dateline(line) :] for line in lines[:_DATED]]
    title, body = one_script(text.language, bare(title), "\n".join(lines))
    return title, body


def facts_of(written: str, language: str) -> tuple[Piece, ...]:
    """The facts of a few words, such as one side of a replacement: every capital may be a name's."""
    written = unicodedata.normalize("NFKC", written)
    return tuple(piece for piece in _pieces(written, tokenise(written), language) if piece.is_fact)


def is_same(a: Piece, b: Piece, language_a: str, language_b: str) -> bool:
    """Whether two facts say the same: by value and unit, by day, by sound, by meaning."""
    if a.sort is not b.sort:
        return False
    if a.sort is Sort.NUMBER:
        return a.value == b.value and _units_agree(a, b)
    if a.sort is Sort.NAME:
        return _is_same_name(a, b, language_a, language_b)
    if a.sort is Sort.WORD:
        meant = bool(a.opposite) and a.opposite == b.opposite
        return meant or (language_a == language_b and a.key == b.key)
    return a.key == b.key


def is_telling(piece: Piece) -> bool:
    """Whether a fact can hardly stand in a text by chance: a number of several digits, a long name."""
    if piece.sort is Sort.NUMBER:
        digits = f"{piece.value:.9g}".partition("e")[0].replace(".", "").strip("0")
        return len(digits) >= _TELLING_DIGITS
    return piece.sort is Sort.NAME


def common_letters(one: str, other: str) -> int:
    """How many first letters two words share."""
    return next(
        (at for at, (x, y) in enumerate(zip(one, other, strict=False)) if x != y),
        min(len(one), len(other)),
    )


def _units_agree(a: Piece, b: Piece) -> bool:
    """Whether two numbers of one value count the same, as far as they say what."""
    if a.unit and b.unit:
        return a.unit == b.unit
    is_whole = a.value == int(a.value)
    return a.unit == b.unit or is_telling(a) or not is_whole or a.value >= 1000


# ------------------------------------------------------------------------------------------ names


def _is_same_name(a: Piece, b: Piece, language_a: str, language_b: str) -> bool:
    if a.concept and b.concept:
        return a.concept == b.concept
    han_a, han_b = (bool(_HAN.match(name.written)) for name in (a, b))
    if han_a and han_b:
        return a.key in b.key or b.key in a.key
    if han_a or han_b:
        name, language, run = (b, language_b, a) if han_a else (a, language_a, b)
        return _sounds_like(skeletons(name.written, language), run.written)
    if language_a == language_b:
        return a.key == b.key or _is_declined(a, b, language_a)
    sounds, others = skeletons(a.written, language_a), skeletons(b.written, language_b)
    return any(_is_one_sound(one, other) for one in sounds for other in others)


def _is_declined(a: Piece, b: Piece, language: str) -> bool:
    """Whether two names of one language are forms of one: but for an ending, letters and sounds agree."""
    one, other = plain(a.written), plain(b.written)
    common = common_letters(one, other)
    if common < min(len(one), len(other)) - 2 or common < 3:
        return False
    sounds, others = skeletons(a.written, language), skeletons(b.written, language)
    return any(
        x == y or x.startswith(y) or y.startswith(x)
        for x in sounds for y in others if x and y
    )  # fmt: skip


def _is_one_sound(one: str, other: str) -> bool:
    """Whether two skeletons are one, or one is the other with an ending."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 2:
        return False
    return one == other or (
        len(shorter) >= 3 and longer.startswith(shorter) and len(longer) - len(shorter) <= 1
    )


def _sounds_like(sounds: Sequence[str], run: str) -> bool:
    """Whether a name sounds as a run of Chinese syllables does, behind a character or two of other words."""
    heard = {coarse(syllable_skeleton(run[skipped:])) for skipped in range(min(3, len(run) - 1))}
    return any(_is_one_sound(coarse(sound), other) for sound in sounds if sound for other in heard)


# --------------------------------------------------------------------------------------- sentences


def _split(written: str, pieces: Sequence[Piece]) -> Iterator[Sentence]:
    ends = (match.end() for match in _SENTENCE_END.finditer(written))
    within = {at for piece in pieces for at in range(piece.start + 1, piece.end)}
    bounds = [0, *(end for end in ends if end not in within), len(written)]
    at = 0
    for start, end in pairwise(bounds):
        first = at
        while at < len(pieces) and pieces[at].start < end:
            at += 1
        if at > first:
            sentence = written[start:end].strip()
            opening, *rest = pieces[first:at]
            if _ENDED.search(sentence) and not sentence.isupper():  # a headline has no full stop
                rest = [piece._replace(is_certain=True) for piece in rest]
            yield Sentence(sentence, (opening, *rest))


# ------------------------------------------------------------------------------------------ pieces


class _Meant(NamedTuple):
    """What the lexicon and the calendar have from a character on."""

    end: int
    concept: str = ""
    is_name: bool = False


def _pieces(written: str, tokens: Tokens, language: str) -> list[Piece]:
    """The pieces of a text; what is of several tokens (a date, a phrase that names a place) is one."""
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    meant, turned = _concepts(written, starts, ends, language)
    whole = {date.start: date for date in _dates(written, language)}
    whole |= _spelled(written, starts, ends, language)
    whole |= {run.start: run for run in _syllables(written, meant, language)}
    pieces: list[Piece] = []
    covered = 0
    for token, start, end in zip(tokens.values, starts, ends, strict=True):
        if start < covered:
            continue
        piece = whole.get(start) or _piece(written, token, start, end, meant.get(start), language)
        piece = piece._replace(opposite="" if piece.sort is Sort.NUMBER else turned.get(start, ""))
        if piece.sort is Sort.NUMBER and not piece.unit:
            piece = _with_unit(piece, written, meant)
            if pieces and piece.start <= pieces[-1].start:  # a sign before the number
                pieces.pop()
        pieces.append(piece)
        covered = piece.end
    return pieces


def _piece(
    written: str, token: np.uint32, start: int, end: int, meaning: _Meant | None, language: str
) -> Piece:
    """The piece that begins with a token."""
    word, concept = written[start:end], meaning.concept if meaning else ""
    if meaning and (concept in _WEEKDAYS or meaning.is_name):
        sort = Sort.WEEKDAY if concept in _WEEKDAYS else Sort.NAME
        word = written[start : meaning.end]
        return Piece(word, sort, f"c:{concept}", start, meaning.end, concept=concept)
    if kind_of(token) == NUMBER and word[0].isdigit():  # a word may be a number of another language
        return _figure(word, token, start, end)
    if meaning and _HAN.match(word):
        word = written[start : meaning.end]
        return Piece(word, Sort.WORD, word, start, meaning.end, concept=concept)
    month = _month_of(word, language)
    if month:
        return Piece(word, Sort.MONTH, str(month), start, end)
    is_capital, is_certain = word[0].isupper(), bool(kind_of(token) == NAME)
    is_name = is_capital and not concept and not _is_function_word(word, language)
    sort = Sort.NAME if is_name else Sort.WORD
    return Piece(word, sort, plain(word), start, end, concept=concept, is_certain=is_certain)


def _figure(word: str, token: np.uint32, start: int, end: int) -> Piece:
    """A number, a year, a time or a score."""
    if is_quantity(token):
        significand, power = parts(token)
        value = float(f"{significand}e{power}")
        is_bare = word.isdecimal() and len(word) == 4
        sort = Sort.YEAR if is_bare and is_year(int(value), 0) else Sort.NUMBER
        return Piece(word, sort, f"{value:.9g}", start, end, value=value)
    is_score = _SCORE.fullmatch(word) and not _CLOCK.fullmatch(word)
    return Piece(word, Sort.SCORE if is_score else Sort.CLOCK, f"#{word_of(token)}", start, end)


def _with_unit(number: Piece, written: str, meant: Mapping[int, _Meant]) -> Piece:
    """A number with the sign before it or the unit behind it, as one piece."""
    start, end, unit = number.start, number.end, ""
    figure_end = end
    before = written[:start].rstrip()
    if before[-1:] in _CURRENCIES and start - len(before) <= 1:
        unit, start = _SIGNS[before[-1]], len(before) - 1
    at = _end_of(_UNIT, written, end)
    if not unit and written[at : at + 1] in _SIGNS:
        unit, end = _SIGNS[written[at]], at + 1
        figure_end = end
    elif not unit:
        meaning = meant.get(at) if at in meant else _han_unit(written, at)
        if meaning and meaning.concept in _UNITS:
            unit, end = meaning.concept, meaning.end
    key = f"{number.key} {unit}" if unit else number.key
    return number._replace(
        written=written[start:end],
        key=key,
        start=start,
        end=end,
        unit=unit,
        figure=written[start:figure_end],
    )


def _end_of(pattern: re.Pattern[str], written: str, start: int) -> int:
    match = pattern.match(written, start)
    return match.end() if match else start


def _han_unit(written: str, at: int) -> _Meant | None:
    """What the characters right behind a number and its scale mean: 亿美元 is one phrase of the lexicon."""
    if not _HAN.match(written, at):
        return None
    found = ideographs_of().find(written[at : at + _LONGEST_HAN_UNIT])
    first = found[0] if found else None
    return _Meant(at + first.end, first.concept) if first and first.start == 0 else None


def _concepts(
    written: str, starts: Sequence[int], ends: Sequence[int], language: str
) -> tuple[dict[int, _Meant], dict[int, str]]:
    """By the character where each begins: the concepts of a text, and what has an opposite."""
    turning = opposite_words(language)
    if isinstance(turning, Ideographs):
        turns = [turn for turn in turning.find(written) if _is_telling_turn(turn)]
        meant = {turn.start: _Meant(turn.end) for turn in turns}
        for hit in ideographs_of().find(written):
            meant[hit.start] = _Meant(hit.end, hit.concept, hit.rank.is_name)
        return meant, {turn.start: turn.concept for turn in turns}
    words = [plain(written[start:end]) for start, end in zip(starts, ends, strict=True)]
    capitals = [written[start].isupper() for start in starts]
    meant = {}
    for hit in lexicon_of(language).find(words, capitals):
        first = hit.start
        if hit.concept in _WEEKDAYS:  # "в среду": without its preposition
            first = next(at for at in range(hit.start, hit.end) if len(words[at]) > _PREPOSITION)
        meant[starts[first]] = _Meant(ends[hit.end - 1], hit.concept, hit.rank.is_name)
    turned = turning.find(words)
    return meant, {starts[one.start]: one.concept for one in turned if _is_telling_turn(one)}


def _is_telling_turn(found: Found) -> bool:
    return kind_of_concept(found.concept) not in _FAINT


@cache
def _function_words(language: str) -> Lexicon | Ideographs:
    return words_of("function_words", language)


def _is_function_word(word: str, language: str) -> bool:
    listed = _function_words(language)
    return isinstance(listed, Lexicon) and bool(listed.find([plain(word)]))


# ------------------------------------------------------------------------------------------- dates


def _dates(written: str, language: str) -> list[Piece]:
    """The days a text names, by month and day."""
    found = [
        Piece(written[one.start : one.end], Sort.DATE, one.value, one.start, one.end)
        for one in written_dates(written)
        if int(one.value) % 100
    ]
    pattern, day_at = (_MONTH_DAY, 2) if _puts_month_first(language) else (_DAY_MONTH, 1)
    for match, at in (
        *((match, day_at) for match in pattern.finditer(written)),
        *((match, 1) for match in _DAY_MONTH.finditer(written) if day_at == 2),
    ):
        day, month = int(match[at]), _month_of(match[3 - at], language, beside_day=True)
        if month and 1 <= day <= 31:
            key = str(month * 100 + day)
            found.append(Piece(match[0], Sort.DATE, key, match.start(), match.end()))
    return found


def _month_of(word: str, language: str, *, beside_day: bool = False) -> int:
    """The month a word names, 1 to 12, else 0. Beside a day it may be cut short, and written small."""
    known = languages().get(language)
    if known is None:
        return 0
    folded = word.casefold()
    month = _months(language).get(folded, 0)
    if not month and known.case_endings:
        month = _months(language).get(re.sub(rf"{known.case_endings}$", "", folded), 0)
    if month:
        is_sure = beside_day or folded not in known.ambiguous or word[0].isupper()
        return month if is_sure else 0
    if beside_day:
        cut = {
            number for name, number in _months(language).items()
            if len(folded) >= 3 and name.startswith(folded)
        }  # fmt: skip
        return cut.pop() if len(cut) == 1 else 0
    return 0


@cache
def _months(language: str) -> Mapping[str, int]:
    """The forms of the months' names, case folded; a declined form is that of the month most like it."""
    own = languages()[language]
    forms = {form.casefold(): n for n, names in enumerate(own.months, 1) for form in names}
    weekdays = {form.casefold() for names in own.weekdays for form in names}
    for declined in own.declined:
        likeness = {name: common_letters(name, declined) for name in (*forms, *weekdays)}
        nearest = max(likeness, key=lambda name: likeness[name], default="")
        if nearest in forms and likeness[nearest] >= 3:
            forms.setdefault(declined, forms[nearest])
    return forms


@cache
def _puts_month_first(language: str) -> bool:
    """Whether a date begins with the month (CLDR): November 4."""
    from babel import Locale, UnknownLocaleError

    try:
        pattern = str(Locale.parse(language).date_formats["long"].pattern)
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return 0 <= pattern.find("M") < pattern.find("d")


# --------------------------------------------------------------------- numbers in words, Chinese names


def _spelled(
    written: str, starts: Sequence[int], ends: Sequence[int], language: str
) -> dict[int, Piece]:
    """The numbers written in words, by where they begin: twelve, двадесет и три, он екі, 十二."""
    values = _numerals(language)
    if not values:
        return {}
    known = languages()[language]
    if not known.has_spaces:
        return _han_numbers(written, values)
    # "three thousand" is one token
    words = [plain(written[start:end]) for start, end in zip(starts, ends, strict=True)]
    read, at = dict[int, Piece](), 0
    while at < len(words):
        size, value = _spelled_at(words, at, values, known.conjunctions)
        if size:
            last = at + size
            scale = scale_of(words[last - 1].rpartition(" ")[2])
            if scale == 1 and last < len(words):
                scale = scale_of(words[last])
                last += scale > 1
            start, end = starts[at], ends[last - 1]
            value *= scale
            read[start] = Piece(
                written[start:end], Sort.NUMBER, f"{value:.9g}", start, end, value=value
            )
        at += max(size, 1)
    return read


def _spelled_at(
    words: Sequence[str], at: int, values: Mapping[str, int], joining: Sequence[str]
) -> tuple[int, float]:
    """How many words a number takes that begins here, and its value; 0 words for none.

    A lone "one" is as often no number.
    """

    def value_at(place: int) -> int:
        return values.get(words[place].partition(" ")[0], 0) if place < len(words) else 0

    first, after = value_at(at), at + 1
    if first >= 10 and first % 10 == 0 and first < 100:
        unit_at = after + 1 if after < len(words) and words[after] in joining else after
        if 1 <= value_at(unit_at) <= 9:
            return unit_at + 1 - at, float(first + value_at(unit_at))
    if 1 < first < 10 and value_at(after) == 100:
        return 2, float(first * 100)
    return (1, float(first)) if first > 1 else (0, 0.0)


@cache
def _numerals(language: str) -> Mapping[str, int]:
    known = languages().get(language)
    table = known.numerals if known else {}
    return {plain(form): value for value, forms in table.items() for form in forms}


def _han_numbers(written: str, values: Mapping[str, int]) -> dict[int, Piece]:
    """Numbers of two characters or more; one alone is part of many words."""
    scales = [known.scales for known in languages().values() if not known.has_spaces]
    thousand = {character for scale in scales for character in scale.get("thousand", ())}
    run = re.compile(f"[{''.join({*values, *thousand})}]{{2,}}")
    found = {}
    for match in run.finditer(written):
        total, unit, is_formed = 0, 0, False
        for character in match[0]:
            times = 1000 if character in thousand else values[character]
            if times >= 10:
                total, unit, is_formed = total + (unit or 1) * times, 0, True
            else:
                unit = times
        if is_formed:
            value = float(total + unit)
            found[match.start()] = Piece(
                match[0], Sort.NUMBER, f"{value:.9g}", match.start(), match.end(), value=value
            )
    return found


def _syllables(written: str, meant: Mapping[int, _Meant], language: str) -> list[Piece]:
    """Foreign names in Chinese: runs of name syllables of which the lexicon knows no part."""
    known = languages().get(language)
    if known is None or known.has_spaces:
        return []
    masked = list(written)
    for start, meaning in meant.items():
        masked[start : meaning.end] = " " * (meaning.end - start)
    names: list[Piece] = []
    for start, run in syllable_runs("".join(masked)):
        end = start + len(run)
        if len(run) >= 3 or "·" in (written[start - 1 : start], written[end : end + 1]):
            names.append(Piece(run, Sort.NAME, run, start, end))
    return names
