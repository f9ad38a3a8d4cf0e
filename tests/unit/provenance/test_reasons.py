"""Why two items are one report, or are not, in the reader's language."""

from __future__ import annotations

from math import log1p

import pytest

from aggregator import provenance
from aggregator.i18n import LANGUAGES, SOURCE, translator
from aggregator.match import addresses, explain, notices
from aggregator.match.crosslang import scoring
from aggregator.match.story import stated
from aggregator.match.words.rules import RULES
from aggregator.model import Evidence, Kind, Match

STORED = "Why, in English."
OTHERS = {"model", "manual", "others-decide", addresses.RULE, stated.LINKED}
NOTICES = {f"{notice}-notice" for notice in notices._REASONS}
ALL = {*explain._SENTENCES, *explain._OBJECTIONS, *scoring._REASONS, *RULES, *OTHERS, *NOTICES}
JOINING = {"equal-words", "facts-agree", "many-facts-agree", "phrases-agree", "translation"}
JOINING |= {"model", "manual", addresses.RULE, stated.LINKED, *NOTICES}


def said(rule: str, kind: Kind, code: str = "ru", **features: float) -> str:
    evidence = Evidence(rule=rule, reason=STORED, features=features)
    match = Match(a="a", b="b", kind=kind, score=0.5, evidence=evidence)
    return provenance.reason_in_words(match, translator(code))


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != SOURCE])
@pytest.mark.parametrize("rule", sorted(ALL))
def test_every_rule_of_the_matcher_has_a_sentence(rule: str, code: str) -> None:
    kind = Kind.NEAR if rule in JOINING else Kind.RELATED

    sentence = said(rule, kind, code)

    assert sentence != STORED
    assert sentence.endswith(".")


def test_in_english_the_stored_reason_stands() -> None:
    assert said("facts-agree", Kind.NEAR, "en") == STORED


@pytest.mark.parametrize("kind", [Kind.NEAR, Kind.RELATED])
def test_the_stored_reason_stands_for_a_rule_of_another_version(kind: Kind) -> None:
    assert said("of-old", kind) == STORED


def test_what_the_measures_joined_is_said_by_kind_with_the_share_of_phrases() -> None:
    assert said("model", Kind.EXCERPT, containment=0.874) == (
        "Один текст — часть другого. "
        "Из оборотов более короткого текста 87\xa0% есть и в более длинном."
    )
    assert said("model", Kind.EXCERPT) == "Один текст — часть другого."


def test_of_what_is_not_joined_it_is_said_why_not() -> None:
    assert said("too-short", Kind.RELATED) == (
        "Это не одно сообщение: слов слишком мало для сравнения."
    )
    assert said("model", Kind.RELATED, replaced=log1p(3)) == (
        "Это не одно сообщение: 3 числа или имени заменены другими на том же месте."
    )


def test_of_a_pair_that_others_parted_it_is_not_said_that_its_facts_agree() -> None:
    joined, parted = said("facts-agree", Kind.NEAR), said("facts-agree", Kind.RELATED)

    assert joined not in parted
    assert parted.startswith("Это не одно сообщение:")
