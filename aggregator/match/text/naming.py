"""Where a text names the configured agencies: in any script, inflected, in capitals.

"Казинформа", "БТА-ға", "Болгарского телеграфного агентства" are found by the names that the
configuration has. Plain search goes first, so that a text without any name costs little.

A name can be *marked*: replaced by one letter that stands for its agency, and fill up to its length.
Patterns then need not know any name, and every place in the marked text is the same as in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from aggregator.languages import languages
from aggregator.match.text.rules import any_of
from aggregator.model import Agency

FILL = "\ue000"
FIRST_MARK = 0xE001  # of the letters of private use; those that a text has are no marks
_BEGINNING = 4  # characters by which a name is looked for where there are too many names
_SHORT = 4  # letters: a name of so few counts only as it is written, or in capitals (ИТА, AA)
_INFLECTED = 5  # letters of a word within a name from which its ending may be another
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
_VOWELS = "аеёийоуъыьэюя"
_LONGEST_ENDING = 3  # letters of an ending that are replaced ("агенция", "телеграфное")
_NOUNS, _LONGEST_NOUN = 5, 24  # words before a name that are looked at, and letters of each
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_BEHIND = (
    "",
    *")].,:;!?’'ʻ`\"”“»",
    *"нгкқдтмбпғауоеыіңяюngkqdau",
)  # marks and first letters of endings
MARKS_BEFORE = '"“„«(['  # of a word, which belong to how it begins
_OPENED, _CLOSED = '"“„«', '"”“»'
OUTLETS = re.compile(
    rf"(?i:{any_of(lambda language: language.crediting.outlets if language.has_spaces else ())}\s?)+(?<!\s)(?!\w)"
)


def begun(text: str) -> frozenset[str]:
    """How the words of a text begin, with the marks before them: it tells soon what is not in it."""
    words = text.replace("/", " ").replace("–", " ").replace("-", " ").split()
    return frozenset([word[:_BEGINNING] for word in words])


def beginnings(name: str) -> frozenset[str]:
    """Of these `begun` has one for every text with the name, in capitals or not, inflected or not."""
    word = name.lstrip(_OPENED).split()[0]
    forms = {word, word.upper(), word[:1].upper() + word[1:]}
    behind = _BEHIND if len(word) < _BEGINNING else ("",)
    return frozenset(
        f"{before}{form}{mark}"[:_BEGINNING]
        for form in forms
        for before in ("", *MARKS_BEFORE)
        for mark in behind
    )


class Mention(NamedTuple):
    """A name in a text, and the agency it is of."""

    start: int
    end: int
    agency_id: str


class _Name(NamedTuple):
    """A form of a name: the words that are looked for first, and the pattern of it."""

    keys: tuple[str, ...]
    as_written: bool  # else in small letters
    agency_id: str
    expression: str

    def may_be_in(self, text: str, folded: str) -> bool:
        """Whether a text, which is `folded` in small letters, has all that is looked for first."""
        searched = text if self.as_written else folded
        return all(key in searched for key in self.keys)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text may have the name: that of 150 agencies takes 0.2 s."""
        return _compiled(self.expression)


