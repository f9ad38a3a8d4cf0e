"""Why two items of one language are, or are not, one story, in words an editor understands.

verdict + features --> one sentence                          (stored with the match)
both texts ----------> facts, passages side by side, credit  (only where both are at hand)
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from aggregator.match.jit import Hashes, Places
from aggregator.match.words.align import MAX_GAP, align
from aggregator.match.words.classifier import Verdict
from aggregator.match.words.minhash import (
    BODY_SHINGLE,
    MAX_BODY_TOKENS,
    MAX_TITLE_TOKENS,
    MIN_BODY_TOKENS,
    estimated_jaccards,
)
from aggregator.match.words.rules import RULES
from aggregator.match.words.token_bits import KIND_MASK, WORD_SHIFT
from aggregator.match.words.tokens import NAME, NUMBER, tokenise
from aggregator.model import Credit, Evidence, Fact, Kind, Passage, Text

_MAX_FACTS = 12  # of each list, and passages: what an editor reads on one screen; set by hand
_MAX_PASSAGES = 40
_MAX_PASSAGE_GAP = 4 * MAX_GAP  # tokens; a longer gap is not shown beside what stands in its place
_SENTENCES = {
    "equal-words": "Both texts have the same words.",
    "too-short": "There are too few words to compare.",
    "facts-agree": "The words are nearly the same, and every number and name agrees.",
    "many-facts-agree": "The wording differs, but very many numbers and names agree and none is replaced.",
    "phrases-agree": "The texts are long and share most of their phrases, and hardly a fact is replaced.",
}
_OBJECTIONS = {
    "brief-words-differ": "the texts are very short, and one has another word in the same place",
    "short-repeat": "so few words come again every day, as a rubric does",
    "says-little": "the texts are equal, but so short that two reports of one form may be",
    "short-facts-differ": "the texts are short, and numbers of one are missing from the other",
    "rubric-title": "the titles are a rubric's, which names no one and nothing, and there is hardly a text",
    "figures-missing": "both are forms of figures, and their texts end before the first figure",
    "recurring-form": "the title comes again and again, and the text is too short to say of what",
    "unrelated-titles": "the titles share no word with each other, and the texts say nothing of what they name",
    "recurring-text": "the same text stands under titles that share no word, as a notice does",
    "part-of-digest": "one of them reports several things, the other one of these",
    "opposite-word": "a word and its opposite stand in the same place",
    "word-replaced": "the titles differ in a word, and the texts differ in it in the same place",
    "name-inserted": "one title has a name, number or qualifier more, of which the other text is silent",
    "background-shared": "each begins with a report of its own, and only what follows is shared",
}
_KINDS = {
    Kind.IDENTICAL: "The texts are the same",
    Kind.NEAR: "One text is an edited copy of the other",
    Kind.EXCERPT: "One text is a part of the other",
    Kind.REVISION: "One text is the same agency's later version of the other",
}
_MERGE_SCORE = 0.8  # from here on the pair alone would be merged (`balanced`)
_SMALL_SHARE = 0.3  # of phrases; set by hand
# Of what a shared part so large would weigh were its phrases rare; set by hand.
_COMMON_WEIGHT = 0.6


def reason(verdict: Verdict, kind: Kind, features: dict[str, float]) -> str:
    """One sentence on a verdict; of a pair that is not merged it says why not.

    `features` are those of the pair by name (`named_features`).
    """
    if verdict.rule in _SENTENCES and (kind is not Kind.RELATED or verdict.score < _MERGE_SCORE):
        return _SENTENCES[verdict.rule]
    if kind is Kind.RELATED:
        return f"Not one report: {_strongest_objection(verdict, features)}."
    facts = round(np.expm1(features["same_numbers"]) + np.expm1(features["same_names"]))
    agree = f", and {facts} of its numbers and names stand in the same places" if facts else ""
    replaced = _count_replaced(features)
    differ = f"; {_facts_are(replaced)} replaced" if replaced else ""
    return f"{_KINDS[kind]}: {_share_of_phrases(features)}{agree}{differ}."


def _strongest_objection(verdict: Verdict, features: dict[str, float]) -> str:
    """What speaks most against merging a pair."""
    if verdict.rule in RULES:
        return _OBJECTIONS[verdict.rule]
    replaced = _count_replaced(features)
    if replaced:
        same = (
            "the texts are of one form"
            if features["covered"] > _SMALL_SHARE
            else _share_of_phrases(features)
        )
        return f"{same}, but {_facts_are(replaced)} replaced by others in the same place"
    if features["new_title"]:
        return "the titles are of one form with another name or number"
    if verdict.rule in _OBJECTIONS:
        return _OBJECTIONS[verdict.rule]
    if verdict.score >= _MERGE_SCORE:
        return "the pair is close, but other items of the story are not, or another story is closer"
    return _what_is_missing(features)


def _what_is_missing(features: dict[str, float]) -> str:
    """What is missing where nothing speaks against a pair."""
    if features["containment"] < _SMALL_SHARE:
        return f"only {_share_of_phrases(features)}"
    if features["rare_containment"] < _COMMON_WEIGHT * features["containment"]:
        return f"{_share_of_phrases(features)}, but those are phrases that many reports use"
    return f"{_share_of_phrases(features)}, and what else each says is too different"


def _share_of_phrases(features: dict[str, float]) -> str:
    return f"{features['containment']:.0%} of the shorter text's phrases are in the longer one"


def _count_replaced(features: dict[str, float]) -> int:
    return round(float(np.expm1(features["replaced"])))


def _facts_are(replaced: int) -> str:
    return "a number or name is" if replaced == 1 else f"{replaced} numbers or names are"


class BodyTokens:
    """A text's body tokens with the words they were read from; a body of few has its title in front.

    So the tokens are those of the text's fingerprint.
    """

    def __init__(self, text: Text) -> None:
        body = tokenise(text.body).head(MAX_BODY_TOKENS)
        title = tokenise(text.title).head(MAX_TITLE_TOKENS)
        if body.values.size >= MIN_BODY_TOKENS:
            title = title.head(0)
        self.text = f"{text.title}\n{text.body}"
        self.values = np.concatenate((title.values, body.values))
        behind = len(text.title) + 1
        self.starts = [*title.starts.tolist(), *(body.starts + behind).tolist()]
        self.ends = [*title.ends.tolist(), *(body.ends + behind).tolist()]

    def span(self, start: int, end: int) -> str:
        """The words from one token up to another, as written."""
        if start >= end:
            return ""
        return " ".join(self.text[self.starts[start] : self.ends[end - 1]].split())

    def facts(self) -> dict[int, str]:
        """Numbers and names by their token, as first written."""
        found: dict[int, str] = {}
        for at, value in enumerate(self.values.tolist()):
            if value & KIND_MASK in (NUMBER, NAME):
                found.setdefault(value >> WORD_SHIFT, self.span(at, at + 1))
        return found


def complete_evidence(
    evidence: Evidence,
    texts: tuple[Text, Text],
    tokens: tuple[Hashes, Hashes],
    signatures: tuple[bytes, bytes],
) -> Evidence:
    """The evidence on a pair completed with what only `explain` shows.

    Its facts, its passages side by side, the credit, and the Jaccards that MinHash estimates. `tokens`
    are the unpacked ones.
    """
    left, right = map(BodyTokens, texts)
    agree, differ = facts(left, right)
    return Evidence(
        rule=evidence.rule,
        reason=evidence.reason,
        features={**evidence.features, **estimated_jaccards(*signatures)},
        agree=agree,
        differ=differ,
        passages=passages(left, right, align(*tokens)),
        credit=_first_phrase(texts[0].credits or texts[1].credits),
    )


def _first_phrase(found: tuple[Credit, ...]) -> str:
    """The words that say most of the origin."""
    return found[0].phrase if found else ""


def facts(a: BodyTokens, b: BodyTokens) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The numbers and names both texts have, and those only one has."""
    ours, theirs = a.facts(), b.facts()
    all_a, all_b = (set((side.values >> np.uint32(WORD_SHIFT)).tolist()) for side in (a, b))
    agree = [Fact(a=ours[key], b=theirs[key]) for key in ours if key in theirs]
    differ = [Fact(a=word, b="") for key, word in ours.items() if key not in all_b]
    differ += [Fact(a="", b=word) for key, word in theirs.items() if key not in all_a]
    return tuple(agree[:_MAX_FACTS]), tuple(differ[:_MAX_FACTS])


