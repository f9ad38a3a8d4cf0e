"""`explain` begins with what is, and says nothing that contradicts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.cli.format_explain import Explanation, as_json, print_explanation
from aggregator.model import Evidence, Item, Kind, Lineage, Match, Member, Story
from tests.told import credited, first, pair, report, story_of, taken

ORIGIN = report("kz", "kazinform")
CARRIER = report("bg", "bta", 30, language="bg", credits=(credited("kazinform"),))
SECOND = report("mk", "mia", 45, language="mk")
OWN = report("own", "sta", 50)
WHOLE = story_of(first(ORIGIN), taken(CARRIER, ORIGIN, Kind.TRANSLATION), taken(SECOND, CARRIER))
OBJECTION = "Not one report: the figures differ."
NADIA = "Joined by nadia on 24 Nov 2026, 14:00 UTC."


def verdict(a: Item, b: Item, kind: Kind, reason: str, score: float = 0.42) -> Match:
    return Match(a=a.id, b=b.id, kind=kind, score=score, evidence=Evidence(rule="r", reason=reason))


def explained(a: Item, b: Item, match: Match, *stories: Story) -> Explanation:
    one, other = stories or (WHOLE, WHOLE)
    return Explanation(a=a, b=b, match=match, stories=(one, other), agencies={})


def joined_by_hand() -> Story:
    by_hand = pair("own", "bg", Kind.MANUAL, 1.0, NADIA)
    return replace(
        WHOLE,
        members=(
            *WHOLE.members,
            Member(item=OWN, match=by_hand, lineage=Lineage(parent=by_hand)),
        ),
    )


def shown(explanation: Explanation, capsys: pytest.CaptureFixture[str]) -> str:
    """What is printed, its lines joined again where they were wrapped."""
    print_explanation(explanation)
    return " ".join(capsys.readouterr().out.split())


def test_two_items_directly_linked_are_in_one_story(capsys: pytest.CaptureFixture[str]) -> None:
    explanation = explained(CARRIER, ORIGIN, verdict(CARRIER, ORIGIN, Kind.TRANSLATION, "Same."))

    text = shown(explanation, capsys)

    assert explanation.statement == "They are in one story, skz."
    assert "They are in one story, skz. By this pair alone: translation, 0.42. Same." in text
    assert "linked by" not in text
    assert as_json(explanation)["manual"] is False


def test_two_items_linked_by_others_are_shown_with_the_way_between_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    explanation = explained(SECOND, ORIGIN, verdict(SECOND, ORIGIN, Kind.RELATED, OBJECTION))

    text = shown(explanation, capsys)

    assert explanation.statement == "They are in one story, skz, linked by 1 other item."
    assert "mia (mk) – bta (bg): near (0.90) bta (bg) – kazinform (en): translation (0.90)" in text
    assert "By this pair alone: 0.42. The two texts alone would not show it: the figures" in text
    told = as_json(explanation)
    assert [(step["a"], step["b"]) for step in told["chain"]] == [("mk", "bg"), ("bg", "kz")]  # type: ignore[attr-defined]


def test_items_that_a_person_joined_say_who_and_when_wherever_the_decision_is_on_the_way(
    capsys: pytest.CaptureFixture[str],
) -> None:
    story = joined_by_hand()
    for other in (CARRIER, ORIGIN, SECOND):
        match = verdict(OWN, other, Kind.RELATED, OBJECTION)
        explanation = explained(OWN, other, match, story, story)

        assert explanation.statement == f"They are in one story, skz. {NADIA}"
        assert as_json(explanation)["manual"] is True
        assert NADIA in shown(explanation, capsys)


def test_a_decision_about_others_is_not_said_of_two(capsys: pytest.CaptureFixture[str]) -> None:
    story = joined_by_hand()
    match = verdict(CARRIER, ORIGIN, Kind.TRANSLATION, "Same.")

    text = shown(explained(CARRIER, ORIGIN, match, story, story), capsys)

    assert "nadia" not in text


def test_items_of_two_stories_say_which_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    explanation = explained(
        OWN, ORIGIN, verdict(OWN, ORIGIN, Kind.RELATED, OBJECTION), story_of(first(OWN)), WHOLE
    )

    text = shown(explanation, capsys)

    assert explanation.statement == "They are in different stories, sown and skz."
    assert f"By this pair alone: 0.42. {OBJECTION}" in text
    assert (explanation.chain, as_json(explanation)["one_story"]) == ((), False)


def test_items_of_two_stories_may_be_alike_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """As where a person parted them."""
    explanation = explained(
        OWN, ORIGIN, verdict(OWN, ORIGIN, Kind.NEAR, "An edited copy."), story_of(first(OWN)), WHOLE
    )

    text = shown(explanation, capsys)

    assert "They are in different stories" in text
    assert "By this pair alone: near, 0.42. An edited copy." in text


@pytest.mark.parametrize("kind", [Kind.RELATED, Kind.NEAR, Kind.MANUAL])
@pytest.mark.parametrize("other", [CARRIER, ORIGIN, SECOND])
@pytest.mark.parametrize("as_document", [True, False])
def test_one_story_and_not_one_report_are_never_said_together(
    capsys: pytest.CaptureFixture[str], kind: Kind, other: Item, as_document: bool
) -> None:
    story = joined_by_hand()
    reason = OBJECTION if kind is Kind.RELATED else "The texts are alike."
    for item in (OWN, CARRIER, SECOND):
        if item == other:
            continue
        explanation = explained(item, other, verdict(item, other, kind, reason), story, story)

        said = str(as_json(explanation)) if as_document else shown(explanation, capsys)

        assert "in one story" in said
        assert "Not one report" not in said
