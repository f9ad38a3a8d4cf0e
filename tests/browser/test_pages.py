"""The pages as a browser shows them, at the width of a desk and of a telephone, in light and in dark.

They are those of `aggregator demo`, the real process. Skipped where no Chromium is installed.
"""

from __future__ import annotations

import itertools
import re
import signal
from collections.abc import Iterator

import pytest

from tests.acceptance.harness import get, nursery, wait_for
from tests.browser.chromium import PROGRAM, Browser

WIDE, NARROW = 1280, 400
PAGES = ["/", "/?min_items=2", "/stories/ID", "/agencies", "/feeds", "/nothing-here"]
pytestmark = pytest.mark.skipif(
    not PROGRAM, reason="no Chromium is installed: apt install chromium"
)

# The least contrast of text and what is behind it (WCAG 2.2, 1.4.3), over all elements with words.
CONTRAST = """(() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = parse(colour).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const box = element.getBoundingClientRect();
    if (!words || !box.width || box.bottom < 0 || element.closest(".skip")) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 80)]);
  }
  return found.sort((one, other) => one[0] - other[0])[0];
})()"""
UNLABELLED = """[...document.querySelectorAll("input, select, button, a")]
  .filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute("aria-label"))
  .map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that has stories with copies."""
    directory = tmp_path_factory.mktemp("demo")
    out, err = directory / "out", directory / "err"
    demo = nursery().launch(["demo", "--port", "0"], directory=directory, out=out, err=err)
    wait_for(lambda: out.exists() and "Stories" in out.read_text("utf-8"))
    found = re.search(r"Stories +(\S+)/", out.read_text("utf-8"))
    assert found
    wait_for(lambda: b'class="carried"' in get(f"{found[1]}/?min_items=4")[2], seconds=60)
    yield found[1]
    demo.send_signal(signal.SIGTERM)
    assert demo.wait() == 0


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


def address(site: str, page: str) -> str:
    if "ID" in page:
        found = re.search(rb"/stories/(\w+)", get(f"{site}/?min_items=4")[2])
        assert found
        page = page.replace("ID", found[1].decode())
    return site + page


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_can_be_read_and_loads_only_what_is_ours(
    site: str, browser: Browser, page: str
) -> None:
    browser.open(address(site, page))

    grounds = set()
    for width, scheme in itertools.product((WIDE, NARROW), ("light", "dark")):
        browser.show(width=width, scheme=scheme)
        assert browser.value("innerWidth") == width
        assert browser.value("document.documentElement.scrollWidth") <= width
        contrast, element = browser.value(CONTRAST)
        assert contrast >= 4.5, (width, scheme, element)
        grounds.add(browser.value("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2, "light and dark"
    assert browser.value(UNLABELLED) == []
    assert browser.value("document.querySelectorAll('h1').length") == 1
    assert browser.value("document.documentElement.lang") == "en"
    asked = [event["request"]["url"] for event in browser.told("Network.requestWillBeSent")]
    assert all(url.startswith(f"{site}/") for url in asked)
    complaints = [event["entry"]["text"] for event in browser.told("Log.entryAdded")]
    assert [text for text in complaints if "404" not in text] == []


def test_an_editor_finds_the_evidence_of_a_copy(site: str, browser: Browser) -> None:
    browser.show(width=WIDE)
    browser.open(f"{site}/?min_items=4")
    title = browser.value("document.querySelector('article h2').innerText")

    browser.open(browser.value("document.querySelector('article h2 a').href"))

    assert browser.value("document.querySelector('h1').innerText") == title
    browser.value("document.querySelector('details.comparison summary').click()")
    assert browser.value("document.querySelector('details.comparison').open")
    assert browser.value("document.querySelector('details.comparison table').offsetHeight") > 0
    partner = browser.value("document.querySelector('.with a').getAttribute('href')")
    assert browser.value(f"!!document.getElementById('{partner[1:]}')")
