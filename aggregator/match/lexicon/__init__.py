"""The wire-news lexicon: what a word or phrase means, as a concept with one name in every language.

`*.tsv` beside this file, one a field: a comment, a header that names the columns (`concept`, then codes
of `aggregator.languages`), then one concept a line. A cell holds alternatives apart by `|`; `министр*`
matches every word that begins so, `външн* работ*` consecutive words; Chinese is found by longest match.
Cells and columns may be missing: the language then has no word for the concept, or none of the field.
The longest phrase wins, then the longest stem. Fields in `NAMED` hold things with a name of their own:
a report about one is not about another. Those of `acts` are what was done. Three files hold words that
are no concepts of a report: `word_lists` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from aggregator.errors import LanguageError
from aggregator.languages import languages

COUNTRIES = "countries"
ACTS = "acts"
NAMED = frozenset({COUNTRIES, "capitals", "cities", "organisations", "regions"})
APART = frozenset({"function_words", "opposites", "rubrics"})  # files that `word_lists` reads
SHORT = 5  # letters: a name of so few that is written small is another word (US, us)

_HEADER_LINE = 2
_APOSTROPHES = re.compile(r"['’‘ʻʼ`]")
_REWRITTEN = re.compile(r"['’‘ʻʼ`ё]")
_BREAKS = re.compile(r"[\s\-‐‑–—]+")


class Rank(IntEnum):
    """What a concept is to a report: a notion, a thing with a name of its own, a country, what was done."""

    NOTION = 0
    NAMED = 1
    COUNTRY = 2
    ACT = 3

    @property
    def is_name(self) -> bool:
        """Whether it is written with a capital, where a language has them."""
        return self in {Rank.NAMED, Rank.COUNTRY}


class Row(NamedTuple):
    """One concept of one field; `cells` has its alternatives in each language, apart by `|`."""

    domain: str
    concept: str
    cells: Mapping[str, str]

    def alternatives(self, language: str) -> list[str]:
        """The ways to say the concept in a language; none where its cell is empty or missing."""
        return [written for written in self.cells.get(language, "").split("|") if written]


class Phrase(NamedTuple):
    """One way to say a concept: a pattern for each word (`True`: only its beginning)."""

    words: tuple[tuple[str, bool], ...]
    concept: str
    rank: Rank


class Found(NamedTuple):
    """A concept in a text: words `start` to `end` (characters, in Chinese)."""

    concept: str
    rank: Rank
    start: int
    end: int


@cache
def rows() -> tuple[Row, ...]:
    """Every concept of the lexicon, files in the order of their names. Raises LanguageError."""
    folder = files("aggregator.match.lexicon")
    return tuple(
        row
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".tsv") and file.name.removesuffix(".tsv") not in APART
        for row in read_rows(file.name, file.read_text("utf-8"))
    )


def read_rows(name: str, content: str) -> Iterator[Row]:
    """The lines of one file. Raises LanguageError, which names file and line."""
    domain, lines = name.removesuffix(".tsv"), content.splitlines()
    columns = _columns(name, lines[_HEADER_LINE - 1 : _HEADER_LINE])
    for number, line in enumerate(lines[_HEADER_LINE:], start=_HEADER_LINE + 1):
        if line.strip() and not line.startswith("#"):
            concept, *cells = line.split("\t")
            if len(cells) > len(columns):
                raise LanguageError(
                    f"lexicon/{name}:{number}: there are {len(cells)} cells for {len(columns)} columns:"
                    " take out a tab, or name the column in line 2"
                )
            yield Row(domain, concept, dict(zip(columns, cells, strict=False)))


def _columns(name: str, header: Sequence[str]) -> list[str]:
    """The languages a header names, in its order."""
    first, *columns = header[0].split("\t") if header else [""]
    if first != "concept" or len(set(columns)) < len(columns):
        raise LanguageError(
            f"lexicon/{name}:{_HEADER_LINE}: the header must be 'concept', then each language once"
        )
    for column in columns:
        if column not in languages():
            raise LanguageError(
                f"lexicon/{name}:{_HEADER_LINE}: there is no language {column!r}:"
                f" write aggregator/languages/{column}.toml, or take the column out"
            )
    return columns


def rank_of(domain: str) -> Rank:
    """The rank of the concepts of a domain."""
    if domain == COUNTRIES:
        return Rank.COUNTRY
    if domain == ACTS:
        return Rank.ACT
    return Rank.NAMED if domain in NAMED else Rank.NOTION


def plain(word: str) -> str:
    """A word as the lexicon compares it: case folded, ё as е, no apostrophe."""
    folded = word.casefold()
    if not _REWRITTEN.search(folded):  # most words: a third less time
        return folded
    return _APOSTROPHES.sub("", folded).replace("ё", "е")


@dataclass(slots=True)
class Lexicon:
    """The phrases of one language, found by the first word of each."""

    whole: dict[str, list[Phrase]] = field(default_factory=dict)
    stems: dict[str, list[Phrase]] = field(default_factory=dict)
    longest_stem: int = 0
    _remembered: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)

    def add(self, written: str, concept: str, rank: Rank) -> None:
        """Adds one alternative of a cell."""
        parts = [part for part in _BREAKS.split(plain(written)) if part.strip("*")]
        if not parts:
            return
        words = tuple((part.rstrip("*"), part.endswith("*")) for part in parts)
        table = self.stems if words[0][1] else self.whole
        table.setdefault(words[0][0], []).append(Phrase(words, concept, rank))
        if words[0][1]:
            self.longest_stem = max(self.longest_stem, len(words[0][0]))
        self._remembered.clear()

    def find(self, words: Sequence[str], capitals: Sequence[bool] = ()) -> list[Found]:
        """The concepts of a run of words (each as `plain` gives it), from left to right.

        `capitals` tells which words begin with a capital; short names are found only there.
        """
        found, end, remembered = [], 0, self._remembered
        for at, word in enumerate(words):
            phrases = remembered.get(word)
            if phrases is None:
                phrases = self._beginning(word)
            if not phrases or at < end:  # most words begin no phrase
                continue
            for phrase in phrases:
                small = capitals and not capitals[at]
                if small and phrase.rank.is_name and len(phrase.words[0][0]) <= SHORT:
                    continue
                if len(phrase.words) == 1 or _follows(phrase, words, at):
                    end = at + len(phrase.words)
                    found.append(Found(phrase.concept, phrase.rank, at, end))
                    break
        return found

    def _beginning(self, word: str) -> tuple[Phrase, ...]:
        """The phrases whose first word this may be, longest first; remembered for the next time."""
        phrases = list(self.whole.get(word, ()))
        stems = self.stems
        for length in range(min(len(word), self.longest_stem), 0, -1):
            if (stem := word[:length]) in stems:
                phrases += stems[stem]
        if len(phrases) > 1:
            phrases.sort(key=lambda phrase: -len(phrase.words))
        if len(self._remembered) > 200_000:
            self._remembered.clear()
        self._remembered[word] = tuple(phrases)
        return self._remembered[word]


def _follows(phrase: Phrase, words: Sequence[str], at: int) -> bool:
    if at + len(phrase.words) > len(words):
        return False
    for pattern, stem in phrase.words[1:]:
        at += 1
        if not (words[at].startswith(pattern) if stem else words[at] == pattern):
            return False
    return True


@dataclass(slots=True)
class Ideographs:
    """The phrases of Chinese, found by longest match."""

    by_first: dict[str, list[tuple[str, str, Rank]]] = field(default_factory=dict)

    def add(self, written: str, concept: str, rank: Rank) -> None:
        """Adds one alternative of a cell."""
        if written:
            entries = self.by_first.setdefault(written[0], [])
            entries.append((written, concept, rank))
            if len(entries) > 1 and len(written) > len(entries[-2][0]):
                entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: str) -> list[Found]:
        """The concepts of a text, from left to right, by its characters."""
        found, at = [], 0
        while at < len(text):
            for written, concept, rank in self.by_first.get(text[at], ()):
                if text.startswith(written, at):
                    found.append(Found(concept, rank, at, at + len(written)))
                    at += len(written)
                    break
            else:
                at += 1
        return found


@cache
def phrases(language: str) -> Lexicon:
    """The lexicon of a language that writes words apart; empty for any other."""
    lexicon = Lexicon()
    if language in languages() and languages()[language].has_spaces:
        for written, concept, rank in _column(language):
            lexicon.add(written, concept, rank)
    return lexicon


@cache
def ideographs() -> Ideographs:
    """The lexicon of Chinese."""
    lexicon = Ideographs()
    for written, concept, rank in _column("zh"):
        lexicon.add(written, concept, rank)
    return lexicon


def _column(language: str) -> Iterator[tuple[str, str, Rank]]:
    for row in rows():
        rank = rank_of(row.domain)
        for written in row.alternatives(language):
            yield written, row.concept, rank
