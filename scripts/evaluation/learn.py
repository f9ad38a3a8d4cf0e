"""Learns the coefficients of the words channel's classifier from the features of labelled pairs.

    items, labels -> the stream as the matcher sees it -> pairs -> pairs.npz -> coefficients.json

The stream is walked once whole, and a few times in small parts, so that the model also knows what a
pair looks like while the window is nearly empty. `pairs.npz` holds values of features and no text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from aggregator.cluster.jsonl import read_item
from aggregator.config import MatchSettings
from aggregator.match.matcher import Matcher
from aggregator.match.words.features import FEATURES
from aggregator.match.words.minhash import fingerprint
from aggregator.model import Fingerprint, Indexed
from scripts.evaluation.labels import Label, read_labels, read_lines

TABLE = Path(__file__).with_name("pairs.npz")
COEFFICIENTS = Path(__file__).parents[2] / "aggregator/match/words/coefficients.json"
PARTS, SHARE = 10, 0.1  # how many small streams, and which share of the stories each has
RIDGE = 1e-4  # L2 penalty on standardised coefficients; set by hand
NEWTON_STEPS = 40  # ample: the last ones change nothing

_Table = tuple[NDArray[np.float64], NDArray[np.bool_]]


def pairs(items: list[str], labels: Mapping[str, Label]) -> _Table:
    """The features of every candidate pair of a stream, and whether it is of one story."""
    fingerprints: dict[str, Fingerprint] = {}
    matcher = Matcher(MatchSettings(), (), lambda ids: {i: fingerprints[i] for i in ids})
    features, same = [], []
    for number, line in enumerate(items, start=1):
        item = read_item(line, number)
        made = fingerprints[item.id] = fingerprint(matcher.read(item))
        story = labels[item.id].story
        for pair in matcher.pairs(item, made):
            features.append(pair.features)
            same.append(labels[pair.row.item_id].story == story)
        entry = Indexed(
            item_id=item.id,
            story_id=story,
            agency_id="",
            reported_at=item.reported_at,
            fingerprint=made,
        )
        matcher.add([entry])
    return np.array(features).reshape(-1, len(FEATURES)), np.array(same, dtype=bool)


def parts(items: list[str], labels: Mapping[str, Label]) -> list[list[str]]:
    """The whole stream, and streams of a few of its stories."""
    stories, chance = sorted({label.story for label in labels.values()}), Random(5)
    story_of = [labels[json.loads(line)["id"]].story for line in items]
    streams = [items]
    for _ in range(PARTS):
        chosen = set(chance.sample(stories, int(len(stories) * SHARE)))
        streams.append([line for line, s in zip(items, story_of, strict=True) if s in chosen])
    return streams


def fit(features: NDArray[np.float64], same: NDArray[np.bool_]) -> dict[str, object]:
    """Logistic regression with an L2 penalty over standardised features; coefficients for the plain ones.

    `features` has shape (pairs, 28), `same` (pairs,). Newton's method until it stands still, so that
    every machine comes to the same figures.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    standard, truth = (features - mean) / scale, same.astype(np.float64)

    standard = np.column_stack((standard, np.ones(len(truth))))
    ridge = RIDGE * np.append(np.ones(features.shape[1]), 0.0)
    coefficients = np.zeros(features.shape[1] + 1)
    for _ in range(NEWTON_STEPS):
        probability = 1.0 / (1.0 + np.exp(-(standard @ coefficients)))
        gradient = standard.T @ (probability - truth) / len(truth) + ridge * coefficients
        hessian = (
            (standard * (probability * (1.0 - probability))[:, None]).T @ standard / len(truth)
        )
        coefficients = coefficients - np.linalg.solve(hessian + np.diag(ridge), gradient)
    weights = coefficients[:-1] / scale
    named = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)}
    return {"bias": round(float(coefficients[-1] - weights @ mean), 4), "weights": named}


def main() -> None:
    """Make the table if items are given, then the coefficients."""
    paths = [Path(argument) for argument in sys.argv[1:]]
    if paths:
        tables = []
        for items_path, truth_path in zip(paths[::2], paths[1::2], strict=True):
            items, labels = read_lines(items_path), read_labels(truth_path)
            tables += [pairs(stream, labels) for stream in parts(items, labels)]
        features, same = (np.concatenate(column) for column in zip(*tables, strict=True))
        np.savez_compressed(
            TABLE, features=features.astype(np.float16), same=same, names=np.array(FEATURES)
        )
    table = np.load(TABLE)
    if tuple(table["names"]) != FEATURES:
        sys.exit(f"{TABLE.name} has other features; give labelled items to make it anew")
    learned = fit(table["features"].astype(np.float64), table["same"])
    COEFFICIENTS.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")
    print(
        f"{len(table['same'])} pairs, {int(table['same'].sum())} of one story -> {COEFFICIENTS.name}"
    )


if __name__ == "__main__":
    main()
