"""One address in two feeds of one agency is one report, whatever title and summary each feed gives it.

    an item, and who answers to its address in the agency's feeds --> the match with the earliest of them

Sections of a site list the same article with other headlines and leads, and across languages of a feed
no word need be equal. An address that several items of one feed have is that of a page which changes
(live news, a day's rates): it tells no report from another. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from aggregator.model import Evidence, Item, Kind, Match

RULE = "same-address"


def match_at_address(item: Item, holders: Sequence[Item], window: timedelta) -> Match | None:
    """The match of an item with the earliest report at its address in another feed of its agency.

    `holders` are the items of the agency's feeds that answer to the address, the item itself among them
    unless its own feed gives the address to several. `window` is how far apart two reports may be.
    """
    is_shared = max(Counter(holder.feed_id for holder in holders).values(), default=0) > 1
    is_its_own = any(holder.id == item.id for holder in holders)
    others = [
        holder
        for holder in holders
        if holder.agency_id == item.agency_id
        and holder.feed_id != item.feed_id
        and abs(holder.reported_at - item.reported_at) <= window
    ]
    if is_shared or not is_its_own or not others:
        return None
    first = min(others, key=lambda holder: (holder.reported_at, holder.seen_at, holder.id))
    reason = f"One report: both feeds of the agency give it the address {item.link}."
    return Match(
        a=item.id,
        b=first.id,
        kind=Kind.REVISION,
        score=1.0,
        evidence=Evidence(rule=RULE, reason=reason),
    )
