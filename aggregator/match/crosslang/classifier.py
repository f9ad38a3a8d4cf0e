"""How much two texts of different languages say the same: features of the pair, and the veto.

Each kind of feature gives what is shared and what one side alone has, weighted by how rare it is in
each side's language; names are compared sound by sound. The logistic model of `learned` turns these
features of the pair into a probability; a veto forbids the merge of a pair whose sides each have facts
the other lacks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from aggregator.lengths import LEAST_WORDS
from aggregator.match.crosslang.idf import Bytes, Weights
from aggregator.match.crosslang.index import DAMPING
from aggregator.match.crosslang.packed import (
    IS_COMPLETE,
    KIND,
    LEAD,
    TITLE,
    FeatureKind,
    Features,
    feature_id,
    has_headline,
)
from aggregator.match.crosslang.phonetic import compare_names
from aggregator.match.jit import Hashes, jit

PAIR_FEATURES = (
    "cosine", "sounds", "concepts", "figures", "syllables", "contained", "shared",
    "ahead_least", "ahead_most", "length", "length_ratio", "names_agree", "names_least",
    "names_missing", "names_missing_lead", "named_missing", "named_missing_lead",
    "countries_missing", "countries_missing_lead", "figures_missing", "order",
    "names_shared", "places_shared", "figures_shared",
    "acts_shared", "acts_missing_lead", "rivals",
)  # fmt: skip
# The cosine taken for that of unrelated items where the index holds too few; set by hand.
BACKGROUND = 0.09

_KINDS = 8
# The columns of `_measure`: the dot product and squared lengths; the weight that is shared, as each side
# weighs it, and that each side alone has, in all and in the lead.
_DOT, _SQUARE_A, _SQUARE_B, _SHARED_A, _SHARED_B, _ALONE_A, _ALONE_B, _LEAD_A, _LEAD_B = range(9)
_COLUMNS = 9
# Added to the length of a text, so that a word more counts little where there are few.
_MORE_WORDS = 5
_BRIEF = 45  # words of the shorter text, half way between a summary and a report; set by hand
# How far a report is read beside a summary: as many words as that has, some languages needing more. Whoever
# writes longer reports of the same goes into other things there.
_AT_LENGTH, _MORE_IN_OTHER_LANGUAGES, _WHOLE = 45, 1.3, 256
_WEEKDAYS = np.array(
    sorted(
        feature_id(f"c{day}")
        for day in "monday tuesday wednesday thursday friday saturday sunday".split()
    ),
    dtype=np.uint32,
)
# Small numbers that are counted on purpose: one and two stand in too many phrases.
_NUMERALS = np.array(
    sorted(
        feature_id(f"c{numeral}")
        for numeral in "three four five six seven eight nine ten eleven twelve".split()
    ),
    dtype=np.uint32,
)
_OWN_REPORTER = np.array([feature_id("cown_reporter")], dtype=np.uint32)
_FEW = 4  # shared features below which their order says little; set by hand


class Weighed(NamedTuple):
    """Features with the weight of each, and the rarity of each name, in its own language."""

    features: Features
    weights: Weights
    rarities: Weights


class Standing(NamedTuple):
    """How the other side of a pair stands among the candidates of its language."""

    ahead: float = 0.0  # by how much the next best is less alike, a difference of cosines
    rivals: float = 0.0  # how many others are as alike; one that is half as alike counts half

    @classmethod
    def of(cls, cosine: float, others: Sequence[float] = ()) -> Self:
        """From its cosine, and those of the other candidates, the best first."""
        ahead = cosine - max((BACKGROUND, *others))
        spread = max(cosine - BACKGROUND, 0.01)
        return cls(ahead, sum(min((other - BACKGROUND) / spread, 1.0) for other in others))


UNRIVALLED = Standing()


def pair_features(
    a: Weighed, b: Weighed, from_a: Standing = UNRIVALLED, from_b: Standing = UNRIVALLED
) -> dict[str, float]:
    """The features of a pair by name, as floats: `PAIR_FEATURES`, and those of the veto.

    `from_…`: how the other stands among the candidates of each side. The features are the same whichever side comes first. Cosines, shares and `names_agree` are in [0, 1],
    `order` in [-1, 1], lengths are logarithms; the others are sums of weights, about 1 a rare word.
    """
    return model_features(a, b, from_a, from_b) | _of_veto(a, b)


def model_features(
    a: Weighed, b: Weighed, from_a: Standing = UNRIVALLED, from_b: Standing = UNRIVALLED
) -> dict[str, float]:
    """Those of `pair_features` that the model knows: `PAIR_FEATURES`."""
    sums = _sums(a, b)
    total = sums.sum(axis=0)
    figures = sums[FeatureKind.NUMBER] + sums[FeatureKind.DATE]
    named, countries = sums[FeatureKind.NAMED], sums[FeatureKind.COUNTRY]
    acts, notions = sums[FeatureKind.ACT], sums[FeatureKind.CONCEPT] + sums[FeatureKind.ACT]
    shorter, longer = sorted((a.features.words + _MORE_WORDS, b.features.words + _MORE_WORDS))
    names_a, names_b = _compared_names(a, b), _compared_names(b, a)
    agree, found, missing, lead = map(min, names_a, names_b)
    values = (
        _cosine(total), _cosine(sums[FeatureKind.SKELETON]), _cosine(notions), _cosine(figures),
        _cosine(sums[FeatureKind.COARSE_SKELETON]), _contained(total), np.log1p(total[_DOT]),
        min(from_a.ahead, from_b.ahead), max(from_a.ahead, from_b.ahead),
        math.log(shorter / 100), math.log(longer / shorter),
        (names_a[0] + names_b[0]) / 2, agree, missing, lead,
        min(named[_ALONE_A], named[_ALONE_B]), min(named[_LEAD_A], named[_LEAD_B]),
        min(countries[_ALONE_A], countries[_ALONE_B]), min(countries[_LEAD_A], countries[_LEAD_B]),
        min(figures[_ALONE_A], figures[_ALONE_B]),
        _order(
            a.features.ids, a.features.places, a.weights, _reach(a, b),
            b.features.ids, b.features.places, b.weights, _reach(b, a),
        ),
        found, _shared(named + countries), _shared(figures),
        _shared(acts), min(acts[_LEAD_A], acts[_LEAD_B]), math.log1p(max(from_a.rivals, from_b.rivals)),
    )  # fmt: skip
    return dict(zip(PAIR_FEATURES, map(float, values), strict=True))


def _of_veto(a: Weighed, b: Weighed) -> dict[str, float]:
    """The features that only a veto looks at."""
    reporters = [bool(_are_among(_OWN_REPORTER, side.features.ids).any()) for side in (a, b)]
    return {
        "weekdays_differ": _differ(a.features.ids, b.features.ids, _WEEKDAYS),
        "title_shared": max(_title_shared(a, b), _title_shared(b, a)),
        "title_figures_missing": max(_title_figures_missing(a, b), _title_figures_missing(b, a)),
        "own_reporter": float(reporters[0] != reporters[1]),
        "complete": float(bool(a.features.flags & b.features.flags & IS_COMPLETE)),
    }


def brevity(length: float) -> float:
    """How brief a pair with this `length` is, from 1 (a title) to 0 (a whole report); half at `_BRIEF` words."""
    words = math.exp(length) * 100 - _MORE_WORDS
    return 1 / (1 + (words / _BRIEF) ** 3)


def cosine(a: Weighed, b: Weighed) -> float:
    """The cosine of two items, all kinds together."""
    return _cosine(_sums(a, b).sum(axis=0))


def _reach(one: Weighed, other: Weighed) -> int:
    """The place up to which a text is read beside another: `_WHOLE`, or as far as a summary goes."""
    words = other.features.words
    if words >= min(_AT_LENGTH, one.features.words):
        return _WHOLE
    return int(words * _MORE_IN_OTHER_LANGUAGES) + _MORE_WORDS


def _sums(a: Weighed, b: Weighed) -> Weights:
    return _measure(
        a.features.ids, a.features.marks, a.features.places, a.weights, _reach(a, b),
        b.features.ids, b.features.marks, b.features.places, b.weights, _reach(b, a),
    )  # fmt: skip


def _compared_names(one: Weighed, other: Weighed) -> tuple[float, float, float, float]:
    """`compare_names` of the names within reach with all of the other's."""
    within = one.features.name_places < _reach(one, other)
    return compare_names(one.features.names[within], one.rarities[within], other.features.names)


