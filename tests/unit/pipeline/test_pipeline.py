"""The pipeline over a real store and matcher, but no network: what a poll brings is stored and matched."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from aggregator import placer
from aggregator.config import FetchSettings, MatchSettings, Settings
from aggregator.editor import Editor
from aggregator.errors import FetchError, ShortageError, StoreError
from aggregator.ingest import seen
from aggregator.ingest.http.client import Fetcher
from aggregator.ingest.parse.pool import ParserPool
from aggregator.match.matcher import Matcher
from aggregator.match.story import versions
from aggregator.model import (
    Agency,
    Arrival,
    Change,
    CreditState,
    Evidence,
    Feed,
    FeedState,
    FeedStatus,
    Fetched,
    Fingerprint,
    Fulltext,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    ParsedFeed,
    ParsedItem,
    Placement,
    PollReport,
    PollResult,
    Replacement,
    SeenEntries,
    StoryChange,
    StoryQuery,
    Text,
)
from aggregator.pipeline import Pipeline
from aggregator.placer import Placer
from aggregator.store import items as stored_items
from aggregator.store.store import Store

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
FERRY = (
    "The night ferry between Calarasi and Silistra will sail again from Monday, the Danube river "
    "administration said. The crossing takes forty minutes and carries 38 lorries. It had been closed "
    "since August, when low water left the ramp at Silistra hanging 1.7 metres above the deck."
)
LIBRARY = (
    "The national library in Astana has opened a reading room for maps. It holds 4,200 sheets, the "
    "oldest of them drawn in Orenburg in 1755, and lends none of them, the director told reporters."
)

AT_TOP = "https://www.bta.example/world/tanker-77?utm_source=rss"
AT_WORLD = "http://bta.example/world/tanker-77/"


def entry(number: int, title: str, text: str) -> ParsedItem:
    link = f"https://agency.example/{number}"
    digest = f"{number} {title} {text}"
    return ParsedItem(guid=f"g{number}", link=link, title=title, html="", text=text, digest=digest)


@dataclass
class Wire:
    """Fetcher and parser in one: what each feed has, or how it fails; each poll has a body of its own."""

    bodies: dict[str, list[ParsedItem] | Exception] = field(default_factory=dict)
    polls: int = 0
    unread: tuple[str, ...] = ()  # of the last body

    @asynccontextmanager
    async def get(self, feed: Feed, state: FeedState) -> AsyncIterator[Fetched]:
        self.polls += 1
        body = self.bodies[feed.id]
        if isinstance(body, Exception):
            raise body
        yield Fetched(status=200, url=state.url, body=f"{feed.id} {self.polls}".encode())

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        headers: Mapping[str, str],
        known: Collection[str],
        proven: bool,
    ) -> ParsedFeed:
        items = self.bodies[body.decode().split()[0]]
        assert not isinstance(items, Exception)
        self.unread = tuple(item.digest for item in items if item.digest and item.digest in known)
        read = tuple(item for item in items if item.digest not in known)
        return ParsedFeed(format="rss20", items=read, unread=self.unread)


class House:
    """A pipeline over a real store, whose clock the test sets."""

    def __init__(
        self, directory: Path, fulltext: Fulltext = Fulltext.NEVER, wire: Wire | None = None
    ) -> None:
        self.now = NOON
        self.wire = wire or Wire()
        agencies = (Agency(id="agerpres", name="AGERPRES"), Agency(id="bta", name="BTA"))
        feeds = tuple(
            Feed(
                id=feed,
                url=f"https://{feed}.example/rss",
                agency_id=agency,
                language="en",
                fulltext=fulltext,
            )
            for feed, agency in (("agerpres", "agerpres"), ("bta", "bta"), ("bta-top", "bta"))
        )
        fetch = FetchSettings(host_gap=timedelta(0))
        self.settings = Settings(agencies=agencies, feeds=feeds, fetch=fetch)
        self.store = Store(f"sqlite:///{directory}/aggregator.db")
        self.store.prepare()
        self.writer = ThreadPoolExecutor(max_workers=1)
        self.start()

    def start(self) -> None:
        """A pipeline as after a restart: the store is all it knows."""
        self.pipeline = Pipeline(
            self.settings,
            store=self.store,
            placer=Placer(
                self.store,
                Matcher(MatchSettings(), self.settings.agencies, self.store.fingerprints),
                feeds=self.settings.feeds,
                window=self.settings.match.window,
                clock=lambda: self.now,
            ),
            fetcher=cast(Fetcher, self.wire),
            parser=cast(ParserPool, self.wire),
            writer=self.writer,
            clock=lambda: self.now,
        )
        self.pipeline.start()

    def poll(self, feed_id: str, *items: ParsedItem) -> PollReport:
        self.wire.bodies[feed_id] = list(items)
        return self.poll_again(feed_id)

    def poll_again(self, feed_id: str) -> PollReport:
        self.now += timedelta(minutes=15)
        state = self.store.feed_states()[feed_id]
        return asyncio.run(self.pipeline.poll(state))

    def story(self, title: str) -> Any:
        """The story that has an item with this title."""
        return next(
            story
            for story in self.store.stories(StoryQuery())
            if any(member.item.title == title for member in story.members)
        )

    def close(self) -> None:
        self.writer.shutdown()
        self.store.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def test_a_copy_joins_and_the_report_counts_it(house: House) -> None:
    first = house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    second = house.poll(
        "bta", entry(2, "Danube night ferry to resume", FERRY), entry(3, "Maps", LIBRARY)
    )

    assert (first.result, first.new, first.matched) == (PollResult.CHANGED, 1, 0)
    assert (second.items, second.new, second.matched) == (2, 2, 1)
    story = house.story("Danube night ferry to resume")
    assert [member.item.agency_id for member in story.members] == ["agerpres", "bta"]
    assert story.members[1].match.kind is Kind.IDENTICAL


def test_what_is_held_is_placed_by_its_dates_whichever_feed_answered_first(house: House) -> None:
    report, copy = entry(1, "Night ferry sails again", FERRY), entry(2, "Danube night ferry", FERRY)
    held = house.pipeline.placer
    held.hold()

    later = house.poll("bta", replace(copy, published_at=NOON - timedelta(hours=1)))
    house.poll("agerpres", replace(report, published_at=NOON - timedelta(hours=2)))
    waiting = house.store.count_unplaced(limit=5)
    joined = house.writer.submit(held.release).result()

    assert (later.new, later.matched, waiting) == (1, 0, 2)
    assert joined == {"bta": 1}
    assert house.poll("agerpres", entry(3, "Danube ferry", FERRY)).matched == 1


def test_no_more_is_held_than_may_be_and_all_are_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placer, "MOST_HELD", 1)
    held = house.pipeline.placer
    held.hold()

    house.poll("bta", entry(2, "Danube night ferry", FERRY))
    first = house.store.count_unplaced(limit=5)
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    second = house.store.count_unplaced(limit=5)

    assert (first, second) == (1, 0)
    assert house.writer.submit(held.release).result() == {"agerpres": 1}
    assert not house.writer.submit(held.release).result()


@pytest.mark.parametrize(
    "error",
    [ShortageError("bta: no descriptor left"), OSError(errno.EMFILE, "Too many open files")],
)
def test_a_shortage_of_ours_is_counted_against_no_feed(house: House, error: Exception) -> None:
    house.poll("bta", entry(1, "Maps", LIBRARY))
    before = house.store.feed_states()["bta"]
    house.wire.bodies["bta"] = error

    report = house.poll_again("bta")

    assert report.result is PollResult.POSTPONED
    assert "descriptor" in str(report.error)
    assert house.store.feed_states()["bta"] == before


def test_a_clock_set_back_makes_no_feed_wait_longer(house: House) -> None:
    house.poll("bta", entry(1, "Maps", LIBRARY))
    before = house.store.feed_states()

    house.pipeline.set_clock_back(timedelta(hours=2))

    after = house.store.feed_states()
    assert after.keys() == before.keys()
    for feed_id, state in after.items():
        assert state.next_due_at == before[feed_id].next_due_at - timedelta(hours=2)
    assert after["bta"].polled_at == house.now - timedelta(hours=2)


def test_the_same_body_twice_changes_nothing(house: House) -> None:
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    version = house.store.version()

    again = house.poll_again("bta")

    assert (again.result, again.new, again.revised) == (PollResult.UNCHANGED, 0, 0)
    assert house.store.version() == version


def test_entries_seen_before_are_left_unread_and_count_all_the_same(house: House) -> None:
    ferry, maps = entry(1, "Night ferry sails again", FERRY), entry(2, "Maps", LIBRARY)
    house.poll("bta", ferry)

    second = house.poll("bta", maps, ferry)
    third = house.poll("bta", ferry)

    assert (second.items, second.new, second.revised) == (2, 1, 0)
    assert (third.items, third.result) == (1, PollResult.UNCHANGED)
    assert house.wire.unread == (ferry.digest,)


def test_after_a_restart_only_new_entries_are_read(house: House) -> None:
    ferry, maps = entry(1, "Night ferry sails again", FERRY), entry(2, "Maps", LIBRARY)
    house.poll("bta", ferry)

    house.start()
    second = house.poll("bta", maps, ferry)

    assert house.wire.unread == (ferry.digest,)
    assert (second.items, second.new, second.revised) == (2, 1, 0)
    house.start()
    assert house.poll("bta", maps, ferry).result is PollResult.UNCHANGED
    assert set(house.wire.unread) == {maps.digest, ferry.digest}


def test_entries_read_under_another_scheme_are_all_read_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ferry = entry(1, "Night ferry sails again", FERRY)
    house.poll("bta", ferry)
    monkeypatch.setattr(seen, "scheme", lambda: "of the next release")

    again = house.poll("bta", ferry)

    assert not house.wire.unread
    assert (again.items, again.result) == (1, PollResult.UNCHANGED)
    house.poll("bta", ferry)
    assert house.wire.unread == (ferry.digest,)


def test_an_entry_whose_item_could_not_be_stored_is_read_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ferry = entry(1, "Night ferry sails again", FERRY)

    def fails(*_: object) -> None:
        raise StoreError("the disk went away")

    with monkeypatch.context() as broken:
        broken.setattr(stored_items, "save", fails)
        with pytest.raises(StoreError):
            house.poll("bta", ferry)
    after = house.poll("bta", ferry)

    assert not house.wire.unread
    assert after.new == 1


def test_a_text_held_back_by_a_stale_cache_is_not_remembered_as_read(house: House) -> None:
    first, second = entry(1, "Ferry", FERRY), entry(1, "Ferry", f"{FERRY} Tickets cost 9 euros.")
    house.poll("bta", first)
    house.poll("bta", second)
    house.poll("bta", first)

    house.start()
    house.now += timedelta(hours=6)

    assert house.poll("bta", first).revised == 1


def test_an_entry_with_the_guid_of_one_left_unread_is_another_item(house: House) -> None:
    ferry = entry(1, "Night ferry sails again", FERRY)
    house.poll("bta", ferry)
    rewritten = replace(entry(1, "Night ferry back on Monday", FERRY + " It is blue."), digest="b")

    both = house.poll("bta", rewritten, ferry)
    alone = house.poll("bta", replace(rewritten, title="Night ferry back on Tuesday", digest="c"))

    assert (both.new, both.revised) == (1, 0)
    assert (alone.new, alone.revised) == (0, 1)
    assert house.store.figures()["items"] == 2


def test_a_text_of_a_stale_cache_is_read_until_it_is_believed(house: House) -> None:
    first, second = entry(1, "Ferry", FERRY), entry(1, "Ferry", f"{FERRY} Tickets cost 9 euros.")
    house.poll("bta", first)
    assert house.poll("bta", second).revised == 1
    assert house.poll("bta", first).revised == 0

    house.now += timedelta(hours=6)

    assert house.poll("bta", first).revised == 1


def test_many_feeds_at_once_get_each_its_own_report(house: House) -> None:
    house.wire.bodies = {
        "agerpres": [entry(1, "Night ferry sails again", FERRY), entry(2, "Maps", LIBRARY)],
        "bta": FetchError("bta.example: the line went dead"),
    }

    async def run() -> list[PollReport]:
        return await asyncio.gather(*map(house.pipeline.poll, house.store.feed_states().values()))

    reports = {report.feed_id: report for report in asyncio.run(run())}

    assert (reports["agerpres"].new, reports["agerpres"].error) == (2, None)
    assert (reports["bta"].result, reports["bta"].new) == (PollResult.FAILED, 0)


@pytest.fixture
def lorries_corrected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rules of corrections know one: 38 lorries were 28."""

    def replaced(before: Text, after: Text, *, is_marked: bool = False) -> tuple[Replacement, ...]:
        is_one = "38 lorries" in before.body and "28 lorries" in after.body
        return (Replacement(old="38", new="28"),) if is_one else ()

    monkeypatch.setattr(versions, "replaced", replaced)
    versions._replaced.cache_clear()
    yield
    versions._replaced.cache_clear()


