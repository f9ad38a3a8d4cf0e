"""How much of one text's words another has too: what tells an edit from another report. Pure.

Where a script parts its words by spaces, words are counted; where it does not, the pieces a reader would
see: pairs of characters in Chinese, Japanese and Korean, four in the alphabets of South-East Asia and
Tibet, a syllable or two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Marks stand within words, and `\w` leaves them out: without them a word of Hindi or Thai falls apart.
# https://www.unicode.org/reports/tr29/#Word_Boundaries
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03\u0a3c-\u0a51"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0bbe-\u0bd7\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d57\u0d82\u0d83\u0dca-\u0ddf\u200c\u200d"
)
# Scripts of Asia whose words are not apart, with their marks: the characters of one piece.
_DENSE = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
_ALPHABETS = (
    "\u0e01-\u0e4e\u0e80-\u0ece\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3\ua9e0-\ua9fe\uaa60-\uaa7f"
)
_PIECE = re.compile(
    rf"(?P<dense>[{_DENSE}]+)|(?P<alphabet>[{_ALPHABETS}]+)|(?:(?![{_DENSE}{_ALPHABETS}])[\w{_MARKS}])+"
)
_HIRAGANA = re.compile("[\u3041-\u309f\u30fc]+")
_SHORTEST_WORD = 3  # letters: the shorter ones any two texts share


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter one's words that the other has too, in [0, 1]."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def words_of(title: str, text: str) -> frozenset[str]:
    """What two texts are compared by: words, and pieces of what has no words; each once."""
    folded = unicodedata.normalize("NFC", f"{title} {text}").lower()
    return frozenset(word for found in _PIECE.finditer(folded) for word in _words(found))


def _words(found: re.Match[str]) -> Iterator[str]:
    run = found[0]
    if found["dense"]:
        # Two signs of hiragana are an ending, which any two texts share.
        yield from (pair for pair in _pieces(run, 2) if not _HIRAGANA.fullmatch(pair))
    elif found["alphabet"]:
        yield from _pieces(run, 4)
    elif len(run) >= _SHORTEST_WORD or run.isdecimal():
        yield run


def _pieces(run: str, length: int) -> Iterator[str]:
    """Every piece of so many characters; of a run that is shorter, itself."""
    return (run[start : start + length] for start in range(max(len(run) - length + 1, 1)))
