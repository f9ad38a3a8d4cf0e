"""ninjs, the JSON of news agencies, in its versions 1, 2 and 3 (https://iptc.org/std/ninjs/). Pure.

    1.x   versioncreated  headline headline_x  body_xhtml   renditions {name: {…}}  subject    byline
    2.x   versioncreated  headlines [{value}]  bodies [{…}] renditions [{name, …}]  subjects   by
    3.x   versionCreated  the same, in camel case

All keys are read in lower case, so that one reading does for the three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aggregator.ingest.parse.entry import RawBody
from aggregator.ingest.parse.json_values import string
from aggregator.ingest.parse.wire import PICTURED, WireEntry, enclosure, wire_item
from aggregator.model import Enclosure, ParsedItem

_Object = Mapping[str, object]

_TOPICS = "subject subjects keyword keywords place places person people organisation organisations event events"
_MARKUP_TYPES, _PLAIN_TYPES = ("html", "xml"), ("plain",)
_MARKUP_NAMES, _PLAIN_NAMES = ("html", "richtext"), ("text", "plain")  # parts of a key: body_xhtml
_CAPTIONS = ("caption", "credit")  # of pictures: never the text
_PARTIAL = {"incomplete", "partial", "associated"}
_MAX_ASSOCIATIONS, _MAX_DEPTH = 50, 3
_PAGE_ROLES = ("url", "link", "web", "permalink", "canonical", "page")


def is_ninjs(document: _Object) -> bool:
    """Whether an object is a ninjs item: it has a `uri`, or names its standard."""
    standard = document.get("$standard") or document.get("standard")
    named = string(_lower(standard), "name") if isinstance(standard, Mapping) else ""
    return "ninjs" in named.lower() or isinstance(document.get("uri"), str)


def items(document: _Object, depth: int = 0) -> Iterator[ParsedItem | None]:
    """The item of a ninjs object, then those of its associations that are reports themselves.

    None stands for one without words.
    """
    values = _lower(document)
    yield wire_item(_entry(values))
    if depth < _MAX_DEPTH:
        for associated in _associations(values):
            if is_ninjs(associated) and _is_report(_lower(associated)):
                yield from items(associated, depth + 1)


def _entry(values: _Object) -> WireEntry:
    return WireEntry(
        guid=string(values, "uri") or None,
        links=(*_page_ids(values), string(values, "uri")),
        headlines=_headlines(values),
        bodies=_bodies(values),
        version_created=string(values, "versioncreated"),
        first_created=string(values, "firstcreated") or string(values, "contentcreated"),
        status=string(values, "pubstatus"),
        embargo=_embargo(values),
        language=string(values, "language"),
        authors=(string(values, "byline") or string(values, "by"),),
        categories=_topics(values),
        enclosures=_enclosures(values),
        is_whole=string(values, "representationtype") not in _PARTIAL and any(_contents(values)),
    )


def _headlines(values: _Object) -> Iterator[str]:
    """The main headline, then the others, then the name by which editors know the item."""
    yield string(values, "headline")
    listed = [_lower(each) for each in _objects(values.get("headlines"))]
    listed.sort(key=lambda each: string(each, "role") not in {"", "main"})
    yield from (string(each, "value") for each in listed)
    yield from (string(values, key) for key in sorted(values) if key.startswith("headline_"))
    yield string(values, "title")


def _bodies(values: _Object) -> Iterator[RawBody]:
    """Bodies, and descriptions as the summaries they are; of a picture neither is a text."""
    if string(values, "type") in PICTURED:
        return
    yield from _contents(values)
    for key, value in values.items():
        if key.startswith("description_") and isinstance(value, str) and not _is_caption(key):
            yield _body(value, name=key)
    for each in map(_lower, _objects(values.get("descriptions"))):
        if not _is_caption(string(each, "role")):
            yield _body(string(each, "value"), kind=string(each, "contenttype"))


def _contents(values: _Object) -> Iterator[RawBody]:
    for key, value in values.items():
        if key.startswith("body_") and isinstance(value, str) and value.strip():
            yield _body(value, name=key, is_content=True)
    for each in map(_lower, _objects(values.get("bodies"))):
        if value := string(each, "value"):
            yield _body(value, kind=string(each, "contenttype"), is_content=True)


def _body(text: str, *, kind: str = "", name: str = "", is_content: bool = False) -> RawBody:
    is_markup = None
    if any(part in kind for part in _MARKUP_TYPES) or any(part in name for part in _MARKUP_NAMES):
        is_markup = True
    elif any(part in kind for part in _PLAIN_TYPES) or any(part in name for part in _PLAIN_NAMES):
        is_markup = False
    return RawBody(text=text, base="", is_markup=is_markup, is_content=is_content)


def _is_caption(name: str) -> bool:
    return any(part in name.lower() for part in _CAPTIONS)


def _embargo(values: _Object) -> str | None:
    """When it ends, "" where that cannot be told. What programs write for "none" is none."""
    for key in ("embargoeduntil", "embargoed"):
        if values.get(key) not in (None, False, ""):
            return string(values, key)
    return None


def _topics(values: _Object) -> Iterator[str]:
    for key in _TOPICS.split():
        value = values.get(key)
        for each in value if isinstance(value, list) else ():
            yield each if isinstance(each, str) else string(_lower(each), "name")


def _page_ids(values: _Object) -> Iterator[str]:
    """Other identifiers that are the address of the item's page, by the roles agencies give them."""
    ids = values.get("altids")
    if isinstance(ids, Mapping):
        pairs = [(str(role), value) for role, value in ids.items()]
    else:
        pairs = [(string(each, "role"), each.get("value")) for each in map(_lower, _objects(ids))]
    for role, value in pairs:
        if isinstance(value, str) and any(part in role.lower() for part in _PAGE_ROLES):
            yield value


def _enclosures(values: _Object) -> Iterator[Enclosure | None]:
    """The item's own files, and one of each picture that is associated with it."""
    yield from _renditions(values)
    for associated in map(_lower, _associations(values)):
        if string(associated, "type") in PICTURED:
            yield max(_renditions(associated), key=lambda each: each.length or 0, default=None)


def _renditions(values: _Object) -> Iterator[Enclosure]:
    for each in map(_lower, _objects(values.get("renditions"))):
        kind = string(each, "contenttype") or string(each, "mimetype")
        found = enclosure(string(each, "href"), kind, each.get("sizeinbytes"))
        if found is not None:
            yield found


def _is_report(values: _Object) -> bool:
    return string(values, "type") in {"", "text", "composite"} and any(_contents(values))


def _associations(values: _Object) -> list[_Object]:
    return _objects(values.get("associations"))[:_MAX_ASSOCIATIONS]


def _objects(value: object) -> list[_Object]:
    """The objects of an array, or the members of an object, which version 1 has in its place."""
    several = list(value.values()) if isinstance(value, Mapping) else value
    if not isinstance(several, list):
        return []
    return [each for each in several if isinstance(each, Mapping)]


def _lower(value: object) -> _Object:
    return (
        {str(key).lower(): each for key, each in value.items()}
        if isinstance(value, Mapping)
        else {}
    )
