"""Whom a copy names as its source: the origin, another, nobody, or not known.

"Nobody" is said only of a text that is known to be whole: the sentence that names the source is often
the last one, and a feed's summary ends before it.
"""

from __future__ import annotations

import re

from aggregator.model import CreditState, Item
from aggregator.provenance import sources_of

WHOLE_WORDS = 60  # a text of so many that does not end in dots is no summary
_WORD = re.compile(
    r"[\u3400-\u9fff]{2}|[^\W\u3400-\u9fff]+"
)  # two characters of Chinese are about a word
_CUT = re.compile(r"(?:…|\.\.\.|\[\+\d+ chars\])[\s\"'”»)\]]*$")


def credit_state(item: Item, origin_id: str, parent: Item | None) -> CreditState | None:
    """Whom an item credits; None for an item of the agency of origin.

    Also for one that names no source and was taken from none of the others: there is nobody it would have
    to credit.
    """
    if item.agency_id == origin_id:
        return None
    named = sources_of(item)
    if origin_id in named:
        return CreditState.ORIGIN
    if named or item.names_source:
        return CreditState.OTHER
    if parent is None:
        return None
    return CreditState.NONE if is_whole(item) else CreditState.UNKNOWN


def is_whole(item: Item) -> bool:
    """Whether all of an item's text is at hand: of its article page, of the feed, or by its length."""
    if item.is_whole:
        return True
    if item.full_text:
        return not _CUT.search(item.full_text)
    return not _CUT.search(item.text) and len(_WORD.findall(item.text)) >= WHOLE_WORDS
