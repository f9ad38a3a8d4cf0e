"""What formats say of an item beside its words: versions, embargoes, withdrawals, whether it is whole. Pure.

    embargoed -------------------------------------------------> not yet
    the guid of an item we hold --+-- an older version --------> nothing: files come late, and in any order
                                  +-- withdrawn, withheld -----> the item is withdrawn, its words stay
                                  +-- other words, or usable --> a revision, whatever its words
    withheld, or withdrawn without a word ---------------------> nothing: there is nothing to take back

A site's feed says nothing of this that counts: its entries are judged by guid, link and words (`identity`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from aggregator.folders import is_folder
from aggregator.model import Feed, Item, Notice, ParsedItem


def is_embargoed(entry: ParsedItem, now: datetime) -> bool:
    """Whether its agency does not want the entry published yet."""
    return entry.embargoed_until is not None and entry.embargoed_until > now


def held(entry: ParsedItem, keys: Iterable[str], known: Mapping[str, Item]) -> Item | None:
    """The item that an entry is a version of by its agency's own word; `known` has items by their keys."""
    if entry.guid is None or (entry.versioned_at is None and entry.notice is None):
        return None
    found = (known.get(key) for key in keys)
    return next((item for item in found if item and item.guid == entry.guid), None)


def may_found(entry: ParsedItem) -> bool:
    """Whether an entry of which we hold no version may become an item."""
    is_bare_notice = entry.notice is not None and not entry.title
    return not (entry.is_withheld or is_bare_notice)


def is_withdrawal(entry: ParsedItem) -> bool:
    """Whether an entry withdraws an item; it is never that item, though it may repeat its words."""
    return entry.notice is Notice.KILL


def is_whole(entry: ParsedItem, feed: Feed) -> bool:
    """Whether an entry's body is the whole text as far as its feed says.

    An agency's own copy, dropped in a folder, is believed. A site's body is not, however much longer than
    its summary: it may lack the line that credits, and of its agency it would be said that it credits no one.
    """
    return entry.is_whole and is_folder(feed.url)


def revision(
    item: Item, entry: ParsedItem, content_hash: str, *, feed: Feed, now: datetime
) -> Item | None:
    """The item as an entry says it is now, which has its guid and this hash; None if that is nothing new."""
    if _is_older(entry, item):
        return None
    keeps_words = is_withdrawal(entry) or content_hash == item.content_hash
    if keeps_words and entry.notice is item.stated_notice:
        return None
    version = replace(
        item,
        revision=item.revision + 1,
        revised_at=now,
        versioned_at=entry.versioned_at or item.versioned_at,
        stated_notice=entry.notice,
    )
    return version if keeps_words else with_words(version, entry, content_hash, feed=feed)


def _is_older(entry: ParsedItem, item: Item) -> bool:
    if entry.versioned_at is None or item.versioned_at is None:
        return False
    return entry.versioned_at < item.versioned_at


def with_words(item: Item, entry: ParsedItem, content_hash: str, *, feed: Feed) -> Item:
    """The item with all that an entry says in its place; what the entry leaves out stays."""
    return replace(
        item,
        title=entry.title,
        text=entry.text,
        html=entry.html,
        full_text=entry.full_text or item.full_text,
        is_whole=is_whole(entry, feed),
        guid=entry.guid or item.guid,
        link=entry.link or item.link,
        enclosures=entry.enclosures or item.enclosures,
        content_hash=content_hash,
    )
