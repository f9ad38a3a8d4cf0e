"""Whether a text names any source of news of the kind agencies and media are, configured or not.

    "съобщи ДПА", "according to local media", "(dpa)" in a dateline, "Source: Zarya", a pool report

It is asked before a text is said to credit nobody. Whoever is said so wrongly is wronged, so that what
is in doubt is a source: an unknown name in brackets, "the agency said". A ministry, a press service or a
person is none, nor is the agency whose text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from aggregator.languages import languages
from aggregator.match.text.citation import KNOWN, MEDIA, cited
from aggregator.match.text.credit import (
    LAST_LINES,
    Report,
    crediting_places,
    is_of_report,
    sentences,
)
from aggregator.match.text.crediting import CAPITAL, LINGUA_FRANCA, NAME_WHOLE, any_name, of_lexicon
from aggregator.match.text.naming import FILL, MARKS_BEFORE, Names, beginnings, with_mark
from aggregator.match.text.rules import any_of, is_agreement

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LABELS = 40  # characters of a line in which a label ends
_QUOTED = r"[\"“„«][^\"“”„«»]{2,40}[\"”“»]"
_QUOTED_BEFORE = re.compile(rf"{_QUOTED}\s$")
_LONGEST_NAME = 44  # characters of a quoted name and what is around it
_IN_BRACKETS = re.compile(r"[(/\[]([^()/\[\]]{2,40})[)/\]]")
_SIGNED = re.compile(rf"^[\s(/\[–—-]*({CAPITAL}[\w-]{{2,12}})[\s)/\].]*$")
_ENDS = {"END", "ENDS", "MORE", "NNNN"}  # signs of a wire that something ends
_NAME_LEFT = re.compile(rf"{CAPITAL}\w+(?![\w.])")
_LABEL = re.compile(
    rf"^\W{{0,3}}{any_of(lambda language: language.crediting.labels)}\s?[::]\s?", re.IGNORECASE
)
_CALLED = rf"(?:\s{_QUOTED}|(?:\s(?-i:{CAPITAL})[\w.-]+){{1,3}})?"


_Spans = list[tuple[int, int]]


class Removed(NamedTuple):
    """What was taken off a report: footers and agreement lines, a wire's tails, crediting clauses."""

    lines: Sequence[str]
    around: Sequence[str]
    clauses: Sequence[str]


class _Words(NamedTuple):
    """What sources are called in one language."""

    beginnings: frozenset[str]  # of names
    together: tuple[str, ...]  # names that are written together with other words
    name: re.Pattern[str]
    media: tuple[str, ...]  # how what the next fits begins
    medium: re.Pattern[str]

    def in_text(self, text: str, starts: frozenset[str]) -> tuple[list[str], list[str]]:
        """Which beginnings of names, and which of words for media, a text has."""
        folded = text.lower()
        names = [name for name in self.together if name in text]
        return [*(self.beginnings & starts), *names], [
            word for word in self.media if word in folded
        ]


