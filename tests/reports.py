"""The invented reports of `tests/data/NAME.yaml`, each in several languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster


@cache
def reports(name: str) -> list[dict[str, Any]]:
    text = (Path(__file__).parent / "data" / f"{name}.yaml").read_text("utf-8")
    found: list[dict[str, Any]] = yaml.load(text, LOADER)
    return found
