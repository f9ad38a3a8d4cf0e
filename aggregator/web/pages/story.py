"""`/stories/ID`: one story: who had it, who took it from whom, what it says, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from aggregator import filters, provenance
from aggregator.model import Item, Member, Notice, Replacement, Story
from aggregator.preference import original, preferred
from aggregator.provenance import differences
from aggregator.provenance.differences import Piece, Version
from aggregator.web.charts.timeline import timeline
from aggregator.web.response import REVALIDATE, DocumentResponse
from aggregator.web.site import Site, Visit, root_of

MAX_HISTORIES = 20  # items whose earlier versions are shown
MAX_VERSIONS = 10  # changes of each, the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What an agency changed from one version of an item to the next, or from an item to its correction."""

    before: Item
    after: Item
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]

    @classmethod
    def of(cls, before: Item, after: Item) -> Revised:
        """The two versions compared."""
        return cls(
            before=before,
            after=after,
            title=differences.differences(before.title, after.title),
            text=differences.differences(before.text, after.text),
        )

    @property
    def text_around_changes(self) -> tuple[Piece, ...]:
        """The changes of the text with some words around them; () where it is as it was."""
        has_changed = any(piece.version is not Version.BOTH for piece in self.text)
        return differences.around_changes(self.text) if has_changed else ()

    @property
    def is_visible(self) -> bool:
        """Whether a word differs."""
        return any(piece.version is not Version.BOTH for piece in (*self.title, *self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The changes of an item, oldest first, and the facts that they replaced."""

    item: Item
    facts: tuple[Replacement, ...]
    changes: tuple[Revised, ...]


def show(site: Site, visit: Visit) -> DocumentResponse | RedirectResponse:
    """The story; the id of one that was joined redirects to the present one."""
    wanted, _ = filters.parse(visit.query, known=site.known, allowed=("prefer",))
    story = site.store.story(visit.path["story_id"])
    if story.id != visit.path["story_id"]:
        query = f"?{urlencode(wanted.pairs)}" if wanted.pairs else ""
        address = f"{root_of(site.settings)}/stories/{story.id}{query}"
        # Whoever undoes the joining finds the old story again, whatever the browser has seen.
        return RedirectResponse(address, status_code=301, headers={"cache-control": REVALIDATE})
    shown = preferred(story, wanted.prefer or filters.default_preference(site.settings))
    values = {
        "story": story,
        "shown": shown.lead,
        "original": original(shown),
        "languages": _languages(site, story),
        "timeline": timeline(story) if len(story.members) > 1 else None,
        "chart_zone": str(site.settings.server.timezone or UTC),
        "corrected_at": provenance.was_corrected_at(story),
        "withdrawn_at": provenance.was_withdrawn_at(story),
        "tree": provenance.tree(story),
        "corrections": list(_corrections(site, story)),
    }
    return site.templates.page("story.html", values, speech=visit.speech)


def _languages(site: Site, story: Story) -> list[str]:
    """The languages in which the story can be read, as they came."""
    found = dict.fromkeys(member.item.language for member in story.members if member.item.language)
    known = site.known.languages
    return [code for code in found if not known or code in known]


def _corrections(site: Site, story: Story) -> Iterator[Corrected]:
    """The items that have an earlier version, or stand in the place of an earlier item."""
    items = {member.item.id: member.item for member in story.members}
    replaced: dict[str, list[Item]] = {}
    for member in story.members:
        if (later := member.lineage.superseded_by) in items:
            replaced.setdefault(later, []).append(member.item)
    changed = [each for each in story.members if each.item.revision > 1 or each.item.id in replaced]
    for member in changed[:MAX_HISTORIES]:
        changes = _changes(site, member, replaced.get(member.item.id, []))
        if member.lineage.corrects or changes:
            yield Corrected(item=member.item, facts=member.lineage.corrects, changes=changes)


def _changes(site: Site, member: Member, replaced: list[Item]) -> tuple[Revised, ...]:
    item = member.item
    versions = site.store.revisions(item.id)[-MAX_VERSIONS:] if item.revision > 1 else [item]
    pairs = [
        *((each, versions[0]) for each in replaced if each.language == item.language),
        *pairwise(versions),
    ]
    if item.notice is Notice.KILL:  # which says nothing in the place of the report
        return ()
    revised = (Revised.of(before, after) for before, after in pairs)
    return tuple(each for each in revised if each.is_visible)
