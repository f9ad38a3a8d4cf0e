"""What the formats of news agencies say of an item beside its words: versions, embargoes, withdrawals. Pure.

    of an item we hold: an older version --------------> nothing: files come late, and in any order
                        a later one, or a withdrawal --> a revision, whatever its words
    embargoed -----------------------------------------> not yet
    withheld, or withdrawn without a word -------------> only if we hold it

A feed says nothing of this: its entries are judged by guid, link and words alone (`identity`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.model import Item, Notice, ParsedItem


def is_embargoed(entry: ParsedItem, now: datetime) -> bool:
    """Whether its agency does not want the entry published yet."""
    return entry.embargoed_until is not None and entry.embargoed_until > now


def may_found(entry: ParsedItem) -> bool:
    """Whether an entry that is no item we hold may become one."""
    is_bare_notice = entry.notice is not None and not entry.title
    return not (entry.is_withheld or is_bare_notice)


def is_version(entry: ParsedItem, item: Item) -> bool:
    """Whether an entry is by its agency's own word a version of the item."""
    says_so = entry.versioned_at is not None or entry.notice is not None
    return says_so and bool(item.guid) and item.guid == entry.guid


def is_older(entry: ParsedItem, item: Item) -> bool:
    """Whether the item is held in a later version than the entry's."""
    if entry.versioned_at is None or item.versioned_at is None:
        return False
    return entry.versioned_at < item.versioned_at


def changes_state(entry: ParsedItem, item: Item) -> bool:
    """Whether the entry withdraws the item, or brings it back."""
    return entry.notice is not item.stated_notice


def revised(item: Item, entry: ParsedItem, now: datetime) -> Item:
    """The item as a new version says it is; its words are still the former ones."""
    return replace(
        item,
        revision=item.revision + 1,
        revised_at=now,
        versioned_at=entry.versioned_at or item.versioned_at,
        stated_notice=entry.notice,
    )


def keeps_words(entry: ParsedItem) -> bool:
    """Whether a revision has the words that were there: a withdrawal's own are no report."""
    return entry.notice is Notice.KILL
