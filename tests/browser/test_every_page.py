"""What holds for each page: it fits, it is valid, it can be used by all, and it loads only what is ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.acceptance.harness import get
from tests.browser.conftest import PHONE, WIDE, json_feed, story_id

PAGES = [
    "/",
    "/?min_items=2&sort=carried",
    "/?q=nothing+has+these+words",
    "/?prefer=bg,ru&kind=translation",
    "/stories/ID",
    "/compare/COPY/PARENT",
    "/agencies",
    "/agencies/kazinform",
    "/agencies/bta?partner=kazinform",
    "/corrections",
    "/feeds",
    "/decisions",
    "/status",
    "/nothing-here",
    "/?agency=nobody",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MOST_PAGES = 400  # that a crawl of the demonstration may reach


def address(site: str, page: str) -> str:
    """The address of a page; ID is a story of several items, COPY and PARENT two items of it."""
    entry = json_feed(site, "min_items=4")[0]
    copies = [each for each in entry["_aggregator"]["items"] if each["parent"]]
    page = page.replace("ID", story_id(entry))
    return site + page.replace("COPY", copies[0]["id"]).replace("PARENT", copies[0]["parent"])


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shown(site: str, browser: Browser, name: str) -> Iterator[Page]:
    """A page, with what it asked for and what the browser complained of."""
    context = browser.new_context(viewport=WIDE, locale="en-GB", timezone_id="Europe/Sofia")
    page = context.new_page()
    page.goto(address(site, name))
    yield page
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_fits_and_can_be_used_by_all(
    shown: Page, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    shown.set_viewport_size(size)
    shown.emulate_media(color_scheme=scheme)

    assert shown.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = Axe().run(shown, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_it_loads_only_what_is_ours_and_the_browser_has_nothing_to_complain_of(
    site: str, browser: Browser, name: str
) -> None:
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    asked, complaints = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    answer = page.goto(address(site, name))

    assert answer is not None
    assert all(url.startswith(f"{site}/") for url in asked), asked
    failed = "Failed to load resource"  # so it says of the page itself where that is an error
    assert [text for text in complaints if failed not in text] == []
    assert len(complaints) == (answer.status >= 400)
    context.close()


def test_it_is_valid_and_whole_without_javascript(site: str, browser: Browser, name: str) -> None:
    status, _, body = get(address(site, name))

    parser = html5lib.HTMLParser(strict=True)  # raises at the first mistake
    parser.parse(body)
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, name))
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()
    assert page.locator("html").get_attribute("lang") == "en"
    assert (status >= 400) == (name in {"/nothing-here", "/?agency=nobody"})
    context.close()


@pytest.mark.slow
def test_no_link_of_the_demonstration_leads_nowhere(site: str, page: Page) -> None:
    links = """[...document.querySelectorAll("[href], [src]")]
        .map(e => e.getAttribute("href") || e.getAttribute("src"))"""
    waiting, reached = [f"{site}/"], dict[str, int]()
    while waiting and len(reached) < MOST_PAGES:
        url = waiting.pop(0)
        if url in reached:
            continue
        reached[url], headers, _ = get(url)
        if "text/html" in headers["content-type"]:
            page.goto(url, wait_until="commit")
            page.wait_for_load_state("domcontentloaded")
            found = (urldefrag(urljoin(url, str(each)))[0] for each in page.evaluate(links))
            waiting += [each for each in found if urlsplit(each).netloc == urlsplit(site).netloc]

    assert {url: status for url, status in reached.items() if status != 200} == {}
    assert len(reached) > 100
