"""Labelled items, played through the matcher and the store as they were seen, and how far what is said agrees.

tests/quality/provenance.toml --> items by the time seen --> stories as `stories --json` has them
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from aggregator.config import MatchSettings
from aggregator.ingest import identity
from aggregator.match.matcher import Matcher
from aggregator.model import Agency, Feed, FeedState, ParsedItem, StoryQuery
from aggregator.placer import Placer
from aggregator.store.store import Store
from aggregator.syndicate import listing

ROOT = Path(__file__).parents[1]
Labels = dict[str, Any]


def agencies() -> list[Agency]:
    """The agencies of the demo."""
    found = yaml.safe_load((ROOT / "aggregator/demo/agencies.yaml").read_text("utf-8"))
    return [Agency(id=a["id"], name=a["name"], aliases=tuple(a["aliases"])) for a in found]


def labelled_stories(file: Path) -> list[Labels]:
    """The stories of a file of labels, each with its items."""
    stories: list[Labels] = tomllib.loads(file.read_text("utf-8"))["story"]
    return stories


def played(stories: list[Labels], store: Store) -> list[Any]:
    """What is said of the items once all were seen, each under the id of its key, in the order they were seen."""
    entries = sorted((entry for story in stories for entry in story["item"]), key=_seen_at)
    known_agencies = agencies()
    feeds = {
        f"{entry['agency']}-{entry['language']}": Feed(
            id=f"{entry['agency']}-{entry['language']}",
            url=f"https://{entry['agency']}.example/{entry['language']}",
            agency_id=entry["agency"],
            language=entry["language"],
        )
        for entry in entries
    }
    clock = [datetime(2000, 1, 1, tzinfo=UTC)]
    store.prepare()
    matcher = Matcher(MatchSettings(), known_agencies, store.fingerprints)
    placer = Placer(
        store, matcher, feeds=feeds.values(), window=timedelta(days=7), clock=lambda: clock[0]
    )
    placer.start()
    for seen_at, together in groupby(entries, key=_seen_at):
        clock[0] = seen_at
        by_feed: dict[str, list[Labels]] = defaultdict(list)
        for entry in together:
            by_feed[f"{entry['agency']}-{entry['language']}"].append(entry)
        for feed_id, held in by_feed.items():
            _store(store, placer, feeds[feed_id], held, seen_at)
        placer.place_waiting()
    return list(listing.as_json(store.stories(StoryQuery()))["stories"])  # type: ignore[arg-type]


def _seen_at(entry: Labels) -> datetime:
    return datetime.fromisoformat(entry["seen"])


def _store(
    store: Store, placer: Placer, feed: Feed, entries: list[Labels], seen_at: datetime
) -> None:
    identified = [identity.identify(feed.id, _parsed(entry)) for entry in entries]
    known = store.known(feed.id, [key for one in identified for key in one.keys])
    arrivals = identity.arrivals(
        feed, identified, known, language=None, now=seen_at, previous_poll_at=None
    )
    state = FeedState(feed_id=feed.id, url=feed.url, configured_url=feed.url, next_due_at=seen_at)
    store.save_polls([state], [placer.fingerprint(arrival) for arrival in arrivals])


def _parsed(entry: Labels) -> ParsedItem:
    key = entry.get("revises") or entry["key"]
    published = entry["published"]
    return ParsedItem(
        guid=key,
        link=f"https://{entry['agency']}.example/{key}",
        title=entry["title"],
        html="",
        text=entry["text"].strip(),
        is_whole=entry["delivery"] != "summary",
        published_at=datetime.fromisoformat(published) if published else None,
    )


# ---------------------------------------------------------------------------------------- comparison


@dataclass
class Tally:
    """How many statements of each sort were made, and those that are not as labelled."""

    made: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, sort: str, said: object, right: object, of: str) -> None:
        """Count a statement; `right` may be a list of what is right."""
        self.made[sort] += 1
        if said not in (right if isinstance(right, list) else [right]):
            self.wrong[sort].append(f"{of}: {said!r}, not {right!r}")

    def share(self, sort: str) -> float:
        """The share of the statements of a sort that are as labelled."""
        return 1 - len(self.wrong[sort]) / self.made[sort]

    def __str__(self) -> str:
        lines = []
        for sort, made in self.made.items():
            lines.append(f"{sort} {made - len(self.wrong[sort])}/{made} {self.share(sort):.3f}")
            lines += [f"    {one}" for one in self.wrong[sort]]
        return "\n".join(lines)


def compare(stories: list[Any], labels: list[Labels]) -> Tally:
    """The statements about items whose guid is their key, against their labels."""
    tally = Tally()
    said = {_key(item): item for story in stories for item in story["items"]}
    keys = {item["id"]: key for key, item in said.items()}
    homes = {_key(item): story for story in stories for item in story["items"]}
    for story in labels:
        entries = [entry for entry in story["item"] if not entry.get("revises")]
        later = {e["revises"]: e["corrects"] for e in story["item"] if e.get("revises")}
        held = {homes[entry["key"]]["id"] for entry in entries}
        tally.note("one story", len(held), 1, story["name"])
        lead = homes[story["lead"]]
        tally.note("origin", lead["origin"], story["origin"], story["name"])
        tally.note("lead", keys[lead["lead"]], story["lead"], story["name"])
        tally.note("killed", lead["killed_at"] is not None, story["killed"], story["name"])
        for entry in entries:
            corrects = later.get(entry["key"], entry["corrects"])
            _compare_item(tally, said[entry["key"]], entry | {"corrects": corrects}, keys)
    return tally


def _compare_item(
    tally: Tally, said: Mapping[str, Any], label: Labels, keys: Mapping[str, str]
) -> None:
    key = label["key"]
    parent = keys.get(said["parent"], "")
    tally.note("parent", parent, [label["parent"], *label.get("parents_too", ())], key)
    if parent == label["parent"]:
        tally.note("kind", said["kind"] or "", label["kind"], key)
    tally.note("credits", _credits(said["credits"]), _credits(label["credits"]), key)
    tally.note("credit", str(said["credit"] or ""), label["credit"], key)
    tally.note("edition", said["edition"], label["edition"], key)
    tally.note("stale", said["stale"], label["stale"], key)
    tally.note("superseded", keys.get(said["superseded_by"], ""), label["superseded_by"], key)
    corrects = [[pair["old"], pair["new"]] for pair in said["corrects"]]
    tally.note("corrects", bool(corrects), bool(label["corrects"]), key)
    if label["corrects"]:
        tally.note("facts", str(corrects), str([list(p) for p in label["corrects"]]), key)


def _credits(found: list[Any]) -> str:
    named = {
        (one["agency"], one.get("agreement", False), one.get("background", False)) for one in found
    }
    return str(sorted(named))


def _key(item: Mapping[str, Any]) -> str:
    return str(item["link"]).rpartition("/")[2]
