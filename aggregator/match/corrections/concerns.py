"""Which earlier item of the same agency a correction or a kill is about.

By its title without marks, by the title it names in its text ("please kill the story …"), or by its body,
which a correction repeats. Where two items are about equally likely it is said of none.
"""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.match.corrections.notice import bare
from aggregator.match.words.token_bits import word_of
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text

# Set by hand: from which likeness an item is meant, and by how much it must surpass the next.
_SAME_TITLE, _NAMED_TITLE, _SAME_BODY = 0.7, 0.8, 0.5
_AHEAD = 0.1
_LEAST_NAMED = 3  # words of a title that a text can name without chance
_SHINGLE = 3  # words


def concerned(title: str, text: Text, candidates: Sequence[tuple[str, Text]]) -> str | None:
    """The id of the candidate that a notice is about, or None.

    `title` is the notice's title as its feed has it, `text` its text; `candidates` are earlier
    items, by id, of its agency and language.
    """
    own_title = _words(bare(title))
    told = own_title + _words(text.body)
    likely = [
        (score, item_id)
        for item_id, candidate in candidates
        if (score := _likeness(own_title, told, _words(text.body), candidate))
    ]
    likely.sort(reverse=True)
    if not likely or (len(likely) > 1 and likely[0][0] - likely[1][0] < _AHEAD):
        return None
    return likely[0][1]


def _likeness(title: list[int], told: list[int], body: list[int], candidate: Text) -> float:
    """How likely a notice is about a text, 0 where nothing says so; title and body count together."""
    own_title, own_body = _words(bare(candidate.title)), _words(candidate.body)
    same_title = _share(set(title), set(own_title))
    named = _named(own_title, told) if len(own_title) >= _LEAST_NAMED else 0.0
    same_body = _share(_shingles(body, _SHINGLE), _shingles(own_body, _SHINGLE))
    if same_title < _SAME_TITLE and named < _NAMED_TITLE and same_body < _SAME_BODY:
        return 0.0
    return max(same_title, named) + same_body


def _named(title: list[int], told: list[int]) -> float:
    """The share of a title's pairs of words that a notice has."""
    pairs = _shingles(title, 2)
    return len(pairs & _shingles(told, 2)) / len(pairs)


def _share(one: set[int] | set[tuple[int, ...]], other: set[int] | set[tuple[int, ...]]) -> float:
    """Jaccard's coefficient of two sets; 0 of two empty ones."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _shingles(words: list[int], size: int) -> set[tuple[int, ...]]:
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}


def _words(written: str) -> list[int]:
    """The words of a text, each as a number."""
    return [int(word_of(token)) for token in tokenise(written).values]
