"""What a later version of a text has in place of an earlier one's words, word by word.

    "12 people were hurt"  }  old "12", new "14", same "people were hurt"
    "14 people were hurt"  }

Longest common runs of words (`difflib`), which for corrections are nearly the whole text. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

# A word with its points and hyphens within ("1,200", "3.5", "semi-final"), or a sign; the space behind it belongs to it.
_TOKEN = re.compile(r"(?:\w+(?:[.,:'’‑-]\w+)*|[^\w\s])\s*|\s+")
_MOST_COMPARISONS = 400_000  # of words with words, some 50 ms; beyond, all is replaced by all
_CONTEXT = 14  # words on either side of a change


class Version(StrEnum):
    """Which version has a piece."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in both versions, or in one alone."""

    version: Version
    text: str


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of both versions in order; those that are not `OLD` make up the new one.

    What differs in nothing but space is the same.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_joined(_pieces(before, after)))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    keys, others = _keys(before), _keys(after)
    start = _common(keys, others)
    end = _common(keys[start:][::-1], others[start:][::-1])
    middle, other = keys[start : len(keys) - end], others[start : len(others) - end]
    yield Piece(Version.BOTH, "".join(after[:start]))
    for tag, i, i_end, j, j_end in _opcodes(middle, other):
        if tag == "equal":
            yield Piece(Version.BOTH, "".join(after[start + j : start + j_end]))
        else:
            yield Piece(Version.OLD, "".join(before[start + i : start + i_end]))
            yield Piece(Version.NEW, "".join(after[start + j : start + j_end]))
    yield Piece(Version.BOTH, "".join(after[len(after) - end :]))


def _opcodes(a: list[str], b: list[str]) -> Iterable[tuple[str, int, int, int, int]]:
    if len(a) * len(b) > _MOST_COMPARISONS:
        return [("replace", 0, len(a), 0, len(b))]
    return SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def _keys(tokens: Iterable[str]) -> list[str]:
    return [token.strip() for token in tokens]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many words two texts begin with alike."""
    found = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        found += 1
    return found


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces that say something, those of one version behind each other as one."""
    filled = (piece for piece in pieces if piece.text)
    for version, group in groupby(filled, key=lambda piece: piece.version):
        yield Piece(version, "".join(piece.text for piece in group))


def around_changes(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The changes with some words around them; "…" stands for what is left out."""
    last = len(pieces) - 1
    return tuple(
        Piece(piece.version, _shortened(piece.text, is_first=at == 0, is_last=at == last))
        if piece.version is Version.BOTH
        else piece
        for at, piece in enumerate(pieces)
    )


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    tokens = _TOKEN.findall(text)
    head = [] if is_first else tokens[:_CONTEXT]
    tail = [] if is_last else tokens[-_CONTEXT:]
    if len(tokens) <= len(head) + len(tail) + 1:
        return text
    return f"{''.join(head)}… {''.join(tail)}"
