"""Which story an item joins, and which stories become one by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from aggregator.match.assign import assign, by_preference, rank
from aggregator.match.channel import Channel, OtherChannels, Pair, Side, Thresholds
from aggregator.match.registry import IndexRow
from aggregator.match.words.channel import THRESHOLDS
from aggregator.model import (
    Credit,
    Evidence,
    Fingerprint,
    Indexed,
    Item,
    Kind,
    Match,
    Placement,
    Text,
)


class NoRegistry:
    """The pairs below name their stories themselves: nobody is asked."""

    def members(self, story_id: str) -> Sequence[IndexRow]:
        raise AssertionError(story_id)

    def story_of(self, item_id: str) -> str | None:
        raise AssertionError(item_id)

    def cites(self, item_id: str) -> bool:
        raise AssertionError(item_id)

    def move(self, item_id: str, story_id: str) -> None:
        raise AssertionError(item_id, story_id)


NOBODY = NoRegistry()


def no_match(_joined: bool) -> Match:
    return Match(a="a", b="b", kind=Kind.NEAR, score=0.0, evidence=Evidence(rule="", reason=""))


def of(story: str, *scores: float) -> list[Pair]:
    """The pairs of an item with the members of a story."""
    return [Pair(f"{story}{number}", score, no_match, story) for number, score in enumerate(scores)]


def chosen(*pairs: Pair, thresholds: Thresholds = Thresholds(0.7, 0.35)) -> str | None:  # noqa: B008
    preferred = by_preference(rank(pairs, NOBODY), thresholds)
    return preferred[0].story_id if preferred else None


def test_stories_are_ranked_by_their_best_member_and_members_by_their_score() -> None:
    ranked = rank([*of("a", 0.4, 0.7), *of("b", 0.1, 0.8)], NOBODY)

    assert [ranking.story_id for ranking in ranked] == ["b", "a"]
    assert [pair.score for pair in ranked[0].pairs] == [0.8, 0.1]
    assert [pair.item_id for pair in ranked[1].pairs] == ["a1", "a0"]
    assert ranked[1].best.item_id == "a1"
    assert ranked[1].mean == pytest.approx(0.55)


def test_members_of_one_score_stay_in_the_order_they_were_found() -> None:
    (ranking,) = rank(of("a", 0.8, 0.9, 0.8), NOBODY)

    assert [pair.item_id for pair in ranking.pairs] == ["a1", "a0", "a2"]


def test_what_reaches_both_limits_exactly_joins() -> None:
    assert chosen(*of("a", 0.75, 0.25), thresholds=Thresholds(best=0.75, mean=0.5)) == "a"


def test_a_best_member_below_the_limit_does_not_join_however_good_the_mean() -> None:
    assert chosen(*of("a", 0.69, 0.69)) is None


def test_a_mean_below_the_limit_does_not_join_however_good_the_best_member() -> None:
    assert chosen(*of("a", 0.99, 0.01, 0.01)) is None


def test_the_best_member_wins_over_the_best_mean() -> None:
    assert chosen(*of("a", 0.99, 0.1), *of("b", 0.8, 0.8)) == "a"
    assert chosen(*of("b", 0.99, 0.1), *of("a", 0.8, 0.8)) == "b"


def test_a_story_that_fails_a_limit_does_not_keep_the_item_from_another() -> None:
    assert chosen(*of("a", 0.69, 0.69), *of("b", 0.7, 0.1)) == "b"


def test_of_two_stories_of_one_best_member_the_one_with_the_better_mean_is_joined() -> None:
    assert chosen(*of("a", 0.9, 0.5), *of("b", 0.9, 0.75)) == "b"


@pytest.mark.parametrize(("mode", "best", "mean"), [("balanced", 0.8, 0.35), ("strict", 0.9, 0.5)])
def test_the_limits_of_each_mode(mode: str, best: float, mean: float) -> None:
    assert THRESHOLDS[mode] == Thresholds(best=best, mean=mean)


# ----------------------------------------------------------------------------- stories that become one


class Members:
    """A registry of who is in which story: "a0" and "a1" in "a"."""

    def __init__(self, *item_ids: str) -> None:
        self.rows = [IndexRow(item_id, item_id[0], "", "bg", 0) for item_id in item_ids]
        self.citing: set[str] = set()

    def members(self, story_id: str) -> Sequence[IndexRow]:
        return [row for row in self.rows if row.story_id == story_id]

    def story_of(self, item_id: str) -> str | None:
        return next((row.story_id for row in self.rows if row.item_id == item_id), None)

    def cites(self, item_id: str) -> bool:
        return item_id in self.citing

    def move(self, item_id: str, story_id: str) -> None:
        raise AssertionError(item_id, story_id)


class Scored(Channel):
    """Gives the item at hand, "x", these scores with known items; a pair from 0.95 is certain.

    `between` has the scores of known items with each other, 0.8 where it says nothing.
    """

    name: ClassVar[str] = "scored"
    scheme = "scored-1"

    def __init__(
        self,
        scores: Mapping[str, float],
        *,
        between: Mapping[str, float] | None = None,
        mean: float | None = 0.35,
        language: str = "bg",
    ) -> None:
        self.thresholds = Thresholds(0.7, mean)
        self.given = scores
        self.between = between or {}
        self.is_certain_from = 0.95 if mean is not None else 2.0
        self.language = language
        self.forbidden: set[str] = set()

    def features(self, text: Text) -> bytes:
        return b""

    def add(self, entry: Indexed) -> None: ...

    def forget(self, before_at: datetime) -> None: ...

    def matches(self, item: Item, fingerprint: Fingerprint) -> list[Pair]:
        return [
            Pair(other, score, matched(other), is_certain=score >= self.is_certain_from)
            for other, score in self.given.items()
        ]

    def scores(self, own: Side, members: Sequence[IndexRow]) -> list[float]:
        return [
            self.given.get(row.item_id, 0.8)
            if own.item_id == "x"
            else self.between.get(own.item_id + row.item_id, 0.8)
            for row in members
            if row.language == self.language
        ]

    def forbids(self, fingerprint: Fingerprint, pair: Pair) -> bool:
        return pair.item_id in self.forbidden


def matched(other: str) -> Callable[[bool], Match]:
    def match(joined: bool) -> Match:
        kind = Kind.NEAR if joined else Kind.RELATED
        return Match(a="x", b=other, kind=kind, score=1.0, evidence=Evidence(rule="", reason=""))

    return match


AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
X = Item(id="x", feed_id="f", agency_id="", title="", text="", seen_at=AT, reported_at=AT)


def place(*channels: Scored, known: Sequence[str], home: str | None = None) -> Placement:
    for channel in channels:
        channel.others = OtherChannels(other for other in channels if other is not channel)
    return assign(X, Fingerprint(language="bg"), channels, Members(*known), home)


def united(placement: Placement) -> list[str]:
    assert all(match.kind is Kind.NEAR for match in placement.united)
    return [match.b for match in placement.united]


def test_an_item_that_is_certainly_of_two_stories_makes_them_one() -> None:
    placement = place(Scored({"a0": 0.99, "b0": 0.96}), known=["a0", "b0"])

    assert (placement.story_id, united(placement)) == ("a", ["b0"])
    assert [match.b for match in placement.related] == [
        "b0"
    ]  # what it is where a person parted them


def test_three_stories_become_one() -> None:
    placement = place(Scored({"a0": 0.99, "b0": 0.96, "c0": 0.97}), known=["a0", "b0", "c0"])

    assert (placement.story_id, united(placement)) == ("a", ["c0", "b0"])


@pytest.mark.parametrize(
    ("scores", "between"),
    [
        ({"a0": 0.99, "b0": 0.94}, {}),
        ({"a0": 0.94, "b0": 0.94}, {}),
        ({"a0": 0.99, "b0": 0.99, "b1": 0.9}, {"b1a0": 0.01}),
        ({"a0": 0.99, "b0": 0.99}, {"b0a0": 0.3}),
    ],
    ids=["one uncertain", "both uncertain", "members contradict", "members are not alike"],
)
def test_what_is_not_certain_or_contradicts_stays_apart(
    scores: dict[str, float], between: dict[str, float]
) -> None:
    placement = place(Scored(scores, between=between), known=[*scores])

    assert (placement.story_id, united(placement)) == ("a", [])


def test_a_story_that_contradicts_one_just_united_stays_apart() -> None:
    channel = Scored({"a0": 0.99, "b0": 0.98, "c0": 0.97}, between={"c0b0": 0.0})

    assert united(place(channel, known=["a0", "b0", "c0"])) == ["b0"]


def test_a_pair_that_another_channel_forbids_unites_nothing() -> None:
    words, names = Scored({"a0": 0.99, "b0": 0.98}), Scored({})
    names.forbidden = {"b0"}

    assert united(place(words, names, known=["a0", "b0"])) == []


def test_pairs_across_languages_unite_nothing() -> None:
    words, translations = Scored({"a0": 0.99}), Scored({"b0": 0.98}, mean=None)

    placement = place(words, translations, known=["a0", "b0"])

    assert (placement.story_id, united(placement)) == ("a", [])


def test_a_translation_does_not_join_whom_a_member_of_its_language_contradicts() -> None:
    translations = Scored({"a1": 1.0}, mean=None)
    known = ["a0", "a1"]

    assert place(Scored({"a0": 0.05}), translations, known=known).story_id == "a"
    placement = place(Scored({"a0": 0.01}), translations, known=known)

    assert placement.story_id is None
    assert [match.b for match in placement.related] == ["a1"]


@pytest.mark.parametrize("whose", ["the item's", "the member's", "of its own agency"])
def test_two_translations_by_different_hands_that_credit_an_agency_do_not_contradict(
    whose: str,
) -> None:
    channels = Scored({"a0": 0.01}), Scored({"a1": 1.0}, mean=None)
    credit = Credit(agency_id="own" if "own" in whose else "other", phrase="Other reports")
    item = replace(X, agency_id="own", credits=() if "member" in whose else (credit,))
    registry = Members("a0", "a1")
    registry.citing = {"a0"} if "member" in whose else set()

    placement = assign(item, Fingerprint(language="bg"), channels, registry)

    assert placement.story_id == (None if "own" in whose else "a")


# --------------------------------------------------------------------------- an item that has a story


def test_an_item_alone_in_its_story_brings_it_where_a_new_one_would_go() -> None:
    placement = place(Scored({"a0": 0.8}), known=["x", "a0"], home="x")

    assert (placement.story_id, placement.match, united(placement)) == ("x", None, ["a0"])


def test_an_item_among_others_brings_them_along_only_where_all_is_certain() -> None:
    known = ["h0", "a0"]

    assert united(place(Scored({"h0": 0.99, "a0": 0.94}), known=known, home="h")) == []
    assert united(place(Scored({"h0": 0.8, "a0": 0.99}), known=known, home="h")) == []
    assert united(place(Scored({"h0": 0.99, "a0": 0.99}), known=known, home="h")) == ["a0"]


def test_a_pair_with_its_own_story_is_not_related() -> None:
    placement = place(Scored({"h0": 0.5, "a0": 0.5}), known=["h0", "a0"], home="h")

    assert [match.b for match in placement.related] == ["a0"]