def _cosine(sums: Weights) -> float:
    return float(sums[_DOT] / math.sqrt((sums[_SQUARE_A] + DAMPING) * (sums[_SQUARE_B] + DAMPING)))


def _shared(sums: Weights) -> float:
    return float(min(sums[_SHARED_A], sums[_SHARED_B]))


def _differ(ids_a: Hashes, ids_b: Hashes, kind: Hashes) -> float:
    """1 where both sides have features of a kind and none in common, else 0."""
    has_a, has_b = _are_among(kind, ids_a), _are_among(kind, ids_b)
    return float(has_a.any() and has_b.any() and not (has_a & has_b).any())


def _are_among(some: Hashes, ids: Hashes) -> NDArray[np.bool_]:
    """Which of some ids are among others, which ascend: `np.isin` in a tenth of its time."""
    if not len(ids):
        return np.zeros(np.shape(some), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ids, some), len(ids) - 1)
    return np.asarray(ids[places] == some)


def _title_shared(one: Weighed, other: Weighed) -> float:
    """The share, in [0, 1], of the weight of a headline that the other text has somewhere; 1 without one."""
    if not has_headline(one.features):
        return 1.0
    in_title = (one.features.marks & TITLE) != 0
    shared = in_title & _are_among(one.features.ids, other.features.ids)
    return float(one.weights[shared].sum() / (one.weights[in_title].sum() + 0.5))


