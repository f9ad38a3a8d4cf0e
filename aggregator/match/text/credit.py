"""Whom a text credits: the configured agencies that it names as its source, and in which words.

A name alone is no credit: "the head of Kazinform said" credits nobody. It counts

- in the forms by which sentences credit (`match.text.citation`),
- within a dateline, at the head or the end of a title, alone or in brackets at the end of the text,
- behind a label ("Source: BTA"), and in a line of agreement, which says most.

What an agency's own name says in its own text is no credit. Names are found by plain search first, so
that a text without any costs little.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aggregator.match.text.citation import cited
from aggregator.match.text.naming import OUTLETS, Mention, Names, begun
from aggregator.match.text.places import labelled, signature, title_ends
from aggregator.match.text.rules import any_of, is_agreement
from aggregator.model import Credit

LAST_LINES = 3  # a signature stands in one of these; set by hand
_SHORT = 200  # characters of a sentence that is told whole
_DISTRIBUTED = re.compile(any_of(lambda language: language.crediting.distributed), re.IGNORECASE)
# A sentence ends before a capital, and not behind an initial or an abbreviation of a letter or two.
_SENTENCE_END = re.compile(
    r"[.!?…]+[\"”“»)\]]*\s+(?=[\"„“«(\[]?[^\W_a-zа-яәіңғүұқөһўҳ])|[。!?](?=[\u4e00-\u9fff])"
)
_ABBREVIATED = re.compile(r"(?:^|\W)(?:\w|[^\W\d_][a-zа-я])$")
_SHORTEST = 3  # letters of the last word of a sentence
_BREAK = re.compile(r"[,;:]\s|\s[-–—]\s|[,;]")
_DIGIT = re.compile(r"\d")
_LONGEST_BREAK = 3
_TRIMMED = " ,;:-–—"


_Read = tuple[Credit, bool]  # a credit, and whether it may carry the report


@dataclass(frozen=True, slots=True)
class Report:
    """What credits are read from: a title and the lines of a body, cleaned of markup only."""

    title: str
    lines: Sequence[str]
    dateline: str  # as it stands in one of the lines; may be ""
    agency_id: str  # whose item it is; "" when unknown
    language: str  # "und" when unknown
    text: str = field(init=False)  # title and lines
    starts: frozenset[str] = field(init=False)  # how its words begin

    def __post_init__(self) -> None:
        """Join the lines once: names are looked for in all of them."""
        object.__setattr__(self, "text", "\n".join((self.title, *self.lines)))
        object.__setattr__(self, "starts", begun(self.text))


class Credited(NamedTuple):
    """The credits of a report, and whether one of them may carry it: "earlier" leaves that in doubt."""

    credits: tuple[Credit, ...]
    carries: bool


class Credits:
    """Reads credits by the names of the configured agencies."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def read(self, report: Report) -> Credited:
        """The credits of a report: agreement lines first, then what carries it, then background.

        Each agency stands once for each force. Every phrase is a piece of the title or of a line.
        """
        mentions = self._names.find(report.text, own_id=report.agency_id, starts=report.starts)
        found: dict[tuple[str, bool, bool], Credit] = {}
        carries = False
        for credit, may_carry in self._all(report, mentions):
            if credit.agency_id != report.agency_id:
                force = credit.agency_id, credit.agreement, credit.background
                found.setdefault(force, credit)
                carries = carries or may_carry
        ordered = sorted(found.values(), key=lambda one: (not one.agreement, one.background))
        return Credited(tuple(ordered), carries)

    def _all(self, report: Report, mentions: Sequence[Mention]) -> Iterator[_Read]:
        for line in _lines_with(report.text, mentions):
            if all(mention.agency_id == report.agency_id for mention in line.mentions):
                continue
            if is_agreement(line.words):
                if is_of_report(line.words):
                    yield from _crediting(line.mentions, line.words.strip(), agreement=True)
                continue
            yield from _in_dateline(line, report.dateline)
            marked = self._names.marked(line.words, line.mentions)
            is_last = report.text.count("\n", line.start) < LAST_LINES
            for place in crediting_places(marked, is_title=line.is_title, is_last=is_last):
                inside = [one for one in line.mentions if place[0] <= one.start < place[1]]
                whole = line.words if line.is_title else line.words[slice(*place)]
                yield from _crediting(inside, whole.strip())
            yield from self._cited(report, line, marked)

    def _cited(self, report: Report, line: Line, marked: str) -> Iterator[_Read]:
        others = [one for one in line.mentions if one.agency_id != report.agency_id]
        first = line.is_title or (bool(report.lines) and line.words == report.lines[0])
        for start, end in sentences(line.words):
            if not any(start <= one.start < end for one in others):
                continue
            is_first = first and start <= len(report.dateline)
            found = cited(marked[start:end], report.language)
            for places, background, carries in (
                (found.report, False, True),
                (found.earlier, not is_first, True),  # the first sentence is the report's own
                (found.background, True, False),
            ):
                for at, (form_start, form_end) in places.items():
                    agency_id = self._names.agency_of(marked[start + at])
                    if agency_id is not None:
                        form = start + form_start, start + form_end
                        phrase = _phrase(line.words, (start, end), form)
                        credit = Credit(agency_id=agency_id, phrase=phrase, background=background)
                        yield credit, carries


