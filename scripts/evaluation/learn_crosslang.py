"""Learns the tables of `crosslang` from labelled items: what is common in the news, and the model.

    items            -> features -> in how many items of each language -> common.npz
    items and labels -> the stream as the matcher sees it -> pairs -> crosslang-pairs.npz -> model.json

Pairs are gathered from the streams whole and cut to summaries (`cuts`), and from the reports of
`tests/data/translated.yaml` that are for tuning. A stream of which nothing is translated ("-" for its truth)
tells what is common, and what two reports of one subject have in common; of one whose truth does not matter
("count") only the former is learned. Counts are made of every language that
has items and a file in `aggregator/languages`. Both tables hold numbers and no text.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from aggregator.cluster.jsonl import EPOCH, read_item
from aggregator.languages import languages
from aggregator.match.crosslang import extraction
from aggregator.match.crosslang.channel import CrossLanguageChannel
from aggregator.match.crosslang.classifier import PAIR_FEATURES, brevity
from aggregator.match.crosslang.learned import learned
from aggregator.match.crosslang.packed import pack, unpack
from aggregator.match.text.reader import Reader
from aggregator.model import ChannelPrint, Fingerprint, Indexed
from scripts.evaluation.cuts import MIXED, STREAMS, Words, cut
from scripts.evaluation.labels import read_labels, read_lines

ROOM = Path(__file__).parents[2] / "aggregator/match/crosslang"
PAIRS = Path(__file__).with_name("crosslang-pairs.npz")
REPORTS = Path(__file__).parents[2] / "tests/data/translated.yaml"
WINDOW = timedelta(days=7)
UNTRANSLATED, COUNTED = "-", "count"  # in place of a truth
NEGATIVE_STREAMS: tuple[tuple[Words, str], ...] = ((25, ""), (MIXED, ""))

DOCUMENTS = 300.0  # what is expected weighs as much as so many items that were seen
BORROWED = 60.0  # items' worth of what is common in the other languages
LEAST_COUNT = 1.2  # of `DOCUMENTS`: features expected in fewer are not listed
UNSEEN, UNSEEN_OF_FEW = 0.5, 60.0  # the count of a feature that is not listed
RIDGE = 2e-4
# The weight in learning of two reports that are near each other: the mistakes to be avoided. Precision of
# held-out pairs of 25 words at a recall of .72 rises from .96 to .97 by it; 4 gains no more.
HARD, NEAR = 2.0, 0.2  # from this cosine

# Which way a measure may speak; the others may speak either way.
FOR = {
    "cosine", "concepts", "figures", "syllables", "contained", "ahead_least", "ahead_most",
    "names_agree", "names_least", "order", "names_shared", "places_shared", "figures_shared",
    "acts_shared",
}  # fmt: skip
AGAINST = {
    "names_missing", "names_missing_lead", "named_missing", "named_missing_lead",
    "countries_missing", "countries_missing_lead", "figures_missing", "acts_missing_lead",
    "rivals",
}  # fmt: skip


class Labelled(NamedTuple):
    """An item's features, and the story it truly belongs to."""

    item_id: str
    language: str
    features: bytes
    story: str


class Pairs(NamedTuple):
    """The measures of pairs (n, measures), whether each is one report, and how much it counts."""

    values: NDArray[np.float64]
    same: NDArray[np.bool_]


def labelled(lines: Sequence[str], stories: Mapping[str, str]) -> list[Labelled]:
    """The features of items given as lines of JSON."""
    reader = Reader(())
    found = []
    for number, line in enumerate(lines, start=1):
        item = read_item(line, number)
        text = reader.read(item)
        features = pack(extraction.extract(text))
        found.append(Labelled(item.id, text.language, features, stories[item.id]))
    return found