@pytest.mark.usefixtures("lorries_corrected")
def test_a_correction_makes_the_story_new_again_and_a_copy_does_not(house: House) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    corrected = house.poll(
        "agerpres", entry(1, "Night ferry sails again", FERRY.replace("38 lorries", "28 lorries"))
    )
    corrected_at = house.now

    house.poll("bta", entry(2, "Danube ferry", FERRY.replace("38 lorries", "28 lorries")))

    assert (corrected.new, corrected.revised) == (0, 1)
    story = house.story("Danube ferry")
    assert len(story.members) == 2
    assert story.updated_at == corrected_at
    assert story.members[0].lineage.corrects == (Replacement(old="38", new="28"),)


@pytest.mark.usefixtures("lorries_corrected")
def test_a_correction_is_kept_when_the_item_is_revised_once_more(house: House) -> None:
    corrected = FERRY.replace("38 lorries", "28 lorries")
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(1, "Night ferry sails again", corrected))
    corrected_at = house.now

    house.poll("bta", entry(1, "Night ferry sails again", f"{corrected} Tickets cost 9 euros."))

    story = house.story("Night ferry sails again")
    assert story.members[0].lineage.corrects == (Replacement(old="38", new="28"),)
    assert story.updated_at >= corrected_at


def test_more_words_are_no_correction(house: House) -> None:
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    before = house.story("Night ferry sails again")

    house.poll("bta", entry(1, "Night ferry sails again", f"{FERRY} Tickets cost 9 euros."))

    after = house.story("Night ferry sails again")
    assert after.updated_at == before.updated_at
    assert after.members[0].item.revision == 2


