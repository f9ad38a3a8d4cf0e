"""Whatever stands in a dropped file, what comes of it is safe, or a ParseError and nothing else."""

from __future__ import annotations

import json
import re
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.ingest.parse.characters import remove_invalid
from aggregator.ingest.parse.child import written
from aggregator.ingest.parse.detect import parse
from aggregator.ingest.parse.pool import PARSED_FEED
from aggregator.ingest.versions import is_embargoed
from aggregator.model import ParsedFeed
from tests.unit.ingest.parse.test_newsml import NAR
from tests.unit.ingest.test_drop import NOW

ACTIVE = re.compile(r"<\s*/?(?:script|style|svg|iframe|form|object)\b", re.IGNORECASE)
NINJS_KEYS = st.sampled_from(
    "id title text agency published url uri type version versioncreated firstcreated pubstatus "
    "embargoed embargoedUntil language headline headlines headline_x body_text body_xhtml bodies "
    "description_text descriptions by byline subject renditions associations altids standard role "
    "value name href contentType sizeInBytes representationtype".split()
)
WORDS = st.sampled_from(
    ["canceled", "withheld", "picture", "text", "2026-11-12T08:30:00Z", "bg", "ninjs", "urn:x:1",
     "https://m.example/a.jpg", "javascript:alert(1)", "<script>x</script>", "<p>Дъжд</p>", ""]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NINJS_KEYS, inner, max_size=6),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NINJS_KEYS, VALUES, min_size=1, max_size=12)

ELEMENTS = st.sampled_from(
    "newsItem newsMessage itemSet itemMeta contentMeta contentSet pubStatus embargoed versionCreated "
    "headline language by subject name keyword description inlineXML inlineData remoteContent html "
    "body p media signal link a script body.content".split()
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from("guid version qcode uri role tag href contenttype size xml:lang".split()),
    WORDS | st.text(max_size=8),
    max_size=3,
)


def element(name: str, attributes: dict[str, str], inner: list[str]) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(inner)}</{name}>"


TREES = st.recursive(
    (st.text(max_size=20) | WORDS).map(escape),
    lambda inner: st.builds(element, ELEMENTS, ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=20,
)


def read(text: str) -> ParsedFeed | None:
    try:
        return parse(text.encode("utf-8", "replace"), url="file:///wire/1", headers={})
    except ParseError:
        return None


def check(feed: ParsedFeed | None) -> None:
    """Safe items that survive their way from the parser's process, none without words but notices."""
    if feed is None:
        return
    assert PARSED_FEED.validate_json(written(feed)) == feed
    for item in feed.items:
        assert item.title or (item.notice and item.guid)
        assert item.link is None or re.match(r"https?://[^/]", item.link)
        assert all(re.match(r"https?://[^/]", each.url) for each in item.enclosures)
        assert not ACTIVE.search(item.html)
        texts = (item.guid or "", item.title, item.html, item.text, *item.authors, *item.categories)
        assert all(text == remove_invalid(text) for text in texts)
        assert item.is_withheld <= (item.notice is not None)
        assert is_embargoed(item, NOW) in {True, False}


@given(st.lists(OBJECTS, min_size=1, max_size=3))
def test_any_objects_on_lines(objects: list[dict[str, object]]) -> None:
    check(read("\n".join(map(json.dumps, objects))))


@given(OBJECTS)
def test_any_object_alone(document: dict[str, object]) -> None:
    check(read(json.dumps(document, indent=1)))


@given(st.lists(TREES, max_size=3))
def test_any_tree_in_a_news_item(inner: list[str]) -> None:
    check(read(f"<newsItem xmlns='{NAR}' guid='g'>{''.join(inner)}</newsItem>"))


@given(st.text(max_size=200) | TREES)
def test_any_text(text: str) -> None:
    check(read(text))
