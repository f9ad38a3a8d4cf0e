"""The demonstration, the real process, and Debian's Chromium driven by Playwright to look at it.

Playwright brings no browser of its own here: it drives the one that is installed, and everything is skipped where
none is.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.acceptance.harness import get, nursery, wait_for

PROGRAM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 400, "height": 850}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is in this folder where there is no browser."""
    here = Path(__file__).parent
    for item in items:
        if not PROGRAM and here in item.path.parents:
            reason = "no Chromium is installed: apt install chromium"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that has placed all that its feeds brought."""
    directory = tmp_path_factory.mktemp("demo")
    out, err = directory / "out", directory / "err"
    demo = nursery().launch(["demo", "--port", "0"], directory=directory, out=out, err=err)
    wait_for(lambda: out.exists() and "Stories" in out.read_text("utf-8"))
    found = re.search(r"Stories +(\S+)/", out.read_text("utf-8"))
    assert found
    wait_for(lambda: has_copies(found[1]), seconds=60)
    yield found[1]
    demo.send_signal(signal.SIGTERM)
    assert demo.wait() == 0


def has_copies(site: str) -> bool:
    """Whether nothing waits to be placed, and a story has four items."""
    health = json.loads(get(f"{site}/health")[2])
    return health["unplaced_items"] == 0 and len(json_feed(site, "min_items=4")) > 0


def json_feed(site: str, query: str = "") -> list[dict[str, Any]]:
    """The entries of the merged feed that a query selects."""
    items = json.loads(get(f"{site}/merged.json?{query}")[2])["items"]
    assert isinstance(items, list)
    return items


def story_id(entry: dict[str, Any]) -> str:
    """The story's id in an entry of the JSON Feed."""
    return str(entry["id"]).rpartition(":")[2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A person at a desk, whose browser remembers nothing of the tests before."""
    opened = browser.new_context(viewport=WIDE, locale="en-GB", timezone_id="Europe/Sofia")
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
