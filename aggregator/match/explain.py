"""Why two items are, or are not, one story, in words an editor understands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aggregator.match.jit import Hashes
from aggregator.match.words.align import SHORT, align
from aggregator.match.words.classifier import Verdict
from aggregator.match.words.minhash import MAX_TOKENS
from aggregator.match.words.tokens import NAME, NUMBER, tokenise
from aggregator.model import Credit, Evidence, Fact, Kind, Passage, Text

_MOST_FACTS = 12
_MOST_PASSAGES = 40
_SENTENCES = {
    "equal-words": "Both texts have the same words.",
    "too-short": "There are too few words to compare.",
    "facts-agree": "The words are nearly the same, and every number and name agrees.",
}
_VETOES = {
    "brief-words-differ": "the texts are very short, and one has another word in the same place",
    "short-repeat": "so few words come again every day, as a rubric does",
    "short-facts-differ": "the texts are short, and numbers of one are missing from the other",
}
_KINDS = {
    Kind.IDENTICAL: "The texts are the same",
    Kind.NEAR: "One text is an edited copy of the other",
    Kind.EXCERPT: "One text is a part of the other",
    Kind.REVISION: "One text is the same agency's later version of the other",
}
_CLOSE = 0.7  # a score from which the pair alone would be merged
_LITTLE = 0.3  # a share of phrases
_COMMON = 0.6  # of the weight that so large a shared part would have if its phrases were rare


def reason(verdict: Verdict, kind: Kind, named: dict[str, float]) -> str:
    """One sentence on a verdict; of a pair that is not merged it says why not."""
    if verdict.rule in _SENTENCES and (kind is not Kind.RELATED or verdict.score < _CLOSE):
        return _SENTENCES[verdict.rule]
    if kind is Kind.RELATED:
        return f"Not one report: {_against(verdict, named)}."
    facts = round(np.expm1(named["same_numbers"]) + np.expm1(named["same_names"]))
    agree = f", and {facts} of its numbers and names stand in the same places" if facts else ""
    replaced = _replaced(named)
    differ = f"; {_count(replaced)} replaced" if replaced else ""
    return f"{_KINDS[kind]}: {_shared(named)}{agree}{differ}."


def _against(verdict: Verdict, named: dict[str, float]) -> str:
    """What speaks most against merging a pair."""
    replaced = _replaced(named)
    if replaced:
        same = "the texts are of one form" if named["covered"] > _LITTLE else _shared(named)
        return f"{same}, but {_count(replaced)} replaced by others in the same place"
    if named["new_title"]:
        return "the titles are of one form with another name or number"
    if verdict.rule in _VETOES:
        return _VETOES[verdict.rule]
    if verdict.score >= _CLOSE:
        return "the pair is close, but other items of the story are not, or another story is closer"
    return _too_little(named)


def _too_little(named: dict[str, float]) -> str:
    """What is missing where nothing speaks against a pair."""
    if named["containment"] < _LITTLE:
        return f"only {_shared(named)}"
    if named["rare_containment"] < _COMMON * named["containment"]:
        return f"{_shared(named)}, but those are phrases that many reports use"
    return f"{_shared(named)}, and what else each says is too different"


def _shared(named: dict[str, float]) -> str:
    return f"{named['containment']:.0%} of the shorter text's phrases are in the longer one"


def _replaced(named: dict[str, float]) -> int:
    return round(float(np.expm1(named["replaced"])))


def _count(replaced: int) -> str:
    return "a number or name is" if replaced == 1 else f"{replaced} numbers or names are"


class Words:
    """A text's body tokens with the words they were read from."""

    def __init__(self, text: Text) -> None:
        tokens = tokenise(text.body)
        self.text = text.body
        self.values = tokens.values[:MAX_TOKENS]
        self.starts, self.ends = tokens.starts.tolist(), tokens.ends.tolist()

    def span(self, start: int, end: int) -> str:
        """The words from one token up to another, as written."""
        if start >= end:
            return ""
        return " ".join(self.text[self.starts[start] : self.ends[end - 1]].split())

    def facts(self) -> dict[int, str]:
        """Numbers and names by their token, as first written."""
        found: dict[int, str] = {}
        for at, value in enumerate(self.values.tolist()):
            if value & 3 in (NUMBER, NAME):
                found.setdefault(value >> 2, self.span(at, at + 1))
        return found


def with_texts(evidence: Evidence, a: Text, b: Text, tokens: tuple[Hashes, Hashes]) -> Evidence:
    """The evidence on a pair completed with its facts, its passages side by side, and the credit."""
    left, right = Words(a), Words(b)
    agree, differ = facts(left, right)
    return Evidence(
        rule=evidence.rule,
        reason=evidence.reason,
        features=evidence.features,
        agree=agree,
        differ=differ,
        passages=passages(left, right, align(*tokens)),
        credit=credit(a.credits or b.credits),
    )


def credit(found: tuple[Credit, ...]) -> str:
    """The words that say most of the origin."""
    return found[0].phrase if found else ""


def facts(a: Words, b: Words) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The numbers and names both texts have, and those only one has."""
    ours, theirs = a.facts(), b.facts()
    all_a, all_b = ({int(v) >> 2 for v in words.values} for words in (a, b))
    agree = [Fact(a=ours[key], b=theirs[key]) for key in ours if key in theirs]
    differ = [Fact(a=word, b="") for key, word in ours.items() if key not in all_b]
    differ += [Fact(a="", b=word) for key, word in theirs.items() if key not in all_a]
    return tuple(agree[:_MOST_FACTS]), tuple(differ[:_MOST_FACTS])


def passages(a: Words, b: Words, places: NDArray[np.int64]) -> tuple[Passage, ...]:
    """Shared runs, and between them what stands in the same place, in the order of `a`."""
    runs = _runs(places)
    found: list[Passage] = []
    for before, run in pairwise([(0, 0, 0), *runs]):
        gap_a, gap_b = (before[0] + before[2], run[0]), (before[1] + before[2], run[1])
        if 0 <= gap_b[1] - gap_b[0] <= 4 * SHORT and (gap_a[0] < gap_a[1] or gap_b[0] < gap_b[1]):
            found.append(Passage(a=a.span(*gap_a), b=b.span(*gap_b), same=False))
        elif gap_a[0] < gap_a[1]:
            found.append(Passage(a=a.span(*gap_a), b="", same=False))
        found.append(
            Passage(a=a.span(run[0], run[0] + run[2]), b=b.span(run[1], run[1] + run[2]), same=True)
        )
    return tuple(found[:_MOST_PASSAGES])


def _runs(places: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Shared runs as (start in a, start in b, tokens), none overlapping another in a."""
    runs: list[tuple[int, int, int]] = []
    for i, j in enumerate(places.tolist()):
        if j < 0:
            continue
        if runs and i - runs[-1][0] == j - runs[-1][1] and i <= runs[-1][0] + runs[-1][2]:
            start, other, _ = runs[-1]
            runs[-1] = (start, other, i - start + 3)
        else:
            skip = max(0, runs[-1][0] + runs[-1][2] - i) if runs else 0
            if skip < 3:
                runs.append((i + skip, j + skip, 3 - skip))
    return runs
