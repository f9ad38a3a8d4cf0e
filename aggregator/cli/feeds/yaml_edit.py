"""Adds feeds to the text of `feeds.yaml` and removes them, so that every comment stays where it is.

text -> YAML nodes with offsets -> splices -> text -> parsed again: exactly the wanted settings?

Nothing is written here. An edit whose result would mean anything other than what was asked for is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import yaml

from aggregator.cli.feeds.yaml_text import YamlMapping, block, flow
from aggregator.config import Settings, parse
from aggregator.config.entries import agency_entry, feed_entry
from aggregator.config.yaml_document import compose
from aggregator.errors import ConfigError, UsageError
from aggregator.model import Agency, Feed

_INDENT = 2  # columns of a new list to the right of its key


@dataclass(frozen=True, slots=True)
class _Splice:
    """`text` replaces the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def add(text: str, agencies: Sequence[Agency], feeds: Sequence[Feed], *, file: str) -> str:
    """The text with these agencies and feeds added after the others; `file` is its name in messages.

    A feed's agency is one of `agencies` or one in the text. Raises ConfigError when the text is not a valid
    configuration, UsageError when it would not be one with the additions.
    """
    before = parse(text, file=file)
    text = text if text.endswith("\n") else text + "\n"
    root = compose(text, file=file)
    splices = []
    for agency in _entries(_value(root, "agencies")):
        own = [feed_entry(feed) for feed in feeds if feed.agency_id == _id_of(agency)]
        if own:
            splices += _insert(text, agency, "feeds", own, as_block=False)
    if agencies:
        new = [_agency_entry(agency, feeds) for agency in agencies]
        splices += _insert(text, root, "agencies", new, as_block=True)
    wanted = before.model_copy(
        update={"agencies": (*before.agencies, *agencies), "feeds": (*before.feeds, *feeds)}
    )
    return _verified(_apply(text, splices), wanted, file=file)


def remove(text: str, feed_ids: Collection[str], *, file: str) -> str:
    """The text without these feeds; their agencies stay. Raises as `add` does."""
    before = parse(text, file=file)
    for feed_id in feed_ids:
        text = _apply(text, [_removal(text, feed_id, file=file)])
    remaining = tuple(feed for feed in before.feeds if feed.id not in feed_ids)
    return _verified(text, before.model_copy(update={"feeds": remaining}), file=file)


