"""Rules of corrections that know numbers of wagons alone: what is tried here is what is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from aggregator.match.story import parent, stale, versions
from aggregator.model import Replacement, Text

_WAGONS = re.compile(r"\d+ wagons")


@pytest.fixture
def wagons_are_facts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where two versions have other numbers of wagons, the later corrects; a text that has an old one is stale."""

    def replaced(before: Text, after: Text, *, is_marked: bool = False) -> tuple[Replacement, ...]:
        old, new = _WAGONS.findall(before.body), _WAGONS.findall(after.body)
        is_update = "so far" in after.body and not is_marked
        if is_update or len(old) != 1 or len(new) != 1 or old == new:
            return ()
        return (Replacement(old=old[0], new=new[0]),)

    def is_stale(text: Text, _corrected: Text, replacements: Sequence[Replacement]) -> bool:
        return any(one.old in text.body and one.new not in text.body for one in replacements)

    monkeypatch.setattr(versions, "replaced", replaced)
    monkeypatch.setattr(stale, "is_stale", is_stale)
    monkeypatch.setattr(parent, "is_stale", is_stale)
    versions._replaced.cache_clear()
    yield
    versions._replaced.cache_clear()
