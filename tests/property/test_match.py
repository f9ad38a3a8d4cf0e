"""Properties of matching that hold for every text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from datasketch import LeanMinHash, MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings
from aggregator.match.matcher import Matcher
from aggregator.match.words.classifier import classify
from aggregator.match.words.features import FEATURES, pair_features
from aggregator.match.words.idf import DocumentFrequency
from aggregator.match.words.minhash import (
    BODY_PERMUTATIONS,
    LEAD_PERMUTATIONS,
    LEAD_TOKENS,
    fingerprint,
    shingles,
    unpack_tokens,
)
from aggregator.match.words.tokens import MAX_CHARACTERS, tokenise
from aggregator.model import Fingerprint, Indexed, Item, Text

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
WORDS = st.sampled_from(
    "Velmora karsk 5.4 12 1,000 мост Осло the of 北部 大桥 u.s. o‘zbek don't ё Ё 5 — . ! \n €".split(
        " "
    )
)
TEXTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=200)
QUICK = settings(max_examples=30, deadline=None)


def text(body: str, title: str = "") -> Text:
    return Text(title=title, body=body, language="und")


def tokens(body: str, title: str = "") -> np.ndarray:
    return unpack_tokens(fingerprint(text(body, title)).tokens)


@QUICK
@given(TEXTS, TEXTS, TEXTS)
def test_similarity_is_symmetric(a: str, b: str, title: str) -> None:
    one, other = tokens(a, title), tokens(b)

    ab, ba = (
        pair_features(one, [other], DocumentFrequency()),
        pair_features(other, [one], DocumentFrequency()),
    )

    assert np.allclose(ab, ba)
    assert classify(ab)[0].rule == classify(ba)[0].rule
    assert 0.0 <= classify(ab)[0].score <= 1.0


@QUICK
@given(TEXTS)
def test_equal_texts_are_wholly_alike(body: str) -> None:
    own = tokens(body)

    features = dict(
        zip(FEATURES, pair_features(own, [own.copy()], DocumentFrequency())[0], strict=True)
    )

    assert features["ratio"] == 1.0 or own.size == 2
    assert features["overlap"] == (1.0 if own.size > 2 else 0.0)
    assert features["replaced"] == 0.0


@QUICK
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_many_pairs_compared_at_once_are_as_one_by_one(bodies: list[str]) -> None:
    own, others = tokens(bodies[0]), [tokens(body) for body in bodies]
    frequency = DocumentFrequency()
    for other in others:
        frequency.add(other)

    together = pair_features(own, others, frequency)

    assert np.array_equal(together, [pair_features(own, [other], frequency)[0] for other in others])


@QUICK
@given(TEXTS)
def test_signatures_are_datasketchs_own(body: str) -> None:
    made = fingerprint(text(body))
    read = unpack_tokens(made.tokens)
    words = read[2 + int(read[0]) : 2 + int(read[0]) + int(read[1])]
    if not made.signature:
        assert words.size == 0
        return
    row = np.frombuffer(made.signature, "<u4")
    parts = ((row[:BODY_PERMUTATIONS], words, 3), (row[BODY_PERMUTATIONS:], words[:LEAD_TOKENS], 2))

    for values, of, width in parts:
        theirs = MinHash(len(values), scheme="affine32", hashfunc=lambda value: value)
        for value in shingles(of, width).tolist():
            theirs.update(value)
        ours = LeanMinHash(seed=1, hashvalues=values, scheme="affine32")
        assert ours == LeanMinHash(theirs)
        assert ours.jaccard(LeanMinHash(theirs)) == 1.0
    assert len(row) == BODY_PERMUTATIONS + LEAD_PERMUTATIONS


@QUICK
@given(st.text(max_size=300))
def test_tokens_stand_in_order_within_the_text(body: str) -> None:
    values, starts, ends = tokenise(body)

    assert values.size == starts.size == ends.size
    assert np.all(starts < ends)
    assert np.all(ends[:-1] <= starts[1:])
    assert values.size == 0 or ends[-1] <= min(len(body), MAX_CHARACTERS)


@QUICK
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
def test_every_item_is_placed(items: list[tuple[str, str]]) -> None:
    known: dict[str, Fingerprint] = {}
    matcher = Matcher(MatchSettings(), (), lambda ids: {i: known[i] for i in ids if i in known})

    for number, (title, body) in enumerate(items):
        at = AT + timedelta(minutes=number)
        item = Item(
            id=str(number),
            feed_id="f",
            agency_id="a",
            title=title,
            text=body,
            seen_at=at,
            reported_at=at,
        )
        known[item.id] = matcher.fingerprint(matcher.read(item))
        placement = matcher.place(item, known[item.id])

        assert (placement.match is None) == (placement.story_id is None)
        assert placement.match is None or int(placement.match.b) < number
        matcher.add(
            [
                Indexed(
                    item_id=item.id,
                    story_id=placement.story_id or f"s{item.id}",
                    agency_id="a",
                    reported_at=at,
                    fingerprint=known[item.id],
                )
            ]
        )


@QUICK
@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_clustering_gives_a_line_an_item_and_a_lead_a_story(bodies: list[str]) -> None:
    import json

    lines = [json.dumps({"id": str(n), "title": "", "text": body}) for n, body in enumerate(bodies)]

    out = list(cluster(lines, MatchSettings()))

    assert [line["id"] for line in out] == [str(n) for n in range(len(bodies))]
    stories = {line["story"] for line in out}
    assert sorted(line["story"] for line in out if line["lead"]) == sorted(stories)
