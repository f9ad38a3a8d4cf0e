"""What an entry and an item, or two entries, have in common: guid, link, date, files, words. Pure.

`identity` decides by it whether they are one report. The thresholds are set by hand, each between the
two errors: a doubled item and a lost one.
"""

from __future__ import annotations

from datetime import timedelta

from aggregator.ingest.keys import IdentifiedEntry, files_of
from aggregator.ingest.likeness import likeness, words_of
from aggregator.links import normal_link
from aggregator.model import Item, ParsedItem

# Likeness (the share of the shorter text's words that the other has) from which other words under a
# known key are an edit: below it the key was reused, and a revision would overwrite another item.
_ONE_KEY_LIKENESS = 0.3  # guid or link is the same, and there is no other of them to contradict it
_CONTRADICTED_LIKENESS = 0.5  # one of the two is the same, the other is not
_REPEATED_AFTER = timedelta(hours=20)  # daily notices in the same words are items of their own
_ONE_MOMENT = timedelta(minutes=5)  # some feeds date each entry as they write it


def differ(one: Item | ParsedItem, other: ParsedItem) -> bool:
    """Whether dates or files say that two entries of the same words are two reports."""
    if _are_apart(files_of(one), files_of(other)):
        return True
    if one.published_at and other.published_at:
        return not is_one_moment(one, other)
    return _are_apart(files_of(one, pictures=True), files_of(other, pictures=True))


def is_other_programme(item: Item, entry: ParsedItem) -> bool:
    """Whether the entry brings other sound, film or documents, at another time."""
    return _are_apart(files_of(item), files_of(entry)) and not is_one_moment(item, entry)


def _are_apart(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others) and some.isdisjoint(others)


def is_one_moment(one: Item | ParsedItem, other: ParsedItem) -> bool:
    """Whether both are dated, minutes apart at most."""
    if one.published_at is None or other.published_at is None:
        return False
    return abs(one.published_at - other.published_at) <= _ONE_MOMENT


def have_other_names(one: Item | ParsedItem, other: ParsedItem) -> bool:
    """Whether guids, or links where there are no guids, are two."""
    if one.guid and other.guid:
        return one.guid != other.guid
    return bool(one.link and other.link) and not (one.guid or other.guid or _same_link(one, other))


def brings_other_files(item: Item, entry: ParsedItem) -> bool:
    """Whether sound, film or documents came to an item, or took the place of those it had."""
    return bool(files_of(entry)) and files_of(item).isdisjoint(files_of(entry))


def is_repeated(key: str, item: Item, entry: IdentifiedEntry) -> bool:
    """The same words again a day later, under another guid or link.

    An entry that has neither is its words, whenever it was published.
    """
    then, again = item.published_at, entry.item.published_at
    return (
        key.startswith("text:")
        and any(not other.startswith("text:") for other in entry.keys)
        and not has_same_guid(item, entry.item)
        and not _same_link(item, entry.item)
        and then is not None
        and again is not None
        and abs(again - then) > _REPEATED_AFTER
    )


def is_edit(key: str, item: Item, entry: IdentifiedEntry) -> bool:
    """Whether other words under a key we know are an edit, and not another item."""
    if key.startswith(("text:", "occasion:")):
        return False  # a former revision's words, and neither guid nor link
    has_link = item.link or entry.item.link
    if has_same_guid(item, entry.item) and (_same_link(item, entry.item) or not has_link):
        return bool(entry.item.link) or _likeness(item, entry) >= _ONE_KEY_LIKENESS
    another = entry.item.link if key.startswith("guid:") else entry.item.guid
    before = item.link if key.startswith("guid:") else item.guid
    contradicted = another and before
    return _likeness(item, entry) >= (_CONTRADICTED_LIKENESS if contradicted else _ONE_KEY_LIKENESS)


def has_same_guid(item: Item, entry: ParsedItem) -> bool:
    """Whether both have a guid, and it is one."""
    return bool(item.guid) and item.guid == entry.guid


def _same_link(item: Item | ParsedItem, entry: ParsedItem) -> bool:
    if not item.link or not entry.link:
        return False
    return normal_link(item.link) == normal_link(entry.link)


def _likeness(item: Item, entry: IdentifiedEntry) -> float:
    """The share of the shorter one's words that the other has too, in [0, 1]."""
    present = words_of(entry.item.title, entry.item.text)
    return likeness(words_of(item.title, item.text), present)
