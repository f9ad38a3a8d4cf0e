"""The desk as an editor sits at it: by keys, with what is new marked, and new stories that come in as one reads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import PHONE

ARTICLE = re.compile(r'<article class="story".*?</article>\s*', re.DOTALL)
LATER = "2999-01-01T00:00:00Z"  # after all that the demonstration has seen
MINUTE = 61_000  # milliseconds: the page asks once a minute


def in_use(page: Page) -> Locator:
    """The line that the keys are at."""
    return page.locator(".story:focus, .story:focus-within")


def in_sight(page: Page) -> int:
    """How many stories are whole on the screen."""
    script = "[...document.querySelectorAll('.story')].filter(e => e.getBoundingClientRect().bottom <= innerHeight).length"
    return int(page.evaluate(script))


def hold_back(page: Page, site: str, stories: int) -> None:
    """Let the page be loaded without its first stories, which it finds when it asks again."""

    def answer(route: Route) -> None:
        response = route.fetch()
        html, count = response.text(), stories
        if route.request.resource_type == "document":
            html = ARTICLE.sub("", html, count=count)
        else:
            html = re.sub(r'data-seen="[^"]+"', f'data-seen="{LATER}"', html, count=count)
        route.fulfill(response=response, body=html)

    page.route(f"{site}/", answer)


@pytest.fixture
def desk(page: Page, site: str) -> Page:
    page.goto(f"{site}/")
    return page


def test_twelve_stories_are_in_sight_on_a_screen_and_five_on_a_phone(desk: Page) -> None:
    assert in_sight(desk) >= 12
    desk.set_viewport_size(PHONE)
    assert in_sight(desk) >= 5


def test_the_desk_can_be_gone_through_by_keys(desk: Page) -> None:
    stories = desk.locator(".story")

    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        desk.keyboard.press(key)
        expect(stories.nth(at)).to_be_focused()
    desk.keyboard.press("x")
    expect(in_use(desk).locator(".within")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(in_use(desk).locator(".within")).to_be_hidden()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_be_hidden()


def test_keys_are_letters_where_one_writes(desk: Page) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("jokx?/")

    expect(desk.get_by_role("searchbox")).to_have_value("jokx?/")
    expect(desk.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("key", ["o", "Enter"])
def test_a_report_is_opened_at_its_agency(context: BrowserContext, desk: Page, key: str) -> None:
    desk.keyboard.press("j")
    link = str(in_use(desk).locator("a.report").get_attribute("href"))
    context.route(link, lambda route: route.fulfill(body="the report"))

    with context.expect_page() as opened:
        desk.keyboard.press(key)

    assert opened.value.url == link


def test_enter_on_a_link_follows_that_link(desk: Page) -> None:
    link = desk.locator(".story h3 a").first
    address = str(link.get_attribute("href"))
    link.focus()

    desk.keyboard.press("Enter")

    desk.wait_for_url(f"**{address}")


def test_new_stories_come_in_without_moving_what_is_read(page: Page, site: str) -> None:
    hold_back(page, site, 2)
    page.clock.install()
    page.goto(f"{site}/")
    before = page.locator(".story").count()
    for _ in range(6):
        page.keyboard.press("j")
    page.keyboard.press("x")
    read = page.locator(f"#{in_use(page).get_attribute('id')}")
    top = read.evaluate("e => e.getBoundingClientRect().top")

    page.clock.fast_forward(MINUTE)
    button = page.get_by_role("button", name="2 new")
    expect(button).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    assert page.locator(".story").count() == before
    button.click()

    expect(page.locator(".story")).to_have_count(before + 2)
    assert page.locator(".story").first.locator(".mark.new").inner_text() == "new"
    assert abs(read.evaluate("e => e.getBoundingClientRect().top") - top) < 2
    expect(read.locator(".within")).to_be_visible()
    expect(button).to_be_hidden()


def test_what_came_since_the_last_look_is_marked_and_counted(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    assert page.locator(".mark.new").count() == 0, "at the first look nothing is new"
    page.goto("about:blank")

    def seen_later(route: Route) -> None:
        response = route.fetch()
        html = re.sub(r'data-seen="[^"]+"', f'data-seen="{LATER}"', response.text(), count=3)
        route.fulfill(response=response, body=html)

    page.route(f"{site}/", seen_later)
    page.goto(f"{site}/")

    expect(page.locator(".mark.new")).to_have_count(3)
    expect(page).to_have_title(re.compile(r"^\(3\) "))


def test_times_are_the_readers_own_and_say_the_exact_one_on_hover(desk: Page) -> None:
    time = desk.locator(".story time").first

    assert re.search(r"\d{4} at \d\d:\d\d:\d\d EES?T$", str(time.get_attribute("title")))
    expect(desk.locator("[data-zone-name]")).to_have_text("Europe/Sofia")


def test_on_paper_no_time_is_relative(desk: Page) -> None:
    newest = desk.locator(".story .when").first
    expect(newest).not_to_have_text(re.compile(r"\d\d:\d\d"))

    desk.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(newest).to_have_text(re.compile(r"^\d\d:\d\d$"))

    desk.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(newest).not_to_have_text(re.compile(r"\d\d:\d\d"))


def test_an_address_has_only_the_filters_that_are_set(desk: Page) -> None:
    desk.get_by_label("Language").select_option("bg")
    desk.get_by_role("button", name="Show").click()

    desk.wait_for_url("**/?language=bg")
    desk.get_by_role("link", name="Without: Language: Bulgarian").click()
    desk.wait_for_url(re.compile(r"/$"))
