"""`feeds import`: what was added, what was there, and what was left out and why, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.cli import console
from aggregator.model import Feed
from aggregator.syndicate.opml import LeftOut, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the outlines of a file: `known` are feeds that were configured already."""

    added: Sequence[Feed]
    known: Sequence[Feed]
    left_out: Sequence[LeftOut]


def left_out(wanted: Sequence[Subscription], allowed: Sequence[Subscription]) -> list[LeftOut]:
    """Those of the wanted that the configuration does not allow."""
    reason = "is a folder that fetch.allow_directories does not name"
    return [
        LeftOut(title=one.title, url=one.url, reason=reason) for one in wanted if one not in allowed
    ]


def as_json(imported: Imported) -> dict[str, object]:
    """All of it; `title` and `url` of what was left out are as the file has them, "" where it has none."""
    return {
        "added": [_feed(feed) for feed in imported.added],
        "already_configured": [_feed(feed) for feed in imported.known],
        "left_out": [
            {"title": each.title, "url": each.url, "reason": each.reason}
            for each in imported.left_out
        ],
    }


def print_imported(imported: Imported) -> None:
    """The added feeds on stdout, a line each; what was left out, and the counts, on stderr."""
    for feed in imported.added:
        console.print_line(f"{feed.id} of {feed.agency_id}: {feed.url}")
    for each in imported.left_out:
        name = f"'{each.title}'" if each.title else "an outline without a name"
        console.print_note(f"Left out: {name}{f' ({each.url})' if each.url else ''} {each.reason}.")
    count = f"{console.pluralize(len(imported.added), 'feed')} added"
    left_out = f", {len(imported.left_out)} left out" if imported.left_out else ""
    console.print_note(f"{count}, {len(imported.known)} already configured{left_out}.")


def _feed(feed: Feed) -> dict[str, str | None]:
    return {
        "id": feed.id,
        "agency": feed.agency_id,
        "url": feed.url,
        "language": feed.language,
    }
