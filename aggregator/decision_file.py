"""Decisions as JSON Lines, from which they can be made again in another database. Pure.

    DecisionRecord --file_decision--> FiledDecision --line--> {"decision": "join", "item": {…}, …}
                                      FiledDecision <--read-- lines

An item is named by its id, which is the same wherever its feed has the same id, and by what its agency
says of it: `choose` finds it among items of a database whose feeds have other names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from aggregator.errors import UsageError
from aggregator.model import Action, DecisionRecord, Item


def printable(text: str) -> str:
    """A text on one line, without characters that are not printed: they might steer a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


_Line = Annotated[str, AfterValidator(printable)]


class NamedItem(BaseModel):
    """An item as a file of decisions names it."""

    model_config = ConfigDict(frozen=True)

    id: str
    feed: str = ""
    agency: str = ""
    language: str | None = None
    guid: str | None = None
    link: str | None = None
    title: _Line = ""


class FiledDecision(BaseModel):
    """A decision as a file has it. `other` is the item joined to, or split from where that is known."""

    model_config = ConfigDict(frozen=True)

    decision: Action
    item: NamedItem
    other: NamedItem | None = None
    made_at: AwareDatetime
    made_by: Annotated[_Line, Field(max_length=200)] | None = None
    reason: _Line = ""


def file_decision(record: DecisionRecord) -> FiledDecision:
    """A decision as a file has it."""
    return FiledDecision(
        decision=record.decision.action,
        item=_named(record.item),
        other=_named(record.other) if record.other else None,
        made_at=record.decision.made_at,
        made_by=record.decision.made_by,
        reason=record.decision.reason,
    )


def line(filed: FiledDecision) -> str:
    """A decision as a line of a file, without its end."""
    return filed.model_dump_json()


def lines(records: Iterable[DecisionRecord]) -> list[str]:
    """The decisions in force of these records, each a line with its end; in the order given."""
    in_force = (record for record in records if record.undone_at is None)
    return [f"{line(file_decision(record))}\n" for record in in_force]


def read(lines: Iterable[str]) -> Iterator[FiledDecision]:
    """The decisions of a file's lines, in their order; empty lines are left out.

    Raises UsageError, which names the line, its field and what is wrong with it.
    """
    for number, text in enumerate(lines, start=1):
        if text.strip():
            try:
                yield FiledDecision.model_validate_json(text)
            except ValidationError as error:
                raise UsageError(f"line {number}: {_mistake(error)}") from error


def choose(named: NamedItem, candidates: Sequence[Item]) -> Item | None:
    """The item that a file names, of those that have its id, guid or link; None where none is certain.

    A guid says something within its feed, a link within its agency: of several items at one link, the
    one of the same title and language.
    """
    of_feed = [item for item in candidates if item.feed_id == named.feed]
    by_name = [item for item in of_feed if item.id == named.id and _has_name(item, named)]
    by_guid = [item for item in of_feed if named.guid and item.guid == named.guid]
    at_link = [
        item
        for item in candidates
        if named.link
        and (item.link, item.agency_id, item.language) == (named.link, named.agency, named.language)
    ]
    titled = [item for item in at_link if item.title == named.title]
    for found in (by_name, by_guid, at_link, titled):
        if len(found) == 1:
            return found[0]
    return None


def _has_name(item: Item, named: NamedItem) -> bool:
    """Whether an item that has the id named has the guid or, without one, the link or title too."""
    if named.guid or item.guid:
        return item.guid == named.guid or bool(named.link and item.link == named.link)
    return item.link == named.link if named.link or item.link else item.title == named.title


def _named(item: Item) -> NamedItem:
    return NamedItem(
        id=item.id,
        feed=item.feed_id,
        agency=item.agency_id,
        language=item.language,
        guid=item.guid,
        link=item.link,
        title=item.title,
    )


def _mistake(error: ValidationError) -> str:
    """The first mistake of a line, with the field it is in."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return "not JSON. Write one decision a line, as `aggregator decisions export` does."
    field = ".".join(map(str, first["loc"]))
    return f"{field or 'the line'}: {first['msg'][:1].lower()}{first['msg'][1:]}."
