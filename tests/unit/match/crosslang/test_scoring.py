"""From which score a pair is a translation, and what the rule is called where it is none."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from aggregator.match.channel import Support
from aggregator.match.crosslang.classifier import UNRIVALLED, Standing, Weighed
from aggregator.match.crosslang.index import Entry
from aggregator.match.crosslang.learned import Regression, learned
from aggregator.match.crosslang.lengths import Keys
from aggregator.match.crosslang.packed import IS_COMPLETE, FeatureKind, Features
from aggregator.match.crosslang.scoring import Scorer, WeighedItem
from aggregator.model import Credit, Kind, Match

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
NAMED, NOTION = FeatureKind.NAMED, FeatureKind.CONCEPT


def scorer(score: float) -> Scorer:
    """One that gives every pair without a credit the same score."""
    constant = Regression(math.log(score / (1 - score)), {})
    model = learned()._replace(brief=constant, full=constant)
    return Scorer(model, model.balanced)


def item(
    item_id: str, *kinds: FeatureKind, own: int = 0, words: int = 20, flags: int = 0
) -> WeighedItem:
    """An item with a feature of each kind, which all items share, and so many notions of its own."""
    of_own = range(1000 * ord(item_id), 1000 * ord(item_id) + own)
    ids = np.array([*range(len(kinds)), *of_own], dtype=np.uint32)
    marks = np.array([*kinds, *[NOTION] * own], dtype=np.uint8)
    none = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)
    places = np.arange(len(ids), dtype=np.uint8)
    features = Features(ids, marks, places, *none, words, flags=flags)
    weights = np.ones(len(ids), dtype=np.float32)
    weighed = Weighed(features, weights, np.zeros(0, dtype=np.float32))
    return WeighedItem(Entry(item_id, 0, NOW), weighed, Keys.of(features, weights))


def match(score: float, a: WeighedItem, b: WeighedItem) -> Match:
    return scorer(score).match(a, b, UNRIVALLED, UNRIVALLED, lambda found: Support(found, {}))


@pytest.mark.parametrize(
    ("kinds", "score", "kind", "rule"),
    [
        ((NAMED, NOTION), 0.71, Kind.TRANSLATION, "translation"),
        ((NAMED, NOTION), 0.69, Kind.RELATED, "not-sure"),
        ((NAMED, NOTION), 0.29, Kind.RELATED, "unlike"),
        ((NOTION, NOTION), 0.94, Kind.TRANSLATION, "translation"),
        ((NOTION, NOTION), 0.92, Kind.RELATED, "no-facts"),
        ((NAMED, NAMED), 0.94, Kind.TRANSLATION, "translation"),
        ((NAMED, NAMED), 0.92, Kind.RELATED, "no-notions"),
    ],
)
def test_short_texts_that_share_notions_or_names_alone_must_be_surer(
    kinds: tuple[FeatureKind, ...], score: float, kind: Kind, rule: str
) -> None:
    found = match(score, item("a", *kinds), item("b", *kinds))
    assert (found.kind, found.evidence.rule) == (kind, rule)
    assert (found.score >= 0.7) == (kind is Kind.TRANSLATION)


def test_two_whole_sentences_of_other_notions_are_no_translation_unless_one_credits_the_other() -> (
    None
):
    a, b = (item(name, NAMED, NAMED, NOTION, own=3, flags=IS_COMPLETE) for name in ("a", "b"))
    assert match(0.99, a, b).evidence.rule == "tells-otherwise"

    credit = Credit(phrase="according to A", agency_id="a")
    credited = b._replace(entry=b.entry._replace(agency_id="b", credits=(credit,)))
    original = a._replace(entry=a.entry._replace(agency_id="a"))
    assert match(0.99, original, credited).kind is Kind.TRANSLATION


def test_a_sentence_that_a_feed_cut_may_say_the_same_in_the_rest() -> None:
    a, b = (
        item("a", NAMED, NAMED, NOTION, own=3, flags=IS_COMPLETE),
        item("b", NAMED, NAMED, NOTION, own=3),
    )
    assert match(0.99, a, b).kind is Kind.TRANSLATION


@pytest.mark.parametrize("others", [(), (0.2,), (0.5, 0.4), (0.9, 0.9, 0.9)])
@pytest.mark.parametrize("own", [0, 2, 8])
def test_no_other_candidate_raises_a_score_above_its_best(
    own: int, others: tuple[float, ...]
) -> None:
    shipped = Scorer(learned(), learned().balanced)
    a, b = item("a", NAMED, NAMED, NOTION, own=own), item("b", NAMED, NAMED, NOTION, own=own)
    standing = Standing.of(a.keys.likeness(b.keys), others)

    found = shipped.match(a, b, standing, standing, lambda score: Support(score, {}))

    assert found.score <= round(shipped.at_best(a, b), 4)