def _title_figures_missing(one: Weighed, other: Weighed) -> float:
    """The weight of the rarest figure in a headline that the other text has nowhere."""
    ids, marks = one.features.ids, one.features.marks
    in_title, kind = (marks & TITLE) != 0, marks & KIND
    if not has_headline(one.features):
        return 0.0
    is_figure = (
        (kind == FeatureKind.NUMBER) | (kind == FeatureKind.DATE) | _are_among(ids, _NUMERALS)
    )
    missing = in_title & is_figure & ~_are_among(ids, other.features.ids)
    return float(one.weights[missing].max(initial=0.0))


def _contained(sums: Weights) -> float:
    """The share of the weight of that side that shares most of its own."""
    share_a = sums[_SHARED_A] / (sums[_SHARED_A] + sums[_ALONE_A] + 1)
    share_b = sums[_SHARED_B] / (sums[_SHARED_B] + sums[_ALONE_B] + 1)
    return float(max(share_a, share_b))


@jit
def _measure(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    ids_a: Hashes,
    marks_a: Bytes,
    places_a: Bytes,
    weights_a: Weights,
    reach_a: int,
    ids_b: Hashes,
    marks_b: Bytes,
    places_b: Bytes,
    weights_b: Weights,
    reach_b: int,
) -> Weights:
    """Sums by kind over the union of two ascending feature lists: an array (kinds, columns).

    What stands beyond a text's reach counts where it is shared, not where that text alone has it.
    """
    sums = np.zeros((_KINDS, _COLUMNS), dtype=np.float32)
    i, j = 0, 0
    while i < len(ids_a) or j < len(ids_b):
        only_a = j == len(ids_b) or (i < len(ids_a) and ids_a[i] < ids_b[j])
        only_b = not only_a and (i == len(ids_a) or ids_b[j] < ids_a[i])
        row = sums[marks_b[j] & KIND] if only_b else sums[marks_a[i] & KIND]
        in_a = not only_b and places_a[i] < reach_a
        in_b = not only_a and places_b[j] < reach_b
        if in_a:
            row[_SQUARE_A] += weights_a[i] * weights_a[i]
        if in_b:
            row[_SQUARE_B] += weights_b[j] * weights_b[j]
        if in_a and in_b:
            row[_DOT] += weights_a[i] * weights_b[j]
        if only_a:
            row[_ALONE_A] += weights_a[i] if in_a else 0.0
            row[_LEAD_A] += weights_a[i] if in_a and marks_a[i] & LEAD else 0.0
        elif only_b:
            row[_ALONE_B] += weights_b[j] if in_b else 0.0
            row[_LEAD_B] += weights_b[j] if in_b and marks_b[j] & LEAD else 0.0
        else:
            row[_SHARED_A] += weights_a[i]
            row[_SHARED_B] += weights_b[j]
        i += 0 if only_b else 1
        j += 0 if only_a else 1
    return sums


