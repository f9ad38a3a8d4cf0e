"""The three formats, read back with parsers that are not ours."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from aggregator.model import Agency, Kind, Lineage, Replacement, Story
from aggregator.syndicate import atom, formats, jsonfeed, listing, rss
from aggregator.syndicate.document import DocumentPlan, MergedDocument
from tests.unit.syndicate.conftest import match

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
Documented = Callable[..., MergedDocument]
Agencies = dict[str, Agency]
XML = pytest.mark.parametrize("render", [rss.render, atom.render], ids=["rss", "atom"])
ALL = pytest.mark.parametrize("extension", list(formats.FORMATS))


def parsed(body: bytes) -> Any:
    found = feedparser.parse(io.BytesIO(body))  # type: ignore[attr-defined, no-untyped-call]
    assert not found.bozo
    return found


def entry_of(extension: str, body: bytes) -> dict[str, Any]:
    """What every format has for the first entry, under the same names."""
    if extension == "json":
        item = json.loads(body)["items"][0]
        return {
            "id": item["id"],
            "link": item["url"],
            "title": item["title"],
            "html": item["content_html"],
        }
    entry = parsed(body).entries[0]
    html = entry.content[0].value
    return {"id": entry.id, "link": entry.link, "title": entry.title, "html": html}


@ALL
def test_an_entry_is_the_lead_under_the_storys_id(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    first = entry_of(extension, formats.FORMATS[extension].render(documented(story), agencies))

    assert first["id"] == "urn:x-aggregator:story:skz1"
    assert first["link"] == "https://kazinform.example/en/kz1"
    assert first["title"] == "Dry port opens at Saryagash"


@ALL
def test_the_id_stays_when_another_item_leads_and_the_address_changes(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    render = formats.FORMATS[extension].render
    other = documented(replace(story, lead_id="bg1"), base_url="https://moved.example")

    before = entry_of(extension, render(documented(story), agencies))
    after = entry_of(extension, render(other, agencies))

    assert after["id"] == before["id"]
    assert after["link"] == "https://bta.example/bg/bg1"


@ALL
def test_the_content_names_every_item_with_agency_language_time_lag_and_credit(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    html = entry_of(extension, formats.FORMATS[extension].render(documented(story), agencies))[
        "html"
    ]

    assert "4 items, 3 agencies; first: Kazinform" in html
    assert "Kazinform (en)" in html
    assert "BTA (bg)" in html
    assert "24 Nov 2026 14:05 UTC" in html
    assert "+10 min, edition of Kazinform (en) (0.91)" in html
    translation = "+2 h 05 min, translation of Kazinform (en) (0.93)"
    assert f"{translation}, credits Kazinform (the origin)" in html
    assert "+2 d 2 h, edited copy of Kazinform (en) (0.80), names no agency" in html
    for member in story.members:
        assert f'href="{member.item.link}"' in html


@ALL
def test_related_stories_are_listed_as_not_merged(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    html = entry_of(extension, formats.FORMATS[extension].render(documented(story), agencies))[
        "html"
    ]

    related = html.partition("Related, not merged")[2]
    assert 'href="https://wire.example/stories/skz9"' in related
    assert "BTA" in related
    assert "24 Nov 2026 09:00 UTC" in related


@ALL
def test_each_item_is_in_a_list_below_the_one_it_was_taken_from(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    first, edition, translation, copy = story.members
    pair = replace(match("si1", Kind.NEAR, 0.8), b="bg1")
    below = replace(copy, match=pair, lineage=replace(copy.lineage, parent=pair))
    chained = replace(story, members=(first, edition, translation, below))

    html = entry_of(extension, formats.FORMATS[extension].render(documented(chained), agencies))[
        "html"
    ]

    depths = {name: depth_of(html, f"/{name}") for name in ("kz1", "kz2", "bg1", "si1")}
    assert depths == {"kz1": 1, "kz2": 2, "bg1": 2, "si1": 3}


def depth_of(html: str, address: str) -> int:
    """In how many lists the link to an address stands."""
    before = html[: html.index(f'{address}"')]
    return before.count("<ul>") - before.count("</ul>")


@ALL
def test_corrections_and_old_facts_are_said_of_the_items_they_are_of(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    first, edition, translation, copy = story.members
    facts = (Replacement(old="40", new="50"),)
    corrected = replace(first, lineage=Lineage(corrects=facts))
    stale = replace(copy, lineage=replace(copy.lineage, is_stale=True))
    told = replace(story, members=(corrected, edition, translation, stale))

    html = entry_of(extension, formats.FORMATS[extension].render(documented(told), agencies))[
        "html"
    ]

    assert "corrects 40 → 50" in html
    assert "names no agency, not corrected" in html


@ALL
def test_an_item_without_a_link_leads_to_the_storys_page(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    bare = replace(story.members[0], item=replace(story.lead, link=None))
    unlinked = replace(story, members=(bare, *story.members[1:]))

    first = entry_of(extension, formats.FORMATS[extension].render(documented(unlinked), agencies))

    assert first["link"] == "https://wire.example/stories/skz1"


@ALL
def test_an_item_without_markup_is_shown_by_its_text(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    item = replace(story.lead, html="", text="Wagons < 40.\n\nSecond block.")
    plain = replace(story, members=(replace(story.members[0], item=item), *story.members[1:]))

    html = entry_of(extension, formats.FORMATS[extension].render(documented(plain), agencies))[
        "html"
    ]

    assert "<p>Wagons &lt; 40.</p><p>Second block.</p>" in html


@ALL
def test_active_content_in_the_store_does_not_leave(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    item = replace(
        story.lead,
        title="<script>alert(1)</script>",
        link="javascript:alert(1)",
        html='<p onclick="x()">Port</p><script>x()</script>',
    )
    hostile = replace(story, members=(replace(story.members[0], item=item), *story.members[1:]))

    first = entry_of(extension, formats.FORMATS[extension].render(documented(hostile), agencies))

    assert first["link"] == "https://wire.example/stories/skz1"
    assert "onclick" not in first["html"]
    assert "<script" not in first["html"]


@XML
def test_every_other_item_is_a_related_link_with_language_and_title(
    render: Callable[[MergedDocument, Agencies], bytes],
    story: Story,
    agencies: Agencies,
    documented: Documented,
) -> None:
    root = ElementTree.fromstring(render(documented(story), agencies))

    links = [link.attrib for link in root.iter(f"{ATOM}link") if link.get("rel") == "related"]

    assert [link["href"] for link in links] == [
        "https://kazinform.example/kk/kz2",
        "https://bta.example/bg/bg1",
        "https://sta.example/en/si1",
    ]
    assert [link["hreflang"] for link in links] == ["kk", "bg", "en"]
    assert links[1]["title"] == "BTA: Сухо пристанище отвори врати в Саръагаш"


@XML
def test_no_two_entries_share_the_time_of_their_update(
    render: Callable[[MergedDocument, Agencies], bytes],
    story: Story,
    agencies: Agencies,
    documented: Documented,
) -> None:
    twin = replace(story, id="skz2")

    root = ElementTree.fromstring(atom.render(documented(story, twin), agencies))

    updates = [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(updates)) == 2


def test_rss_has_what_the_specification_and_its_validator_ask_for(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    channel = ElementTree.fromstring(rss.render(documented(story), agencies))[0]
    item = channel.find("item")
    assert item is not None
    source, guid = item.find("source"), item.find("guid")
    assert source is not None
    assert guid is not None

    assert [channel.findtext(name) for name in ("title", "link", "description", "language")] == [
        "Merged agency feed",
        "https://wire.example/",
        "Each report once",
        "en",
    ]
    assert item.findtext("pubDate") == "Tue, 24 Nov 2026 12:00:00 GMT"
    assert guid.get("isPermaLink") == "false"
    assert (source.get("url"), source.text) == (
        "https://kazinform.example/en.rss",
        "Kazinform (kazinform-en)",
    )
    names = [re.sub(r"{.*}", "", child.tag) for child in item]
    assert names.index("description") < names.index("encoded")
    assert [child.tag for child in channel][-1] == "item"


def test_rss_descriptions_are_text_that_reads_the_same_as_html(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    item = replace(story.lead, text="Rail & road < 5 %")
    written = replace(story, members=(replace(story.members[0], item=item), *story.members[1:]))

    root = ElementTree.fromstring(rss.render(documented(written), agencies))

    assert root.findtext("channel/item/description") == "Rail &amp; road &lt; 5 %"


def test_atom_has_author_source_and_ordered_times(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    root = ElementTree.fromstring(atom.render(documented(story), agencies))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None

    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Kazinform"
    assert entry.findtext(f"{ATOM}source/{ATOM}id") == "https://kazinform.example/en.rss"
    assert entry.findtext(f"{ATOM}published", "") <= entry.findtext(f"{ATOM}updated", "")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    pairs = [(link.get("rel"), link.get("type")) for link in root.findall(f"{ATOM}link")]
    assert len(pairs) == len(set(pairs))


# -------------------------------------------------------------------------------------- dates, withdrawals


def dates_of(extension: str, body: bytes) -> tuple[datetime, datetime]:
    """When the first entry was published and updated, to the second, as each format says it."""
    if extension == "json":
        item = json.loads(body)["items"][0]
        said = item["date_published"], item["date_modified"]
    elif extension == "atom":
        entry = ElementTree.fromstring(body).find(f"{ATOM}entry")
        assert entry is not None
        said = entry.findtext(f"{ATOM}published", ""), entry.findtext(f"{ATOM}updated", "")
    else:
        entry = ElementTree.fromstring(body).find("channel/item")
        assert entry is not None
        published = parsedate_to_datetime(entry.findtext("pubDate", ""))
        said = published.isoformat(), entry.findtext(f"{ATOM}updated", "")
    published_at, updated_at = (datetime.fromisoformat(each) for each in said)
    return published_at.replace(microsecond=0), updated_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("published", "updated"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(0), timedelta(hours=5, seconds=59, microseconds=999_999)),
        (timedelta(seconds=7, microseconds=600_000), timedelta(0)),
        (timedelta(days=-3, microseconds=1), timedelta(days=2)),
    ],
)
def test_all_formats_and_the_listing_agree_on_both_dates_to_the_second(
    published: timedelta,
    updated: timedelta,
    story: Story,
    agencies: Agencies,
    documented: Documented,
) -> None:
    told = replace(
        story,
        published_at=story.published_at + published,
        updated_at=story.published_at + updated,
    )

    found = {
        extension: dates_of(
            extension, formats.FORMATS[extension].render(documented(told), agencies)
        )
        for extension in formats.FORMATS
    }

    published_at = told.published_at.replace(microsecond=0)
    expected = published_at, max(told.updated_at.replace(microsecond=0), published_at)
    assert found == dict.fromkeys(formats.FORMATS, expected)
    (listed,) = json.loads(json.dumps(listing.as_json([told])))["stories"]
    said = listed["published_at"], listed["updated_at"]
    assert tuple(map(datetime.fromisoformat, said)) == expected


def withdrawn(story: Story, story_id: str = "skz1") -> Story:
    return replace(story, id=story_id, killed_at=story.published_at + timedelta(hours=4))


def test_a_withdrawn_story_is_a_tombstone_in_atom(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    root = ElementTree.fromstring(atom.render(documented(withdrawn(story)), agencies))

    assert root.find(f"{ATOM}entry") is None
    (tombstone,) = root.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert tombstone.attrib == {
        "ref": "urn:x-aggregator:story:skz1",
        "when": "2026-11-24T16:00:00Z",
    }
    comment = tombstone.findtext("{http://purl.org/atompub/tombstones/1.0}comment")
    assert comment == "Withdrawn by Kazinform"
    assert b"Saryagash" not in atom.render(documented(withdrawn(story)), agencies)


@ALL
@pytest.mark.parametrize("at", [0, 1, 2, None], ids=["first", "middle", "last", "all"])
def test_a_withdrawn_story_is_no_entry_wherever_it_stands(
    extension: str, at: int | None, story: Story, agencies: Agencies, documented: Documented
) -> None:
    stories = [
        withdrawn(story, f"s{number}") if at in (number, None) else replace(story, id=f"s{number}")
        for number in range(3)
    ]

    body = formats.FORMATS[extension].render(documented(*stories), agencies)

    if extension == "json":
        ids = [item["id"] for item in json.loads(body)["items"]]
    else:
        ids = [entry.id for entry in parsed(body).entries]
    left = [one.id for one in stories if one.killed_at is None]
    assert ids == [f"urn:x-aggregator:story:{story_id}" for story_id in left]
    if extension != "atom":
        assert b"urn:x-aggregator:story:s0" not in body or at not in (0, None)


def test_json_carries_the_same_story_as_the_listing(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    feed = json.loads(jsonfeed.render(documented(story), agencies))

    item = feed["items"][0]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert item["_aggregator"]["id"] == "skz1"
    assert [one["kind"] for one in item["_aggregator"]["items"]] == [
        None,
        "translation",
        "translation",
        "near",
    ]
    assert item["date_published"] == "2026-11-24T12:00:00Z"
    assert item["language"] == "en"


ARCHIVE = DocumentPlan(
    name="merged-2026-11-23",
    day=date(2026, 11, 23),
    previous="merged-2026-11-22",
    next="merged-2026-11-24",
    current="merged",
)


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_an_archive_says_so_and_links_to_its_neighbours(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    body = formats.FORMATS[extension].render(documented(story, plan=ARCHIVE), agencies)
    head = ElementTree.fromstring(body)
    head = head[0] if extension == "rss" else head

    links = {link.get("rel"): link.get("href") for link in head.findall(f"{ATOM}link")}

    assert head.find(f"{HISTORY}archive") is not None
    assert links["self"] == f"https://wire.example/merged-2026-11-23.{extension}"
    assert links["prev-archive"] == f"https://wire.example/merged-2026-11-22.{extension}"
    assert links["next-archive"] == f"https://wire.example/merged-2026-11-24.{extension}"
    assert links["current"] == f"https://wire.example/merged.{extension}"


def test_an_archive_bears_the_id_of_the_feed_it_belongs_to(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    ids = [
        ElementTree.fromstring(atom.render(document, agencies)).findtext(f"{ATOM}id")
        for document in (documented(story), documented(story, plan=ARCHIVE))
    ]

    assert ids == ["https://wire.example/merged.atom"] * 2


def test_json_leads_on_to_the_next_older_document(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    feed = json.loads(jsonfeed.render(documented(story, plan=ARCHIVE), agencies))

    assert feed["next_url"] == "https://wire.example/merged-2026-11-22.json"
    assert feed["feed_url"] == "https://wire.example/merged-2026-11-23.json"


def test_a_document_that_answers_a_question_says_which(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    asked = documented(story, query=(("language", "bg"), ("q", "сухо пристанище")))

    links = parsed(rss.render(asked, agencies)).feed.links

    (own,) = (link.href for link in links if link.rel == "self")
    assert own.startswith("https://wire.example/merged.rss?language=bg&q=%D1%81")


@ALL
def test_a_document_without_stories_is_whole(
    extension: str, agencies: Agencies, documented: Documented
) -> None:
    body = formats.FORMATS[extension].render(documented(), agencies)

    count = len(json.loads(body)["items"] if extension == "json" else parsed(body).entries)
    assert count == 0


@ALL
def test_an_agency_and_feed_no_longer_configured_are_named_by_their_ids(
    extension: str, story: Story, documented: Documented
) -> None:
    body = formats.FORMATS[extension].render(documented(story, feeds={}), {})

    assert "kazinform" in entry_of(extension, body)["html"]
    assert b"<source" not in body


def test_rendered_documents_carry_name_type_and_time(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    at = story.updated_at + timedelta(minutes=1)

    rendered = formats.render(documented(story), "atom", agencies, last_modified_at=at)

    assert rendered.name == "merged.atom"
    assert rendered.media_type == "application/atom+xml; charset=utf-8"
    assert rendered.last_modified_at == at
