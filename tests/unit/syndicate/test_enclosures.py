"""The files of the item that leads go out in each format, as its specification has them."""

import json
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from aggregator.model import Agency, Enclosure, Story
from aggregator.syndicate import atom, jsonfeed, listing, rss
from aggregator.syndicate.document import MergedDocument

Documented = Callable[..., MergedDocument]
Agencies = dict[str, Agency]
ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
FILES = (
    Enclosure(url="https://kazinform.example/port.mp3", media_type="audio/mpeg", length=4096),
    Enclosure(url="https://kazinform.example/port.jpg", media_type="image/jpeg"),
    Enclosure(url="https://kazinform.example/port?id=1"),
    Enclosure(url="javascript:alert(1)"),
)


@pytest.fixture
def with_files(story: Story) -> Story:
    """The story, whose lead has files, as has an item that does not lead."""
    lead, other, *rest = story.members
    return replace(
        story,
        members=(
            replace(lead, item=replace(lead.item, enclosures=FILES)),
            replace(other, item=replace(other.item, enclosures=FILES[:1])),
            *rest,
        ),
    )


def test_rss_has_one_enclosure_and_the_others_as_media(
    with_files: Story, agencies: Agencies, documented: Documented
) -> None:
    root = ElementTree.fromstring(rss.render(documented(with_files), agencies))

    (enclosure,) = root.iter("enclosure")
    assert enclosure.attrib == {
        "url": "https://kazinform.example/port.mp3",
        "length": "4096",
        "type": "audio/mpeg",
    }
    assert [media.attrib for media in root.iter(f"{MEDIA}content")] == [
        {"url": "https://kazinform.example/port.jpg", "type": "image/jpeg"},
        {"url": "https://kazinform.example/port?id=1", "type": "application/octet-stream"},
    ]


def test_a_length_unknown_is_0_in_rss_and_absent_elsewhere(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    lead, *rest = story.members
    picture = replace(lead, item=replace(lead.item, enclosures=FILES[1:2]))
    document = documented(replace(story, members=(picture, *rest)))

    (enclosure,) = ElementTree.fromstring(rss.render(document, agencies)).iter("enclosure")
    assert enclosure.get("length") == "0"
    assert b"length=" not in atom.render(document, agencies)
    assert b"size_in_bytes" not in jsonfeed.render(document, agencies)


def test_atom_links_to_each(with_files: Story, agencies: Agencies, documented: Documented) -> None:
    root = ElementTree.fromstring(atom.render(documented(with_files), agencies))

    links = [link.attrib for link in root.iter(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert links == [
        {
            "rel": "enclosure",
            "type": "audio/mpeg",
            "href": "https://kazinform.example/port.mp3",
            "length": "4096",
        },
        {"rel": "enclosure", "type": "image/jpeg", "href": "https://kazinform.example/port.jpg"},
        {
            "rel": "enclosure",
            "type": "application/octet-stream",
            "href": "https://kazinform.example/port?id=1",
        },
    ]


def test_json_has_them_as_attachments_and_the_listing_of_every_item(
    with_files: Story, agencies: Agencies, documented: Documented
) -> None:
    (item,) = json.loads(jsonfeed.render(documented(with_files), agencies))["items"]

    assert item["attachments"] == [
        {
            "url": "https://kazinform.example/port.mp3",
            "mime_type": "audio/mpeg",
            "size_in_bytes": 4096,
        },
        {"url": "https://kazinform.example/port.jpg", "mime_type": "image/jpeg"},
        {
            "url": "https://kazinform.example/port?id=1",
            "mime_type": "application/octet-stream",
        },
    ]
    listed = {each["id"]: each["enclosures"] for each in item["_aggregator"]["items"]}
    assert listed["kz1"] == [
        {"url": each.url, "media_type": each.media_type or None, "length": each.length}
        for each in FILES[:3]
    ]
    assert [len(listed[item_id]) for item_id in ("kz2", "bg1", "si1")] == [1, 0, 0]
    assert item["_aggregator"]["items"] == listing.story_as_json(with_files)["items"]


def test_a_story_without_files_has_none(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    document = documented(story)

    assert b"enclosure" not in rss.render(document, agencies)
    assert b"media:content" not in rss.render(document, agencies)
    assert b"enclosure" not in atom.render(document, agencies)
    assert b"attachments" not in jsonfeed.render(document, agencies)
