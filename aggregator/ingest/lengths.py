"""The words of a text in any script, how many it has, and how many the texts of a feed have in the middle. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from statistics import median_low

# Scripts that part no words: Thai and Lao, Burmese, Khmer, kana and Han. Two characters are about a word.
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
# Marks stand within words, and are none of Python's word characters: of Hebrew, Arabic, India, Tibet.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff\u200c\u200d"
)
_WORD = re.compile(rf"[\w{_MARKS}]+")


def count_words(text: str) -> int:
    """The words of a text; where its script parts none, half of its characters."""
    unparted = len(_UNPARTED.findall(text))
    parted = (_UNPARTED.sub(" ", text) if unparted else text).split()
    return sum(1 for word in parted if _WORD.search(word)) + (unparted + 1) // 2


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; a run of characters without spaces is one."""
    return _WORD.findall(text.lower())


def median_words(counts: Iterable[int]) -> int | None:
    """The middle one of these numbers of words, the lower of two; None for none."""
    known = list(counts)
    return median_low(known) if known else None
