"""Values as YAML text, in the two styles people write: {flow: style} on one line, and block."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

Entry = Mapping[str, object]  # text, lists and entries

_PLAIN = re.compile(r"[^\W_]([\w .-]*[\w.-])?")  # needs no quotes in either style
_NOTHING = {"null", "Null", "NULL"}


def flow(value: object) -> str:
    """A value on one line, as in `{id: one, url: "https://one.example/"}`."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value not in _NOTHING
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Sequence):
        return f"[{', '.join(flow(inner) for inner in value)}]"
    raise TypeError(f"not for a configuration: {value!r}")


def block(entry: Entry, *, column: int) -> str:
    """An entry of a list as lines of its own, the dash at `column`; lists of entries below their key."""
    margin = " " * column
    lines = [line for key, value in entry.items() for line in _key_lines(key, value)]
    return "".join(f"{margin}{'  ' if index else '- '}{line}\n" for index, line in enumerate(lines))


def _key_lines(key: str, value: object) -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [f"{key}:", *(f"  - {flow(entry)}" for entry in value)]
    return [f"{key}: {flow(value)}"]
