"""What a pair of two languages shares and what each side lacks, and what of it forbids a merge.

Weights are chosen here; in the program they say how rare a feature is in its language.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from aggregator.match.crosslang.classifier import (
    FACTS_FORBID,
    PAIR_FEATURES,
    Standing,
    Weighed,
    cosine,
    is_hot,
    one_sided,
    pair_features,
    tells_otherwise,
    veto,
)
from aggregator.match.crosslang.index import DAMPING
from aggregator.match.crosslang.learned import CREDIT, Learned, Regression, learned
from aggregator.match.crosslang.packed import (
    ENTITY_AT,
    IN_LEAD,
    IS_COMPLETE,
    LEAD,
    TITLE,
    TITLE_IS_SENTENCE,
    FeatureKind,
    Features,
    feature_id,
    pack_sounds,
)


def length(words: float) -> float:
    """The measure of that name for a shorter text of so many words."""
    return math.log((words + 5) / 100)


def values(*, words: float = 95, **given: float) -> dict[str, float]:
    """The measures of a pair that is alike and has nothing against it, but for what is given."""
    alike = dict.fromkeys(PAIR_FEATURES, 0.0) | {
        "weekdays_differ": 0.0,
        "title_shared": 1.0,
        "title_figures_missing": 0.0,
        "own_reporter": 0.0,
        "complete": 0.0,
        "cosine": 0.5,
        "order": 0.5,
    }
    return alike | {"length": length(words)} | given


# ------------------------------------------------------------------------------------------- the veto


def test_nothing_forbids_a_pair_that_is_alike_and_lacks_nothing() -> None:
    assert veto(values()) == ""


def test_a_text_of_under_fourteen_words_is_never_taken_for_a_translation() -> None:
    assert veto(values(words=13)) == "too-short"
    assert veto(values(words=14, names_shared=1.0)) == ""
    assert veto(values(words=13, names_missing_lead=9.0, names_missing=9.0)) == "too-short"


@pytest.mark.parametrize("kind", ["names_shared", "places_shared", "figures_shared"])
def test_a_short_pair_shares_facts_and_notions_or_must_be_surer(kind: str) -> None:
    notions = {"concepts": 0.06}
    assert one_sided(values(words=29, **notions)) == "no-facts"
    assert one_sided(values(words=29, **notions, **{kind: 0.31})) == ""
    assert one_sided(values(words=29, concepts=0.04, **{kind: 0.31})) == "no-notions"
    assert one_sided(values(words=30)) == ""
    assert not veto(values(words=29)), "what is there may still be enough"


def test_two_whole_sentences_of_other_notions_tell_otherwise() -> None:
    two = {"complete": 1.0, "concepts": 0.49, "names_shared": 2.0}
    assert tells_otherwise(values(words=29, **two))
    assert not tells_otherwise(values(words=29, **two | {"concepts": 0.51}))
    assert not tells_otherwise(values(words=29, **two | {"complete": 0.0})), (
        "the rest may be cut off"
    )
    assert not tells_otherwise(values(words=30, **two))
    longer = {"length_ratio": length(46) - length(29)}
    assert not tells_otherwise(values(words=29, **two, **longer)), "a report has more to say"


@pytest.mark.parametrize("kind", ["names_shared", "places_shared"])
def test_a_text_without_names_under_an_unrelated_title_is_a_notice(kind: str) -> None:
    assert veto(values(words=50, title_shared=0.05)) == "unrelated-titles"
    assert veto(values(words=50, title_shared=0.05, figures_shared=0.31)) == "unrelated-titles"
    assert veto(values(words=50, title_shared=0.05, **{kind: 0.31})) == ""
    assert veto(values(words=50, title_shared=0.2)) == ""


@pytest.mark.parametrize("kind", ["names_shared", "places_shared"])
def test_names_that_sound_alike_do_not_relate_titles_that_share_nothing(kind: str) -> None:
    assert veto(values(words=50, title_shared=0.01, **{kind: 0.9})) == "unrelated-titles"
    assert veto(values(words=60, title_shared=0.01, **{kind: 0.9})) == ""


def test_a_figure_of_a_headline_is_told_by_its_translation() -> None:
    named = {"names_shared": 2.0, "title_figures_missing": 0.5}
    assert veto(values(words=40, **named)) == "facts-differ"
    assert veto(values(words=40, **named, figures_shared=0.5)) == ""
    assert veto(values(words=50, **named)) == "", "a longer text may leave it out"


def test_what_an_agencys_own_reporter_tells_is_no_translation() -> None:
    assert veto(values(words=40, names_shared=2.0, own_reporter=1.0)) == "own-report"
    assert veto(values(words=40, figures_shared=0.5, own_reporter=1.0)) == ""


@pytest.mark.parametrize("rivals", [0.71, 2.0])
def test_a_short_pair_of_a_hot_subject_has_a_figure_in_common(rivals: float) -> None:
    hot = {"names_shared": 2.0, "rivals": math.log1p(rivals)}
    assert veto(values(words=29, **hot)) == "hot-subject"
    assert veto(values(words=29, **hot, figures_shared=0.51)) == ""
    assert veto(values(words=29, **hot | {"rivals": math.log1p(0.69)})) == ""
    assert veto(values(words=30, **hot)) == ""


NAMES_LEAD = ("names_missing_lead", "names_missing")
COUNTRIES_LEAD = ("countries_missing_lead", "countries_missing")
NAMED_LEAD = ("named_missing_lead", "named_missing")


@pytest.mark.parametrize(
    ("missing", "limit", "rule"),
    [
        (NAMES_LEAD, 0.35, "names-differ"),
        (("names_missing",), 1.2, "names-differ"),
        (COUNTRIES_LEAD, 0.35, "facts-differ"),
        (("countries_missing",), 2.5, "facts-differ"),
        (NAMED_LEAD, 0.8, "facts-differ"),
        (("named_missing",), 2.5, "facts-differ"),
        (("figures_missing",), 1.0, "facts-differ"),
        (("weekdays_differ",), 1.0, "facts-differ"),
    ],
)
def test_what_each_side_has_and_the_other_lacks_forbids_a_merge_from_its_limit(
    missing: tuple[str, ...], limit: float, rule: str
) -> None:
    assert veto(values(**dict.fromkeys(missing, limit * 1.001))) == rule
    assert veto(values(**dict.fromkeys(missing, limit * 0.999))) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"names_missing_lead": 0.18, "names_missing": 0.18}, {"names_missing": 0.18 + 0.61}),
        ({"countries_missing_lead": 0.18, "countries_missing": 0.18}, {"figures_missing": 0.51}),
        ({"named_missing_lead": 0.41, "named_missing": 0.41}, {"figures_missing": 0.51}),
        ({"countries_missing": 1.26}, {"named_missing": 1.26}),
        ({"names_missing": 0.61}, {"figures_missing": 0.51}),
    ],
)
def test_what_is_missing_adds_up(one: dict[str, float], other: dict[str, float]) -> None:
    """Each is a little over half of what forbids a merge by itself."""
    assert veto(values(**one)) == ""
    assert veto(values(**other)) == ""
    assert veto(values(**(one | other))) != ""


def test_the_rule_names_what_weighs_more() -> None:
    assert veto(values(names_missing=0.72, figures_missing=0.5)) == "names-differ"
    assert veto(values(names_missing=0.6, figures_missing=0.5)) == "names-differ", "as much"
    assert veto(values(names_missing=0.5, figures_missing=0.9)) == "facts-differ"


@pytest.mark.parametrize(
    ("missing", "limit", "shared", "excuse"),
    [
        (NAMES_LEAD, 0.35, "names_shared", 0.7),
        (("names_missing",), 1.2, "names_shared", 0.7),
        (COUNTRIES_LEAD, 0.35, "places_shared", 0.5),
        (("named_missing",), 2.5, "places_shared", 0.5),
        (("figures_missing",), 1.0, "figures_shared", 0.5),
    ],
)
@pytest.mark.parametrize("amount", [1.0, 2.0])
def test_what_is_shared_of_a_kind_excuses_a_part_of_what_is_missing(
    missing: tuple[str, ...], limit: float, shared: str, excuse: float, amount: float
) -> None:
    excused = limit * (1 + excuse * amount)

    def pair(lacks: float, words: int) -> dict[str, float]:
        return values(words=words, **dict.fromkeys(missing, lacks), **{shared: amount})

    assert veto(pair(excused * 0.999, 45)) == ""
    assert veto(pair(excused * 1.001, 45)) != ""
    assert veto(pair(excused * 0.999, 31)) != "", "a little is excused in a little more than 30"
    assert veto(pair(limit * 1.001, 29)) != "", "under 30 words nothing is excused"
    assert veto(pair(limit * 0.999, 29)) == ""


def test_today_shared_figures_excuse_another_weekday() -> None:
    assert veto(values(weekdays_differ=1.0)) == "facts-differ"
    assert veto(values(weekdays_differ=1.0, figures_shared=1.0)) == ""


@pytest.mark.parametrize(
    ("alike", "order", "rule"),
    [
        (0.281, 0.0, ""),
        (0.279, 0.0, "order-differs"),
        (0.182, 0.4, ""),
        (0.178, 0.4, "order-differs"),
        (0.5, -1.0, "order-differs"),
        (0.6, -1.0, ""),
    ],
)
def test_the_cosine_and_a_quarter_of_the_order_come_to_28_hundredths(
    alike: float, order: float, rule: str
) -> None:
    assert veto(values(cosine=alike, order=order)) == rule


def test_the_rules_that_say_another_report_are_those_of_names_and_facts() -> None:
    assert {
        veto(values(names_missing=2.0)),
        veto(values(figures_missing=2.0)),
        "acts-differ",
        "opposite-word",
    } == FACTS_FORBID


def test_facts_that_differ_are_named_before_the_order() -> None:
    assert veto(values(cosine=0.0, order=0.0, figures_missing=2.0)) == "facts-differ"


# ------------------------------------------------------------------------------------------- the model


def model(**coefficients: float) -> Learned:
    same = Regression(-1.0, coefficients)
    return learned()._replace(brief=same, full=same)


def test_the_score_is_a_logistic_regression() -> None:
    score = model(cosine=4.0, order=-2.0).score(values(cosine=0.75, order=0.5), credited=False)
    assert score == pytest.approx(1 / (1 + math.exp(-(-1.0 + 4.0 * 0.75 - 2.0 * 0.5))))


def test_a_brief_pair_is_judged_by_one_model_a_long_one_by_the_other_and_between_by_both() -> None:
    mixed = learned()._replace(brief=Regression(2.0, {}), full=Regression(-2.0, {}))

    def log_odds(words: float) -> float:
        score = mixed.score(values(words=words), credited=False)
        return math.log(score / (1 - score))

    assert log_odds(10) == pytest.approx(2.0, abs=0.1)
    assert log_odds(45) == pytest.approx(0.0)
    assert log_odds(400) == pytest.approx(-2.0, abs=0.1)


def test_a_credit_adds_to_the_log_odds_and_is_no_proof() -> None:
    assert CREDIT == 0.7
    score = model().score(values(), credited=True)
    assert score == pytest.approx(1 / (1 + math.exp(1.0 - 0.7)))


@pytest.mark.parametrize(("weight", "score"), [(-1e5, 0.0), (1e5, 1.0)])
def test_the_score_stays_within_its_bounds(weight: float, score: float) -> None:
    assert model(cosine=weight).score(values(cosine=1.0), credited=False) == score


def test_the_shipped_thresholds_are_those_of_the_documentation() -> None:
    shipped = learned()
    bars = (shipped.balanced, shipped.hot, shipped.contested, shipped.strict, shipped.related)
    assert bars == (0.7, 0.85, 0.93, 0.95, 0.3)
    assert {*shipped.brief.coefficients, *shipped.full.coefficients} <= set(PAIR_FEATURES)
    assert learned() is shipped, "read once"


# -------------------------------------------------------------------------------------------- measures


class Part(NamedTuple):
    """A feature of a text."""

    name: str
    weight: float = 1.0
    kind: FeatureKind = FeatureKind.CONCEPT
    lead: bool = False
    place: int = 0


def text(
    *parts: Part,
    words: int = 95,
    names: tuple[int, ...] = (),
    name_places: tuple[int, ...] = (),
    flags: int = 0,
) -> Weighed:
    rows = sorted(parts, key=lambda part: feature_id(part.name))
    return Weighed(
        Features(
            ids=np.array([feature_id(part.name) for part in rows], dtype=np.uint32),
            marks=np.array([part.kind | LEAD * part.lead for part in rows], dtype=np.uint8),
            places=np.array([part.place for part in rows], dtype=np.uint8),
            names=np.array(names, dtype=np.uint64),
            of_names=np.zeros(len(names), dtype=np.uint32),
            name_places=np.array(name_places or [0] * len(names), dtype=np.uint8),
            words=words,
            flags=flags,
        ),
        np.array([part.weight for part in rows], dtype=np.float32),
        np.ones(len(names), dtype=np.float32),
    )


def measured(a: Weighed, b: Weighed, *standings: Standing) -> dict[str, float]:
    """The measures of a pair, which are the same whichever side comes first."""
    found = pair_features(a, b, *standings)
    assert pair_features(b, a, *reversed(standings)) == pytest.approx(found)
    return found


def test_every_measure_has_a_value() -> None:
    found = measured(text(Part("a")), text(Part("b")))
    of_veto = {"weekdays_differ", "title_shared", "title_figures_missing", "own_reporter"}
    assert set(found) == {*PAIR_FEATURES, "complete"} | of_veto


def test_the_cosine_is_of_all_features_and_damped() -> None:
    a, b = text(Part("x", 2.0), Part("y", 1.0)), text(Part("x", 3.0), Part("z", 1.0))

    expected = 6.0 / math.sqrt((5.0 + DAMPING) * (10.0 + DAMPING))

    assert measured(a, b)["cosine"] == pytest.approx(expected)
    assert cosine(a, b) == pytest.approx(expected)
    assert measured(a, b)["shared"] == pytest.approx(math.log1p(6.0))


@pytest.mark.parametrize(
    ("kind", "measure"),
    [
        (FeatureKind.SKELETON, "sounds"),
        (FeatureKind.CONCEPT, "concepts"),
        (FeatureKind.NUMBER, "figures"),
        (FeatureKind.DATE, "figures"),
        (FeatureKind.COARSE_SKELETON, "syllables"),
    ],
)
def test_each_kind_has_a_cosine_of_its_own(kind: FeatureKind, measure: str) -> None:
    a = text(Part("x", 2.0, kind), Part("y", 1.0, FeatureKind.NAMED))
    b = text(Part("x", 2.0, kind), Part("z", 1.0, FeatureKind.NAMED))

    found = measured(a, b)

    assert found[measure] == pytest.approx(4.0 / (4.0 + DAMPING))
    others = {"sounds", "concepts", "figures", "syllables"} - {measure}
    assert all(found[other] == 0.0 for other in others)


def test_what_is_contained_is_the_larger_share_of_either_side() -> None:
    a, b = text(Part("x", 2.0), Part("y", 1.0)), text(Part("x", 3.0), Part("z", 6.0))

    assert measured(a, b)["contained"] == pytest.approx(max(2 / (2 + 1 + 1), 3 / (3 + 6 + 1)))


@pytest.mark.parametrize(
    ("kind", "measure"),
    [(FeatureKind.NAMED, "named_missing"), (FeatureKind.COUNTRY, "countries_missing")],
)
def test_what_each_side_has_alone_is_the_less_of_the_two(kind: FeatureKind, measure: str) -> None:
    both = Part("both", 9.0, kind, lead=True)
    a = text(Part("own", 3.0, kind), Part("ahead", 0.25, kind, lead=True), both)
    b = text(Part("other", 0.5, kind), Part("first", 0.5, kind, lead=True), both)

    found = measured(a, b)

    assert found[measure] == pytest.approx(min(3.0 + 0.25, 0.5 + 0.5))
    assert found[f"{measure}_lead"] == pytest.approx(min(0.25, 0.5))
    assert measured(a, text(both))[measure] == 0.0, "it leaves out, no more"


@pytest.mark.parametrize("kind", [FeatureKind.NUMBER, FeatureKind.DATE])
def test_figures_are_numbers_and_dates(kind: FeatureKind) -> None:
    a = text(Part("1", 2.0, FeatureKind.NUMBER), Part("both", 1.5, kind))
    b = text(Part("2", 3.0, FeatureKind.DATE), Part("both", 0.5, kind))

    found = measured(a, b)

    assert found["figures_missing"] == pytest.approx(2.0)
    assert found["figures_shared"] == pytest.approx(0.5)


@pytest.mark.parametrize("kind", [FeatureKind.NAMED, FeatureKind.COUNTRY])
def test_places_are_countries_and_what_has_a_name(kind: FeatureKind) -> None:
    a, b = text(Part("both", 1.5, kind)), text(Part("both", 0.5, kind))
    assert measured(a, b)["places_shared"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("monday",), ("tuesday",), 1.0),
        (("monday",), ("monday",), 0.0),
        (("monday",), (), 0.0),
        ((), (), 0.0),
        (("monday", "sunday"), ("saturday", "sunday"), 0.0),
        (("wednesday", "thursday"), ("friday",), 1.0),
    ],
)
def test_weekdays_differ_where_both_name_some_and_none_is_the_same(
    a: tuple[str, ...], b: tuple[str, ...], expected: float
) -> None:
    one, other = (text(*(Part(f"c{day}") for day in days)) for days in (a, b))
    assert measured(one, other)["weekdays_differ"] == expected


def test_lengths_count_five_words_more() -> None:
    found = measured(text(words=45), text(words=195))

    assert found["length"] == pytest.approx(math.log(50 / 100))
    assert found["length_ratio"] == pytest.approx(math.log(200 / 50))


def test_how_far_ahead_of_the_next_candidate_each_side_is() -> None:
    found = measured(text(), text(), Standing(0.3), Standing(0.1, rivals=2.0))
    assert (found["ahead_least"], found["ahead_most"]) == (0.1, 0.3)
    assert found["rivals"] == pytest.approx(math.log1p(2.0))


@pytest.mark.parametrize(
    ("others", "ahead", "rivals"),
    [((), 0.40, 0.0), ((0.29,), 0.20, 0.5), ((0.49, 0.29), 0.0, 1.5), ((0.69,), -0.2, 1.0)],
)
def test_a_rival_counts_by_how_like_it_is(
    others: tuple[float, ...], ahead: float, rivals: float
) -> None:
    """Above what unrelated items have, 0.09."""
    standing = Standing.of(0.49, others)
    assert tuple(standing) == pytest.approx((ahead, rivals))


@pytest.mark.parametrize(
    ("words", "rivals", "hot"), [(59, 0.71, True), (59, 0.69, False), (60, 0.71, False)]
)
def test_a_subject_is_hot_for_short_reports_with_rivals(
    words: int, rivals: float, hot: bool
) -> None:
    assert is_hot(values(words=words, rivals=math.log1p(rivals))) is hot


def in_places(*places: int, weight: float = 1.0) -> Weighed:
    return text(*(Part(f"f{n}", weight, place=place) for n, place in enumerate(places)))


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((10, 20, 30, 40), 4 / 8),
        ((40, 30, 20, 10), -4 / 8),
        ((15, 25, 35, 45), 4 / 8),
        ((10, 20, 30), 3 / 7),
        ((10, 20), 0.0),
        ((7, 7, 7, 7), 0.0),
        ((20, 10, 40, 30), 0.6 * 4 / 8),
    ],
)
def test_order_is_the_correlation_of_places_and_few_features_prove_little(
    places: tuple[int, ...], expected: float
) -> None:
    """The correlation of n places, times n / (n + 4)."""
    original = in_places(10, 20, 30, 40)
    assert measured(original, in_places(*places))["order"] == pytest.approx(expected)


def test_common_features_have_an_order_as_rare_ones_have() -> None:
    common = in_places(10, 20, 30, 40, weight=0.01)
    assert measured(common, common)["order"] == pytest.approx(4 / 8)


def test_order_weighs_what_is_rare_more() -> None:
    def pair(rare: float) -> float:
        a = text(*(Part(f"f{n}", rare if n < 3 else 1.0, place=10 * n) for n in range(6)))
        b = text(*(Part(f"f{n}", place=10 * n if n < 3 else 80 - 10 * n) for n in range(6)))
        return measured(a, b)["order"]

    x, y, w = np.arange(0, 60, 10), np.array([0, 10, 20, 50, 40, 30]), np.array([9, 9, 9, 1, 1, 1])
    covariance = np.cov(np.stack([x, y]), aweights=w, ddof=0)
    correlation = covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1])
    assert pair(9.0) == pytest.approx(correlation * 6 / 10)
    assert pair(9.0) > pair(1.0)


def test_what_one_side_alone_has_does_not_disturb_the_order() -> None:
    a = text(*(Part(f"f{n}", place=10 * n) for n in range(4)), Part("own", place=200))
    b = text(*(Part(f"f{n}", place=10 * n) for n in range(4)), *(Part(f"g{n}") for n in range(9)))
    assert measured(a, b)["order"] == pytest.approx(4 / 8)


def test_a_pair_is_complete_where_neither_text_was_cut() -> None:
    whole, cut = text(Part("x"), flags=IS_COMPLETE), text(Part("x"))
    assert measured(whole, whole)["complete"] == 1.0
    assert measured(whole, cut)["complete"] == measured(cut, cut)["complete"] == 0.0


def test_a_title_that_is_a_sentence_is_no_headline() -> None:
    def titled(title: str, flags: int) -> Weighed:
        own = text(Part(title, lead=True), Part("x", lead=True), flags=flags)
        own.features.marks[own.features.ids == feature_id(title)] |= TITLE
        return own

    def shared(flags: int) -> float:
        return measured(titled("one", flags), titled("other", flags))["title_shared"]

    assert shared(0) == 0.0
    assert shared(TITLE_IS_SENTENCE) == 1.0


# ------------------------------------------------------------------ a summary beside a longer report

NAME = pack_sounds("KSRBF")


def test_a_report_is_read_as_far_as_a_summary_goes() -> None:
    """Of 20 words, 1.3 times as far and five words more: up to the thirty-first."""
    summary = text(Part("x"), words=20)
    report = text(Part("x"), Part("near", place=30), Part("far", place=31), words=200)

    found = measured(summary, report)

    assert found["cosine"] == pytest.approx(1 / math.sqrt((1 + DAMPING) * (2 + DAMPING)))


@pytest.mark.parametrize(("words", "longer"), [(45, 200), (20, 20), (100, 100)])
def test_reports_and_texts_of_one_length_are_read_whole(words: int, longer: int) -> None:
    a, b = text(Part("x"), words=words), text(Part("x"), Part("far", place=199), words=longer)
    assert measured(a, b)["cosine"] == pytest.approx(1 / math.sqrt((1 + DAMPING) * (2 + DAMPING)))


def test_what_a_summary_takes_from_the_end_of_a_report_is_not_missing() -> None:
    summary = text(Part("x", kind=FeatureKind.NAMED), Part("own", kind=FeatureKind.NAMED), words=20)
    elsewhere = (
        Part("x", kind=FeatureKind.NAMED, place=150),
        Part("far", kind=FeatureKind.NAMED, place=150),
    )
    report = text(*elsewhere, Part("near", 0.4, kind=FeatureKind.NAMED), words=200)

    found = measured(summary, report)

    assert found["named_missing"] == pytest.approx(0.4), "of the report only what is near"
    assert found["places_shared"] == pytest.approx(1.0)
    assert found["cosine"] == 0.0


def test_names_beyond_the_reach_of_a_summary_are_not_missing_but_may_be_found() -> None:
    other = pack_sounds("TNFLM") | 1 << ENTITY_AT
    summary = text(words=20, names=(NAME, pack_sounds("PLTRS") | 1 << ENTITY_AT))
    report = text(words=200, names=(NAME, other), name_places=(150, 150))
    near = text(words=200, names=(NAME, other), name_places=(150, 0))

    assert measured(summary, report)["names_missing"] == 0.0
    assert measured(summary, near)["names_missing"] > 0.0


def test_names_are_compared_by_their_sounds() -> None:
    minister, colleague = pack_sounds("KSRBF") | IN_LEAD, pack_sounds("TNFLM") | IN_LEAD
    same = measured(text(names=(minister,)), text(names=(minister,)))
    other = measured(text(names=(minister,)), text(names=(colleague,)))

    assert same["names_missing"] == same["names_missing_lead"] == 0.0
    assert other["names_missing"] >= other["names_missing_lead"] > 0.0
    assert 0.0 < same["names_agree"] <= 1.0
    assert same["names_agree"] == pytest.approx(same["names_least"]), "the mean of two equal sides"
    assert same["names_shared"] > 0.0
    assert other["names_shared"] == 0.0
    assert same["names_agree"] > other["names_agree"]
    assert same["names_least"] > other["names_least"]


def test_a_name_that_one_side_alone_has_is_left_out_and_not_missing() -> None:
    minister, colleague = pack_sounds("KSRBF"), pack_sounds("TNFLM") | 1 << ENTITY_AT
    found = measured(text(names=(minister, colleague)), text(names=(minister,)))

    assert found["names_missing"] == 0.0
    assert found["names_least"] < found["names_agree"], "the lower side, and the mean of both"
