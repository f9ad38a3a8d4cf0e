"""`feeds list` says how much the items of a feed say, and where that is too little for translations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.feeds import lengths
from aggregator.model import Feed, Item
from aggregator.store.store import Store
from tests.databases import store_at
from tests.unit.cli.conftest import FINGERPRINT, Run, arrival, item, state

WORDS = "pier rope gale mast hull deck keel tide buoy dock fog bell sail oar".split()


def told(number: int, words: int, *, page: int = 0) -> Item:
    """An item whose title is three words, its text so many, and its page's so many."""
    one = item("north", number, "Storm at sea", " ".join((WORDS * 9)[:words]))
    return replace(one, full_text=" ".join((WORDS * 9)[:page]))


def listed(aggregator: Run, directory: Path, *items: Item) -> tuple[dict[str, Any], str]:
    """What is listed of the feed of these items, and the lines below the table."""
    feed = Feed(id="north-en", url="https://north.example/rss", agency_id="north")

    def fill(store: Store) -> None:
        known = replace(state(feed), median_words=len(items[0].text.split()))
        store.save_polls([known], [(arrival(one), FINGERPRINT) for one in items])

    store_at(directory / "news.db", fill)
    feeds = aggregator("feeds", "list", "--json").json()["feeds"]
    return feeds[0], aggregator("feeds", "list").out


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("items", "compared", "translations"),
    [
        ([told(1, 10)], 13, False),
        ([told(1, 11)], 14, True),
        ([told(1, 0, page=11)], 14, True),
        ([told(1, 40, page=2)], 43, True),
        ([told(1, 2), told(2, 4), told(3, 40)], 7, False),
    ],
)
def test_where_translations_cannot_be_found_is_said(
    aggregator: Run, directory: Path, items: list[Item], compared: int, translations: bool
) -> None:
    feed, table = listed(aggregator, directory, *items)

    assert (feed["compared_words"], feed["translations"]) == (compared, translations)
    assert (feed["fulltext"], feed["median_words"]) == ("auto", len(items[0].text.split()))
    said = (
        "north-en: translations cannot be found here: title, text and page have "
        f"{compared} words an item, 14 are needed\n"
    )
    assert (said in table) is not translations


@pytest.mark.usefixtures("config")
def test_before_the_first_items_nothing_is_said_of_translations(aggregator: Run) -> None:
    feed = aggregator("feeds", "list", "--json").json()["feeds"][0]
    assert (feed["median_words"], feed["compared_words"], feed["translations"]) == (None,) * 3
    assert "translations" not in aggregator("feeds", "list").out
    assert lengths.remark(None) == ""