def _apply(text: str, splices: Sequence[_Splice]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    parts, position = [], 0
    for splice in sorted(splices, key=lambda splice: splice.start):
        parts += [text[position : splice.start], splice.text.replace("\n", newline)]
        position = splice.end
    return "".join([*parts, text[position:]])


def _verified(text: str, wanted: Settings, *, file: str) -> str:
    """The text, if it means the wanted settings, whatever their order. Raises UsageError otherwise."""
    try:
        found = parse(text, file=file)
    except ConfigError as error:
        reasons = "; ".join(f"{mistake.key}: {mistake.message}" for mistake in error.mistakes)
        raise UsageError(f"{file} was not changed: {reasons}") from error
    if _unordered(found) != _unordered(wanted):
        raise UsageError(
            f"{file} was not changed: its layout is one that this command cannot edit safely. "
            "Change it by hand."
        )
    return text


def _unordered(settings: Settings) -> tuple[object, ...]:
    rest = settings.model_dump(exclude={"agencies", "feeds"})
    return rest, frozenset(settings.agencies), frozenset(settings.feeds)


# ------------------------------------------------------------------------------------- inserting


def _insert(
    text: str, parent: yaml.MappingNode, key: str, entries: Sequence[YamlMapping], *, as_block: bool
) -> list[_Splice]:
    """Append entries to the list that is `parent`'s value for `key`."""
    present = _value(parent, key)
    if isinstance(present, yaml.SequenceNode) and present.value:
        return [_append(text, present, entries)]
    if parent.flow_style:
        return [_flow_list(parent, key, present, entries)]
    column = parent.start_mark.column + _INDENT
    lines = "".join(_lines(entries, column=column, as_block=as_block))
    if present is None:
        return [_below(text, parent, f"{' ' * parent.start_mark.column}{key}:\n{lines}")]
    start = len(text[: present.start_mark.index].rstrip(" "))
    empty_value = _Splice(start, present.end_mark.index, "")  # [], ~ or blanks
    return [empty_value, _below(text, present, lines)]


def _append(text: str, present: yaml.SequenceNode, entries: Sequence[YamlMapping]) -> _Splice:
    """New entries after the last, in its style, with blank lines between them where the others have some."""
    last = present.value[-1]
    if present.flow_style:
        end = last.end_mark.index
        return _Splice(end, end, "".join(f", {flow(entry)}" for entry in entries))
    lines = _lines(entries, column=present.start_mark.column, as_block=not last.flow_style)
    neighbours = zip(present.value, present.value[1:], strict=False)
    gaps = [text[_end(one) : other.start_mark.index].splitlines() for one, other in neighbours]
    has_blank_lines = any(not line.strip() for gap in gaps for line in gap[1:-1])
    return _below(text, last, "".join(f"\n{line}" if has_blank_lines else line for line in lines))


def _lines(entries: Sequence[YamlMapping], *, column: int, as_block: bool) -> list[str]:
    margin = " " * column
    return [
        block(entry, column=column) if as_block else f"{margin}- {flow(entry)}\n"
        for entry in entries
    ]


def _flow_list(
    parent: yaml.MappingNode, key: str, present: yaml.Node | None, entries: Sequence[YamlMapping]
) -> _Splice:
    list_text = flow(list(entries))
    if present is None:
        end = _end(parent.value[-1][1])
        return _Splice(end, end, f", {key}: {list_text}")
    space = " " if present.start_mark.index == present.end_mark.index else ""
    return _Splice(present.start_mark.index, present.end_mark.index, space + list_text)


def _below(text: str, node: yaml.Node, lines: str) -> _Splice:
    """Whole lines below the last line of a node."""
    start = _next_line(text, _end(node))
    return _Splice(start, start, lines)


def _next_line(text: str, offset: int) -> int:
    return text.find("\n", offset) + 1 or len(text)


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends: the end mark of a block is after the comments and blanks that follow it."""
    if isinstance(node, yaml.ScalarNode):
        return int(node.end_mark.index) - (
            node.style in {"|", ">"}
        )  # their mark is on the next line
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        inner = node.value[-1]
        return _end(inner[1] if isinstance(inner, tuple) else inner)
    return int(node.end_mark.index)


# -------------------------------------------------------------------------------------- removing


def _removal(text: str, feed_id: str, *, file: str) -> _Splice:
    for agency in _entries(_value(compose(text, file=file), "agencies")):
        feeds = _value(agency, "feeds")
        for index, feed in enumerate(_entries(feeds)):
            if _id_of(feed) == feed_id:
                in_flow = isinstance(feeds, yaml.SequenceNode) and feeds.flow_style
                if in_flow:
                    return _remove_from_flow(_entries(feeds), index)
                return _remove_from_block(text, feed)
    raise UsageError(f"There is no such feed in {file}: '{feed_id}'. See `aggregator feeds list`.")


def _remove_from_block(text: str, entry: yaml.Node) -> _Splice:
    dash = text.rindex("-", 0, entry.start_mark.index)
    start = text.rfind("\n", 0, dash) + 1
    return _Splice(start, _next_line(text, _end(entry)), "")


def _remove_from_flow(entries: Sequence[yaml.Node], index: int) -> _Splice:
    start, end = entries[index].start_mark.index, entries[index].end_mark.index
    if index + 1 < len(entries):
        end = entries[index + 1].start_mark.index
    elif index:
        start = entries[index - 1].end_mark.index
    return _Splice(start, end, "")


# ------------------------------------------------------------------------------- nodes and entries


def _value(mapping: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in mapping.value if name.value == key), None)


def _entries(node: yaml.Node | None) -> list[yaml.MappingNode]:
    """The mappings of a list; none if the node is not a list."""
    entries = node.value if isinstance(node, yaml.SequenceNode) else ()
    return [entry for entry in entries if isinstance(entry, yaml.MappingNode)]


def _id_of(mapping: yaml.MappingNode) -> str:
    value = _value(mapping, "id")
    return str(value.value) if value else ""


def _agency_entry(agency: Agency, feeds: Sequence[Feed]) -> YamlMapping:
    own = [feed_entry(feed) for feed in feeds if feed.agency_id == agency.id]
    return agency_entry(agency) | ({"feeds": own} if own else {})
