"""Where a name credits by its place alone: at the ends of a title, behind a label, in a signature.

    "АЗЕРТАДЖ: …", "… – BTA", "… (БТА)"      a title
    "Source: BTA", "Източник: Казинформ"      a line behind a label (of a photo's source it says nothing)
    "/БТА/", "… was opened. (BTA, Kazinform)" the end of a report

All take lines in which names are marked (`match.text.naming`) and give the places of what credits.
"""

from __future__ import annotations

import re

from aggregator.match.text.citation import MARKED
from aggregator.match.text.rules import any_of

_CONJUNCTIONS = any_of(lambda language: language.conjunctions)
_NAME = rf"[\"“„«]?{MARKED}[\"”“»]?"
_NAMES = rf"{_NAME}(?:\s?(?:[-–—/,;&]|\s{_CONJUNCTIONS}\s)\s?{_NAME})*"
_INITIALS = r"(?:\s?[/,-]\s?[^\W\d_]{1,3}\.?){0,3}"
_TITLE = re.compile(
    rf"^(?i:{_NAMES})\s?[::]\s?\S|\s[-–—|]\s(?i:{_NAMES})\s*$|[(/\[](?i:{_NAMES})[)/\]]\s*$"
)
_LABELLED = re.compile(
    rf"^\W{{0,3}}{any_of(lambda language: language.crediting.labels)}\s?[::]\s?{_NAMES}"
    rf"|^[(/\[【]{_NAMES}[)/\]】](?=\s?\w)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    rf"(?:^|(?<=[.!?。…\"”“»)/\]])\s?)(?i:"
    rf"[(/\[]{{1,2}}{_NAMES}{_INITIALS}[)/\]]{{1,2}}{_INITIALS}/?|[-–—]\s?{_NAMES})[.*]?\s*$"
    rf"|^(?i:{_NAMES})[.*]?\s*$"
    rf"|(?<=[^\W_A-ZА-Я]\s)\((?i:{_NAMES})\)\.?\s*$"
)
_TAIL = 120  # characters of a line in which a signature stands
MARK = re.compile(MARKED)


def title_ends(marked: str) -> list[tuple[int, int]]:
    """The places at the ends of a title that name its source."""
    return [place.span() for place in _TITLE.finditer(marked)]


def labelled(marked: str) -> list[tuple[int, int]]:
    """The place of names at the beginning of a line, in brackets or behind a label."""
    place = _LABELLED.match(marked)
    return [place.span()] if place else []


def signature(marked: str) -> list[tuple[int, int]]:
    """The place of a signature at the end of a line."""
    place = _SIGNATURE.search(marked, max(0, len(marked) - _TAIL))
    return [place.span()] if place else []
