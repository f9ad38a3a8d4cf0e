"""Stories as the JSON other programs read: `stories --json`, `dupes --json`, `_aggregator` in JSON Feed.

The keys of an item up to `credited` are a contract and never change; the rest were added later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from aggregator import provenance
from aggregator.model import Credit, Enclosure, Item, Match, Related, Story
from aggregator.syndicate import safe

Json: TypeAlias = Mapping[str, "Json"] | list["Json"] | str | int | float | bool | None


def as_json(stories: Iterable[Story]) -> dict[str, Json]:
    """The stories as `{"stories": [...]}`, in the order given; times are RFC 3339 in UTC."""
    return {"stories": [story_as_json(story) for story in stories]}


def story_as_json(story: Story) -> dict[str, Json]:
    """One story: `lead` is an item's id, `origin` an agency's."""
    lead = story.lead
    return {
        "id": story.id,
        "title": lead.title,
        "link": _link(lead),
        "lead": story.lead_id,
        "origin": story.origin_id,
        "first_seen_at": provenance.rfc3339(story.first_seen_at),
        "updated_at": provenance.rfc3339(provenance.updated_at(story)),
        "published_at": provenance.rfc3339(story.published_at),
        "killed_at": _time(story.killed_at),
        "items": [_appearance_as_json(each) for each in provenance.appearances(story)],
        "related": [_related_as_json(related) for related in story.related],
    }


def _appearance_as_json(appearance: provenance.Appearance) -> dict[str, Json]:
    item, lineage = appearance.item, appearance.lineage
    return {
        "id": item.id,
        "agency": item.agency_id,
        "feed": item.feed_id,
        "language": item.language,
        "title": item.title,
        "link": _link(item),
        "published_at": _time(item.published_at),
        "seen_at": _time(item.seen_at),
        "kind": appearance.kind,
        "score": _score(appearance.match),
        "credited": appearance.credited,
        "reported_at": _time(item.reported_at),
        "lag_seconds": int(appearance.since_first.total_seconds()),
        "revision": item.revision,
        "rule": appearance.match.evidence.rule if appearance.match else None,
        "reason": appearance.match.evidence.reason if appearance.match else None,
        "parent": appearance.parent.id if appearance.parent else None,
        "lag_s": int(appearance.lag.total_seconds()) if appearance.lag is not None else None,
        "undecided": lineage.is_undecided,
        "credits": [_credit_as_json(credit) for credit in provenance.credits_of(item)],
        "credit": appearance.credit,
        "edition": lineage.is_edition,
        "stale": lineage.is_stale,
        "superseded_by": lineage.superseded_by,
        "enclosures": [
            _enclosure_as_json(file) for file in item.enclosures if safe.address(file.url)
        ],
        "corrects": [{"old": pair.old, "new": pair.new} for pair in lineage.corrects],
    }


def _enclosure_as_json(file: Enclosure) -> dict[str, Json]:
    return {"url": file.url, "media_type": file.media_type or None, "length": file.length}


def _credit_as_json(credit: Credit) -> dict[str, Json]:
    return {
        "agency": credit.agency_id,
        "phrase": credit.phrase,
        "agreement": credit.agreement,
        "background": credit.background,
    }


def _related_as_json(related: Related) -> dict[str, Json]:
    return {
        "story": related.story_id,
        "title": related.title,
        "agency": related.agency_id,
        "language": related.language,
        "reported_at": _time(related.reported_at),
        "score": _score(related.match),
        "rule": related.match.evidence.rule,
        "reason": related.match.evidence.reason,
    }


def _link(item: Item) -> str | None:
    """The item's address as its feed gave it, if it may be published."""
    return item.link if safe.address(item.link) else None


def _score(match: Match | None) -> float | None:
    return round(match.score, 4) if match else None


def _time(at: datetime | None) -> str | None:
    return provenance.rfc3339(at) if at else None
