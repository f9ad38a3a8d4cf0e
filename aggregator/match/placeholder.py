"""Placeholders: texts that stand in for reports, as a notice to subscribers does, and say nothing of any.

No list of wordings could be complete, so they are known by what recurs: one whole text under several titles. A
report may recur as well, under the headlines of those who carry it, but its text has something of them. A
placeholder has next to nothing of any, and those titles have next to nothing in common.

A text is known by its key: its words and figures, without signs and the item's own title, which a notice may quote.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b

from aggregator.match.lexicon.word_lists import list_rows
from aggregator.model import Item

LONGEST = 1500  # characters; set by hand: a long consent notice has half of them
SEEN = 12  # items of one text that are looked at, at most: set by hand
_KEY_BYTES = 8
_SILENT = 2 / 3  # of the titles; the text of a notice may have a word of one by chance
_CHANCE = 4  # of so many words one may be shared by chance
# Titles that have nothing in common: so many of one feed, or of several, of which the text says nothing; or so many
# of one feed whatever it says, for none gives one report as many headlines. Sites give one text two headlines, and
# two of them by mistake: with two of several feeds six of 3,000 pairs of the development set would be wrong.
_OF_ONE, _OF_SEVERAL, _WHATEVER = 2, 3, 3
_LEAST_WORDS = 2  # of a title that tells something
# Letters by which two words are one ("кметът", "кмета"); syllables of Korean, and signs that stand for a word in
# scripts without spaces.
_STEM, _SIGNS = 4, 2
Stems = frozenset[str]
_REST = 20  # letters beside a quoted title; set by hand: a summary often is its title, a place and two words more
_WORDS = re.compile(r"[^\W_]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")


def text_key(item: Item) -> str | None:
    """What an item's text has in common with the same under other titles; None where there is none, or too much."""
    text = item.longer_text
    if not text or len(text) > LONGEST:
        return None
    words = " ".join(_words(text, without=item.title))
    return blake2b(words.encode(), digest_size=_KEY_BYTES).hexdigest() if words else None


def is_placeholder(items: Sequence[Item]) -> bool:
    """Whether a text is a placeholder, by the items that have it: all of one key, of any feeds and agencies."""
    text = _stems(_words(items[0].longer_text, without=items[0].title), items[0].language)
    of_feed = defaultdict[str, set[Stems]](set)
    for item in items:
        title = _stems(_words(item.title), item.language)
        if len(title) >= _LEAST_WORDS:
            of_feed[item.feed_id].add(title)
    titles = {title for own in of_feed.values() for title in own}
    silent = {title for title in titles if _are_strangers(title, text)}
    of_feed.pop("", None)  # items without an agency, of a file: any number of feeds
    if any(len(_apart(own)) >= _WHATEVER for own in of_feed.values()):
        return True
    if len(silent) < _SILENT * len(titles):
        return False
    return len(_apart(silent)) >= _OF_SEVERAL or any(
        len(_apart(own & silent)) >= _OF_ONE for own in of_feed.values()
    )


def _apart(titles: Iterable[Stems]) -> list[Stems]:
    """Some of the titles, no two of which have anything in common."""
    apart: list[Stems] = []
    for title in sorted(titles, key=lambda title: (len(title), sorted(title))):
        if all(_are_strangers(title, other) for other in apart):
            apart.append(title)
    return apart


def _words(text: str, *, without: str = "") -> list[str]:
    """The words of a text, folded; without those of a title that it quotes, unless hardly more is left."""
    words = _WORDS.findall(_folded(text))
    quoted = _WORDS.findall(_folded(without))
    size = len(quoted)
    starts = range(len(words) - size + 1) if size else ()
    at = next((at for at in starts if words[at : at + size] == quoted), None)
    rest = words if at is None else words[:at] + words[at + size :]
    return rest if sum(map(len, rest)) >= _REST else words


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _stems(words: Iterable[str], language: str | None) -> Stems:
    """What words are compared by; those that say nothing of what a report is about are left out."""
    empty = _function_words(language or "")
    return frozenset(stem for word in words if word not in empty for stem in _stems_of(word))


@cache
def _function_words(language: str) -> frozenset[str]:
    rows = list_rows("function_words")
    return frozenset(word.casefold() for row in rows for word in row.alternatives(language))


def _stems_of(word: str) -> Iterable[str]:
    if _UNSPACED.search(word):
        return (word[at : at + _SIGNS] for at in range(max(len(word) - 1, 1)))
    size = _SIGNS if _HANGUL.match(word) else _STEM
    return (word[:size],) if len(word) >= size else ()


def _are_strangers(one: Stems, other: Stems) -> bool:
    return len(one & other) <= min(len(one), len(other)) // _CHANCE