def test_a_revision_that_a_kill_left_waiting_is_looked_at_at_the_start(house: House) -> None:
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    held = house.story("Night ferry sails again").lead
    revised = replace(
        held, text=f"{FERRY} It is blue.", revision=2, revised_at=house.now, content_hash="2"
    )
    arrival = Arrival(item=revised, change=Change.REVISED, keys=(f"guid:{held.guid}",))
    (fingerprinted,) = [house.pipeline.placer.fingerprint(arrival)]
    house.store.save_polls(house.store.feed_states().values(), [fingerprinted])
    assert [item.id for item, *_ in house.store.awaited()] == [held.id]

    house.start()

    assert house.store.awaited() == []
    copy = house.pipeline.placer.matcher.members(house.store.story_of(held.id).id)
    assert copy == [held.id]


def test_stories_summarised_by_other_rules_are_read_and_summarised_anew_at_the_start(
    house: House,
) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(2, "Danube ferry", f"{FERRY} AGERPRES reported this."))
    story = house.story("Danube ferry")

    def by_older_rules(members: Sequence[Member], story_id: str) -> StoryChange:
        change = house.pipeline.placer.summarise(members, story_id)
        return replace(change, lineages={m.item.id: Lineage() for m in members}, scheme="older")

    house.store.save_readings([replace(m.item, credits=()) for m in story.members])
    house.store.summarise_again([story.id], summarise=by_older_rules)
    assert house.store.story(story.id).members[1].lineage == Lineage()

    house.start()

    assert house.store.story(story.id) == story
    assert story.members[1].lineage.credit is CreditState.ORIGIN