class Line(NamedTuple):
    """A line that names agencies; the places of the names are within it."""

    start: int  # in the text
    words: str
    mentions: Sequence[Mention]

    @property
    def is_title(self) -> bool:
        """Whether it is the title, with which the text begins."""
        return self.start == 0


def _lines_with(text: str, mentions: Iterable[Mention]) -> Iterator[Line]:
    """The lines of a text in which mentions stand."""
    by_line: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_line.setdefault(text.rfind("\n", 0, mention.start) + 1, []).append(mention)
    for start, those in by_line.items():
        end = text.find("\n", start)
        inside = [Mention(one.start - start, one.end - start, one.agency_id) for one in those]
        yield Line(start, text[start : end if end >= 0 else len(text)], inside)


def sentences(line: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a line begin and end."""
    start = 0
    for end in _SENTENCE_END.finditer(line):
        if _ABBREVIATED.search(line, max(start, end.start() - _SHORTEST), end.start()):
            continue
        said = line[start : end.end()]
        if all(said.count(opened) <= said.count(closed) for opened, closed in ("«»", "„“")):
            yield start, end.end()
            start = end.end()
    yield start, len(line)


def is_of_report(line: str) -> bool:
    """Whether a line of agreement is about this report, and no news of an agreement."""
    return line.lstrip()[:1] in {"(", "[", "*", "/"} or bool(_DISTRIBUTED.search(line))


def crediting_places(marked: str, *, is_title: bool, is_last: bool) -> list[tuple[int, int]]:
    """The places of a line in which a name credits by its place alone; `marked` has them marked."""
    if is_title:
        return title_ends(marked)
    return labelled(marked) or (signature(marked) if is_last else [])


def _in_dateline(line: Line, dateline: str) -> Iterator[_Read]:
    """Credits in the dateline: whoever is named there had a hand in the report.

    "The Bulgarian News Agency (BTA) opened …" has the form of one, but only tells the name.
    """
    start = line.words.find(dateline) if dateline else -1
    if start >= 0 and (_DIGIT.search(dateline) or not OUTLETS.search(dateline)):
        end = start + len(dateline)
        inside = [one for one in line.mentions if start <= one.start < end]
        yield from _crediting(inside, dateline.strip(_TRIMMED))


def _crediting(
    mentions: Iterable[Mention], phrase: str, *, agreement: bool = False
) -> Iterator[_Read]:
    for mention in mentions:
        yield Credit(agency_id=mention.agency_id, phrase=phrase, agreement=agreement), True


def _phrase(line: str, sentence: tuple[int, int], form: tuple[int, int]) -> str:
    """The whole sentence, or of a longer one the clause from its break before the form on."""
    start, end = sentence
    if end - start > _SHORT:
        breaks = [one.span() for one in _BREAK.finditer(line, start, end)]
        before = bisect_right([one[1] for one in breaks], form[0] + _LONGEST_BREAK)
        if before:
            start = breaks[before - 1][1]
        if end - start > _SHORT:
            end = next((one[0] for one in breaks if one[0] >= form[1]), end)
    return line[start:end].strip(_TRIMMED)