@jit
def _order(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    ids_a: Hashes,
    places_a: Bytes,
    weights_a: Weights,
    reach_a: int,
    ids_b: Hashes,
    places_b: Bytes,
    weights_b: Weights,
    reach_b: int,
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
            if places_a[i] < reach_a and places_b[j] < reach_b:
                w, x, y = weights_a[i] * weights_b[j], float(places_a[i]), float(places_b[j])
                n, sa, sb, pairs = n + w, sa + w * x, sb + w * y, pairs + 1
                saa, sbb, sab = saa + w * x * x, sbb + w * y * y, sab + w * x * y
            i, j = i + 1, j + 1
    if pairs < _FEW - 1 or n <= 0:
        return 0.0
    spread = (saa - sa * sa / n) * (sbb - sb * sb / n)
    if spread <= 0:
        return 0.0
    return float((sab - sa * sb / n) / np.sqrt(spread) * pairs / (pairs + _FEW))


# The veto. Its thresholds were set by hand on the development set (docs/matching.md, "What decides"): they
# balance translations that leave things out, or spell them otherwise, against two reports of one
# template. A unit is the weight of about one rare word of which each side alone has its own; what is
# missing of a kind, divided by its threshold, adds up to 1 for a veto.
_MISSING_NAMES_IN_LEAD = 0.35  # a third of a name: the lead of a report says whom it is about
_MISSING_NAMES = 1.2  # more than one name: translations leave out and misspell some
_MISSING_COUNTRIES_IN_LEAD = 0.35  # the minister of another country
_MISSING_PLACES_IN_LEAD = 0.8  # cities and organisations: translators add and drop them
_MISSING_PLACES = 2.5  # countries, cities and organisations after the lead
_MISSING_FIGURES = 1.0  # numbers and dates, wherever they stand
# What both sides share of a kind excuses some of what is missing: missing / (1 + excuse * shared).
_EXCUSED_BY_NAMES = 0.7
_EXCUSED_BY_PLACES = 0.5
_EXCUSED_BY_FIGURES = 0.5
# Words of the shorter text, as the feature `length` has them. Of fewer than `LEAST_WORDS` nothing is a translation:
# a date and a country prove nothing; in fewer than 30 nothing shared excuses what is missing; under 45 words
# the order of what is shared is chance; from 60 on a report has facts that others of its subject lack.
_TOO_SHORT, _TOO_SHORT_FOR_EXCUSES, _ORDERED, _TELLING = (
    math.log((words + _MORE_WORDS) / 100) for words in (LEAST_WORDS, 30, 45, 60)
)
# Two parts of one article score like short translations, but share less and in another order.
_WEIGHT_OF_ORDER, _LEAST_COSINE_AND_ORDER = 0.25, 0.28
_LEAST_NOTIONS = 0.05  # cosine of notions
_LEAST_FACTS = 0.3  # the weight of names, places or figures from which a pair has some in common
# Under a title of which the other text has less than the first share, on both sides, stands a notice or show
# notes, unless names or places agree; two names that sound alike by chance do not excuse less than the second.
_LEAST_OF_TITLE, _NOTHING_OF_TITLE = 0.12, 0.02
_TITLE_FIGURE = 0.3  # the weight of a figure in a title from which the other text must have it
# Others that are together so like the best that the subject is hot: on the development set its pairs that
# score .9 and more are translations in three cases of four, the others in 24 of 25.
HOT = 0.7
_OWN_FIGURES = 0.5  # what a short report of a hot subject must share beyond its names
# Two reporters of one event name the same people and places in a sentence each, and say other things of
# them: of 24 such pairs written for the purpose 10 scored .76 and more, with notions of a cosine of .22 to
# .49 (one .61), of 24 translations of the same sentences but two had more.
_SAME_NOTIONS = 0.5
FACTS_FORBID = {
    "names-differ",
    "facts-differ",
    "acts-differ",
    "opposite-word",
}  # the rules that say: another report


def veto(values: Mapping[str, float]) -> str:
    """The rule that forbids a merge however alike a pair is, or "" where none does.

    Two reports of one template differ in few words: the minister's call with another colleague. So it
    counts what *each* side has and the other lacks, above all in the lead; a translation may leave
    things out, but does not put others in their place. Two reports of one event, or two parts of one
    article, are alike in some measure, but tell what they share in another order.
    """
    if values["length"] < _TOO_SHORT:
        return "too-short"
    excused = _excused(values["length"])
    if _tells_other_figures(values):
        return "facts-differ"
    names = _missing_names(values) / (1 + excused * _EXCUSED_BY_NAMES * values["names_shared"])
    places = _missing_places(values) / (1 + excused * _EXCUSED_BY_PLACES * values["places_shared"])
    figures = values["figures_missing"] / _MISSING_FIGURES + values["weekdays_differ"]
    facts = places + figures / (1 + excused * _EXCUSED_BY_FIGURES * values["figures_shared"])
    if names + facts >= 1:
        return "names-differ" if names >= facts else "facts-differ"
    alike = values["cosine"] + _WEIGHT_OF_ORDER * values["order"]
    is_ordered = values["length"] >= _ORDERED
    if is_ordered and alike < _LEAST_COSINE_AND_ORDER:
        return "order-differs"
    return _too_little(values)


def _tells_other_figures(values: Mapping[str, float]) -> bool:
    """Whether one headline of a short pair that shares no figure has a figure."""
    is_bare = values["length"] < _ORDERED and values["figures_shared"] < _LEAST_FACTS
    return is_bare and values["title_figures_missing"] >= _TITLE_FIGURE


def _excused(length: float) -> float:
    """How far what is shared may excuse what is missing: from 0 in a short text to 1 in one of 45 words."""
    share = (length - _TOO_SHORT_FOR_EXCUSES) / (_ORDERED - _TOO_SHORT_FOR_EXCUSES)
    return min(max(share, 0.0), 1.0)


def is_hot(values: Mapping[str, float]) -> bool:
    """Whether other reports of the window are about as alike as a short pair: what it shares is its subject."""
    return values["length"] < _TELLING and math.expm1(values["rivals"]) >= HOT


def tells_otherwise(values: Mapping[str, float]) -> bool:
    """Whether two whole reports of a sentence say different things of whom and what they have in common.

    Of a text that a feed has cut, the part that is missing may say the same.
    """
    is_brief = values["length"] < _TOO_SHORT_FOR_EXCUSES
    are_brief = is_brief and values["length"] + values["length_ratio"] < _ORDERED
    return are_brief and bool(values["complete"]) and values["concepts"] < _SAME_NOTIONS


def one_sided(values: Mapping[str, float]) -> str:
    """What a short pair lacks, so that it must be all the surer: "no-facts", "no-notions" or "".

    Notions without a name, place or figure may be any report's; names and a date without a notion are
    what a day's reports from one town have in common.
    """
    if values["length"] >= _TOO_SHORT_FOR_EXCUSES:
        return ""
    if values["names_shared"] + values["places_shared"] + values["figures_shared"] < _LEAST_FACTS:
        return "no-facts"
    return "no-notions" if values["concepts"] < _LEAST_NOTIONS else ""


def _too_little(values: Mapping[str, float]) -> str:
    """The rule by which a short pair has no more in common than any two reports of its subject, or ""."""
    is_short = values["length"] < _TOO_SHORT_FOR_EXCUSES
    if values["length"] >= _TELLING:
        return ""
    named = values["names_shared"] + values["places_shared"]
    if values["title_shared"] < (_LEAST_OF_TITLE if named < _LEAST_FACTS else _NOTHING_OF_TITLE):
        return "unrelated-titles"
    if (
        values["length"] < _ORDERED
        and values["own_reporter"]
        and values["figures_shared"] < _LEAST_FACTS
    ):
        return "own-report"
    is_of_subject = is_short and is_hot(values) and values["figures_shared"] < _OWN_FIGURES
    return "hot-subject" if is_of_subject else ""


def _missing_names(values: Mapping[str, float]) -> float:
    """The names that each side alone has; 1 is enough for a veto."""
    missing, in_lead = values["names_missing"], values["names_missing_lead"]
    return in_lead / _MISSING_NAMES_IN_LEAD + (missing - in_lead) / _MISSING_NAMES


def _missing_places(values: Mapping[str, float]) -> float:
    """The countries, cities and organisations that each side alone has; 1 is enough for a veto."""
    countries, named = values["countries_missing_lead"], values["named_missing_lead"]
    in_lead = countries / _MISSING_COUNTRIES_IN_LEAD + named / _MISSING_PLACES_IN_LEAD
    beyond = (values["countries_missing"] - countries) + (values["named_missing"] - named)
    return in_lead + beyond / _MISSING_PLACES