class Names:
    """The names of the configured agencies."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        endings = _endings()
        self._han: list[_Name] = []
        self._beginning: dict[str, list[_Name]] = {}
        for agency in agencies:
            for written in _written(agency):
                name = _form(written, agency.id, endings)
                if _HAN.search(written):
                    self._han.append(name)
                    continue
                for beginning in beginnings(written):
                    self._beginning.setdefault(beginning, []).append(name)
        self._marks = {agency.id: chr(FIRST_MARK + at) for at, agency in enumerate(agencies)}
        self._agencies = {mark: agency_id for agency_id, mark in self._marks.items()}
        self._own = {
            agency.id: frozenset(chain.from_iterable(map(beginnings, _written(agency))))
            for agency in agencies
        }

    def find(
        self, text: str, *, own_id: str = "", starts: frozenset[str] | None = None
    ) -> list[Mention]:
        """The names in a text in their order, none within another; none where only its own stand.

        `own_id` is the agency whose text it is, `starts` what `begun` says of the text.
        """
        likely = self._likely(text, begun(text) if starts is None else starts)
        if all(name.agency_id == own_id for name in likely):
            return []
        folded = text.lower()
        there = [name for name in likely if name.may_be_in(text, folded)]
        if all(name.agency_id == own_id for name in there):
            return []
        found = [
            Mention(*match.span(), name.agency_id)
            for name in there
            for match in name.pattern.finditer(text)
        ]
        apart: list[Mention] = []
        for mention in sorted(found, key=lambda one: (one.start, -one.end)):
            if not apart or mention.start >= apart[-1].end:
                apart.append(mention)
        return apart

    def own_beginnings(self, agency_id: str) -> frozenset[str]:
        """How words begin that may be names of an agency."""
        return self._own.get(agency_id, frozenset())

    def _likely(self, text: str, starts: frozenset[str]) -> Sequence[_Name]:
        """The names that may be in a text by how its words begin."""
        names = {
            id(name): name
            for beginning in self._beginning.keys() & starts
            for name in self._beginning[beginning]
        }
        if self._han and not text.isascii() and _HAN.search(text):
            return (*names.values(), *self._han)
        return tuple(names.values())

    def are_in(self, piece: str) -> bool:
        """Whether a piece of a text names any agency."""
        return bool(self.find(piece))

    def without(self, piece: str) -> str:
        """A piece of a text without the names of agencies."""
        for mention in reversed(self.find(piece)):
            piece = piece[: mention.start] + piece[mention.end :]
        return piece

    def marked(self, line: str, mentions: Iterable[Mention]) -> str:
        """A line with the names in it marked, each with the nouns beside it ("агенция Фокус")."""
        line = _PRIVATE.sub(" ", line)
        for mention in mentions:
            line = with_mark(line, mention.start, mention.end, self._marks[mention.agency_id])
        return line

    def agency_of(self, mark: str) -> str | None:
        """The agency that a mark stands for; None for a letter that is none of these marks."""
        return self._agencies.get(mark)


def with_mark(line: str, start: int, end: int, mark: str) -> str:
    """A line in which a mark and fill stand for a name, its quotes and the nouns beside it."""
    if line[start - 1 : start] in _OPENED and line[end : end + 1] in _CLOSED and start:
        start, end = start - 1, end + 1
    if behind := OUTLETS.match(line, end + 1) if line[end : end + 1] == " " else None:
        end = behind.end()
    start = _before_nouns(line, start)
    return f"{line[:start]}{mark.ljust(end - start, FILL)}{line[end:]}"


def _before_nouns(line: str, start: int) -> int:
    """Where the nouns that stand before a name begin ("словенската агенция СТА")."""
    first, end = start, start - 1
    at = end if line[max(end, 0) : start] == " " else -1
    for _ in range(_NOUNS):
        if at <= 0:
            break
        at = line.rfind(" ", max(0, at - _LONGEST_NOUN), at)
        if OUTLETS.fullmatch(line, at + 1, end):
            first = at + 1
    return first


def _endings() -> str:
    """A pattern of the endings that names take, of all languages."""
    found = [language.case_endings for language in languages().values() if language.case_endings]
    found += [ending for language in languages().values() for ending in language.crediting.endings]
    return rf"(?:[-’'‘ʻʼ]?(?:{'|'.join(found)}))?"


def _written(agency: Agency) -> Iterable[str]:
    """The names of an agency; a short one in capitals as well."""
    names = [name for name in (agency.name, *agency.aliases) if len(name) > 1]
    capitals = [name.upper() for name in names if _is_exact(name)]
    return dict.fromkeys((*names, *capitals))


def _is_exact(name: str) -> bool:
    """Whether a name counts only as it is written: a short one, or one without letters."""
    return len(name) <= _SHORT or bool(_HAN.search(name)) or not _WORD.search(name)


def _form(name: str, agency_id: str, endings: str) -> _Name:
    """A name as it is looked for."""
    if _HAN.search(name):
        return _Name((name,), True, agency_id, re.escape(name))
    if _is_exact(name):
        return _Name((name,), True, agency_id, _whole(re.escape(name), endings))
    words = _WORD.findall(name)
    stems = [_stem(word) for word in words] if len(words) > 1 else words
    pattern = re.escape(name).replace(r"\ ", r"\s+")
    for word, stem in zip(words, stems, strict=True):
        if stem != word:
            pattern = pattern.replace(word, rf"{stem}\w{{0,4}}", 1)
    keys = tuple(stem.lower() for stem in sorted(stems, key=len, reverse=True))
    capital = f"(?={re.escape(name[0])})" if name[0].isupper() else ""
    return _Name(keys, False, agency_id, _whole(f"{capital}(?i:{pattern})", f"(?i:{endings})"))


def _whole(name: str, endings: str) -> str:
    """A pattern of a name and perhaps an ending, as words of their own."""
    return rf"(?<!\w){name}{endings}(?!\w)"


_compiled = cache(re.compile)


def _stem(word: str) -> str:
    """A word without the ending that it may change: of a longer one in Cyrillic letters, its vowels."""
    if len(word) < _INFLECTED or word[-1].lower() not in _VOWELS:
        return word
    stem = word.rstrip(_VOWELS + _VOWELS.upper())
    return word[: max(len(stem), len(word) - _LONGEST_ENDING)]