class Sources:
    """Looks for sources; `names` are those of the configured agencies."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def any_in(self, report: Report, removed: Removed) -> bool:
        """Whether a report names any source that is not one of the configured agencies."""
        return (
            any(is_agreement(line) and is_of_report(line) for line in removed.lines)
            or any(not self._names.are_in(clause) for clause in removed.clauses)
            or any(self._is_signature(piece) for piece in removed.around)
            or self._in_dateline(report)
            or self._in_lines(report)
        )

    def _is_signature(self, piece: str) -> bool:
        signed = _SIGNED.match(piece)
        return bool(signed and signed[1] not in _ENDS and not self._names.are_in(piece))

    def _in_dateline(self, report: Report) -> bool:
        """Whether somebody stands in the brackets of the dateline besides the agency itself."""
        return any(
            _NAME_LEFT.search(self._names.without(piece))
            for piece in _IN_BRACKETS.findall(report.dateline)
        )

    def _in_lines(self, report: Report) -> bool:
        words = _words(report.language)
        own = self._names.own_beginnings(report.agency_id)
        begun, media = words.in_text(report.text, report.starts - own)
        lines = (report.title, *report.lines)
        if begun or media:
            last = len(lines) - LAST_LINES
            for at, line in enumerate(lines):
                named = _named(line, words, begun), _called(line, words, media)
                if any(named) and self._in_line(
                    report, line, named, is_title=not at, is_last=at >= last
                ):
                    return True
        return ":" in report.text and any(map(self._is_label, report.lines))

    def _is_label(self, line: str) -> bool:
        """Whether a line names its source behind a label, whoever that is."""
        label = _LABEL.match(line) if ":" in line[:_LABELS] else None
        return bool(label and _NAME_LEFT.search(self._names.without(line[label.end() :])))

    def _in_line(
        self,
        report: Report,
        line: str,
        named: tuple[_Spans, _Spans],
        *,
        is_title: bool,
        is_last: bool,
    ) -> bool:
        marked = self._marked(line, named)
        places = crediting_places(marked, is_title=is_title, is_last=is_last)
        begins = line.find(report.dateline) if report.dateline else -1
        if begins >= 0:
            places.append((begins, begins + len(report.dateline)))
        return any(_is_marked(marked[start:end]) for start, end in places) or any(
            _is_marked(marked[start + at])
            for start, end in sentences(marked)
            if _is_marked(marked[start:end])
            for at in _of_report(marked[start:end], report.language)
        )

    def _marked(self, line: str, named: tuple[_Spans, _Spans]) -> str:
        """A line in which all that are called sources are marked, the configured agencies first."""
        marked = self._names.marked(line, self._names.find(line))
        for spans, mark in zip(named, (KNOWN, MEDIA), strict=True):
            for start, end in spans:
                if FILL not in marked[start : end + 1] and marked[start:end] == line[start:end]:
                    marked = with_mark(marked, start, end, mark)
        return marked


def _named(line: str, words: _Words, begun: Sequence[str]) -> _Spans:
    """The places of the names of agencies and papers in a line; `begun` is how they may begin."""
    places = {
        at + len(beginning) - len(beginning.lstrip(MARKS_BEFORE))
        for beginning in begun
        for at in _places(line, beginning)
    }
    return [match.span() for at in sorted(places) if (match := words.name.match(line, at))]


def _called(line: str, words: _Words, media: Sequence[str]) -> _Spans:
    """The places of nouns for media in a line, with their names; `media` is how they begin."""
    if not media:
        return []
    folded = line.lower()
    found: _Spans = []
    for at in sorted({at for word in media for at in _places(folded, word)}):
        match = words.medium.match(line, at)
        if match and (not found or at >= found[-1][1]):
            quoted = _QUOTED_BEFORE.search(line, max(0, at - _LONGEST_NAME), at)
            found.append((quoted.start() if quoted else at, match.end()))
    return found


def _places(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _is_marked(piece: str) -> bool:
    return KNOWN in piece or MEDIA in piece


def _of_report(marked: str, language: str) -> Iterable[int]:
    """The places of the marks that a sentence credits with the report, perhaps."""
    found = cited(marked, language)
    return (*found.report, *found.earlier)


@cache
def _words(language: str) -> _Words:
    """What sources are called in a language; where it is unknown, in all. Names also in English."""
    known = languages()
    spoken = [language] if language in known else list(known)
    codes = dict.fromkeys((*spoken, LINGUA_FRANCA))
    names = [*of_lexicon(*codes), *(name for code in codes for name in known[code].crediting.wires)]
    media = [word for code in spoken for word in known[code].crediting.media]
    either = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in media)
    has_spaces = all(known[code].has_spaces for code in codes)
    name = any_name(names)
    plain = [_first_piece(word) for word in media]
    return _Words(
        frozenset(chain.from_iterable(beginnings(name.rstrip("*")) for name in names)),
        tuple(filter(_HAN.search, names)),
        re.compile(rf"(?<!\w){name}" if has_spaces else name.removesuffix(NAME_WHOLE)),
        tuple(_without_longer(plain)),
        re.compile(rf"(?i:(?<!\w)(?:{either})(?!\w){_CALLED})" if has_spaces else f"(?:{either})"),
    )


def _first_piece(phrase: str) -> str:
    """The first piece of a phrase, which is always written so."""
    return phrase.partition("*")[0]


def _without_longer(words: Iterable[str]) -> list[str]:
    """Of words those that begin with none of the others: they are in every text that has those."""
    some = set(words)
    return [word for word in some if not any(one != word and word.startswith(one) for one in some)]
