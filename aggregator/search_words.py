"""A search as a person writes it: words, "phrases in quotes", -words and -"phrases" that must not be there.

    'railways "high speed" -freight' --parse--> Search    what the store looks for, in the words of an item
                                     --marks--> where in a text it was found

Case, width, accents and signs do not matter. A word is sought as the beginning of a word, without its own
ending: "railways" finds "railway", "Казахстана" finds "Казахстан"; one of two letters ("EU") and a number as they
are. A phrase has exactly these words. What has a sign within it ("COVID-19") is sought as a phrase, and what is
written without blanks (Chinese, Thai, …) as one of its characters. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from aggregator.errors import UsageError

MOST_TERMS = 40  # of a search
SHORTEST = 3  # characters of a word that is sought as the beginning of others
LONGEST = 64  # characters of a word that are compared; an engine may refuse a longer one

# Scripts without blanks between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_ACCENTS = "\u0300-\u036f"
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and the like, within a word
_PIECE = re.compile(f"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\\W_]|[{_ACCENTS}{_UNSEEN}])+")
_LEFT_OUT = re.compile(f"[{_ACCENTS}{_UNSEEN}]")
_SINGLE = re.compile(f"[{_UNSPACED}]")
_TERM = re.compile(r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟″", '"') | {"−": "-", "–": "-"})

# Endings of inflection: of English; of Russian, Bulgarian and Kazakh. So much of a word must be left that it
# does not become another one: "party" is not sought as "part".
_ENDINGS = re.compile(
    r"(?<=[a-z]{4})(?<!s)s$|(?<=[a-z]{5})(?:ies|ing|es|ed|y)$"
    r"|(?<=[\u0400-\u04ff]{4})[аяоеуюыиьй]$"
    r"|(?<=[\u0400-\u04ff]{5})(?:"
    r"ого|его|ому|ему|ами|ями|ыми|ими|иями|[ая]х|[аяоеыи]м|[оеы]в|[еоиы]й|[ая]я|[оеы]е|[ыи]х|и[еяию]|ие[йм]|ию"
    r"|[аяе]та|[ое]то|ите|[ъя]т|т[ао]|ията|ие?то"
    r"|(?:[лдт][ае]р)?(?:[ндт][ыі]ң|[нд]ан|[нд]ен|[мбп]ен|[ғқ]а)"
    r")$"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one behind the other, folded; where it is `open`, the last one may go on."""

    words: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What one and the same item must have, and what it must not."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)


class Span(NamedTuple):
    """A part of a text: `text[start:end]`."""

    start: int
    end: int


def parse(text: str) -> Search:
    """Read a search; a blank one is empty, and whatever is there fits it.

    Raises UsageError where nothing says what must be there, or too much does.
    """
    wanted, unwanted = dict[Term, None](), dict[Term, None]()
    for found in _TERM.finditer(text.translate(_QUOTES)):
        phrase, word = found["phrase"], found["word"]
        said = tuple(words(phrase if word is None else word))
        if said and found["no"]:
            unwanted[Term(said, open=word is not None and _may_go_on(said))] = None
        elif said:
            wanted[Term(said) if word is None else _beginning(said)] = None
    if text.strip() and not wanted:
        raise _no_words(text, unwanted)
    if len(wanted) + len(unwanted) > MOST_TERMS:
        raise UsageError("A search may have at most %(most)s words and phrases.", most=MOST_TERMS)
    return Search(tuple(wanted), tuple(unwanted))


def words(text: str) -> Iterator[str]:
    """The words of a text in their order, folded: what a search compares."""
    for found in _PIECE.finditer(text):
        yield from folded(found[0])


def marks(text: str, search: Search) -> list[Span]:
    """Where the words and phrases of a search stand in a text, in their order and apart from each other."""
    said, places = list[str](), list[tuple[int, int]]()
    for found in _PIECE.finditer(text):
        for word in folded(found[0]):
            said.append(word)
            places.append(found.span())
    firsts = tuple({term.words[0] for term in search.wanted})
    hits = {
        Span(places[at][0], places[at + len(term.words) - 1][1])
        for at, word in enumerate(said)
        if word.startswith(firsts)  # hardly one does
        for term in search.wanted
        if _stands_at(said, at, term)
    }
    return _apart(sorted(hits))


@lru_cache(100_000)  # of a text's words most are common
def folded(piece: str) -> tuple[str, ...]:
    """A word as it is compared: small letters, full width, without accents; few signs are several words."""
    if piece.isascii():
        return (piece.lower()[:LONGEST],)
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", piece).casefold())
    kept = _LEFT_OUT.sub("", parts.replace("и\u0306", "й"))  # a letter of its own, no accent
    plain = unicodedata.normalize("NFC", kept).replace("ı", "i")
    return tuple(found[0][:LONGEST] for found in _PIECE.finditer(plain))


def _beginning(said: tuple[str, ...]) -> Term:
    """The term of a word outside quotes: its last part without its ending."""
    if not _may_go_on(said):
        return Term(said)
    return Term((*said[:-1], _ENDINGS.sub("", said[-1])), open=True)


def _may_go_on(said: tuple[str, ...]) -> bool:
    """Whether a longer word may be another form of it: of a number, "UN", or a sign for a syllable, none is."""
    last = said[-1]
    return len(last) >= SHORTEST and not last.isdigit() and not _SINGLE.match(last)


def _no_words(text: str, unwanted: Collection[Term]) -> UsageError:
    if unwanted:
        return UsageError(
            'The search "%(search)s" only says what must not be there. Add a word that must be.',
            search=text[:80],
        )
    return UsageError(
        'The search "%(search)s" has no words. Write some that the report must have.',
        search=text[:80],
    )


def _stands_at(said: Sequence[str], at: int, term: Term) -> bool:
    *before, last = term.words
    end = at + len(before)
    if end >= len(said) or said[at:end] != before:
        return False
    return said[end].startswith(last) if term.open else said[end] == last


def _apart(spans: list[Span]) -> list[Span]:
    """Join spans that overlap."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
