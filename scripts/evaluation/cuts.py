"""A stream as feeds carry it: titles whole, texts cut to a summary's length.

    whole · 12 words · 25 words · 50 words · mixed (each item one of these, by its id and a salt)

Most feeds carry a title and 12 to 50 words, and of one report one feed a summary, another the whole: in a
mixed stream, pairs have one side cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from zlib import crc32

SUMMARIES = (12, 25, 50)  # words
MIXED = "mixed"
Words = int | str | None  # a number of words, MIXED, or None for whole texts
# The forms that a model is learned from; the second salt cuts other sides of the same pairs.
STREAMS: tuple[tuple[Words, str], ...] = (
    (None, ""),
    *((words, "") for words in SUMMARIES),
    (MIXED, ""),
    (MIXED, "again"),
)
_WITHOUT_SPACES = frozenset({"zh", "ja", "th"})
_CHARACTERS = 2  # that say as much as a word, in a language written without spaces


def cut(lines: Iterable[str], words: Words, salt: str = "") -> list[str]:
    """The lines of a stream (JSON), each text cut to so many words; titles and all else as they were."""
    return [line if words is None else _cut_line(line, words, salt) for line in lines]


def _cut_line(line: str, words: Words, salt: str) -> str:
    item = json.loads(line)
    length = _drawn(item["id"], salt) if words == MIXED else words
    if isinstance(length, int):
        item["text"] = _first(item["text"], length, item.get("language", ""))
    return json.dumps(item, ensure_ascii=False)


def _drawn(item_id: str, salt: str) -> Words:
    """The length of an item of a mixed stream."""
    lengths = (*SUMMARIES, None)
    return lengths[crc32(f"{item_id}{salt}".encode()) % len(lengths)]


def _first(text: str, words: int, language: str) -> str:
    if language in _WITHOUT_SPACES:
        return text[: _CHARACTERS * words]
    return " ".join(text.split()[:words])
