"""What is known of each language, one file a language: `aggregator/languages/CODE.toml`.

Months, scales, the words agencies cite each other with, the lines sites put around a report: whatever
depends on the language of a text is read from here, by the reading of dates (`ingest`) and of texts
(`match`) alike. The words for things are in the lexicon (`match/lexicon`). docs/adding-a-language.md
says what each key means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from aggregator.errors import LanguageError

HAN = "Han"  # the one of the scripts that has no spaces between words
SCRIPTS = ("Latin", "Cyrillic", HAN)
SCALES: Mapping[str, float] = MappingProxyType({
    "ten": 1e1, "hundred": 1e2, "thousand": 1e3, "ten_thousand": 1e4, "million": 1e6,
    "hundred_million": 1e8, "billion": 1e9, "trillion": 1e12,
})  # fmt: skip
CLOCK = ("at", "hour", "minute", "morning", "afternoon")
EQUIVALENTS = frozenset(
    "% million billion thousand $ € £ kilometre metre kilogram tonne degree"
    " 2 3 4 5 6 7 8 9 10 11 12".split()
)
NUMERALS = (*range(1, 21), *range(30, 101, 10))  # numbers that have words of their own
SOUND_CLASSES = "ABDFKLMNPRST"  # the consonants `match.crosslang.names` tells apart; A is a vowel

_CODE = re.compile(r"[a-z]{2,3}")
_SHORTEST_BEGINNING = 3  # letters of a month that tell it from other words
_NOTHING: Mapping[str, str] = MappingProxyType({})

_PLAIN = {
    "words",
    "further_words",
    "times",
    "wires",
    "media",
}  # of the keys of `Crediting`: no patterns

Words = tuple[str, ...]
_NO_WORDS: Mapping[str, Words] = MappingProxyType({})
_NO_NUMERALS: Mapping[int, Words] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Crediting:
    """How a language says, within a report, which agency the report was taken from.

    In the regular expressions `{agency}` stands for an agency. Those of the first group are cut before
    texts are compared; there `{wire}` stands for anything that is written as an agency's name: in quotes
    or in capitals. Those of the second tell whom a text credits; there `{month}` stands for a month,
    and in `background` `{past}` for one of `past` or of `earlier`.
    """

    words: Words = ()  # plain words in small letters: one of them is in whatever the patterns fit
    clauses: Words = ()  # behind a comma or a dash
    openings: Words = ()  # at the beginning of a sentence
    sentences: Words = ()  # a sentence but for its point
    outlets: Words = ()  # patterns of what stands beside an agency's name ("news agency")
    reporters: Words = ()  # patterns of who reports for one, beside its name ("correspondent of")
    references: Words = ()  # patterns of what goes before whom the agency cites in turn

    further_words: Words = ()  # plain words: one of these or of `words` is in whatever the forms fit
    reporting: Words = ()  # an agency behind a verb of which it is the subject ("reported by {agency}")
    distant: Words = ()  # with other words between the verb and its subject
    attributing: Words = ()  # behind a preposition or a participle ("according to {agency}")
    subjects: Words = ()  # at the beginning of a clause, before its verb ("{agency} reports that")
    told: Words = ()  # to whom somebody said it ("told {agency}")
    follows: Words = ()  # words behind a name that are no part of a longer one; none: any small word
    labels: Words = ()  # words before a source and its colon ("source")
    distributed: Words = ()  # in lines that tell of an agreement by which this very report is carried
    endings: Words = ()  # endings of names, besides `case_endings`
    times: Words = ()  # plain words: one of these or a month is in whatever the next four fit
    past: Words = ()  # times of other reports ("last year")
    earlier: Words = ()  # times of perhaps other reports ("earlier")
    background: Words = ()  # an agency that said something then ("{past} {agency} wrote")
    recall: Words = ()  # words of sentences that are no news ("as a reminder")
    wires: Words = ()  # names of agencies and media that are not in the lexicon; `*` ends a stem
    media: Words = ()  # nouns that mean agencies or media without naming one; `*` ends a stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """How an item says, at its head, that it corrects or withdraws an earlier one.

    All but `words` are regular expressions that ignore case. A mark ("CORRECTED") counts only where it
    stands apart from the words after it, a form ("corrects figure in para 2") wherever a sentence begins.
    """

    words: Words = ()  # plain words in small letters: one of them is in whatever the patterns fit
    address: Words = ()  # what goes before a mark or a form: "Editors"
    correction: Words = ()  # marks
    correction_forms: Words = ()
    kill: Words = ()  # marks
    kill_forms: Words = ()
    developing: Words = ()  # what says that a count is not final: "so far"
    tolls: Words = ()  # of whom or what counts rise as they go on, beside the lexicon's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language. Fields without a default must be in its file; the patterns are regular expressions.

    `code` is the file's name: an ISO 639 code. Every other field is a key of the file.
    """

    code: str
    name: str
    script: str  # one of `SCRIPTS`
    months: tuple[Words, ...]  # January first: the forms of each; none where they are numbered
    weekdays: tuple[Words, ...]  # Monday first: the forms of each
    dateline_words: Words  # written small within datelines
    bylines: Words  # what goes before an author's name
    title_marks: Words  # patterns of what goes before a title and its colon or dash
    agreement: Words  # patterns of lines that name an agreement between agencies
    agreement_words: Words  # one of these is in every line that `agreement` fits
    scales: Mapping[str, Words]  # by `SCALES`: words, or beginnings of words (`million*`)
    equivalents: Mapping[str, Words]  # by `EQUIVALENTS`: words it stands for
    footers: Mapping[str, str]  # first word of a footer -> pattern of how the line goes on
    clock: Mapping[str, Words] = field(
        default_factory=lambda: _NO_WORDS
    )  # by `CLOCK`: words beside a clock time
    footer_lines: Words = ()  # patterns of how footers begin, where words are not written apart
    declined: Words = ()  # further forms of months and weekdays
    ambiguous: Words = ()  # months and weekdays that, written small, are another word as well
    conjunctions: Words = ()  # between two authors
    commonest: Words = ()  # small letters: one of these is in every text of some length
    alphabet: str = ""  # its small letters; of texts that have others the label is doubted
    case_endings: str = ""  # pattern of the endings names take
    citing: Words = ()  # patterns of how words of reporting begin, where `crediting` has none
    phonetic_spelling: bool = False  # j and w have one sound
    sounds: Mapping[str, str] = field(default_factory=lambda: _NOTHING)  # letters -> sound class
    crediting: Crediting = Crediting()
    notices: Notices = Notices()
    numerals: Mapping[int, Words] = field(
        default_factory=lambda: _NO_NUMERALS
    )  # by value, of `NUMERALS`: counts in words

    @property
    def has_spaces(self) -> bool:
        """Whether words are written apart."""
        return self.script != HAN

    def calendar(self) -> list[str]:
        """Months and weekdays that are written small and are no other word, in all their forms."""
        forms = [form for forms in (*self.months, *self.weekdays) for form in forms]
        return [
            form
            for form in (*forms, *self.declined)
            if form.islower() and form not in self.ambiguous
        ]

    def month_beginnings(self) -> dict[str, int]:
        """The shortest beginnings, of three letters or more, that tell each month from the others.

        Case folded, with the number of the month, 1 to 12.
        """
        names = {name.casefold(): n for n, forms in enumerate(self.months, 1) for name in forms}
        beginnings = {}
        for name, number in names.items():
            others = [other for other, n in names.items() if n != number]
            size = _SHORTEST_BEGINNING
            while size < len(name) and any(other.startswith(name[:size]) for other in others):
                size += 1
            beginnings[name[:size]] = number
        return beginnings


