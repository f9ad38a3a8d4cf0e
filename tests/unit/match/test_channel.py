"""The seam where a maintainer adds a way of recognising copies, tried with channels made up here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from aggregator.config import MatchSettings
from aggregator.match import story
from aggregator.match.channel import (
    BEYOND_DOUBT,
    Channel,
    OtherChannels,
    Pair,
    ReadItem,
    Side,
    Suggestion,
    Support,
    Thresholds,
)
from aggregator.match.matcher import LANGUAGE_INDEXED, MEMBERS_INDEXED, Matcher
from aggregator.model import (
    Arrival,
    Change,
    Evidence,
    FeedState,
    Fingerprint,
    Indexed,
    Item,
    Kind,
    Match,
    Move,
    Placement,
    Text,
)
from tests.databases import store_at
from tests.reports import reports

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
BRIDGE = "The northern bridge of Velmora will stay closed until 12 March, the port authority of Karsk said."
CLINIC = "Mira Dolcane told the council that a clinic in Dunvale gets a second entrance, 9 years too late."
REPORT = next(one for one in reports("translated") if one["id"] == "fm-call-slovenia")
SAID = {one["language"]: one for one in REPORT["items"]}


class Titles(Channel):
    """Items of equal titles are one report."""

    name: ClassVar[str] = "titles"
    scheme = "titles-1"
    thresholds = Thresholds(best=0.9)

    def __init__(self, score: float = 0.97, *, denying: Sequence[str] = ()) -> None:
        self.score = score
        self.denying = set(denying)
        self.known: dict[str, bytes] = {}
        self.forgotten: list[datetime] = []
        self.dropped: list[str] = []
        self.asked_of: list[list[str]] = []

    def features(self, text: Text) -> bytes:
        return text.title.casefold().encode()

    def add(self, entry: Indexed) -> None:
        self.known[entry.item_id] = entry.fingerprint.data(self.name, self.scheme)

    def invalidate(self, item_id: str) -> None:
        self.dropped.append(item_id)

    def forget(self, before_at: datetime) -> None:
        self.forgotten.append(before_at)

    def matches(self, item: Item, fingerprint: Fingerprint) -> list[Pair]:
        title = fingerprint.data(self.name, self.scheme)
        return [
            Pair(other, self.score, lambda joined, b=other: self._match(item.id, b, joined))  # type: ignore[misc]
            for other, known in self.known.items()
            if title and known == title and other != item.id
        ]

    def denies(self, fingerprint: Fingerprint, member_ids: Sequence[str]) -> bool:
        self.asked_of.append([*member_ids])
        return not self.denying.isdisjoint(member_ids)

    def explain(self, a: ReadItem, b: ReadItem) -> Match | None:
        same = self.features(a.text) == self.features(b.text)
        return self._match(a.item.id, b.item.id, joined=True) if same else None

    def _match(self, a: str, b: str, joined: bool) -> Match:
        kind = Kind.NEAR if joined else Kind.RELATED
        evidence = Evidence(rule="equal-titles", reason="The titles are the same.")
        return Match(a=a, b=b, kind=kind, score=self.score, evidence=evidence)


class Adviser(Channel):
    """Forbids, suggests and supports as it is told; finds nothing itself."""

    name: ClassVar[str] = "adviser"
    scheme = "adviser-1"

    def __init__(
        self, *, forbidding: bool = False, suggesting: bool = False, support: float | None = None
    ) -> None:
        self.forbidding = forbidding
        self.suggesting = suggesting
        self.given = support
        self.asked: list[tuple[float, Side, Side]] = []
        self.known: list[Suggestion] = []

    def features(self, text: Text) -> bytes:
        return b""

    def add(self, entry: Indexed) -> None:
        self.known.append(Suggestion.of(entry))

    def forget(self, before_at: datetime) -> None:
        self.known = [one for one in self.known if one.reported_at >= before_at]

    def forbids(self, fingerprint: Fingerprint, pair: Pair) -> bool:
        return self.forbidding

    def suggest(self, item: Item, fingerprint: Fingerprint) -> list[Suggestion]:
        return self.known if self.suggesting else []

    def support(self, score: float, own: Side, other: Side) -> Support:
        self.asked.append((score, own, other))
        return Support(score if self.given is None else self.given, {"advice": 1.0})


class Desk:
    """A matcher with further channels, and the items that came."""

    def __init__(self, *channels: Channel, settings: MatchSettings | None = None) -> None:
        self.prints: dict[str, Fingerprint] = {}
        self.matcher = Matcher(settings or MatchSettings(), (), self.known, channels)

    def known(self, ids: Sequence[str]) -> dict[str, Fingerprint]:
        return {item_id: self.prints[item_id] for item_id in ids if item_id in self.prints}

    def put(self, item: Item, story_id: str | None = None) -> Placement:
        self.prints[item.id] = self.matcher.fingerprint(self.matcher.read(item))
        placed = self.matcher.place(item, self.prints[item.id])
        story_id = story_id or placed.story_id or f"s{item.id}"
        self.matcher.add([Indexed.of(item, story_id, self.prints[item.id])])
        return placed


def item(name: str, text: str, title: str = "", language: str = "en", *, days: int = 0) -> Item:
    at = AT + timedelta(days=days)
    return Item(
        id=name, feed_id="f", agency_id="", title=title, text=text, seen_at=at, reported_at=at,
        language=language,
    )  # fmt: skip


def said(name: str, language: str, *, days: int = 0) -> Item:
    return item(name, SAID[language]["text"], SAID[language]["title"], language, days=days)


# ------------------------------------------------------------------------------------ a fourth channel


def test_a_further_channel_finds_what_the_others_do_not() -> None:
    desk = Desk(Titles())
    desk.put(item("1", BRIDGE, "Morning brief from Karsk"))

    placed = desk.put(item("2", CLINIC, "Morning brief from KARSK"))

    assert placed.story_id == "s1"
    assert placed.match is not None
    assert (placed.match.b, placed.match.kind) == ("1", Kind.NEAR)
    assert placed.match.evidence.rule == "equal-titles"
    assert Desk().put(item("2", CLINIC, "Morning brief")).story_id is None


def test_its_part_of_the_fingerprint_is_made_and_asked_for() -> None:
    matcher = Desk(Titles()).matcher
    made = matcher.fingerprint(Text(title="Brief", body=BRIDGE, language="en"))

    assert [part.channel for part in made.parts] == ["crosslang", "titles", "words"]
    assert made.data("titles", "titles-1") == b"brief"
    assert made.data("titles", "titles-2") == made.data("tables", "titles-1") == b""
    assert matcher.schemes == made.schemes
    assert matcher.reads(made)
    assert Desk().matcher.reads(made)
    assert not matcher.reads(replace(made, parts=made.parts[:1]))


def test_what_it_found_is_stored_with_the_item(tmp_path: Path) -> None:
    store, titles = store_at(tmp_path / "aggregator.db"), Titles()
    matcher = Matcher(MatchSettings(), (), store.fingerprints, [titles])
    first = item("1", BRIDGE, "Brief from Karsk")
    copy = item("2", CLINIC, "Brief from Karsk", days=1)
    prints = {one.id: matcher.fingerprint(matcher.read(one)) for one in (first, copy)}
    arrivals = [Arrival(item=one, change=Change.NEW, keys=(one.id,)) for one in (first, copy)]
    feed = FeedState(feed_id="f", url="u", configured_url="u", next_due_at=AT)
    store.save_polls([feed], [(one, prints[one.item.id]) for one in arrivals])

    for one, print_ in store.unplaced():
        placed = matcher.place(one, print_)
        story_id = placed.story_id or "s"
        move = Move(item_id=one.id, story_id=story_id, match=placed.match)
        store.place([(move, ())], summarise=partial(story.summarise, relate=matcher.judge))
        matcher.add([Indexed.of(one, story_id, print_)])

    assert store.fingerprints(["1", "2"]) == prints
    _, member = store.story("s").members
    assert member.match is not None
    assert member.match.evidence.rule == "equal-titles"
    assert store.items_with_other_scheme(matcher.schemes, AT, limit=9) == []
    titles.scheme = "titles-2"
    assert len(store.items_with_other_scheme(matcher.schemes, AT, limit=9)) == 2
    store.close()


def test_of_equal_means_the_earlier_channel_decides() -> None:
    desk = Desk(Titles(score=1.0))
    desk.put(item("words", BRIDGE, "Bridge closed"))
    desk.put(item("titles", CLINIC, "Brief from Karsk"))

    placed = desk.put(item("copy", BRIDGE, "Brief from Karsk"))

    assert placed.story_id == "swords"
    assert [(match.b, match.kind) for match in placed.related] == [("titles", Kind.RELATED)]


def test_of_different_scores_the_higher_decides() -> None:
    desk = Desk(Titles(score=1.0))
    desk.put(item("words", f"{BRIDGE} Lorries must take the road through Ostrel.", "Bridge closed"))
    desk.put(item("titles", CLINIC, "Brief from Karsk"))

    assert desk.put(item("copy", BRIDGE, "Brief from Karsk")).story_id == "stitles"


def test_a_pair_below_its_threshold_is_told_as_related() -> None:
    desk = Desk(Titles(score=0.89))
    desk.put(item("1", BRIDGE, "Brief from Karsk"))

    placed = desk.put(item("2", CLINIC, "Brief from Karsk"))

    assert placed.story_id is None
    assert [(match.b, match.kind) for match in placed.related] == [("1", Kind.RELATED)]


def test_other_members_may_deny_a_story_and_the_next_one_is_tried() -> None:
    titles = Titles(denying=["other"])
    desk = Desk(titles)
    desk.put(item("1", BRIDGE, "Brief from Karsk"), "denied")
    desk.put(
        item("other", "Something else was said in Ostrel on this day by nobody.", ""), "denied"
    )
    desk.put(item("2", CLINIC, "Brief from Karsk"), "next")

    placed = desk.put(
        item("3", "A third brief has words of its own about sheep.", "Brief from Karsk")
    )

    assert titles.asked_of[-2:] == [["other"], []]
    assert placed.story_id == "next"


def test_the_further_channel_explains_what_the_others_would_not_merge() -> None:
    pair = item("1", BRIDGE, "Brief from Karsk"), item("2", CLINIC, "Brief from Karsk")

    assert Desk(Titles()).matcher.explain(*pair).evidence.rule == "equal-titles"
    assert Desk().matcher.explain(*pair).kind is Kind.RELATED
    other = replace(pair[1], title="Clinic")
    assert Desk(Titles()).matcher.explain(pair[0], other) == Desk().matcher.explain(pair[0], other)


def test_every_channel_is_told_what_is_added_changed_and_forgotten() -> None:
    titles = Titles()
    desk = Desk(titles)
    most = MEMBERS_INDEXED + LANGUAGE_INDEXED
    for number in range(most):
        desk.put(item(str(number), BRIDGE, f"Title {number}"), "s")

    desk.matcher.forget(AT)

    assert titles.dropped == [str(number) for number in range(most)]
    assert [*titles.known] == [str(number) for number in range(MEMBERS_INDEXED)]
    assert titles.forgotten == [AT]


# --------------------------------------------------------------------- forbids, suggests, supports


def test_a_forbidden_pair_is_told_not_merged() -> None:
    more = "Lorries must take the road through Ostrel, which adds 40 kilometres to every journey."
    allowed, forbidding = Desk(Adviser()), Desk(Adviser(forbidding=True))
    placed = []
    for desk in (allowed, forbidding):
        desk.put(item("1", f"{BRIDGE} {CLINIC} {more}"))
        placed.append(desk.put(item("2", f"{BRIDGE} {CLINIC}")))

    assert placed[0].match is not None
    assert placed[0].match.score < 1.0
    assert placed[1].story_id is None
    assert [(match.b, match.kind) for match in placed[1].related] == [("1", Kind.RELATED)]


def test_names_that_differ_forbid_what_a_further_channel_found() -> None:
    desk = Desk(Titles(score=0.95))
    desk.put(item("1", BRIDGE, "Brief from Karsk"))

    assert desk.put(item("2", CLINIC, "Brief from Karsk")).story_id is None


def test_a_channel_may_forbid_whatever_the_score() -> None:
    desk = Desk(Adviser(forbidding=True))
    desk.put(item("1", f"{BRIDGE} {CLINIC}"))

    placed = desk.put(item("2", f"{BRIDGE} {CLINIC}"))

    assert placed.story_id is None
    assert [(match.b, match.score) for match in placed.related] == [("1", 1.0)]


def test_names_that_differ_do_not_forbid_what_is_beyond_doubt() -> None:
    desk = Desk(Titles(score=BEYOND_DOUBT))
    desk.put(item("1", BRIDGE, "Brief from Karsk"))

    assert desk.put(item("2", CLINIC, "Brief from Karsk")).story_id == "s1"


@pytest.mark.parametrize("suggesting", [False, True])
def test_a_suggested_item_is_looked_at(suggesting: bool) -> None:
    desk = Desk(Adviser(suggesting=suggesting))
    desk.put(said("1", "ru"))

    placed = desk.put(said("2", "en", days=30))  # beyond the window: the index proposes nothing

    assert placed.story_id == ("s1" if suggesting else None)


def test_suggestions_in_the_own_language_and_of_the_item_itself_are_passed_over() -> None:
    desk = Desk(Adviser(suggesting=True))
    desk.put(said("1", "en"))

    assert desk.put(said("2", "en", days=30)).story_id is None
    assert desk.put(said("1", "en", days=30)).related == ()


@pytest.mark.parametrize(("score", "joins"), [(None, True), (0.69, False), (0.7, True)])
def test_support_moves_a_score_before_it_is_judged(score: float | None, joins: bool) -> None:
    adviser = Adviser(support=score)
    desk = Desk(adviser)
    desk.put(said("1", "ru"))

    placed = desk.put(said("2", "en"))

    assert (placed.story_id == "s1") is joins
    (match,) = placed.related if placed.match is None else (placed.match,)
    assert match.evidence.features["advice"] == 1.0
    assert match.kind is (Kind.TRANSLATION if joins else Kind.RELATED)
    assert score is None or match.score == score
    assert {(own.item_id, other.item_id) for _, own, other in adviser.asked} == {("2", "1")}
    assert all(own.fingerprint is not None for _, own, _ in adviser.asked)


def test_support_does_not_lift_a_pair_that_is_forbidden_by_its_facts() -> None:
    desk = Desk(Adviser(support=0.999))
    other = next(one for one in reports("translated") if one["id"] == "fm-call-azerbaijan")
    told = next(one for one in other["items"] if one["language"] == "en")
    desk.put(said("1", "ru"))

    assert desk.put(item("2", told["text"], told["title"])).story_id is None


def test_nobody_is_asked_for_advice_of_oneself() -> None:
    channels = [Titles(), Adviser(forbidding=True)]
    matcher = Desk(*channels).matcher
    made = matcher.fingerprint(Text(title="", body="", language="en"))
    pair = Pair("1", 0.5, lambda joined: pytest.fail(f"asked, {joined}"))

    assert channels[0].others.forbid(made, pair)
    assert not channels[1].others.forbid(made, pair)
    assert OtherChannels().support(0.5, Side("1"), Side("2")) == Support(0.5, {})
