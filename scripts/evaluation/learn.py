"""Learns the coefficients of the words channel's classifier from the features of labelled pairs.

    items, labels -> streams as feeds carry them -> the matcher's pairs -> pairs.npz -> coefficients.json
                     (`cuts`)

Each stream is walked whole, and small parts of them, so that the model also knows what a pair looks like while
the window is nearly empty. Real news weigh more than made-up ones, of which there are many more pairs: without
that, every model that was learned anew lost on whole real texts. `pairs.npz` holds values of features and no text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from aggregator.cluster.jsonl import read_item
from aggregator.config import MatchSettings
from aggregator.match.matcher import Matcher
from aggregator.match.words import minhash
from aggregator.match.words.classifier import HALVES, columns
from aggregator.match.words.features import FEATURES
from aggregator.model import ChannelPrint, Fingerprint, Indexed
from scripts.evaluation.calibration import calibration
from scripts.evaluation.cuts import STREAMS, cut
from scripts.evaluation.labels import Truth, read_lines, read_truth

TABLE = Path(__file__).with_name("pairs.npz")
COEFFICIENTS = Path(__file__).parents[2] / "aggregator/match/words/coefficients.json"
SMALL_STREAMS, SHARE = 12, 0.1  # how many small streams, and which share of the stories each has
RIDGE = 1e-4  # L2 penalty on standardised coefficients; set by hand
PARTS = 3  # that stories and templates are dealt into, to learn without one of them
NEWTON_STEPS = 40  # ample: the last ones change nothing
EASY, THINNED = 0.01, 10  # of pairs that a first model is so sure of, the table keeps one in ten

Floats = NDArray[np.float64]


class Pairs(NamedTuple):
    """Candidate pairs, a row each."""

    features: Floats  # shape (pairs, 42), columns as in FEATURES
    same: NDArray[np.bool_]  # whether they are one report
    weights: Floats  # how much each counts
    parts: NDArray[
        np.uint8
    ]  # shape (pairs, 2): the part that each side's story or template is dealt into

    def rows(self, chosen: NDArray[np.bool_] | slice) -> Pairs:
        """Some of the rows."""
        return Pairs(*(column[chosen] for column in self))

    def without(self, part: int) -> Pairs:
        """The pairs of which no side is of a part."""
        return self.rows(~(self.parts == part).any(axis=1))

    @classmethod
    def joined(cls, tables: Sequence[Self]) -> Pairs:
        """All rows of several tables."""
        return Pairs(*(np.concatenate(column) for column in zip(*tables, strict=True)))


def pairs(items: Sequence[str], truth: Truth, weight: float) -> Pairs:
    """The candidate pairs of a stream of which it is known whether they are one report."""
    fingerprints: dict[str, Fingerprint] = {}
    matcher = Matcher(MatchSettings(), (), lambda ids: {i: fingerprints[i] for i in ids})
    features, same, parts = [], [], []
    for number, line in enumerate(items, start=1):
        item = read_item(line, number)
        text = matcher.read(item)
        data = minhash.fingerprint(text).pack()
        part = ChannelPrint(channel="words", scheme=minhash.SCHEME, data=data)
        fingerprint = Fingerprint(language=text.language, parts=(part,))
        fingerprints[item.id] = fingerprint
        for pair in matcher.words.scored(item, fingerprint):
            known = truth.are_same(item.id, pair.row.item_id)
            if known is not None:
                features.append(pair.features)
                same.append(known)
                parts.append([_part_of(i, truth) for i in (item.id, pair.row.item_id)])
        entry = Indexed(
            item_id=item.id,
            story_id=truth.story(item.id),
            agency_id="",
            reported_at=item.reported_at,
            fingerprint=fingerprint,
        )
        matcher.add([entry])
    return Pairs(
        np.array(features).reshape(-1, len(FEATURES)),
        np.array(same, dtype=np.bool_),
        np.full(len(same), weight),
        np.array(parts, dtype=np.uint8).reshape(-1, 2),
    )


def _part_of(item_id: str, truth: Truth) -> int:
    return crc32(truth.family(item_id).encode()) % PARTS


def streams(items: Sequence[str], truth: Truth) -> list[list[str]]:
    """The stream in each of its forms, and small streams of a few of its stories."""
    forms = [cut(items, *form) for form in STREAMS]
    story_of = [truth.story(json.loads(line)["id"]) for line in items]
    stories, chance = sorted(set(story_of)), Random(5)
    small = []
    for number in range(SMALL_STREAMS):
        chosen = set(chance.sample(stories, int(len(stories) * SHARE)))
        form = forms[number % len(forms)]
        small.append([line for line, s in zip(form, story_of, strict=True) if s in chosen])
    return forms + small


def fit(table: Pairs) -> Floats:
    """Logistic regression with an L2 penalty over standardised columns; weights of the plain ones, biases too.

    Newton's method until it stands still, so that every machine comes to the same figures.
    """
    design, truth = columns(table.features), table.same.astype(np.float64)
    share = table.weights / table.weights.sum()
    mean = share @ design
    mean[0] = 0.0  # the bias is the column of ones
    scale = np.sqrt(share @ (design - mean) ** 2) + 1e-9
    design = (design - mean) / scale
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        probability = _logistic(design @ weights)
        gradient = design.T @ (share * (probability - truth)) + ridge * weights
        curvature = (design * (share * probability * (1.0 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(ridge), gradient)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    plain = weights / scale
    plain[0] -= plain @ mean
    return plain


def predict(weights: Floats, features: Floats) -> Floats:
    """The probability that a model gives each pair."""
    return _logistic(columns(features) @ weights)


def _logistic(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -40.0, 40.0))))


def thin(table: Pairs) -> Pairs:
    """The table without most of the pairs that any model is sure of; those that stay count for them."""
    probability = predict(fit(table.rows(slice(None, None, 5))), table.features)
    easy = np.where(table.same, 1.0 - probability, probability) < EASY
    chance = np.random.default_rng(5).random(len(easy))
    weights = np.where(easy, THINNED, 1) * table.weights
    return table._replace(weights=weights).rows(~easy | (chance < 1.0 / THINNED))


def gather(sources: Sequence[str]) -> Pairs:
    """The pairs of labelled items, each source given as WEIGHT:ITEMS:TRUTH."""
    tables = []
    for source in sources:
        weight, items_path, truth_path = source.split(":")
        items, truth = read_lines(Path(items_path)), read_truth(Path(truth_path))
        tables += [pairs(stream, truth, float(weight)) for stream in streams(items, truth)]
    return Pairs.joined(tables)


def save(table: Pairs) -> None:
    """Keep a table; features are rounded, for the file's size."""
    np.savez_compressed(
        TABLE,
        features=table.features.astype(np.float16),
        same=table.same,
        weights=table.weights.astype(np.float32),
        parts=table.parts,
        names=np.array(FEATURES),
    )


