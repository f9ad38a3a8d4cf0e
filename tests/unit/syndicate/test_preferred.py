"""An entry in the reader's language: what it shows, and what stays the same whichever item is shown."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.model import Agency, Enclosure, Story
from aggregator.preference import NO_PREFERENCE, Preference
from aggregator.syndicate import atom, formats, jsonfeed
from aggregator.syndicate.document import MergedDocument
from aggregator.syndicate.entry import StoryEntry, entry_of

Documented = Callable[..., MergedDocument]
Agencies = dict[str, Agency]
IN_BULGARIAN = Preference(languages=("bg", "en"))


@pytest.fixture
def entry(agencies: Agencies, documented: Documented) -> Callable[[Story, Preference], StoryEntry]:
    def build(story: Story, preference: Preference) -> StoryEntry:
        return entry_of(story, documented(story, preference=preference), agencies)

    return build


Entry = Callable[[Story, Preference], StoryEntry]


def test_an_entry_has_title_text_link_and_language_of_the_item_that_is_preferred(
    story: Story, entry: Entry
) -> None:
    shown = entry(story, IN_BULGARIAN)

    assert shown.title == "Сухо пристанище отвори врати в Саръагаш"
    assert shown.link == "https://bta.example/bg/bg1"
    assert (shown.language, shown.agency) == ("bg", "BTA")
    assert shown.html.startswith('<div lang="bg"><p>Сухо пристанище')
    assert shown.summary.startswith("Сухо пристанище")


def test_beneath_stands_the_headline_of_the_origin_in_its_language(
    story: Story, entry: Entry
) -> None:
    html = entry(story, IN_BULGARIAN).html

    beneath = html.partition("</div>")[2]
    assert beneath.startswith(
        '<p>Original, Kazinform (en): <a href="https://kazinform.example/en/kz1" '
        'hreflang="en" lang="en">Dry port opens at Saryagash</a></p><hr>'
    )


def test_the_origins_own_report_has_no_original_beneath(story: Story, entry: Entry) -> None:
    assert "Original" not in entry(story, NO_PREFERENCE).html
    assert "Original" not in entry(story, Preference(languages=("en",))).html


def test_the_headline_of_the_origin_is_never_markup(story: Story, entry: Entry) -> None:
    first, *rest = story.members
    hostile = replace(first, item=replace(first.item, title="<script>alert(1)</script>"))

    html = entry(replace(story, members=(hostile, *rest)), IN_BULGARIAN).html

    assert "Original, Kazinform (en): " in html
    assert "<script>" not in html


def test_another_language_neither_changes_the_id_nor_raises_the_entry(
    story: Story, entry: Entry
) -> None:
    corrected = replace(story, updated_at=story.updated_at + timedelta(hours=3))

    for told in (story, corrected):
        plain, shown = entry(told, NO_PREFERENCE), entry(told, IN_BULGARIAN)
        assert shown.title != plain.title
        assert (shown.id, shown.page) == (plain.id, plain.page)
        assert shown.published_at == plain.published_at
        assert shown.updated_at == plain.updated_at


def test_all_items_but_the_one_shown_are_the_others(story: Story, entry: Entry) -> None:
    links = {member.item.link for member in story.members}

    for preference in (NO_PREFERENCE, IN_BULGARIAN):
        shown = entry(story, preference)
        assert {shown.link, *(other.url for other in shown.others)} == links
        assert len(shown.others) == len(links) - 1


def test_the_files_are_those_of_the_item_that_is_shown(story: Story, entry: Entry) -> None:
    picture = Enclosure(url="https://bta.example/port.jpg", media_type="image/jpeg")
    members = tuple(
        replace(each, item=replace(each.item, enclosures=(picture,)))
        if each.item.id == "bg1"
        else each
        for each in story.members
    )
    told = replace(story, members=members)

    assert entry(told, IN_BULGARIAN).enclosures == (picture,)
    assert entry(told, NO_PREFERENCE).enclosures == ()


def test_the_listing_is_led_by_the_item_whose_title_and_link_it_has(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    body = jsonfeed.render(documented(story, preference=IN_BULGARIAN), agencies)

    (item,) = json.loads(body)["items"]
    listed: dict[str, Any] = item["_aggregator"]
    assert (listed["lead"], listed["origin"]) == ("bg1", "kazinform")
    assert (listed["title"], listed["link"]) == (item["title"], item["url"])


def test_a_withdrawal_is_the_origins_whichever_item_is_shown(
    story: Story, agencies: Agencies, documented: Documented
) -> None:
    killed = replace(story, killed_at=story.published_at)

    body = atom.render(documented(killed, preference=IN_BULGARIAN), agencies)

    assert b"Withdrawn by Kazinform" in body


@pytest.mark.parametrize("extension", list(formats.FORMATS))
def test_the_same_preference_gives_the_same_bytes(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    render = formats.FORMATS[extension].render
    document = documented(story, preference=IN_BULGARIAN)

    assert render(document, agencies) == render(document, agencies)
    assert render(document, agencies) != render(documented(story), agencies)


# ---------------------------------------------------------------------------- decisions from a reader


def test_an_entry_of_several_items_leads_to_where_they_are_parted(
    story: Story, entry: Entry
) -> None:
    html = entry(story, NO_PREFERENCE).html

    assert '<a href="https://wire.example/stories/skz1#decide">Wrongly merged? Say so</a>' in html


def test_an_item_alone_cannot_have_been_merged(story: Story, entry: Entry) -> None:
    html = entry(replace(story, members=story.members[:1]), NO_PREFERENCE).html

    assert re.findall(r'href="([^"]+skz1[^"]*)"', html) == ["https://wire.example/stories/skz1"]


# -------------------------------------------------------------------------------------- a filtered feed


@pytest.mark.parametrize("extension", list(formats.FORMATS))
def test_a_filtered_feed_leads_to_the_page_with_the_same_parameters(
    extension: str, story: Story, agencies: Agencies, documented: Documented
) -> None:
    document = documented(story, query=(("q", "dry port"), ("prefer", "bg,bta")))

    text = formats.FORMATS[extension].render(document, agencies).decode().replace("&amp;", "&")

    assert '"https://wire.example/?q=dry+port&prefer=bg%2Cbta"' in text or (
        "<link>https://wire.example/?q=dry+port&prefer=bg%2Cbta</link>" in text
    )
    assert f'"https://wire.example/merged.{extension}?q=dry+port&prefer=bg%2Cbta"' in text
