"""How much two texts of different languages say the same: measures of a pair, and what they prove.

Each kind of feature gives what is shared and what one side alone has, weighted by how rare it is in
each side's language; names are compared sound by sound. A small logistic model turns the measures into
a probability.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.match.compiled import Hashes, Places, compiled
from aggregator.match.crossindex import DAMPING, Bytes, Exact, Expectation, Weights
from aggregator.match.neutral import Features

Names = NDArray[np.uint64]
KINDS = 7
COLUMNS = 12  # dot, |a|², |b|², hit a, hit b, miss a, miss b; in the lead: miss a, miss b, dot, |a|², |b|²


@compiled
def order(
    ids_a: Hashes,
    places_a: Bytes,
    weights_a: Weights,
    ids_b: Hashes,
    places_b: Bytes,
    weights_b: Weights,
) -> float:
    """How far what is shared stands in the same order, in [-1, 1]: a weighted correlation of places."""
    n = sa = sb = saa = sbb = sab = 0.0
    i, j, pairs = 0, 0, 0
    while i < len(ids_a) and j < len(ids_b):
        if ids_a[i] < ids_b[j]:
            i += 1
        elif ids_b[j] < ids_a[i]:
            j += 1
        else:
            w, x, y = weights_a[i] * weights_b[j], float(places_a[i]), float(places_b[j])
            n, sa, sb = n + w, sa + w * x, sb + w * y
            saa, sbb, sab = saa + w * x * x, sbb + w * y * y, sab + w * x * y
            i, j, pairs = i + 1, j + 1, pairs + 1
    if pairs < 3 or n <= 0:
        return 0.0
    spread = (saa - sa * sa / n) * (sbb - sb * sb / n)
    if spread <= 0:
        return 0.0
    return float((sab - sa * sb / n) / np.sqrt(spread) * pairs / (pairs + 4))


@compiled
def measure(
    ids_a: Hashes,
    marks_a: Bytes,
    weights_a: Weights,
    ids_b: Hashes,
    marks_b: Bytes,
    weights_b: Weights,
) -> Weights:
    """Sums by kind over the union of two ascending feature lists: an array (KINDS, COLUMNS)."""
    sums = np.zeros((KINDS, COLUMNS), dtype=np.float32)
    i, j = 0, 0
    while i < len(ids_a) or j < len(ids_b):
        if j == len(ids_b) or (i < len(ids_a) and ids_a[i] < ids_b[j]):
            row = sums[marks_a[i] & 7]
            row[1] += weights_a[i] * weights_a[i]
            row[5] += weights_a[i]
            if marks_a[i] & 0x08:
                row[7] += weights_a[i]
                row[10] += weights_a[i] * weights_a[i]
            i += 1
        elif i == len(ids_a) or ids_b[j] < ids_a[i]:
            row = sums[marks_b[j] & 7]
            row[2] += weights_b[j] * weights_b[j]
            row[6] += weights_b[j]
            if marks_b[j] & 0x08:
                row[8] += weights_b[j]
                row[11] += weights_b[j] * weights_b[j]
            j += 1
        else:
            row = sums[marks_a[i] & 7]
            row[0] += weights_a[i] * weights_b[j]
            row[1] += weights_a[i] * weights_a[i]
            row[2] += weights_b[j] * weights_b[j]
            row[3] += weights_a[i]
            row[4] += weights_b[j]
            if marks_a[i] & 0x08:
                row[10] += weights_a[i] * weights_a[i]
            if marks_b[j] & 0x08:
                row[11] += weights_b[j] * weights_b[j]
            if marks_a[i] & marks_b[j] & 0x08:
                row[9] += weights_a[i] * weights_b[j]
            i += 1
            j += 1
    return sums


@compiled
def _sounds(packed: np.uint64, chinese: bool, into: Places) -> int:
    """The sounds of a packed name, coarse if asked (classes: A=1 B=2 D=3 F=4 K=5 L=6 M=7 N=8 P=9 R=10 S=11 T=12)."""
    size, last = 0, 0
    for place in range(12):
        sound = int((packed >> np.uint64(4 * place)) & np.uint64(15))
        if sound == 0:
            break
        if chinese:
            if sound == 1:
                continue
            sound = 6 if sound == 10 else 8 if sound == 7 else sound
            if sound == last:
                continue
        into[size] = sound
        last = sound
        size += 1
    return size


@compiled
def _costs(one: int, other: int) -> float:
    """What it costs to write one sound for another: k and s, b and f, d and t, p and f are often mixed."""
    low, high = min(one, other), max(one, other)
    if low == high:
        return 0.0
    mixed = (
        (low == 5 and high == 11) or (low == 2 and high == 4) or (low == 3 and high == 12)
        or (low == 4 and high == 9)
    )  # fmt: skip
    return 0.5 if mixed else 1.0


@compiled
def _likeness(
    first: Places, size_first: int, second: Places, size_second: int, row: Exact
) -> float:
    """1 - cost of turning one name into the other / length; an ending after three sounds costs little."""
    common = 0
    while common < size_first and common < size_second and first[common] == second[common]:
        common += 1
    shorter, longer = min(size_first, size_second), max(size_first, size_second)
    if shorter == 0:
        return 0.0
    if common == shorter and (common >= 3 or longer - common <= 1):
        return 1.0 - 0.05 * (longer - common)
    for j in range(size_second + 1):
        row[j] = 0.4 * j if j < 2 and second[0] == 1 else j
    for i in range(1, size_first + 1):
        corner = row[0]
        row[0] += 0.4 if i == 1 and first[0] == 1 else 1.0
        for j in range(1, size_second + 1):
            above = row[j]
            row[j] = min(min(above, row[j - 1]) + 1.0, corner + _costs(first[i - 1], second[j - 1]))
            corner = above
    return float(1.0 - row[size_second] / longer)


@compiled
def liken(names_a: Names, names_b: Names) -> Weights:
    """For each name of a the likeness, in [0, 1], of the most similar name of b."""
    best = np.zeros(len(names_a), dtype=np.float32)
    first, second, row = np.zeros(12, np.int64), np.zeros(12, np.int64), np.zeros(13, np.float64)
    one = np.uint64(1)
    for i in range(len(names_a)):
        for j in range(len(names_b)):
            chinese = bool(((names_a[i] | names_b[j]) >> np.uint64(48)) & one)
            size_first = _sounds(names_a[i], chinese, first)
            size_second = _sounds(names_b[j], chinese, second)
            found = _likeness(first, size_first, second, size_second, row)
            best[i] = max(best[i], found)
    return best


MEASURES = (
    "cosine", "sounds", "concepts", "named", "figures", "syllables", "contained", "shared",
    "ahead_a", "ahead_b", "length", "length_ratio", "names_agree", "names_least", "names_missing",
    "names_missing_lead", "named_missing", "named_missing_lead", "countries_missing", "countries_missing_lead",
    "figures_missing", "order",
)  # fmt: skip
BACKGROUND = 0.09  # the cosine of two unrelated items, where the index holds too few to tell


ALIKE, ALIKE_CHINESE = 0.75, 0.6  # likeness from which two names are taken for one
COMMON_NAME = 0.3  # rarity below which a capitalised word says nothing
SHORT_NAME = 0.6  # what a name of two consonants weighs: two names may well sound so


class Weighed(NamedTuple):
    """Features with the weight of each, and the rarity of each name, in its own language."""

    features: Features
    weights: NDArray[np.float32]
    rarities: NDArray[np.float32]


def evidence(a: Weighed, b: Weighed, second_a: float, second_b: float) -> dict[str, float]:
    """The measures of a pair by name; `second_…` is the cosine of each side's next best candidate."""
    sums = measure(
        a.features.ids, a.features.marks, a.weights, b.features.ids, b.features.marks, b.weights
    )
    total = sums.sum(axis=0)
    cosine = _cosine(total)
    figures = sums[1] + sums[2]
    hit_a = total[3] / (total[3] + total[5] + 1)
    hit_b = total[4] / (total[4] + total[6] + 1)
    shortest = min(a.features.words, b.features.words) + 5
    agree_a, missing_a, lead_a = _names(a, b)
    agree_b, missing_b, lead_b = _names(b, a)
    values = (
        cosine, _cosine(sums[0]), _cosine(sums[4]), _cosine(sums[3] + sums[6]), _cosine(figures), _cosine(sums[5]),
        max(hit_a, hit_b), np.log1p(total[0]),
        cosine - max(second_a, BACKGROUND), cosine - max(second_b, BACKGROUND),
        np.log(shortest / 100), np.log((max(a.features.words, b.features.words) + 5) / shortest),
        (agree_a + agree_b) / 2, min(agree_a, agree_b), min(missing_a, missing_b), min(lead_a, lead_b),
        min(sums[3][5], sums[3][6]), min(sums[3][7], sums[3][8]),
        min(sums[6][5], sums[6][6]), min(sums[6][7], sums[6][8]), min(figures[5], figures[6]),
        order(a.features.ids, a.features.places, a.weights, b.features.ids, b.features.places, b.weights),
    )  # fmt: skip
    return dict(zip(MEASURES, map(float, values), strict=True))


