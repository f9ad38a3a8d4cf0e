"""An item becomes a text: its own words, without what agencies and sites write around them.

NFKC -> lines -> footers, bylines, agreement lines, notes on corrections off -> wire headers and tails off
     -> dateline off -> crediting clauses cut -> one script -> Text
Credits are read from everything; what is taken off is kept in `Text.removed`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from aggregator.match.corrections.notice import bare, notice, take_notes
from aggregator.match.text.boilerplate import Boilerplate
from aggregator.match.text.credit import Credits, Report
from aggregator.match.text.crediting import CreditingClauses
from aggregator.match.text.language import language
from aggregator.match.text.letters import one_script
from aggregator.match.text.naming import Names
from aggregator.match.text.rules import (
    dateline,
    is_agreement,
    is_footer,
    is_name_of_file,
)
from aggregator.match.text.source import Removed, Sources
from aggregator.match.text.wire import take_wire
from aggregator.model import Agency, Item, Notice, Text

_LEARNED_LINES = 120  # first lines of a text that are learned from
# Soft hyphens, joiners, marks of direction: set within words and figures, and no part of them.
_INVISIBLE = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_RULED_LINES = 60  # lines at either end that rules look at; the middle of a longer text is its own


class Reader:
    """Reads items, and learns from them which lines their feeds repeat."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        names = Names(agencies)
        self._credits = Credits(names)
        self._sources = Sources(names)
        self._crediting = CreditingClauses(agencies)
        self._boilerplate = Boilerplate()
        self._names = {agency.id: (agency.name, *agency.aliases) for agency in agencies}

    def read(self, item: Item) -> Text:
        """The cleaned words of an item."""
        title, body = _normalised(item.title), _normalised(item.longest_text)
        if not body.strip() and is_name_of_file(title):
            title = ""  # what an item without words is called says nothing of it
        lines = [line for line in map(str.strip, body.splitlines()) if line]
        own, removed = _separate(
            lines, self._boilerplate.observe(item.feed_id, lines[:_LEARNED_LINES])
        )
        said = notice(title, lines, self._names.get(item.agency_id, ()))
        own, notes = take_notes(own) if said is Notice.CORRECTION else (own, [])
        own, around = take_wire(own)
        cut = _take_dateline(own)
        clauses = self._crediting.take_from(own)
        spoken = language(item.language, f"{title} {body}")
        own_title = self._crediting.bare_title(bare(title))
        compared_title, compared_body = one_script(spoken, own_title, "\n\n".join(own))
        report = Report(title, lines, cut, item.agency_id, spoken)
        credited = self._credits.read(report)
        return Text(
            title=compared_title,
            body=compared_body,
            language=spoken,
            dateline=cut,
            credits=credited.credits,
            names_source=credited.carries
            or self._sources.any_in(report, Removed(removed, around, clauses)),
            removed=(*removed, *notes, *around, *clauses, *_placeholder(item)),
            notice=said,
        )


def _separate(lines: Sequence[str], repeated: Sequence[bool]) -> tuple[list[str], list[str]]:
    """The lines of the report, and the others."""
    own: list[str] = []
    removed: list[str] = []
    for at, line in enumerate(lines):
        ruled = at < _RULED_LINES or at >= len(lines) - _RULED_LINES
        is_foreign = ruled and (
            (at < len(repeated) and repeated[at]) or is_footer(line) or is_agreement(line)
        )
        (removed if is_foreign else own).append(line)
    return own, removed


def _placeholder(item: Item) -> tuple[str, ...]:
    """What stands in for an item's text."""
    text = item.longer_text
    return (text,) if item.is_placeholder and text else ()


def _normalised(text: str) -> str:
    """NFKC without invisible characters; an acute accent that stands for an apostrophe (o´z) would become a space."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.replace("´", "’")))


def _take_dateline(lines: list[str]) -> str:
    """Cut the dateline from the first line that is long enough to have one; what was cut."""
    for at, line in enumerate(lines[:2]):
        end = dateline(line)
        if end:
            lines[at] = line[end:]
            return line[:end].strip()
    return ""
