"""Three lists of words that are no concepts of a report, found as the lexicon finds phrases.

| file | what it lists |
|---|---|
| `opposites.tsv` | what excludes another thing of its kind: `trade.export` and `trade.import` |
| `rubrics.tsv` | names of forms that come again: `rubric.weather`, `live.updates`, `digest.headlines` |
| `function_words.tsv` | words that say nothing of what a report is about |

A concept's name begins with its kind. Two concepts of one kind are opposites; a kind may have several
(north, south, east, west), or one that only its absence opposes (`negation.not`).
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import combinations

from aggregator.languages import languages
from aggregator.match.lexicon import Ideographs, Lexicon, Rank, Row, read_rows

NEGATION = "negation.not"


def opposites() -> frozenset[frozenset[str]]:
    """The pairs of concepts of `opposites.tsv` that exclude each other. Raises LanguageError."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in list_rows("opposites"):
        kinds[kind_of_concept(row.concept)].append(row.concept)
    return frozenset(
        frozenset(pair) for concepts in kinds.values() for pair in combinations(concepts, 2)
    )


def kind_of_concept(concept: str) -> str:
    """The kind a concept's name begins with: "trade" of "trade.export"."""
    return concept.partition(".")[0]


def opposite_words(language: str) -> Lexicon | Ideographs:
    """The words of a language that have opposites; empty for one without a column."""
    return words_of("opposites", language)


@cache
def words_of(name: str, language: str) -> Lexicon | Ideographs:
    """A list's words in a language; empty for one without a column. Raises LanguageError."""
    known = languages().get(language)
    found: Lexicon | Ideographs = Lexicon() if known is None or known.has_spaces else Ideographs()
    for row in list_rows(name):
        for written in row.alternatives(language):
            found.add(written, row.concept, Rank.NOTION)
    return found


@cache
def list_rows(name: str) -> tuple[Row, ...]:
    """The lines of one list. Raises LanguageError."""
    file = files("aggregator.match.lexicon") / f"{name}.tsv"
    return tuple(read_rows(file.name, file.read_text("utf-8")))