def cosine(a: Weighed, b: Weighed) -> float:
    """The cosine of two items, all kinds together."""
    return _cosine(
        measure(
            a.features.ids, a.features.marks, a.weights, b.features.ids, b.features.marks, b.weights
        ).sum(axis=0)
    )


def _cosine(sums: NDArray[np.float32]) -> float:
    return float(sums[0] / math.sqrt((sums[1] + DAMPING) * (sums[2] + DAMPING)))


def _names(a: Weighed, b: Weighed) -> tuple[float, float, float]:
    """Of a's names: the share b has too, and the weight of those it lacks, in all and in the lead."""
    likeness = liken(a.features.names, b.features.names)
    found, weight, missing, lead = 0.0, 0.0, 0.0, 0.0
    packed = a.features.names.tolist()
    at = 0
    while at < len(packed):
        best = likeness[at]
        bits = packed[at]
        rarity = float(a.rarities[at])
        at += 1
        while at < len(packed) and packed[at] >> 49 & 1:
            best = max(best, likeness[at])
            at += 1
        if bits >> 51 & 1 or not bits >> 4 & 15:
            continue
        rarity = min(max(2 * (rarity - COMMON_NAME), 0.0), 1.0) * (
            1.0 if bits >> 8 & 15 else SHORT_NAME
        )
        weight += rarity
        if best >= (ALIKE_CHINESE if bits >> 48 & 1 else ALIKE):
            found += rarity * best
        else:
            missing += rarity * (1 - best)
            if bits >> 50 & 1:
                lead += rarity * (1 - best)
    return (found + 0.3) / (weight + 0.6), missing, lead