def passages(a: BodyTokens, b: BodyTokens, places: Places) -> tuple[Passage, ...]:
    """Shared runs, and between them what stands in the same place, in the order of `a`."""
    runs = _runs(places)
    found: list[Passage] = []
    for before, run in pairwise([(0, 0, 0), *runs]):
        gap_a, gap_b = (before[0] + before[2], run[0]), (before[1] + before[2], run[1])
        if 0 <= gap_b[1] - gap_b[0] <= _MAX_PASSAGE_GAP and (
            gap_a[0] < gap_a[1] or gap_b[0] < gap_b[1]
        ):
            found.append(Passage(a=a.span(*gap_a), b=b.span(*gap_b), same=False))
        elif gap_a[0] < gap_a[1]:
            found.append(Passage(a=a.span(*gap_a), b="", same=False))
        found.append(
            Passage(a=a.span(run[0], run[0] + run[2]), b=b.span(run[1], run[1] + run[2]), same=True)
        )
    return tuple(found[:_MAX_PASSAGES])


def _runs(places: Places) -> list[tuple[int, int, int]]:
    """Shared runs as (start in a, start in b, tokens), none overlapping another in a."""
    runs: list[tuple[int, int, int]] = []
    for i, j in enumerate(places.tolist()):
        if j < 0:
            continue
        if runs and i - runs[-1][0] == j - runs[-1][1] and i <= runs[-1][0] + runs[-1][2]:
            start, other, _ = runs[-1]
            runs[-1] = (start, other, i - start + BODY_SHINGLE)
        else:
            skip = max(0, runs[-1][0] + runs[-1][2] - i) if runs else 0
            if skip < BODY_SHINGLE:
                runs.append((i + skip, j + skip, BODY_SHINGLE - skip))
    return runs
