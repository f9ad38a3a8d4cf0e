"""Writes values as YAML text, in its two styles: flow (`{on: one line}`) and block (YAML 1.2, chapters 7 and 8)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

YamlMapping = Mapping[str, object]  # of texts, lists and mappings

_PLAIN = re.compile(r"[^\W_]([\w .-]*[\w.-])?")  # needs no quotes in either style
_NULLS = {"null", "Null", "NULL"}


def flow(value: object) -> str:
    """A value on one line, as in `{id: one, url: "https://one.example/"}`."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value not in _NULLS
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Sequence):
        return f"[{', '.join(flow(inner) for inner in value)}]"
    raise TypeError(f"cannot be written into a configuration: {value!r}")


def block(entry: YamlMapping, *, column: int) -> str:
    """An entry of a list in block style, its dash at `column`; lists of mappings stand below their key."""
    margin = " " * column
    lines = [line for key, value in entry.items() for line in _key_lines(key, value)]
    return "".join(f"{margin}{'  ' if index else '- '}{line}\n" for index, line in enumerate(lines))


def _key_lines(key: str, value: object) -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [f"{key}:", *(f"  - {flow(entry)}" for entry in value)]
    return [f"{key}: {flow(value)}"]
