"""The matcher as the pipeline uses it, the choice of a story, and `cluster` around it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings
from aggregator.errors import UsageError
from aggregator.match.assign import by_preference, rank
from aggregator.match.channel import Pair, Thresholds
from aggregator.match.explain import reason
from aggregator.match.matcher import MEMBERS_INDEXED, Matcher
from aggregator.match.words.channel import THRESHOLDS, WordsChannel
from aggregator.match.words.classifier import Verdict
from aggregator.match.words.features import FEATURES
from aggregator.model import Fingerprint, Indexed, Item, Kind, Placement

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
BRIDGE = (
    "The northern bridge of Velmora will stay closed until 12 March, the port authority said.\n\n"
    "Divers found 5 cracks in the second pier, and Arvid Tonnesk called for a new survey.\n\n"
    "Lorries must take the road through Karsk, which adds 40 kilometres to every journey.\n\n"
    "Traders in the old town fear for their spring season and have asked the council for help."
)
CLINIC = (
    "The district clinic in Dunvale gets a second entrance by June, Mira Dolcane told the council.\n\n"
    "It treats 300 people a day and has waited nine years for the money, figures of the inspectorate show."
)


class Desk:
    """A matcher with the items it was given."""

    def __init__(self, settings: MatchSettings | None = None) -> None:
        self.fingerprints: dict[str, Fingerprint] = {}
        self.matcher = Matcher(settings or MatchSettings(), (), self.known)

    def known(self, ids: Sequence[str]) -> dict[str, Fingerprint]:
        return {item: self.fingerprints[item] for item in ids if item in self.fingerprints}

    def put(self, item: Item) -> Placement:
        self.fingerprints[item.id] = self.matcher.fingerprint(self.matcher.read(item))
        placement = self.matcher.place(item, self.fingerprints[item.id])
        self.add(item, placement.story_id or f"s{item.id}")
        return placement

    def add(self, item: Item, story_id: str) -> None:
        entry = Indexed(
            item_id=item.id,
            story_id=story_id,
            agency_id=item.agency_id,
            reported_at=item.reported_at,
            fingerprint=self.fingerprints[item.id],
        )
        self.matcher.add([entry])


def item(name: str, text: str, title: str = "", *, minute: int = 0, agency: str = "") -> Item:
    at = AT + timedelta(minutes=minute)
    return Item(
        id=name,
        feed_id=agency,
        agency_id=agency,
        title=title,
        text=text,
        seen_at=at,
        reported_at=at,
        language="en",
    )


def test_the_first_item_founds_a_story_and_its_copy_joins_it() -> None:
    desk = Desk()

    first = desk.put(item("1", BRIDGE, "Bridge closed"))
    copy = desk.put(item("2", f"KARSK, Nov 2 (Norvest) - {BRIDGE}", "Bridge stays shut", minute=5))

    assert (first.story_id, first.match) == (None, None)
    assert copy.story_id == "s1"
    assert copy.match is not None
    assert (copy.match.a, copy.match.b, copy.match.kind) == ("2", "1", Kind.IDENTICAL)
    assert copy.match.evidence.rule == "equal-words"


def test_a_cut_copy_is_an_excerpt_and_the_same_agencys_is_a_revision() -> None:
    desk = Desk()
    desk.put(item("1", BRIDGE, "Bridge closed", agency="bta"))
    cut = "\n\n".join(BRIDGE.split("\n\n")[:2])

    excerpt = desk.put(item("2", cut, "Bridge closed", minute=5, agency="kaz"))
    revision = desk.put(
        item("3", BRIDGE.replace("5 cracks", "6 cracks"), "Bridge closed", minute=9, agency="bta")
    )

    assert excerpt.match is not None
    assert excerpt.match.kind is Kind.EXCERPT
    assert revision.match is not None
    assert revision.match.kind is Kind.REVISION


def test_another_report_founds_another_story() -> None:
    desk = Desk()
    desk.put(item("1", BRIDGE, "Bridge closed"))

    assert desk.put(item("2", CLINIC, "Clinic extended", minute=5)).story_id is None


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [
        ("uk", "ru", "У Карську в суботу відкриють новий міст. Його будували 4 роки, каже Арвід Тонеск."),
        ("kk", "ru", "Карскіде сенбі күні жаңа көпір ашылады. Оны 4 жыл салды, деді Арвид Тонеск."),
        ("mk", "bg", "Во Карск во сабота ќе биде отворен нов мост. Го градеа 4 години, рече Арвид Тонеск."),
    ],
)  # fmt: skip
def test_the_same_words_are_one_report_whatever_language_they_are_said_to_be_in(
    language: str, label: str, text: str
) -> None:
    desk = Desk()
    first = replace(item("a", text, agency="north"), language=language)
    copy = replace(item("b", text, minute=5, agency="south"), language=label)
    desk.put(first)

    placed = desk.put(copy)

    assert placed.story_id == "sa"
    assert placed.match is not None
    assert placed.match.kind is Kind.IDENTICAL
    assert desk.matcher.explain(first, copy).kind is Kind.IDENTICAL


def test_what_is_older_than_the_window_is_no_original() -> None:
    desk = Desk(MatchSettings(window=timedelta(hours=1)))
    desk.put(item("1", BRIDGE))

    assert desk.put(item("2", BRIDGE, minute=59)).story_id == "s1"
    assert desk.put(item("3", BRIDGE, minute=150)).story_id is None


def test_a_story_is_known_by_its_first_members_however_many_it_has() -> None:
    desk = Desk()
    for number in range(3 * MEMBERS_INDEXED):
        placed = desk.put(item(str(number), f"{BRIDGE}\n\nMore from desk {number}.", minute=number))
        assert placed.story_id == (None if number == 0 else "s0")


def test_a_moved_item_draws_its_copies_to_the_new_story() -> None:
    desk = Desk()
    desk.put(item("1", BRIDGE))

    desk.matcher.move("1", "s9")

    assert desk.put(item("2", BRIDGE, minute=5)).story_id == "s9"


def test_placing_decides_and_changes_nothing() -> None:
    desk = Desk()
    desk.put(item("1", BRIDGE))
    copy = item("2", BRIDGE, minute=5)
    print_ = desk.matcher.fingerprint(desk.matcher.read(copy))

    assert desk.matcher.place(copy, print_) == desk.matcher.place(copy, print_)
    assert desk.matcher.place(replace(copy, id="1"), print_).story_id is None


def test_what_is_forgotten_is_no_candidate() -> None:
    desk = Desk()
    desk.put(item("1", BRIDGE))

    desk.matcher.forget(AT + timedelta(hours=1))

    assert desk.put(item("2", BRIDGE, minute=5)).story_id is None


# ------------------------------------------------------------------------------------- explaining


def test_explaining_shows_facts_and_passages_side_by_side() -> None:
    desk = Desk()
    changed = BRIDGE.replace("12 March", "14 April").replace("said.", "announced.")

    match = desk.matcher.explain(item("1", BRIDGE), item("2", changed, agency="kaz"))

    evidence = match.evidence
    assert {fact.a for fact in evidence.agree} >= {"Velmora", "Arvid", "Tonnesk", "40"}
    assert {fact.a or fact.b for fact in evidence.differ} == {"12", "March", "14", "April"}
    assert any(p.same and p.a.startswith("Divers found 5 cracks") for p in evidence.passages)
    assert any(not p.same and (p.a, p.b) == ("12 March", "14 April") for p in evidence.passages)


def test_explaining_unlike_items_says_why_they_are_not_one_story() -> None:
    match = Desk().matcher.explain(item("1", BRIDGE), item("2", CLINIC))

    assert match.kind is Kind.RELATED
    assert match.score < 0.1
    assert match.evidence.reason == (
        "Not one report: only 0% of the shorter text's phrases are in the longer one."
    )


@pytest.mark.parametrize(
    ("rule", "score", "kind", "features", "expected"),
    [
        ("equal-words", 1.0, Kind.IDENTICAL, {}, "Both texts have the same words."),
        ("too-short", 0.0, Kind.RELATED, {}, "There are too few words to compare."),
        ("model", 0.9, Kind.NEAR, {"containment": 0.9, "same_names": 2}, "edited copy of the other: 90%"),
        ("model", 0.9, Kind.NEAR, {"replaced": 1}, "a number or name is replaced."),
        ("model", 0.4, Kind.RELATED, {"replaced": 3, "covered": 0.8}, "one form, but 3 numbers or names are"),
        ("short-facts-differ", 0.3, Kind.RELATED, {"new_title": 1.0}, "titles are of one form"),
        ("short-facts-differ", 0.3, Kind.RELATED, {}, "short, and numbers of one are missing"),
        ("equal-words", 1.0, Kind.RELATED, {}, "the pair is close, but other items"),
        ("model", 0.5, Kind.RELATED, {"containment": 0.1}, "only 10%"),
        (
            "model",
            0.5,
            Kind.RELATED,
            {"containment": 0.8, "rare_containment": 0.2},
            "phrases that many reports use",
        ),
        (
            "model",
            0.5,
            Kind.RELATED,
            {"containment": 0.8, "rare_containment": 0.8},
            "what else each says is too different",
        ),
    ],
)  # fmt: skip
def test_reasons_are_sentences_for_an_editor(
    rule: str, score: float, kind: Kind, features: dict[str, float], expected: str
) -> None:
    counted = {"replaced", "same_names", "same_numbers"}
    values = dict.fromkeys(FEATURES, 0.0) | {
        name: float(np.log1p(value)) if name in counted else value
        for name, value in features.items()
    }

    said = reason(Verdict(score, rule), kind, values)

    assert expected in said
    assert said.endswith(".")


# ------------------------------------------------------------------------------- choosing a story


def pair(story: str, score: float, name: str = "") -> Pair:
    return Pair(name or story, score, lambda joined: pytest.fail(f"asked, {joined}"), story)


def registry() -> WordsChannel:
    return WordsChannel(lambda ids: {}, window=timedelta(days=7), mode="balanced")


def test_stories_are_ranked_by_their_best_member() -> None:
    pairs = [pair("a", 0.4), pair("b", 0.8), pair("a", 0.9), pair("b", 0.7)]

    ranked = rank(pairs, registry())

    assert [(r.story_id, r.best.score, round(r.mean, 2)) for r in ranked] == [
        ("a", 0.9, 0.65),
        ("b", 0.8, 0.75),
    ]


def test_of_stories_that_pass_the_one_with_the_best_member_comes_first() -> None:
    pairs = [pair("a", 0.99), pair("a", 0.1), pair("b", 0.8), pair("b", 0.8)]

    chosen = by_preference(rank(pairs, registry()), Thresholds(0.7, 0.35))

    assert [ranking.story_id for ranking in chosen] == ["a", "b"]


@pytest.mark.parametrize(
    ("scores", "mode", "joins"),
    [
        ([0.85], "balanced", True),
        ([0.85], "strict", False),
        ([0.95, 0.1], "balanced", True),
        ([0.95, 0.01, 0.01], "balanced", False),
        ([0.69, 0.69], "balanced", False),
    ],
)
def test_both_thresholds_must_be_reached(scores: list[float], mode: str, joins: bool) -> None:
    ranked = rank([pair("a", score) for score in scores], registry())

    assert bool(by_preference(ranked, THRESHOLDS[mode])) is joins


def test_a_pair_with_an_item_of_no_known_story_is_no_choice() -> None:
    unknown = Pair("x", 1.0, lambda joined: pytest.fail(f"asked, {joined}"))

    (ranking,) = rank([unknown], registry())

    assert ranking.story_id is None
    assert by_preference([ranking], Thresholds(0.7)) == []


def test_no_candidates_no_story() -> None:
    assert by_preference([], THRESHOLDS["balanced"]) == []


# --------------------------------------------------------------------------------------- a file


def line(name: str, text: str, **more: str) -> str:
    return json.dumps({"id": name, "title": "", "text": text, **more})


def test_a_file_is_clustered_in_the_order_of_time_and_written_in_its_own() -> None:
    late, early = "2026-11-02T09:00:00Z", "2026-11-02T08:00:00+00:00"
    lines = [
        line("late", BRIDGE, published=late),
        line("other", CLINIC, published=late),
        line("early", BRIDGE, published=early),
    ]

    out = list(cluster(lines, MatchSettings()))

    assert [entry["id"] for entry in out] == ["late", "other", "early"]
    assert out[0]["story"] == out[2]["story"] != out[1]["story"]
    assert [entry["lead"] for entry in out] == [False, True, True]
    assert out[0]["matches"] == [{"id": "early", "kind": "identical", "score": 1.0}]
    assert out[2]["matches"] == []


def test_progress_names_its_stages() -> None:
    seen: list[tuple[str, int, int | None]] = []

    list(cluster([line("1", BRIDGE)], MatchSettings(), progress=lambda *at: seen.append(at)))

    assert seen == [("read", 1, None), ("match", 1, 1), ("write", 1, 1)]


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["{"], "line 1"),
        ([line("1", ""), "[]"], "line 2"),
        (['{"title": "x"}'], "'id'"),
        ([line("1", "", published="yesterday")], "published"),
        ([line("1", ""), line("1", "")], "'1'"),
    ],
)
def test_a_wrong_line_is_named_before_anything_is_written(lines: list[str], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        next(cluster(lines, MatchSettings()))


@pytest.mark.parametrize(
    ("title", "text", "hours", "against"),
    [
        (
            "Weather for the coming day",
            "The forecast of the institute for today.",
            1,
            "rubric-title",
        ),
        (
            "Weather for the coming day",
            "The forecast of the institute for today.",
            24,
            "short-repeat",
        ),
        ("Floods close the road from Ruse to Svishtov in Bulgaria", "", 24, None),
        ("Bridge to stay closed", BRIDGE, 24, None),
    ],
    ids=["a rubric the hour after", "a rubric the day after", "names", "a whole report"],
)
def test_few_words_that_come_again_a_day_later_are_a_rubric(
    title: str, text: str, hours: int, against: str | None
) -> None:
    desk = Desk()
    desk.put(item("1", text, title, agency="one"))

    placement = desk.put(item("2", text, title, minute=60 * hours, agency="other"))

    assert [match.evidence.rule for match in placement.related] == ([against] if against else [])
    assert (placement.match is not None) is (against is None)


def test_a_word_replaced_in_a_very_short_text_is_another_report() -> None:
    desk = Desk()
    text = "Court in Dunvale convicted merchant Arvid Tonnesk of fraud."
    desk.put(item("1", text, "Court rules on merchant"))

    placement = desk.put(item("2", text.replace("convicted", "acquitted"), "Court rules"))

    assert placement.match is None
    assert placement.related[0].evidence.rule == "brief-words-differ"
    assert "another word in the same place" in placement.related[0].evidence.reason