def test_a_failing_feed_is_reported_and_keeps_its_items(house: House) -> None:
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    house.wire.bodies["bta"] = FetchError("bta.example: the line went dead")

    report = house.poll_again("bta")

    assert report.result is PollResult.FAILED
    assert report.error == "bta.example: the line went dead"
    state = house.store.feed_states()["bta"]
    assert (state.status, state.failures) == (FeedStatus.FAILING, 1)
    assert house.story("Night ferry sails again")


def test_what_nobody_foresaw_costs_its_own_feed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def parse(*_: object, **__: object) -> ParsedFeed:
        raise IndexError("pop from an empty list")

    monkeypatch.setattr(house.wire, "parse", parse)

    report = house.poll("bta", entry(1, "Night ferry sails again", FERRY))

    assert report.result is PollResult.FAILED
    assert report.error == (
        "Unexpected error while polling bta: IndexError('pop from an empty list'). "
        "Please report it together with the log line 'poll failed', which has the traceback."
    )
    assert house.store.feed_states()["bta"].failures == 1


def test_what_a_kill_left_unplaced_is_placed_at_the_next_start(house: House) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    house.pipeline.stop()  # stored, and then the process ends
    report = house.poll("bta", entry(2, "Danube ferry", FERRY))
    assert (report.new, report.matched) == (1, 0)
    assert house.store.figures()["unplaced"] == 1

    house.start()

    assert len(house.story("Danube ferry").members) == 2
    assert house.store.figures()["unplaced"] == 0


