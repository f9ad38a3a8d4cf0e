"""Files of JSON: ninjs, or plain objects, one a line, in an array, or one alone. Pure.

    {"id": …, "title": …, "text": …}   a plain item, as `aggregator cluster` reads it
    {"uri": …, …}                      ninjs (`ninjs`)
    {"version": "…jsonfeed…", …}       a JSON Feed (`jsonfeed`), which is a file by itself

A line that cannot be read costs that line; it is told by its number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from aggregator.errors import ParseError
from aggregator.ingest.parse import jsonfeed, ninjs
from aggregator.ingest.parse.dates import read_date
from aggregator.ingest.parse.entry import RawBody, RawEntry, language, parsed_item
from aggregator.ingest.parse.html import clean_url
from aggregator.ingest.parse.json_values import string
from aggregator.ingest.parse.repair import MAX_ITEMS
from aggregator.model import LeftOut, ParsedFeed, ParsedItem

_MAX_TOLD = 20  # bad lines that are named; the others are counted


class _Record(NamedTuple):
    """What stands in one place of a file: a value, or why there is none."""

    place: str  # "line 7"
    value: object
    problem: str = ""


def parse(text: str, *, base: str) -> ParsedFeed:
    """The items of a file. Raises ParseError where it has none, or more than MAX_ITEMS."""
    records = list(_records(text))
    if len(records) == 1 and _is_json_feed(records[0].value):
        return jsonfeed.parse(text, base=base)
    if len(records) > MAX_ITEMS:
        raise ParseError(f"has {len(records)} items, read are {MAX_ITEMS} at most; split the file")
    items, problems, formats = list[ParsedItem](), list[str](), set[str]()
    for record in records:
        found, name, problem = _read(record)
        items += found
        formats |= {name} if found else set()
        problems += [f"{record.place}: {problem}"] if problem else []
    if not items:
        raise ParseError("; ".join(_told(problems)) or "the file has no items")
    return ParsedFeed(
        format="+".join(sorted(formats)),
        items=tuple(items),
        left_out=LeftOut(broken=len(problems)),
        problems=tuple(_told(problems)),
    )


def _records(text: str) -> Iterator[_Record]:
    """The values of one document (an array's, or itself), else those of the lines."""
    try:
        whole = _decoded(text)
    except ValueError as error:
        lines = [_line(number, line) for number, line in enumerate(text.split("\n"), 1) if line]
        is_of_lines = any(isinstance(line.value, Mapping) for line in lines)
        problem = f"not JSON ({str(error)[:200]})"
        yield from lines if is_of_lines else [_Record("the file", None, problem)]
        return
    if isinstance(whole, list):
        yield from (_Record(f"item {number}", each) for number, each in enumerate(whole, 1))
    else:
        yield _Record("the file", whole)


def _line(number: int, line: str) -> _Record:
    """The object on a line; one that is indented is a part of something larger."""
    try:
        value = _decoded(line) if line.startswith("{") else None
    except ValueError as error:
        return _Record(f"line {number}", None, f"not JSON ({str(error)[:200]})")
    return _Record(f"line {number}", value)


def _decoded(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise ValueError("it nests too deep") from error


def _is_json_feed(value: object) -> bool:
    return isinstance(value, Mapping) and "jsonfeed" in str(value.get("version", ""))


def _read(record: _Record) -> tuple[list[ParsedItem], str, str]:
    """The items of a record, the name of its format, and what is wrong with it."""
    value = record.value
    if record.problem:
        return [], "", record.problem
    if not isinstance(value, Mapping):
        return [], "", "no JSON object"
    if ninjs.is_ninjs(value):
        found = [item for item in ninjs.items(value) if item is not None]
        return found, "ninjs", "" if found else "it has no words"
    if _identifier(value.get("id")) is None:
        return [], "", "neither a `uri` (ninjs) nor an `id`"
    item = _plain(value)
    return ([item], "jsonl", "") if item else ([], "", "it has neither `title` nor `text`")


def _plain(value: Mapping[str, object]) -> ParsedItem | None:
    """An object as `cluster` takes it: id, title, text, agency, language, published, url."""
    item = parsed_item(
        RawEntry(
            guid=_identifier(value.get("id")),
            link=clean_url(string(value, "url")),
            title=string(value, "title"),
            bodies=(RawBody(text=string(value, "text"), base="", is_content=True),),
            published_at=read_date(string(value, "published")),
        )
    )
    if item is None:
        return None
    spoken = language(string(value, "language"))
    return replace(item, language=spoken, agency_id=string(value, "agency") or None)


def _identifier(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return str(value) if isinstance(value, str) or abs(value) < 10**30 else None


def _told(problems: Iterable[str]) -> list[str]:
    told = list(problems)
    rest = len(told) - _MAX_TOLD
    return told if rest <= 0 else [*told[:_MAX_TOLD], f"and {rest} more"]
