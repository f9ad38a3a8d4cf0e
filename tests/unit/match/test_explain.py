"""What `explain` adds to the evidence of a pair: the Jaccards that MinHash estimates."""

from __future__ import annotations

import numpy as np
import pytest

from aggregator.match.explain import complete_evidence
from aggregator.match.words.minhash import (
    BODY_PERMUTATIONS,
    LEAD_TOKENS,
    fingerprint,
    shingles,
    unpack_tokens,
)
from aggregator.match.words.tokens import tokenise
from aggregator.model import Evidence, Text

BODY = "The harbour of Velmora will stay closed for 12 days while divers look for the lost anchor. "
LONG = BODY + " ".join(f"Berth {number} takes the ferry of day {number}." for number in range(60))
STORED = Evidence(rule="model", reason="…", features={"overlap": 0.5})


def text(body: str) -> Text:
    return Text(title="", body=body, language="en")


def features(a: str, b: str) -> dict[str, float]:
    texts = text(a), text(b)
    one, other = map(fingerprint, texts)
    tokens = unpack_tokens(one.tokens), unpack_tokens(other.tokens)
    completed = complete_evidence(STORED, texts, tokens, (one.signature, other.signature))
    return dict(completed.features)


def true_jaccard(a: str, b: str, width: int, tokens: int | None = None) -> float:
    one, other = (shingles(tokenise(body).values[:tokens], width) for body in (a, b))
    return len(np.intersect1d(one, other)) / len(np.union1d(one, other))


def test_equal_texts_have_a_jaccard_of_one_beside_what_is_stored() -> None:
    assert features(BODY, BODY) == {
        "overlap": 0.5,
        "minhash_jaccard": 1.0,
        "minhash_jaccard_lead": 1.0,
    }


def test_the_estimates_are_near_the_true_jaccards_of_the_whole_and_of_the_lead() -> None:
    changed = LONG[: 2 * len(LONG) // 3]

    found = features(LONG, changed)

    error = 4 * 0.5 / BODY_PERMUTATIONS**0.5
    assert found["minhash_jaccard"] == pytest.approx(true_jaccard(LONG, changed, 3), abs=error)
    assert true_jaccard(LONG, changed, 2, LEAD_TOKENS) == 1.0
    assert found["minhash_jaccard_lead"] == 1.0


def test_texts_without_words_have_no_estimate() -> None:
    assert features(" … ", BODY) == {"overlap": 0.5}


@pytest.mark.parametrize(("title", "body"), [("Harbour of Velmora closed for 12 days", ""), ("Velmora", "12 days closed.")])  # fmt: skip
def test_of_items_without_a_text_the_titles_stand_side_by_side(title: str, body: str) -> None:
    texts = (Text(title=title, body=body, language="en"),) * 2
    one, other = map(fingerprint, texts)
    tokens = unpack_tokens(one.tokens), unpack_tokens(other.tokens)

    completed = complete_evidence(STORED, texts, tokens, (one.signature, other.signature))

    (passage,) = completed.passages
    assert passage.same
    assert passage.a == f"{title} {body}".strip().removesuffix(".")
    assert "12" in [fact.a for fact in completed.agree]
