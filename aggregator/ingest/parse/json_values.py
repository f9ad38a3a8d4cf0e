"""What stands in an object of JSON, whose values may be of any type. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def string(values: Mapping[str, object], key: str) -> str:
    """The string at a key; "" where there is none, or something else."""
    value = values.get(key)
    return value if isinstance(value, str) else ""