def reports(split: str) -> list[Labelled]:
    """The items of our own reports of one split."""
    lines, stories = [], {}
    for report in yaml.safe_load(REPORTS.read_text("utf-8")):
        for number, item in enumerate(report["items"] if report["split"] == split else ()):
            item_id = f"{report['id']}:{number}"
            record = {**item, "id": item_id, "published": str(item["published"])}
            lines.append(json.dumps(record, default=str))
            stories[item_id] = report["id"]
    return labelled(lines, stories)


def prior_counts(items: Sequence[Labelled]) -> dict[str, NDArray[np.generic]]:
    """In how many of `DOCUMENTS` items of each language a feature is expected, as `PriorCounts` has it."""
    documents_of: Counter[str] = Counter()
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for item in items:
        features = unpack(item.features)
        if features is not None and item.language in languages():
            documents_of[item.language] += 1
            ids_of_item = {*features.ids.tolist(), *features.of_names.tolist()}
            counts[item.language].update(ids_of_item)
    studied = [code for code in languages() if code in documents_of]
    documents = np.array([documents_of[code] for code in studied], dtype=np.float64)
    ids = np.array(sorted(set().union(*counts.values())), dtype=np.uint32)
    table = np.array([[counts[code][i] for code in studied] for i in ids.tolist()])
    everywhere = (table / documents).mean(axis=1, keepdims=True)
    expected = (table + BORROWED * everywhere) / (documents + BORROWED) * DOCUMENTS
    expected = np.concatenate((expected, everywhere * DOCUMENTS), axis=1)
    listed = expected.max(axis=1) >= LEAST_COUNT
    few = np.append(UNSEEN + UNSEEN_OF_FEW / documents, 2.0)
    return {
        "languages": np.array(studied),
        "ids": ids[listed],
        "counts": expected[listed].astype(np.float16),
        "unseen": few,
    }


def has_translations(items: Sequence[Labelled]) -> bool:
    """Whether a story of a stream is told in two languages; a stream without is read for what is common."""
    stories = {item.story for item in items}
    return len({(item.story, item.language) for item in items}) > len(stories)


def pairs(items: Sequence[Labelled]) -> Pairs:
    """The measures of every candidate pair of a stream."""
    kept = {
        item.item_id: Fingerprint(
            language=item.language,
            parts=(
                ChannelPrint(
                    channel="crosslang", scheme=CrossLanguageChannel.scheme, data=item.features
                ),
            ),
        )
        for item in items
    }
    story = {item.item_id: item.story for item in items}
    crosslang = CrossLanguageChannel(
        lambda ids: {item_id: kept[item_id] for item_id in ids}, window=WINDOW
    )
    at = EPOCH
    values, same = [], []
    for item in items:
        entry = Indexed(
            item_id=item.item_id,
            story_id=item.story,
            agency_id="",
            reported_at=at,
            fingerprint=kept[item.item_id],
        )
        for other, measures in crosslang.measures(entry):
            values.append([measures[name] for name in PAIR_FEATURES])
            same.append(story[other] == item.story)
        crosslang.add(entry)
    return Pairs(np.array(values).reshape(-1, len(PAIR_FEATURES)), np.array(same, dtype=np.bool_))


