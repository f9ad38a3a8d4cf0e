"""What must hold of every merged document, whatever the items contain."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import provenance
from aggregator.errors import ParseError
from aggregator.model import (
    CreditState,
    Evidence,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    Replacement,
    Story,
)
from aggregator.preference import Preference
from aggregator.syndicate import atom, jsonfeed, opml, rss, safe
from aggregator.syndicate.document import DocumentPlan, MergedDocument, newest_first, plan
from aggregator.syndicate.entry import entries

START = datetime(2026, 11, 1, tzinfo=UTC)
TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
READABLE = st.from_regex(
    r"[A-Za-zА-Яа-яҚқІі]{2,12}( [A-Za-zА-Яа-яҚқІі]{2,12}){0,4}", fullmatch=True
)
MOMENTS = st.integers(0, 10_000_000).map(lambda seconds: START + timedelta(seconds=seconds))


@st.composite
def items(draw: st.DrawFn, item_id: str, words: st.SearchStrategy[str]) -> Item:
    at = draw(MOMENTS)
    return Item(
        id=item_id,
        feed_id="feed",
        agency_id=draw(st.sampled_from(["bta", "kazinform"])),
        title=draw(words),
        text=draw(words),
        html=draw(st.one_of(st.just(""), words)),
        link=draw(st.one_of(st.none(), words, st.just(f"https://bta.example/{item_id}"))),
        language=draw(st.sampled_from([None, "bg", "kk", "zz", "<b>"])),
        seen_at=at,
        reported_at=at - timedelta(seconds=draw(st.integers(0, 100_000))),
    )


@st.composite
def member(
    draw: st.DrawFn, item: Item, earlier: list[Item], words: st.SearchStrategy[str]
) -> Member:
    """An item that was taken from one of the earlier ones, or from none."""
    parent = draw(st.sampled_from([None, *earlier]))
    evidence = Evidence(rule="facts", reason=draw(words))
    kind = draw(st.sampled_from(Kind))
    match = (
        Match(a=item.id, b=parent.id, kind=kind, score=0.9, evidence=evidence) if parent else None
    )
    replaced = st.builds(Replacement, old=words, new=words)
    return Member(
        item=item,
        match=match,
        lineage=Lineage(
            parent=match,
            credit=draw(st.sampled_from([None, *CreditState])),
            is_stale=draw(st.booleans()),
            is_undecided=draw(st.booleans()),
            corrects=tuple(draw(st.lists(replaced, max_size=2))),
        ),
    )


NEVER: st.SearchStrategy[None] = st.none()
AT_TIMES = st.one_of(NEVER, MOMENTS)


@st.composite
def documents(
    draw: st.DrawFn,
    words: st.SearchStrategy[str] = TEXTS,
    killed: st.SearchStrategy[datetime | None] = AT_TIMES,
) -> MergedDocument:
    stories = []
    for number in range(draw(st.integers(0, 4))):
        found = [draw(items(f"i{number}x{at}", words)) for at in range(draw(st.integers(1, 3)))]
        found.sort(key=lambda item: item.reported_at)
        members = tuple(draw(member(item, found[:at], words)) for at, item in enumerate(found))
        first = min(item.seen_at for item in found)
        stories.append(
            Story(
                id=f"s{number}",
                members=members,
                lead_id=draw(st.sampled_from(found)).id,
                origin_id="bta",
                first_seen_at=first,
                updated_at=first,
                published_at=found[0].reported_at,
                killed_at=draw(killed),
            )
        )
    return MergedDocument(
        plan=DocumentPlan(name="merged"),
        title="Merged",
        description="Each report once",
        base_url="https://wire.example",
        updated_at=START,
        stories=stories,
        feeds={"feed": "https://bta.example/rss"},
    )


@settings(max_examples=50)
@given(documents())
def test_any_text_gives_the_same_well_formed_document_whose_addresses_are_absolute(
    document: MergedDocument,
) -> None:
    for render in (rss.render, atom.render):
        written = render(document, {})
        assert render(document, {}) == written
        root = ElementTree.fromstring(written)
        addresses = [element.get("href") for element in root.iter() if element.get("href")]
        addresses += [link.text for link in root.iter("link")]
        for address in addresses:
            assert urlsplit(address or "").scheme in {"http", "https"}
    feed = jsonfeed.render(document, {})
    assert jsonfeed.render(document, {}) == feed
    json.loads(feed)


@settings(max_examples=25)
@given(documents(READABLE))
def test_what_is_written_is_read_back_in_order(document: MergedDocument) -> None:
    expected = [
        (f"urn:x-aggregator:story:{story.id}", story.lead.title)
        for story in document.stories
        if story.killed_at is None
    ]

    for render in (rss.render, atom.render):
        found = feedparser.parse(io.BytesIO(render(document, {})))  # type: ignore[attr-defined, no-untyped-call]
        assert [(entry.id, entry.title) for entry in found.entries] == expected
    feed = json.loads(jsonfeed.render(document, {}))
    assert [(item["id"], item["title"]) for item in feed["items"]] == expected


@settings(max_examples=25)
@given(documents(READABLE, killed=NEVER))
def test_entries_stand_by_date_newest_first_and_of_one_date_by_id(document: MergedDocument) -> None:
    ordered = replace(document, stories=newest_first(document.stories))

    for render in (rss.render, atom.render):
        found = feedparser.parse(io.BytesIO(render(ordered, {})))  # type: ignore[attr-defined, no-untyped-call]
        read = [(entry.published_parsed, entry.id) for entry in found.entries]
        assert read == sorted(read, reverse=True)
        assert len(read) == len(document.stories)
    items = json.loads(jsonfeed.render(ordered, {}))["items"]
    told = [(item["date_published"], item["id"]) for item in items]
    assert told == sorted(told, reverse=True)


PREFERENCES = st.builds(
    Preference,
    languages=st.lists(st.sampled_from(["bg", "kk", "en"]), unique=True).map(tuple),
    agencies=st.lists(st.sampled_from(["bta", "kazinform"]), unique=True).map(tuple),
)


@settings(max_examples=50)
@given(documents(), PREFERENCES)
def test_what_is_preferred_changes_what_an_entry_shows_and_never_its_id_dates_or_items(
    document: MergedDocument, preference: Preference
) -> None:
    plain, shown = entries(document, {}), entries(replace(document, preference=preference), {})

    for one, other in zip(plain, shown, strict=True):
        assert (other.id, other.page) == (one.id, one.page)
        assert (other.published_at, other.updated_at) == (one.published_at, one.updated_at)
        assert other.story.members == one.story.members
        assert other.title == (" ".join(other.story.lead.title.split()) or "(no headline)")
    for render in (rss.render, atom.render):
        ElementTree.fromstring(render(replace(document, preference=preference), {}))


class OpenTags(HTMLParser):
    """Reads markup whose every list and entry of a list must be closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"ul", "li"}:
            inside = self.open[-1] if self.open else None
            assert inside == ("ul" if tag == "li" else "li" if inside else None)
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "li"}:
            assert self.open.pop() == tag


