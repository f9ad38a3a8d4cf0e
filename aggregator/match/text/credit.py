"""Who a text says it comes from: agency names in the places where agencies are credited.

A name alone is no credit: "Kazinform's building" credits nobody. It counts next to a word of
reporting, within a dateline, at the head of a title, and in a line of agreement, which is the last
and says most. Names are found by plain search first, so that a text without any costs little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aggregator.match.text.rules import any_of, is_agreement
from aggregator.model import Agency, Credit

_NEAR = 60  # characters on either side of a name in which a word of reporting counts; set by hand
# Beginnings of words of reporting: at the start of a word where a language writes words apart.
_CITING = re.compile(
    rf"\b{any_of(lambda language: language.citing if language.has_spaces else ())}"
    rf"|{any_of(lambda language: () if language.has_spaces else language.citing)}",
    re.IGNORECASE,
)
_Name = tuple[str, str, re.Pattern[str]]  # case folded, of which agency, as a word of its own
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Credits:
    """Reads credits by the names of the configured agencies."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        self._names = [
            (name.casefold(), agency.id, _whole(name))
            for agency in agencies
            for name in dict.fromkeys((agency.name, *agency.aliases))
            if len(name) > 1
        ]

    def read(
        self, title: str, lines: Sequence[str], datelines: Sequence[str]
    ) -> tuple[Credit, ...]:
        """The credits of a text, agreement lines first, each agency once for each force."""
        folded = "\n".join((title, *lines)).casefold()
        names = [entry for entry in self._names if entry[0] in folded]
        if not names:
            return ()
        found: dict[tuple[str, bool], Credit] = {}
        for line in (title, *lines):
            for credit in _in_line(
                line, names, in_dateline=line in datelines, is_title=line is title
            ):
                found.setdefault((credit.agency_id, credit.agreement), credit)
        return tuple(sorted(found.values(), key=lambda credit: not credit.agreement))


def _in_line(
    line: str, names: Sequence[_Name], *, in_dateline: bool, is_title: bool
) -> Iterable[Credit]:
    folded = line.casefold()
    for name, agency_id, whole in names:
        place = whole.search(line) if name in folded else None
        if not place:
            continue
        agreement = is_agreement(line)
        heads_title = is_title and line[place.end() : place.end() + 1] == ":"
        if agreement or in_dateline or heads_title or _is_cited(line, place):
            phrase = line.strip() if agreement else _phrase(line, place)
            yield Credit(agency_id=agency_id, phrase=phrase, agreement=agreement)


def _whole(name: str) -> re.Pattern[str]:
    """A name as a word of its own, in any case; a short one only as it is written (ИТА, AA)."""
    escaped = re.escape(name)
    flags = re.IGNORECASE if len(name) > 4 else re.NOFLAG
    return re.compile(escaped if _HAN.search(name) else rf"(?<!\w){escaped}(?!\w)", flags)


def _is_cited(line: str, name: re.Match[str]) -> bool:
    around = (
        line[max(0, name.start() - _NEAR) : name.start()],
        line[name.end() : name.end() + _NEAR],
    )
    return any(_CITING.search(side) for side in around)


def _phrase(line: str, name: re.Match[str]) -> str:
    """The words around a name, cut at word boundaries."""
    start, end = max(0, name.start() - _NEAR), min(len(line), name.end() + _NEAR)
    before = line[start : name.start()]
    after = line[name.end() : end]
    if start and " " in before:
        before = "…" + before.partition(" ")[2]
    if end < len(line) and " " in after:
        after = after.rpartition(" ")[0] + "…"
    return (before + name.group() + after).strip()
