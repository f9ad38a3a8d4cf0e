"""Which item of an agency corrects or withdraws which of its earlier ones, and the facts it replaced.

The items of one agency in one language are versions of its report, each of the one before. A version
corrects where it says so, or replaces a fact in a sentence otherwise kept; else it is an update, by
which nothing becomes stale. A correction may also be a revision of the item itself (`Item.corrects`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from aggregator.match.corrections.notice import bare, take_notes
from aggregator.match.corrections.replaced import replaced
from aggregator.model import Item, Notice, Replacement, Text

Versions = list[Item]
_REMEMBERED_LENGTH = 20_000  # characters of each text; set by hand: reports have a fifth of it


class Correction(NamedTuple):
    """A version that corrects an earlier one; `corrected` is None where it is a revision of itself."""

    item: Item
    corrected: Item | None
    replacements: tuple[Replacement, ...]
    present: Item  # the latest version, whose facts stand


class Withdrawal(NamedTuple):
    """A notice that kills an earlier item; `withdrawn` is the item itself where that is what says so."""

    item: Item
    withdrawn: Item


def are_versions(one: Item, other: Item) -> bool:
    """Whether two items of a story are versions of one agency's report in one language."""
    return (one.agency_id, one.language) == (other.agency_id, other.language)


def versions_of(items: Sequence[Item]) -> list[Versions]:
    """The items by agency and language, in their order."""
    found: defaultdict[tuple[str, str | None], Versions] = defaultdict(list)
    for item in items:
        found[item.agency_id, item.language].append(item)
    return list(found.values())


def corrections_in(versions: Versions) -> list[Correction]:
    """The corrections among the versions of one agency's report, the earliest first."""
    reports = [item for item in versions if item.notice is not Notice.KILL]
    found = []
    for before, item in zip([None, *reports], reports, strict=False):
        if item.corrects or (item.notice is Notice.CORRECTION and item.revision > 1):
            found.append(Correction(item, None, item.corrects, reports[-1]))
        if before is not None:
            facts = _replaced_by(before, item)
            if facts or item.notice is Notice.CORRECTION:
                found.append(Correction(item, before, facts, reports[-1]))
    return found


def withdrawals_in(versions: Versions) -> list[Withdrawal]:
    """The kills among the versions of one agency's report."""
    found, report = [], None
    for item in versions:
        if item.notice is not Notice.KILL:
            report = item
        elif report is not None:
            found.append(Withdrawal(item, report))
        elif item.revision > 1 or item.stated_notice is Notice.KILL:
            found.append(Withdrawal(item, item))
    return found


def text_of(item: Item) -> Text:
    """An item's words as they stand, but for what only says that it corrects: that has the old facts too."""
    body = item.longest_text
    if item.notice is Notice.CORRECTION:
        lines, _ = take_notes([line for line in body.splitlines() if line.strip()])
        body = "\n\n".join(lines)
    return Text(title=bare(item.title), body=body, language=item.language or "und")


def replaced_by_revision(former: Item, revised: Item) -> tuple[Replacement, ...]:
    """The facts that a revision of an item replaced, which were not replaced before."""
    return tuple(pair for pair in _replaced_by(former, revised) if pair not in former.corrects)


def _replaced_by(before: Item, after: Item) -> tuple[Replacement, ...]:
    size = max(len(before.text), len(after.text), len(before.full_text), len(after.full_text))
    return (_replaced if size <= _REMEMBERED_LENGTH else _replaced.__wrapped__)(before, after)


@lru_cache(
    maxsize=512
)  # a story is summarised anew with each of its copies; an entry holds two texts
def _replaced(before: Item, after: Item) -> tuple[Replacement, ...]:
    is_marked = after.notice is Notice.CORRECTION
    return replaced(text_of(before), text_of(after), is_marked=is_marked)