_Phrasing = TypeVar("_Phrasing", Crediting, Notices)


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code, in the order of the files' names. Raises LanguageError.

    Their patterns are not checked: `match` does it, which uses them. Parsers need the calendars, and
    would take half the time in which one starts.
    """
    return _load(files("aggregator.languages"))


def load(folder: Traversable | Path) -> Mapping[str, Language]:
    """The languages of a folder of TOML files. Raises LanguageError naming the file and the key."""
    found = _load(folder)
    check_patterns(found)
    return found


def check_patterns(found: Mapping[str, Language]) -> None:
    """Raises LanguageError naming the file and the key of a pattern that is none, or fits every text."""
    for code, language in found.items():
        for key, patterns_of in _PATTERNS.items():
            try:
                for pattern in patterns_of(getattr(language, key)):
                    _check_pattern(pattern, may_be_empty=key in _MAY_BE_EMPTY)
            except ValueError as error:
                raise LanguageError(f"languages/{code}.toml: {key}: {error}") from error


def _load(folder: Traversable | Path) -> Mapping[str, Language]:
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return MappingProxyType({file.name.removesuffix(".toml"): _read(file) for file in found})


def _read(file: Traversable | Path) -> Language:
    code = file.name.removesuffix(".toml")
    try:
        return _language(code, tomllib.loads(file.read_text("utf-8")))
    except ValueError as error:  # tomllib's error and a wrong encoding are ValueErrors too
        raise LanguageError(f"languages/{file.name}: {error}") from error


def _language(code: str, table: Mapping[str, Any]) -> Language:
    if not _CODE.fullmatch(code):
        raise ValueError("the file must be named by an ISO 639 code, as bg.toml is")
    known = {one.name: one for one in fields(Language) if one.name != "code"}
    for key in table:
        if key not in known:
            raise ValueError(f"{key}: there is no such key; the keys are {', '.join(known)}")
    for key, one in known.items():
        if key not in table and _is_required(one):
            raise ValueError(f"{key}: this key is missing")
    values = {}
    for key, value in table.items():
        try:
            values[key] = _VALUES[key](value)
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from error
    return Language(code=code, **values)


def _is_required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


# ------------------------------------------------------------------------------ values of the keys


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} must be a text")  # noqa: TRY004 - told with its key
    return value


def _script(value: object) -> str:
    if value not in SCRIPTS:
        raise ValueError(f"{value!r} must be one of {', '.join(SCRIPTS)}")
    return str(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} must be true or false")  # noqa: TRY004 - told with its key
    return value


def _words(value: object) -> Words:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} must be a list of texts")  # noqa: TRY004 - told with its key
    return tuple(map(_text, value))


def _forms(value: object, size: int) -> tuple[Words, ...]:
    words = _words(value)
    if len(words) not in {0, size}:
        raise ValueError(f"there must be {size} of them, or none: not {len(words)}")
    return tuple(tuple(word.split()) for word in words)


def _table(value: object, keys: Iterable[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} must be a table")  # noqa: TRY004 - told with its key
    allowed = list(keys)
    for key in value:
        if allowed and key not in allowed:
            raise ValueError(f"{key!r} must be one of {', '.join(sorted(allowed))}")
    return value


def _words_by(value: object, keys: Iterable[str]) -> Mapping[str, Words]:
    table = _table(value, keys)
    return MappingProxyType({key: _words(words) for key, words in table.items()})


def _sounds(value: object) -> Mapping[str, str]:
    table = {letters: _text(sound) for letters, sound in _table(value, ()).items()}
    for letters, sound in table.items():
        if len(sound) != 1 or sound not in SOUND_CLASSES:
            raise ValueError(f"{letters}: {sound!r} must be one of the letters {SOUND_CLASSES}")
    return MappingProxyType(table)


def _footers(value: object) -> Mapping[str, str]:
    return MappingProxyType({word: _text(rest) for word, rest in _table(value, ()).items()})


def _phrasing(value: object, kind: type[_Phrasing]) -> _Phrasing:
    """A table of plain `words` and of patterns."""
    table = _table(value, [one.name for one in fields(kind)])
    return kind(**{key: _words(words) for key, words in table.items()})


def _numerals(value: object) -> Mapping[int, Words]:
    table = _words_by(value, map(str, NUMERALS))
    return MappingProxyType({int(number): words for number, words in table.items()})


_VALUES: Mapping[str, Callable[[object], Any]] = {
    "name": _text,
    "script": _script,
    "months": lambda value: _forms(value, 12),
    "weekdays": lambda value: _forms(value, 7),
    "declined": _words,
    "ambiguous": _words,
    "dateline_words": _words,
    "bylines": _words,
    "conjunctions": _words,
    "commonest": _words,
    "alphabet": _text,
    "title_marks": _words,
    "citing": _words,
    "agreement": _words,
    "agreement_words": _words,
    "scales": lambda value: _words_by(value, SCALES),
    "clock": lambda value: _words_by(value, CLOCK),
    "equivalents": lambda value: _words_by(value, EQUIVALENTS),
    "footers": _footers,
    "footer_lines": _words,
    "case_endings": _text,
    "phonetic_spelling": _truth,
    "sounds": _sounds,
    "crediting": lambda value: _phrasing(value, Crediting),
    "notices": lambda value: _phrasing(value, Notices),
    "numerals": _numerals,
}


# --------------------------------------------------------------------------------------- patterns


def _patterns_of(phrasing: Crediting | Notices) -> list[str]:
    keys = (one.name for one in fields(phrasing) if one.name not in _PLAIN)
    return [pattern for key in keys for pattern in getattr(phrasing, key)]


_PATTERNS: Mapping[str, Callable[[Any], Iterable[str]]] = {
    "title_marks": tuple,
    "citing": tuple,
    "agreement": tuple,
    "footers": lambda by_word: by_word.values(),
    "footer_lines": tuple,
    "case_endings": lambda pattern: [pattern],
    "crediting": _patterns_of,
    "notices": _patterns_of,
}
_MAY_BE_EMPTY = {"footers", "case_endings"}  # they fit what follows a word


def _check_pattern(pattern: str, *, may_be_empty: bool) -> None:
    try:
        fits_nothing = re.match(pattern, "")
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    if fits_nothing and not may_be_empty:
        raise ValueError(f"{pattern!r} fits every text: it must not fit an empty one")
