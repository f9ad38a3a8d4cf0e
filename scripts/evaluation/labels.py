"""Labelled items: the input of `cluster`, and for each id the story it truly belongs to.

Made-up wires are labelled item by item (`read_labels`), real news pair by pair. `read_truth` reads both: what
it gives says of two items whether they are one report, or that nobody knows.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Label(NamedTuple):
    """What is known of an item: its true story, what it is, and how it was edited."""

    story: str
    kind: str
    edits: tuple[str, ...]


def read_lines(path: Path) -> list[str]:
    """The lines of a file, unpacked if its name ends in .gz."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    return [line for line in text.splitlines() if line.strip()]


def read_labels(path: Path) -> dict[str, Label]:
    """The labels by item id."""
    records = map(json.loads, read_lines(path))
    return {
        record["id"]: Label(
            str(record["cluster"]),
            ":".join(filter(None, (record.get("kind", ""), record.get("fam", "")))),
            tuple(record.get("ed", ())),
        )
        for record in records
    }


class Truth(NamedTuple):
    """What is known of a stream's items, and of pairs of them where not all are known."""

    labels: Mapping[str, Label]  # by item id; an item of no labelled pair has none
    pairs: Mapping[frozenset[str], bool] | None  # None: all items are labelled

    def story(self, item_id: str) -> str:
        """The story of an item: its own where nothing is known of it."""
        return self.labels[item_id].story if item_id in self.labels else item_id

    def family(self, item_id: str) -> str:
        """What an item shares its form with: the reports of its template, else of its story."""
        label = self.labels.get(item_id)
        return label.kind if label and ":" in label.kind else self.story(item_id)

    def are_same(self, a: str, b: str) -> bool | None:
        """Whether two items are one report; None where that is not known."""
        if self.pairs is None:
            return self.story(a) == self.story(b)
        return self.pairs.get(frozenset((a, b)))


def read_truth(path: Path) -> Truth:
    """The labels of a file, of items (`id`, `cluster`) or of pairs (`a`, `b`, `label`: dup or different)."""
    records = [json.loads(line) for line in read_lines(path)]
    if not records or "cluster" in records[0]:
        return Truth(read_labels(path), None)
    known = {"dup": True, "different": False}
    pairs = {
        frozenset((record["a"], record["b"])): known[record["label"]]
        for record in records
        if record["label"] in known
    }
    return Truth(_stories(pairs), pairs)


def _stories(pairs: Mapping[frozenset[str], bool]) -> dict[str, Label]:
    """The items of pairs that are one report, each with its story: what such pairs connect."""
    stories: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for pair in (sorted(ids) for ids, same in pairs.items() if same):
        ours, theirs = (stories.setdefault(item, item) for item in pair)
        for item in pair:
            members.setdefault(stories[item], [item])
        if ours != theirs:
            stories |= dict.fromkeys(members[theirs], ours)
            members[ours] += members.pop(theirs)
    return {item: Label(story, "", ()) for item, story in stories.items()}
