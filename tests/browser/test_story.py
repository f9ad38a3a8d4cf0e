"""A story, a pair and an agency, as they are looked at, heard and printed."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, WIDE, json_feed, story_id


def most_carried(site: str) -> str:
    return f"{site}/stories/{story_id(json_feed(site, 'min_items=4')[0])}"


def test_who_had_it_and_who_took_it_from_whom_is_seen_at_once(page: Page, site: str) -> None:
    page.goto(most_carried(site))

    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        drawn = page.locator("figure svg").first.bounding_box()
        assert drawn is not None
        assert drawn["y"] + drawn["height"] <= size["height"], size
        assert drawn["width"] <= size["width"]


def test_the_time_line_is_told_to_those_who_hear_the_page(page: Page, site: str) -> None:
    entry = json_feed(site, "min_items=4")[0]["_aggregator"]
    page.goto(most_carried(site))

    rows = page.locator("table").first.locator("tbody tr")

    assert rows.count() == len(entry["items"])
    assert page.locator("figure svg title").count() >= 1


def test_a_pair_is_reached_from_its_story_and_says_its_verdict(page: Page, site: str) -> None:
    page.goto(most_carried(site))

    page.locator("a[href*='/compare/']").first.click()

    expect(page.locator("h1")).to_be_visible()
    assert page.locator("main mark").count() > 0
    features = page.locator("details", has_text="For developers").last
    assert not features.evaluate("e => e.open")


def test_the_reader_s_language_leads_and_the_origin_s_headline_stands_beneath(
    browser: Browser, site: str
) -> None:
    entry = next(
        entry
        for entry in json_feed(site, "min_items=2")
        if {item["language"] for item in entry["_aggregator"]["items"]} >= {"ru", "bg"}
        and entry["language"] == "ru"
    )
    context = browser.new_context(viewport=WIDE, locale="bg-BG")
    page = context.new_page()

    page.goto(f"{site}/stories/{story_id(entry)}?prefer=bg")

    assert page.locator("html").get_attribute("lang") == "bg"
    assert page.locator("h1 [lang]").get_attribute("lang") == "bg"
    assert page.locator("main [lang=ru]").first.is_visible()
    context.close()


def test_the_pick_up_of_an_agency_prints_without_what_is_for_the_screen(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/agencies/kazinform?partner=bta")
    page.emulate_media(media="print")

    expect(page.locator("header nav")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("main table").count() >= 1