@st.composite
def trees(draw: st.DrawFn) -> Story:
    """A story of up to twelve items, each taken from any earlier one or from none."""
    found = [draw(items(f"i{number:02}", READABLE)) for number in range(draw(st.integers(1, 12)))]
    found.sort(key=lambda item: (item.reported_at, item.id))
    members = [draw(member(item, found[:at], READABLE)) for at, item in enumerate(found)]
    return Story(
        id="s",
        members=tuple(members),
        lead_id=found[0].id,
        origin_id="bta",
        first_seen_at=START,
        updated_at=START,
        published_at=found[0].reported_at,
    )


@settings(max_examples=60)
@given(trees())
def test_the_lists_of_any_tree_are_nested_as_it_is(story: Story) -> None:
    document = MergedDocument(
        plan=DocumentPlan(name="merged"),
        title="Merged",
        description="Each report once",
        base_url="https://wire.example",
        updated_at=START,
        stories=(story,),
    )

    (entry,) = entries(document, {})

    reader = OpenTags()
    reader.feed(entry.html)
    assert reader.open == []
    assert entry.html.count("<li>") == len(story.members)
    deepest = max(one.depth for one in provenance.appearances(story))
    longest = max(
        accumulate(1 if tag == "<ul>" else -1 for tag in re.findall(r"</?ul>", entry.html))
    )
    assert longest == deepest + 1


@given(st.text())
def test_an_address_that_leaves_can_leave_again_unchanged(url: str) -> None:
    cleaned = safe.address(f"https://bta.example/{url}")

    assert cleaned is None or safe.address(cleaned) == cleaned


@given(st.lists(st.integers(1, 300), max_size=12), st.integers(0, 400))
def test_every_story_is_in_the_current_document_or_in_an_archive(
    counts: list[int], newest: int
) -> None:
    days = [(date(2026, 11, 24) - timedelta(days=at), count) for at, count in enumerate(counts)]

    current, *archives = plan(days, newest=newest)

    archived = {archive.day for archive in archives}
    assert sum(count for day, count in days if day not in archived) <= newest
    chain, name = [], current.previous
    following = {archive.name: archive.previous for archive in archives}
    while name:
        chain.append(name)
        name = following[name]
    assert chain == [archive.name for archive in archives]


@given(st.binary(max_size=400))
def test_any_bytes_are_opml_or_a_parse_error(body: bytes) -> None:
    try:
        opml.read(body)
    except ParseError:
        return
    assert b"opml" in body.lower() or b"\x00" in body