class Learned(NamedTuple):
    """What `scripts/learn-crosslang` found: the model, its thresholds, and what is common beforehand."""

    bias: float
    coefficients: dict[str, float]
    balanced: float  # scores from which a pair is one story …
    strict: float
    related: float  # … and from which it is worth telling
    kind_weights: NDArray[np.float32]
    expectation: Expectation

    def score(self, values: dict[str, float], *, credited: bool) -> float:
        """The probability, in [0, 1], that a pair with these measures is one report."""
        total = self.bias + (CREDIT if credited else 0.0)
        total += sum(weight * values[name] for name, weight in self.coefficients.items())
        return float(1 / (1 + np.exp(-total)))


CREDIT = 0.7  # what a credit that names the other's agency adds to the log odds: it is no proof


# What weighs as much as a veto by itself: 1.0 of a name is one rare word each side alone has.
_AGAINST = {
    "names_lead": 0.35,
    "names": 1.2,
    "countries_lead": 0.35,
    "named_lead": 0.8,
    "places": 2.5,
    "figures": 1.0,
}


def veto(values: dict[str, float]) -> str:
    """The rule that forbids a merge however alike a pair is, or "".

    Two reports of one template differ in few words: the minister's call with another colleague. So it
    counts what *each* side has and the other lacks, above all in the lead; a translation may leave
    things out, but does not put others in their place.
    """
    names = values["names_missing_lead"] / _AGAINST["names_lead"]
    names += (values["names_missing"] - values["names_missing_lead"]) / _AGAINST["names"]
    places = values["countries_missing_lead"] / _AGAINST["countries_lead"]
    places += values["named_missing_lead"] / _AGAINST["named_lead"]
    beyond = sum(
        values[f"{kind}_missing"] - values[f"{kind}_missing_lead"]
        for kind in ("countries", "named")
    )
    facts = places + beyond / _AGAINST["places"] + values["figures_missing"] / _AGAINST["figures"]
    if names + facts < 1:
        return ""
    return "names-differ" if names >= facts else "facts-differ"


@cache
def learned() -> Learned:
    """The shipped model."""
    folder = files("aggregator.match")
    told = json.loads(folder.joinpath("crosslang.json").read_text("utf-8"))
    with folder.joinpath("crosslang.npz").open("rb") as file, np.load(file) as common:
        expectation = Expectation(
            common["ids"],
            common["counts"].astype(np.float32),
            common["unseen"].astype(np.float64),
            float(told["documents"]),
        )
    return Learned(
        told["bias"], told["coefficients"], told["balanced"], told["strict"], told["related"],
        np.array(told["kind_weights"], dtype=np.float32), expectation,
    )  # fmt: skip
