"""Which items still have a fact that was corrected, or carry a report that was withdrawn.

A correction of the origin makes every other item stale that has the old fact and not the new, in any
language. One that a carrier makes of its own text concerns only what was taken from there. A version
that was replaced by a later one is not stale: its agency has seen to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from aggregator.match.corrections.carried import is_stale
from aggregator.match.story.versions import Correction, are_versions, text_of
from aggregator.model import Item


def stale_items(
    items: Sequence[Item],
    corrections: Sequence[Correction],
    parents: Mapping[str, Item],
    superseded: Collection[str],
    origin_id: str,
) -> set[str]:
    """The ids of the items that have an old fact.

    `parents` has the parent of each item that has one, `superseded` the items that a later version of
    the same agency replaced.
    """
    return {
        item.id
        for item in items
        if item.id not in superseded
        and any(_is_made_stale(item, correction, parents, origin_id) for correction in corrections)
    }


def _is_made_stale(
    item: Item, correction: Correction, parents: Mapping[str, Item], origin_id: str
) -> bool:
    source = correction.item
    if are_versions(item, source) or not correction.replacements:
        return False
    if source.agency_id != origin_id and not _comes_from(item, source.agency_id, parents):
        return False
    return is_stale(text_of(item), text_of(correction.present), correction.replacements)


def _comes_from(item: Item, agency_id: str, parents: Mapping[str, Item]) -> bool:
    """Whether an item was taken from an agency, directly or through others, or is its own."""
    while item.agency_id != agency_id:
        parent = parents.get(item.id)
        if parent is None:
            return False
        item = parent
    return True
