"""How much the items of a feed say, and whether that is enough for a translation to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregator import lengths
from aggregator.lengths import COMPARED_ITEMS, LEAST_WORDS, allow_translations
from aggregator.model import Feed

if TYPE_CHECKING:
    from aggregator.store.store import Store


def compared_words(store: Store, feed: Feed) -> int | None:
    """The words that matching has of a feed's latest items, in the middle; None where there are no items."""
    latest = store.latest_of_feed(feed.id, feed.agency_id, limit=COMPARED_ITEMS)
    return lengths.compared_words(latest)


def remark(words: int | None) -> str:
    """What a person should know of a feed whose items have so many words; "" for nothing."""
    if allow_translations(words) is not False:
        return ""
    return (
        f"translations cannot be found here: title, text and page have {words} words an item, "
        f"{LEAST_WORDS} are needed"
    )
