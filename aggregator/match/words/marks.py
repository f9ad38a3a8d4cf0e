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
from functools import cache

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


def mark_id(name: str) -> int:
    """The 16 bits that stand for a concept, or for one of the names above."""
    return zlib.crc32(name.encode()) & 0xFFFF


def body_place(at: int) -> int:
    """The place of a body's token; that of a title's token is its number."""
    return _BODY + at


def marks(text: Text, title: Tokens, body: Tokens, *, bare: bool) -> Hashes:
    """The marks of a text, uint32 and of shape (marks,); `bare`: it has hardly a word but its title.

    Places of a bare text's body are those of its title: there is nothing else to compare.
    """
    noted = [*_of_title(text, title, bare=bare)]
    noted += [(hit.concept, hit.start) for hit in _found("opposites", text, text.title, title)]
    if not bare:
        hits = _found("opposites", text, text.body, body.head(LEAD))
        noted += [(hit.concept, body_place(hit.start)) for hit in hits]
    return np.array([mark_id(name) << 16 | place for name, place in noted], dtype=np.uint32)


def _of_title(text: Text, title: Tokens, *, bare: bool) -> Iterator[tuple[str, int]]:
    content = _content(text, title)
    end = _end(text.title)
    rubrics = [
        hit
        for hit in _found("rubrics", text, text.title, title)
        if title.starts[hit.start] < end and kind_of_concept(hit.concept) != _QUOTED
    ]
    if not title.values.size:
        return
    if bare:
        yield BARE, 0
    dates = _dates(text, title)
    subject = [at for at in content if at not in dates]
    is_rubric = bool(rubrics) and len(set(subject) - _covered(rubrics)) <= _BESIDE_RUBRIC
    if any(kind_of_concept(hit.concept) == "figures" for hit in rubrics) or _is_quotation(
        text, title
    ):
        yield FIGURES, 0
    if any(_names_several(text.title, title, hit, whole=is_rubric) for hit in rubrics):
        yield SEVERAL, 0
    if is_rubric:
        yield RUBRIC, 0
    elif _says_little(text, title, subject):
        yield SAYS_LITTLE, 0
    for place in content:
        yield CONTENT, place
    for place in _second_headlines(text.title, title):
        yield SECOND, place


def _is_quotation(text: Text, title: Tokens) -> bool:
    """Whether a title says how a price moved: "Dollar steadies in late trade"."""
    named = {hit.concept for hit in _found("rubrics", text, text.title, title)}
    moved = (kind_of_concept(hit.concept) for hit in _found("opposites", text, text.title, title))
    has_price = _MARKETS in named or _QUOTED in map(kind_of_concept, named)
    return has_price and _MOVES in moved


def _second_headlines(written: str, title: Tokens) -> list[int]:
    """The places of the words with which a title begins to tell of another thing."""
    starts = {start: at for at, start in enumerate(title.starts.tolist())}
    ends = (found.end() - 1 for found in _NEXT_HEADLINE.finditer(written))
    return [starts[end] for end in ends if end in starts]


def _content(text: Text, title: Tokens) -> list[int]:
    """The places of a title's words that say what the report is about; the site's name does not."""
    empty = _covered(_found("function_words", text, text.title, title))
    if not empty and text.language not in _listed():
        lengths = (title.ends - title.starts).tolist()
        spaced = text.language not in languages() or languages()[text.language].has_spaces
        empty = {at for at, length in enumerate(lengths) if spaced and 1 < length <= _SHORT_WORD}
    end = _end(text.title)
    return [at for at, start in enumerate(title.starts.tolist()) if at not in empty and start < end]


def _end(title: str) -> int:
    """Where a title ends and the name of its site begins: "… – Daily Herald" (characters)."""
    found = _SITE.search(title)
    return found.start() if found and found.start() else len(title)


def _names_several(written: str, title: Tokens, hit: Found, *, whole: bool) -> bool:
    """Whether a title is that of a digest: no more than its name, or the name set apart by a mark."""
    if kind_of_concept(hit.concept) != "digest":
        return False
    before, after = written[: title.starts[hit.start]], written[title.ends[hit.end - 1] :]
    opens = not before.strip() and _MARK.match(after)
    closes = not after.strip() and _MARK.match(before[::-1])
    return whole or bool(opens or closes)


def _says_little(text: Text, title: Tokens, subject: Sequence[int]) -> bool:
    """Whether what a title speaks of is a few common words: no name, no number."""
    kinds = (title.values & np.uint32(KIND_MASK)).tolist()
    capitals = sum(text.title[title.starts[at]].isupper() for at in subject)
    headline = capitals == len(subject) < _FEW_WORDS  # every word has a capital: it names nothing
    names = not headline and any(kinds[at] == NAME for at in subject)
    most = _FEW_IDEOGRAPHS if _is_han(text.title) else _FEW_WORDS
    return len(subject) <= most and not names and all(kinds[at] != NUMBER for at in subject)


def _dates(text: Text, title: Tokens) -> set[int]:
    """The places of months, weekdays and the numbers beside them."""
    kinds = (title.values & np.uint32(KIND_MASK)).tolist()
    words, calendar = _words(text.title, title), _calendar(text.language)
    named = {at for at, word in enumerate(words) if word in calendar}
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


def _found(name: str, text: Text, written: str, tokens: Tokens) -> list[Found]:
    """The words of a list in a title or a lead, from left to right, by token."""
    words = words_of(name, text.language)
    if not isinstance(words, Ideographs):
        return words.find(_words(written, tokens))
    at = {start: number for number, start in enumerate(tokens.starts.tolist())}
    end = int(tokens.ends[-1]) if tokens.ends.size else 0
    hits = words.find(written[:end])
    return [
        Found(hit.concept, hit.rank, at[hit.start], at[hit.start] + hit.end - hit.start)
        for hit in hits
        if hit.start in at
    ]


def _words(written: str, tokens: Tokens) -> list[str]:
    spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    return plain("\n".join(written[start:end] for start, end in spans)).split("\n")


def _covered(hits: Sequence[Found]) -> set[int]:
    return {at for hit in hits for at in range(hit.start, hit.end)}


def _is_han(title: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in title)