def fit(table: Pairs) -> dict[str, dict[str, object]]:
    """Two logistic regressions, of brief pairs and of full ones, learned as one with a ridge and bounds on signs.

    A pair counts for each by its brevity, so that the score is a probability at every length between.
    """
    mean, scale = table.values.mean(axis=0), table.values.std(axis=0) + 1e-9
    standard = np.c_[(table.values - mean) / scale, np.ones(len(table.values))]
    share = np.array(
        [[brevity(length)] for length in table.values[:, PAIR_FEATURES.index("length")]]
    )
    columns = np.concatenate((standard * share, standard * (1 - share)), axis=1)
    truth = table.same.astype(np.float64)
    is_hard = ~table.same & (table.values[:, PAIR_FEATURES.index("cosine")] >= NEAR)
    worth = np.where(is_hard, HARD, 1.0)
    worth /= worth.sum()

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = columns @ at
        error = worth * (1.0 / (1.0 + np.exp(-logit)) - truth)
        value = worth @ (np.logaddexp(0.0, logit) - truth * logit) + RIDGE / 2 * at @ at
        return float(value), columns.T @ error + RIDGE * at

    bounds = [_bounds(name) for name in PAIR_FEATURES] + [(None, None)]
    best = minimize(
        loss, np.zeros(2 * len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds * 2
    ).x
    brief, full = best.reshape(2, -1)
    return {"brief": _regression(brief, mean, scale), "full": _regression(full, mean, scale)}


def _bounds(name: str) -> tuple[float | None, float | None]:
    return (0.0 if name in FOR else None, 0.0 if name in AGAINST else None)


def _regression(
    found: NDArray[np.float64], mean: NDArray[np.float64], scale: NDArray[np.float64]
) -> dict[str, object]:
    """Coefficients of standardised measures as those of the measures themselves."""
    weights = found[:-1] / scale
    named = zip(PAIR_FEATURES, weights.tolist(), strict=True)
    return {
        "bias": round(float(found[-1] - weights @ mean), 4),
        "coefficients": {name: round(weight, 4) for name, weight in named if abs(weight) > 1e-6},
    }


class Stream(NamedTuple):
    """Items in the order they came, as lines of JSON, and the story that each truly belongs to."""

    lines: Sequence[str]
    stories: Mapping[str, str]
    is_counted: bool = False  # its pairs are not learned from

    @classmethod
    def read(cls, items: Path, truth: str) -> Stream:
        """From files; for the truth also "-", no item is translated, and "count"."""
        lines = read_lines(items)
        if truth in {UNTRANSLATED, COUNTED}:
            ids = [json.loads(line)["id"] for line in lines]
            return cls(lines, dict(zip(ids, ids, strict=True)), truth == COUNTED)
        return cls(lines, {item: label.story for item, label in read_labels(Path(truth)).items()})

    def cut(self, words: Words, salt: str = "") -> list[Labelled]:
        """The items with their texts cut, as `cuts.cut` does."""
        return labelled(cut(self.lines, words, salt), self.stories)


def tables_of(streams: Sequence[Stream]) -> Pairs:
    """The pairs of all streams, of every length; of those without translations, where all are negative, of few."""
    tables = [pairs(reports("dev"))]
    for stream in streams:
        if stream.is_counted:
            continue
        lengths = STREAMS if has_translations(stream.cut(None)) else NEGATIVE_STREAMS
        tables += [pairs(stream.cut(*length)) for length in lengths]
    values, same = (np.concatenate(column) for column in zip(*tables, strict=True))
    return Pairs(values, same)


def main() -> None:
    """Make the tables if items are given, then the coefficients."""
    arguments = sys.argv[1:]
    if arguments:
        streams = [
            Stream.read(Path(items), truth)
            for items, truth in zip(arguments[::2], arguments[1::2], strict=True)
        ]
        whole = [item for stream in streams for item in stream.cut(None)]
        common = prior_counts([*whole, *reports("dev")])
        np.savez_compressed(ROOM / "common.npz", **common)  # type: ignore[arg-type]
        learned.cache_clear()
        found = tables_of(streams)
        np.savez_compressed(
            PAIRS,
            values=found.values.astype(np.float16),
            same=found.same,
            names=np.array(PAIR_FEATURES),
        )
    table = np.load(PAIRS)
    if tuple(table["names"]) != PAIR_FEATURES:
        sys.exit(f"{PAIRS.name} has other measures; give labelled items to make it anew")
    model = json.loads((ROOM / "model.json").read_text("utf-8"))
    model |= {
        "documents": DOCUMENTS,
        **fit(Pairs(table["values"].astype(np.float64), table["same"])),
    }
    (ROOM / "model.json").write_text(json.dumps(model, indent=1) + "\n", "utf-8")
    print(f"{len(table['same'])} pairs, {int(table['same'].sum())} of one report")


if __name__ == "__main__":
    main()
