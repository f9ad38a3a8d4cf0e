"""What a text's words mean to the rules: noted once, while the words are at hand, and kept with its tokens.

    title --+-- which words say what the report is about
            +-- whether it names nothing ("Press review"), or several things at once ("News in brief")
            +-- where a second headline begins
    title, lead -- words that have an opposite (exports, imports)

Rules compare tokens, which are hashes: what a language's lists know of a word has to be noted before.
A mark is 32 bits: 16 of what is noted, 16 of where (a title's place, `body_place`).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

import numpy as np

from aggregator.languages import languages
from aggregator.match.jit import Hashes
from aggregator.match.lexicon import Found, Ideographs, plain
from aggregator.match.lexicon.word_lists import kind_of_concept, list_rows, words_of
from aggregator.match.words.token_bits import KIND_MASK
from aggregator.match.words.tokens import NAME, NUMBER, Tokens
from aggregator.model import Text

CONTENT = "content"  # a word of the title that says what the report is about
RUBRIC = "rubric"  # the title is that of a form that comes again
FIGURES = "figures"  # the title names a form that is nothing but figures, or how a price moved
SECOND = "second"  # a word of the title that another headline begins with: "Bridge opened; fire in Karsk"
SAYS_LITTLE = "says_little"  # the title names no one and nothing
SEVERAL = "several"  # the title is that of a digest
BARE = "bare"  # there is no text but the title
LEAD = 60  # tokens of the body whose opposites are noted; set by hand: the first paragraph
_BODY = 1 << 8  # from here on a place is one of the body; a title has at most 100 tokens

_SHORT_WORD = 3  # letters; of a language without a list of function words: the, und, des, por
_FEW_WORDS = 4  # set by hand: "Parliament adopts the budget" might be any year's
_FEW_IDEOGRAPHS = 6  # the same, in characters
_BESIDE_RUBRIC = 1  # set by hand: "Weather in Karsk" names a place, and is still a rubric


_SITE = re.compile(r"\s[-–—|·]{1,2}\s(?:[^\s–—|·]+\s?){1,4}$")  # set by hand: four words at most

_NEXT_HEADLINE = re.compile(r"[;；]\s*\S|\s//?\s\S")
_QUOTED, _MOVES = "quoted", "change"  # kinds of words: the dollar, oil; rises, eases, steadies
_MARKETS = "rubric.markets"  # stocks have a price as well
_MARK = re.compile(r"\s*[:：|(（\[【–—-]")  # what sets a digest's name apart: "News in brief: …"


@cache
def mark_id(name: str) -> int:
    """The 16 bits that stand for a concept, or for one of the names above."""
    return zlib.crc32(name.encode()) & 0xFFFF


def body_place(at: int) -> int:
    """The place of a body's token; that of a title's token is its number."""
    return _BODY + at


class _Passage:
    """A title, or a lead, with its words as lists have them: made once, for several lists are asked."""

    def __init__(self, language: str, written: str, tokens: Tokens) -> None:
        self.language = language
        self.written = written
        self.tokens = tokens
        self.starts: list[int] = tokens.starts.tolist()
        self.kinds: list[int] = (tokens.values & np.uint32(KIND_MASK)).tolist()

    @cached_property
    def words(self) -> list[str]:
        """The words by token."""
        spans = zip(self.starts, self.tokens.ends.tolist(), strict=True)
        return plain("\n".join([self.written[start:end] for start, end in spans])).split("\n")


def marks(text: Text, title: Tokens, body: Tokens, *, bare: bool) -> Hashes:
    """The marks of a text, uint32 and of shape (marks,); `bare`: it has hardly a word but its title.

    Places of a bare text's body are those of its title: there is nothing else to compare.
    """
    headline = _Passage(text.language, text.title, title)
    opposites = _found("opposites", headline)
    noted = [*_of_title(headline, opposites, bare=bare)]
    noted += [(hit.concept, hit.start) for hit in opposites]
    if not bare:
        hits = _found("opposites", _Passage(text.language, text.body, body.head(LEAD)))
        noted += [(hit.concept, body_place(hit.start)) for hit in hits]
    return np.array([mark_id(name) << 16 | place for name, place in noted], dtype=np.uint32)


def _of_title(
    title: _Passage, opposites: Sequence[Found], *, bare: bool
) -> Iterator[tuple[str, int]]:
    if not title.starts:
        return
    end = _end(title.written)
    content = _content(title, end)
    named = _found("rubrics", title)
    rubrics = [
        hit
        for hit in named
        if title.starts[hit.start] < end and kind_of_concept(hit.concept) != _QUOTED
    ]
    if bare:
        yield BARE, 0
    dates = _dates(title)
    subject = [at for at in content if at not in dates]
    is_rubric = bool(rubrics) and len(set(subject) - _covered(rubrics)) <= _BESIDE_RUBRIC
    if any(kind_of_concept(hit.concept) == "figures" for hit in rubrics) or _is_quotation(
        named, opposites
    ):
        yield FIGURES, 0
    if any(_names_several(title, hit, whole=is_rubric) for hit in rubrics):
        yield SEVERAL, 0
    if is_rubric:
        yield RUBRIC, 0
    elif _says_little(title, subject):
        yield SAYS_LITTLE, 0
    for place in content:
        yield CONTENT, place
    for place in _second_headlines(title):
        yield SECOND, place


def _is_quotation(rubrics: Sequence[Found], opposites: Sequence[Found]) -> bool:
    """Whether a title says how a price moved: "Dollar steadies in late trade"."""
    named = {hit.concept for hit in rubrics}
    has_price = _MARKETS in named or _QUOTED in map(kind_of_concept, named)
    return has_price and _MOVES in (kind_of_concept(hit.concept) for hit in opposites)


def _second_headlines(title: _Passage) -> list[int]:
    """The places of the words with which a title begins to tell of another thing."""
    ends = [found.end() - 1 for found in _NEXT_HEADLINE.finditer(title.written)]
    return [title.starts.index(end) for end in ends if end in title.starts]


def _content(title: _Passage, end: int) -> list[int]:
    """The places of a title's words that say what the report is about; the site's name does not."""
    empty = _covered(_found("function_words", title))
    if not empty and title.language not in _listed():
        lengths = (title.tokens.ends - title.tokens.starts).tolist()
        spaced = title.language not in languages() or languages()[title.language].has_spaces
        empty = {at for at, length in enumerate(lengths) if spaced and 1 < length <= _SHORT_WORD}
    return [at for at, start in enumerate(title.starts) if at not in empty and start < end]


def _end(title: str) -> int:
    """Where a title ends and the name of its site begins: "… – Daily Herald" (characters)."""
    found = _SITE.search(title)
    return found.start() if found and found.start() else len(title)


def _names_several(title: _Passage, hit: Found, *, whole: bool) -> bool:
    """Whether a title is that of a digest: no more than its name, or the name set apart by a mark."""
    if kind_of_concept(hit.concept) != "digest":
        return False
    before = title.written[: title.starts[hit.start]]
    after = title.written[title.tokens.ends[hit.end - 1] :]
    opens = not before.strip() and _MARK.match(after)
    closes = not after.strip() and _MARK.match(before[::-1])
    return whole or bool(opens or closes)


def _says_little(title: _Passage, subject: Sequence[int]) -> bool:
    """Whether what a title speaks of is a few common words: no name, no number."""
    if len(subject) > (_FEW_IDEOGRAPHS if _is_han(title.written) else _FEW_WORDS):
        return False
    kinds = title.kinds
    capitals = sum(title.written[title.starts[at]].isupper() for at in subject)
    headline = capitals == len(subject) < _FEW_WORDS  # every word has a capital: it names nothing
    names = not headline and any(kinds[at] == NAME for at in subject)
    return not names and all(kinds[at] != NUMBER for at in subject)


def _dates(title: _Passage) -> set[int]:
    """The places of months, weekdays and the numbers beside them."""
    kinds, calendar = title.kinds, _calendar(title.language)
    named = {at for at, word in enumerate(title.words) if word in calendar}
    near = {at + step for at in named for step in (-1, 1)}
    dates = {at for at in near if 0 <= at < len(kinds) and kinds[at] == NUMBER}
    return (
        named | dates | {at + 1 for at in dates if at + 1 < len(kinds) and kinds[at + 1] == NUMBER}
    )


@cache
def _calendar(language: str) -> frozenset[str]:
    if language not in languages():
        return frozenset()
    known = languages()[language]
    forms = [form for forms in (*known.months, *known.weekdays) for form in forms]
    return frozenset(plain(form) for form in (*forms, *known.declined))


@cache
def _listed() -> frozenset[str]:
    """The languages that have a list of function words."""
    return frozenset(code for row in list_rows("function_words") for code in row.cells)


def _found(name: str, passage: _Passage) -> list[Found]:
    """The words of a list in a title or a lead, from left to right, by token."""
    words = words_of(name, passage.language)
    if not isinstance(words, Ideographs):
        return words.find(passage.words)
    at = {start: number for number, start in enumerate(passage.starts)}
    end = int(passage.tokens.ends[-1]) if passage.starts else 0
    hits = words.find(passage.written[:end])
    return [
        Found(hit.concept, hit.rank, at[hit.start], at[hit.start] + hit.end - hit.start)
        for hit in hits
        if hit.start in at
    ]


def _covered(hits: Sequence[Found]) -> set[int]:
    return {at for hit in hits for at in range(hit.start, hit.end)}


def _is_han(title: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in title)