def test_an_item_that_cannot_be_read_stands_alone_but_stands(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = house.pipeline.placer.matcher.read

    def fragile(item: Item) -> Text:
        if "Maps" in item.title:
            raise ValueError("a fault of ours")
        return read(item)

    monkeypatch.setattr(house.pipeline.placer.matcher, "read", fragile)

    report = house.poll("bta", entry(1, "Maps", LIBRARY), entry(2, "Night ferry", FERRY))

    assert report.new == 2
    assert {house.story(t).lead.title for t in ("Maps", "Night ferry")} == {"Maps", "Night ferry"}


def test_a_person_s_split_holds_when_the_item_comes_again_changed(house: House) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(2, "Danube ferry", FERRY))
    item = next(m.item for m in house.story("Danube ferry").members if m.item.agency_id == "bta")
    Editor(house.store, summarise=house.pipeline.placer.summarise).split(item, house.now)

    house.poll("bta", entry(2, "Danube ferry", f"{FERRY} Tickets cost 9 euros."))
    house.start()
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))

    assert len(house.story("Danube ferry").members) == 1
    assert len(house.story("Night ferry sails again").members) == 1


def test_fingerprints_of_another_scheme_are_made_anew_at_the_start(house: House) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    item_id = house.story("Night ferry sails again").lead_id
    old = house.store.fingerprints([item_id])[item_id]
    crosslang, words = old.parts
    older = replace(old, parts=(crosslang, replace(words, scheme="older", data=b"")))
    house.store.save_fingerprints({item_id: older})

    house.start()

    assert house.store.fingerprints([item_id])[item_id] == old
    house.poll("bta", entry(2, "Danube ferry", FERRY))
    assert len(house.story("Danube ferry").members) == 2


def test_a_text_that_cannot_be_read_does_not_stop_the_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Matcher.read

    def read_most(matcher: Matcher, item: Item) -> Text:
        if item.title == "Danube ferry":
            raise IndexError("string index out of range")
        return read(matcher, item)

    monkeypatch.setattr(Matcher, "read", read_most)

    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(2, "Danube ferry", FERRY))
    ids = [house.story(title).lead_id for title in ("Danube ferry", "Night ferry sails again")]
    made = house.store.fingerprints(ids)
    older = {
        item_id: replace(each, parts=tuple(replace(part, scheme="older") for part in each.parts))
        for item_id, each in made.items()
    }
    house.store.save_fingerprints(older)

    house.start()

    assert house.store.fingerprints(ids) == made


