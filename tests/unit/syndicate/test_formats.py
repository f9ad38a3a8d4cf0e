"""The three formats, read back with parsers that are not ours."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from aggregator.model import Agency, Story
from aggregator.syndicate import atom, formats, jsonfeed, rss
from aggregator.syndicate.document import DocumentPlan, MergedDocument

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
    assert "+2 h 05 min, translation (0.93), credited" in html
    assert "+2 d 2 h, near (0.80), not credited" in html
    for member in story.members:
        assert f'href="{member.item.link}"' in html


@ALL
def test_related_stories_are_listed_as_not_merged(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    html = entry_of(extension, formats.FORMATS[extension].render(documented(story), agencies))[
        "html"
    ]

    assert "Related, not merged" in html
    assert 'href="https://wire.example/stories/skz9"' in html


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
