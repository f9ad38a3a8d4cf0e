"""The words of a text in any script, how many there are, and whether that is enough for matching. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from statistics import median_low

from aggregator.model import Item

LEAST_WORDS = 14  # of title and text together: with fewer, nothing is a translation
COMPARED_ITEMS = 30  # the latest of a feed, about a body of an agency's
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


def compared_words(latest: Iterable[Item]) -> int | None:
    """The words that matching has of a feed's latest items, in the middle: title and text, with its page's.

    None where there are no items.
    """
    return median_words(count_words(f"{item.title} {item.longest_text}") for item in latest)


def allow_translations(words: int | None) -> bool | None:
    """Whether items of so many words are enough for translations of them to be found; None where not known."""
    return None if words is None else words >= LEAST_WORDS
