"""Decisions of a file, made again in this database: each one by itself, in the order of the file.

    FiledDecision -> its items here -> made here already? -> Editor or Rehearsal -> Imported

Who decided, when and why stays as it was. A decision that cannot be made here is left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from aggregator.decision_file import FiledDecision, NamedItem, choose
from aggregator.editor import Editor, one_line, refuse_lead
from aggregator.errors import NotFoundError, UsageError
from aggregator.model import Action, Item
from aggregator.store.store import Store

Made = tuple[Action, str, datetime]  # a decision in force: what, about which item, and when


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of one decision of a file; `left_out` says why it was not made, "" where it was."""

    filed: FiledDecision
    left_out: str = ""


class Rehearsal:
    """An editor who tells what decisions would lead to, one after the other, and changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._split_off: dict[str, str] = {}  # the story to be of each such item
        self._joined_into: dict[str, str] = {}
        self._numbers = count(1)

    def on_behalf_of(self, _by: str | None) -> Rehearsal:
        """The same, whoever decides."""
        return self

    def are_together(self, a: Item, b: Item) -> bool:
        """Whether two items would be in one story."""
        return self._story_id(a) == self._story_id(b)

    def join(self, a: Item, b: Item, _now: datetime, *, reason: str = "") -> None:
        """Know the stories of two items as one. Raises UsageError as an editor does."""
        one_line(reason)
        if self.are_together(a, b):
            raise UsageError(f"{a.id} and {b.id} are already in one story: {self._story_id(a)}.")
        self._joined_into[self._story_id(a)] = self._story_id(b)

    def split(self, item: Item, _now: datetime, *, reason: str = "") -> None:
        """Know an item as alone. Raises UsageError for a reason that is too long."""
        one_line(reason)
        self._split_off[item.id] = f"story {next(self._numbers)} to be"

    def lead(self, item: Item, _now: datetime, *, reason: str = "") -> None:
        """Raise UsageError where an item cannot lead its present story, or as an editor does."""
        one_line(reason)
        refuse_lead(item, self._store.story_of(item.id))

    def _story_id(self, item: Item) -> str:
        story_id = self._split_off.get(item.id) or self._store.story_of(item.id).id
        while story_id in self._joined_into:
            story_id = self._joined_into[story_id]
        return story_id


def import_decisions(
    filed: Iterable[FiledDecision], store: Store, editor: Editor | Rehearsal
) -> Iterator[Imported]:
    """Make the decisions of a file, one transaction each, and tell of each what came of it."""
    made = {(one.action, one.item_id, one.made_at) for one in store.decisions()}
    for one in filed:
        try:
            _make(one, store, editor.on_behalf_of(one.made_by), made)
        except (UsageError, NotFoundError) as refused:
            yield Imported(filed=one, left_out=str(refused))
        else:
            yield Imported(filed=one)


def _make(
    filed: FiledDecision, store: Store, editor: Editor | Rehearsal, made: Collection[Made]
) -> None:
    """Make one decision. Raises UsageError or NotFoundError where it cannot be made."""
    item = _find(store, filed.item)
    if (filed.decision, item.id, filed.made_at) in made:
        raise UsageError("It was made here already.")
    if filed.decision is Action.LEAD:
        editor.lead(item, filed.made_at, reason=filed.reason)
        return
    if filed.other is None:
        raise UsageError(f"The file does not name the other item of this {filed.decision}.")
    other = _find(store, filed.other)
    if filed.decision is Action.JOIN:
        editor.join(item, other, filed.made_at, reason=filed.reason)
    elif editor.are_together(item, other):
        editor.split(item, filed.made_at, reason=filed.reason)
    else:
        raise UsageError(f"{item.id} and {other.id} are already in two stories.")


def _find(store: Store, named: NamedItem) -> Item:
    """The item here that a file names. Raises NotFoundError where none is certain."""
    found = choose(named, store.items_alike(named.id, guid=named.guid, link=named.link))
    if found is None:
        name = f"“{named.title}”" if named.title else named.id
        agency = f" ({named.agency})" if named.agency else ""
        raise NotFoundError(f"There is no item here that is certainly {name}{agency}.")
    return found
