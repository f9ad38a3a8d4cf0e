"""How much the items of a feed say, and whether that is enough for a translation to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregator.ingest.lengths import count_words, median_words
from aggregator.match.crosslang import LEAST_WORDS
from aggregator.model import Feed

if TYPE_CHECKING:
    from aggregator.store.store import Store

_ITEMS = 30  # the latest, about a body of an agency's feed


def compared_words(store: Store, feed: Feed) -> int | None:
    """The words that matching has of a feed's latest items, in the middle: title and text, with its page's.

    None where there are no items.
    """
    latest = store.latest_of_feed(feed.id, feed.agency_id, limit=_ITEMS)
    return median_words(count_words(f"{item.title} {item.longest_text}") for item in latest)


def allow_translations(words: int | None) -> bool | None:
    """Whether items of so many words are enough for translations of them to be found; None where not known."""
    return None if words is None else words >= LEAST_WORDS


def remark(words: int | None) -> str:
    """What a person should know of a feed whose items have so many words; "" for nothing."""
    if allow_translations(words) is not False:
        return ""
    return (
        f"translations cannot be found here: title, text and page have {words} words an item, "
        f"{LEAST_WORDS} are needed"
    )