def test_a_long_body_is_stored_in_parts_and_its_new_state_with_the_last(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, parts = house.store.save_polls, list[tuple[int, bool]]()
    remembered = list[int]()

    def spy(
        states: Iterable[FeedState],
        arrivals: Sequence[tuple[Arrival, Fingerprint]],
        *,
        seen: Sequence[SeenEntries],
    ) -> None:
        (state,) = states
        parts.append((len(arrivals), state.body_hash is not None))
        remembered.append(sum(len(one.entries) for one in seen))
        save([state], arrivals, seen=seen)

    monkeypatch.setattr(house.store, "save_polls", spy)

    report = house.poll("bta", *(entry(n, f"Map {n}", f"{LIBRARY} {n}") for n in range(120)))

    assert (report.items, report.new) == (120, 120)
    assert parts == [(50, False), (50, False), (20, True)]
    assert remembered == [0, 0, 120]
    figures = house.store.figures()
    assert (figures["items"], figures["unplaced"]) == (120, 0)


# ------------------------------------------------------------------------------ stories that become one


def ids(house: House) -> dict[str, list[str]]:
    """The titles of each story."""
    return {
        story.id: [member.item.title for member in story.members]
        for story in house.store.stories(StoryQuery())
    }


def unite_with(house: House, monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    """Let every further item be found certainly one report with that one."""
    place, certain = house.pipeline.placer.matcher.place, house.story(title).lead_id

    def and_unite(item: Item, fingerprint: Fingerprint, *, home: str | None) -> Placement:
        evidence = Evidence(rule="model", reason="why")
        pair = Match(a=item.id, b=certain, kind=Kind.NEAR, score=0.97, evidence=evidence)
        return replace(place(item, fingerprint, home=home), united=(pair,))

    monkeypatch.setattr(house.pipeline.placer.matcher, "place", and_unite)


def test_stories_become_one_by_an_item_for_readers_and_for_what_comes_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(2, "Maps", LIBRARY))
    older, younger = house.story("Night ferry sails again").id, house.story("Maps").id
    unite_with(house, monkeypatch, "Maps")

    report = house.poll("bta", entry(3, "Ferry", FERRY), entry(2, "Maps", LIBRARY))

    assert report.matched == 1
    assert ids(house) == {older: ["Night ferry sails again", "Maps", "Ferry"]}
    assert house.store.story(younger).id == older
    members = {member.item.id for member in house.store.story(older).members}
    assert {*house.pipeline.placer.matcher.members(older)} == members
    assert house.pipeline.placer.matcher.members(younger) == []
    house.start()
    assert {*house.pipeline.placer.matcher.members(older)} == members


def test_what_a_person_parted_is_not_united(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.poll("agerpres", entry(1, "Night ferry sails again", FERRY))
    house.poll("bta", entry(2, "Danube ferry", FERRY))
    item = next(m.item for m in house.story("Danube ferry").members if m.item.agency_id == "bta")
    Editor(house.store, summarise=house.pipeline.placer.summarise).split(item, house.now)
    story_id = house.store.story_of(item.id).id
    unite_with(house, monkeypatch, "Danube ferry")

    house.poll("bta-top", entry(3, "Ferry", FERRY))

    assert house.store.story_of(item.id).id == story_id
    assert len(ids(house)) == 2


def test_more_text_lets_a_report_join_and_readers_see_no_new_entry(house: House) -> None:
    house.poll("bta", entry(1, "Night ferry sails again", FERRY))
    house.poll("agerpres", entry(2, "Ferry on the Danube", "More follows."))
    older, younger = (
        house.story("Night ferry sails again").id,
        house.story("Ferry on the Danube").id,
    )
    assert older != younger

    house.poll("agerpres", replace(entry(2, "Ferry on the Danube", FERRY), digest="2"))

    assert ids(house) == {older: ["Night ferry sails again", "Ferry on the Danube"]}
    assert house.store.story(younger).id == older
    assert house.store.story(older).updated_at == house.store.story(older).first_seen_at


def test_one_address_in_two_feeds_of_an_agency_is_one_report(house: House) -> None:
    first = replace(entry(1, "Tanker stopped", "A vessel halted the ship."), link=AT_TOP)
    second = replace(entry(2, "Crew of 22 safe", "What we know."), link=AT_WORLD)
    house.poll("bta-top", first)

    report = house.poll("bta", second)

    assert report.matched == 1
    story = house.story("Crew of 22 safe")
    assert [member.item.title for member in story.members] == ["Tanker stopped", "Crew of 22 safe"]
    assert story.members[1].match.kind is Kind.REVISION
    assert story.members[1].match.evidence.rule == "same-address"
    house.poll("agerpres", replace(entry(3, "Another paper's page", "Nothing."), link=AT_TOP))
    assert len(house.story("Another paper's page").members) == 1


def test_two_feeds_with_one_address_in_one_batch_are_one_report(house: House) -> None:
    house.wire.bodies = {
        "bta": [replace(entry(1, "Tanker stopped", "A vessel halted the ship."), link=AT_TOP)],
        "bta-top": [replace(entry(2, "Crew of 22 safe", "What we know."), link=AT_WORLD)],
        "agerpres": [entry(3, "Maps", LIBRARY)],
    }

    async def run() -> None:
        await asyncio.gather(*map(house.pipeline.poll, house.store.feed_states().values()))

    asyncio.run(run())

    assert len(house.story("Crew of 22 safe").members) == 2


def test_an_address_that_a_feed_gives_to_many_items_joins_none(house: House) -> None:
    live = "https://bta.example/live"
    house.poll("bta-top", replace(entry(1, "Rates of the day", "The crown is firm."), link=live))
    house.poll("bta-top", replace(entry(2, "Snow in the hills", "Roads are shut."), link=live))

    house.poll("bta", replace(entry(3, "Chess final", "A draw after 40 moves."), link=live))

    assert len(house.story("Chess final").members) == 1
    home = "https://bta.example/"
    house.poll("bta-top", replace(entry(4, "Opera", "It opens on Friday."), link=home))
    house.poll("bta", replace(entry(5, "Hockey", "The match ended 3-2."), link=home))
    assert len(house.story("Hockey").members) == 1
