"""`/corrections`: what was corrected or withdrawn, by whom, and who still carries the old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator import filters, provenance
from aggregator.model import Item, Member, Replacement, Story
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit
from aggregator.web.spans import CHOICES, asked_span

DEFAULT = "30d"
ROWS = 50  # stories
_LOOKED_AT = 200  # of them, where only those of an agency are wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An item that corrects facts, of itself as it was or of an earlier one; none where they are not known."""

    item: Item
    facts: tuple[Replacement, ...]

    @property
    def made_at(self) -> datetime:
        """When it was made, as far as is known."""
        return provenance.stated_at(self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A story with its corrections, the latest first, and the copies that still carry the old."""

    story: Story
    corrections: list[Correction]
    stale: list[Item]

    @property
    def withdrawn_at(self) -> datetime | None:
        """When its origin withdrew it; None where it did not."""
        return provenance.was_withdrawn_at(self.story)


def show(site: Site, visit: Visit) -> DocumentResponse:
    """The stories that were corrected or withdrawn in a span of time, the latest correction first."""
    wanted, _ = filters.parse(visit.query, known=site.known, allowed=("since", "agency"))
    asked = asked_span(wanted, site.clock(), default=DEFAULT)
    limit = _LOOKED_AT if wanted.agency else ROWS
    found = site.store.corrections(asked.span.since_at, limit=limit + 1)
    rows = [corrected(story) for story in found if _has(story, wanted.agency)]
    values = {
        "asked": asked,
        "choices": CHOICES,
        "agency": wanted.agency,
        "agencies": site.settings.agencies,
        "rows": rows[:ROWS],
        "has_more": len(found) > limit or len(rows) > ROWS,
        "known": site.agencies,
    }
    return site.templates.page("corrections.html", values, speech=visit.speech)


def corrected(story: Story) -> Corrected:
    """What of a story was corrected, and who still carries the old. Pure."""
    corrections = [
        Correction(item=member.item, facts=member.lineage.corrects)
        for member in story.members
        if provenance.corrects(member.item, member.lineage)
    ]
    return Corrected(
        story=story,
        corrections=sorted(corrections, key=lambda each: each.made_at, reverse=True),
        stale=_stale(story.members),
    )


def _stale(members: Sequence[Member]) -> list[Item]:
    return [member.item for member in members if member.lineage.is_stale]


def _has(story: Story, agency_id: str | None) -> bool:
    """Whether an agency has an item of the story; any story for None."""
    return agency_id is None or any(each.item.agency_id == agency_id for each in story.members)