def load() -> Pairs:
    """The table that is kept."""
    kept = np.load(TABLE)
    if tuple(kept["names"]) != FEATURES:
        sys.exit(f"{TABLE.name} has other features; give labelled items to make it anew")
    return Pairs(
        kept["features"].astype(np.float64),
        kept["same"],
        kept["weights"].astype(np.float64),
        kept["parts"],
    )


def held_out(table: Pairs) -> list[str]:
    """How good a probability the score is for stories and templates that nothing was learned from."""
    scores, tested = [], []
    for part in range(PARTS):
        theirs = table.rows((table.parts == part).any(axis=1))
        scores.append(predict(fit(table.without(part)), theirs.features))
        tested.append(theirs)
    of = Pairs.joined(tested)
    words = np.expm1(of.features[:, FEATURES.index("size")])
    return calibration(np.concatenate(scores), of.same, of.weights, words)


def named(weights: Floats) -> dict[str, dict[str, float]]:
    """The weights as `coefficients.json` has them."""
    halves = np.split(weights, len(HALVES))
    names = ("bias", *FEATURES)
    return {
        half: {name: round(float(w), 4) for name, w in zip(names, of, strict=True)}
        for half, of in zip(HALVES, halves, strict=True)
    }


def main() -> None:
    """Make the table if items are given, then the coefficients; or say how well they foretell."""
    sources = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if sources:
        save(thin(gather(sources)))
    table = load()
    if "--held-out" in sys.argv[1:]:
        print(*held_out(table), sep="\n")
        return
    COEFFICIENTS.write_text(json.dumps(named(fit(table)), indent=1) + "\n", "utf-8")
    print(f"{len(table.same)} pairs, {int(table.same.sum())} of one story -> {COEFFICIENTS.name}")


if __name__ == "__main__":
    main()
