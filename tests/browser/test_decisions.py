"""An editor decides on the page, with the keyboard alone, and the merged feed follows within two seconds."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.acceptance.harness import wait_for
from tests.browser.conftest import json_feed, story_id

PUBLISHED_SECONDS = 2.0


def items_of(site: str, story: str) -> list[str]:
    """The items of a story in the merged feed; none where it is not there."""
    for entry in json_feed(site):
        if story_id(entry) == story:
            return [item["id"] for item in entry["_aggregator"]["items"]]
    return []


def carried(site: str) -> dict[str, Any]:
    return json_feed(site, "min_items=4")[0]


def press_until(page: Page, label: str) -> None:
    """Go to a control with the Tab key, as who has no mouse does."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == label:
            return
    raise AssertionError(f"no {label!r} is reached by Tab")


def test_a_copy_is_split_off_and_taken_back_by_keyboard(page: Page, site: str) -> None:
    entry = carried(site)
    story, before = story_id(entry), [item["id"] for item in entry["_aggregator"]["items"]]
    page.goto(f"{site}/stories/{story}#decide")
    forms = page.locator("form[action$='/decisions']")
    expect(forms.first).to_be_visible()  # the link opens what is folded

    forms.first.locator("input[name=reason]").focus()
    page.keyboard.type("another match")
    press_until(page, "Not this report: split it off")
    began = time.monotonic()
    page.keyboard.press("Enter")

    page.wait_for_url("**/stories/**")
    wait_for(lambda: len(items_of(site, story)) == len(before) - 1)
    assert (
        time.monotonic() - began < PUBLISHED_SECONDS * 5
    )  # a bound for a busy machine, not a figure
    page.goto(f"{site}/decisions")
    expect(page.locator("main")).to_contain_text("another match")
    press_until(page, "Undo this decision")
    page.keyboard.press("Enter")
    wait_for(lambda: items_of(site, story) == before)
    page.goto(f"{site}/decisions")
    expect(page.locator("main")).to_contain_text("Undone")


def test_two_stories_are_joined_by_the_address_of_a_report(page: Page, site: str) -> None:
    one, other = json_feed(site)[:2]
    page.goto(f"{site}/stories/{story_id(one)}#decide")

    page.get_by_label("This is the same report as").fill(other["url"])
    page.get_by_role("button", name="Join them").click()

    page.wait_for_url("**/stories/**")
    ids = {item["id"] for item in (*one["_aggregator"]["items"], *other["_aggregator"]["items"])}
    kept = page.url.partition("/stories/")[2].partition("#")[0]
    wait_for(lambda: set(items_of(site, kept)) == ids)
    page.goto(f"{site}/decisions")
    page.get_by_role("button", name="Undo this decision").click()
    wait_for(lambda: items_of(site, story_id(one)) and items_of(site, story_id(other)))


def test_what_cannot_be_decided_is_told_and_changes_nothing(page: Page, site: str) -> None:
    entry = carried(site)
    page.goto(f"{site}/stories/{story_id(entry)}#decide")

    page.get_by_label("This is the same report as").fill("https://nowhere.example/none")
    with page.expect_response("**/decisions") as answered:
        page.get_by_role("button", name="Join them").click()

    assert answered.value.status == 404
    expect(page.locator("h1")).to_be_visible()
    assert items_of(site, story_id(entry)) == [item["id"] for item in entry["_aggregator"]["items"]]


def test_a_form_of_another_site_is_refused(page: Page, site: str) -> None:
    """As a page elsewhere would send it: without the token that stands in our own forms."""
    entry = carried(site)
    lead = entry["_aggregator"]["lead"]

    answer = page.request.post(
        f"{site}/decisions",
        form={"action": "split", "item": lead, "reason": "forged", "form_token": "none"},
        headers={"Origin": "https://elsewhere.example"},
    )

    assert answer.status == 403
    page.goto(f"{site}/decisions")
    assert "forged" not in page.locator("main").inner_text()
