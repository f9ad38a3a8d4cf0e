"""`/stories/ID`: one story, who had it and who took it from whom, and the evidence."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from starlette.responses import RedirectResponse

from aggregator import provenance
from aggregator.errors import AggregatorError
from aggregator.model import Item, Match, Story
from aggregator.provenance import Appearance
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site, Visit, root_of

MAX_COMPARISONS = 20  # on one page; a comparison takes some milliseconds
MAX_HISTORIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCopy:
    """A copy with the full comparison behind its match, where one could be made."""

    copy: Appearance
    comparison: Match | None


def show(site: Site, visit: Visit) -> DocumentResponse | RedirectResponse:
    """The story; the id of one that was joined redirects to the present one."""
    story_id = visit.path["story_id"]
    story = site.store.story(story_id)
    if story.id != story_id:
        return RedirectResponse(f"{root_of(site.settings)}/stories/{story.id}", status_code=301)
    values = {
        "story": story,
        "headline": provenance.summary_line(story, site.agencies),
        "corrected_at": provenance.was_corrected_at(story),
        "compared_copies": _compared_copies(site, story),
        "items": {member.item.id: member.item for member in story.members},
        "related": [(related, _compare(site, related.match)) for related in story.related],
        "histories": _histories(site, story),
    }
    return site.templates.page("story.html", values, speech=visit.speech)


def _compared_copies(site: Site, story: Story) -> list[ComparedCopy]:
    return [
        ComparedCopy(
            copy=copy, comparison=_compare(site, copy.match) if at <= MAX_COMPARISONS else None
        )
        for at, copy in enumerate(provenance.tree(story))
    ]


def _compare(site: Site, match: Match | None) -> Match | None:
    """The full comparison; None where it cannot be made, and the stored evidence has to do."""
    if match is None or site.explain is None:
        return None
    with contextlib.suppress(AggregatorError):
        return site.explain(match.a, match.b)
    return None


def _histories(site: Site, story: Story) -> list[list[Item]]:
    """The revisions of each item that has more than one, oldest first."""
    revised = [member.item for member in story.members if member.item.revision > 1]
    return [site.store.revisions(item.id) for item in revised[:MAX_HISTORIES]]
