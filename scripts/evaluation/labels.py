"""Labelled items: the input of `cluster`, and for each id the story it truly belongs to."""

from __future__ import annotations

import gzip
import json
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
