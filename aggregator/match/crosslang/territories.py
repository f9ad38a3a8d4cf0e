"""Countries in any language: the lexicon's, and CLDR's (through Babel) where it has none.

`match/lexicon/countries.tsv` is the source: it says what concepts there are, and its names (adjectives,
peoples, short forms) go first. CLDR fills in what a language's column lacks, and whole languages without a
column. A territory that the English column knows keeps its concept, so that both speak of one thing.
"""

from __future__ import annotations

from functools import cache

from aggregator.match.lexicon import (
    Ideographs,
    Lexicon,
    Rank,
    ideographs,
    phrases,
    plain,
)

_FINAL_VOWELS = "aeiouyаеиоуыьіїйяюэәөүұ"


@cache
def lexicon_of(language: str) -> Lexicon:
    """The lexicon of a language (not Chinese) with CLDR's countries where it has none."""
    lexicon = phrases(language)
    for concept, name in _territories(language):
        words = plain(name).replace("-", " ").split()
        if "(" not in name and not lexicon.find(words):
            lexicon.add(" ".join(f"{_stem(word)}*" for word in words), concept, Rank.COUNTRY)
    return lexicon


@cache
def ideographs_of() -> Ideographs:
    """The lexicon of Chinese with CLDR's countries where it has none."""
    lexicon = ideographs()
    for concept, name in _territories("zh"):
        if not lexicon.find(name):
            lexicon.add(name, concept, Rank.COUNTRY)
    return lexicon


@cache
def _concepts() -> dict[str, str]:
    """Territory code -> the lexicon's concept, or one made of the code."""
    from babel import Locale

    english = phrases("en")
    concepts = {}
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and code not in {"ZZ", "EU", "UN", "EZ", "QO", "XA", "XB"}:
            found = english.find(plain(name).replace("-", " ").split())
            concepts[code] = found[0].concept if len(found) == 1 else f"territory_{code.lower()}"
    return concepts


def _territories(language: str) -> list[tuple[str, str]]:
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError, TypeError):
        return []
    return [(concept, names[code]) for code, concept in _concepts().items() if code in names]


def _stem(word: str) -> str:
    """A name without its last vowels (Словения, Словении), never shorter than four letters."""
    stem = word.rstrip(_FINAL_VOWELS)
    return stem if len(stem) >= 4 else word
