"""A store of 100,000 items in 60,000 stories, written as the daemon writes it but for matching: `fill`.

Twelve agencies, six languages, a month. Two of five reports are carried by one to three others; of the
texts, of some 120 words, the words are as frequent as in a language (`wire`). One report of a hundred was
corrected, one of three hundred withdrawn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from aggregator.config import Settings
from aggregator.model import (
    Agency,
    Arrival,
    Change,
    CreditState,
    Evidence,
    Feed,
    FeedState,
    FeedStatus,
    Fingerprint,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    Move,
    Replacement,
    StoryChange,
)
from aggregator.store.store import Store
from scripts.benchmarks import wire

STORIES = 60_000
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
AGENCIES = [f"agency{number:02}" for number in range(12)]
LANGUAGES = ("bg", "en", "kk", "ru", "tr", "zh")
WORDS = 120
BATCH = 1_000  # stories stored at once
EVIDENCE = Evidence(rule="model", reason="One text is an edited copy of the other.")
CORRECTION = (Replacement(old="12", new="14"),)
SPOKEN = {name: {LANGUAGES[n % 5], LANGUAGES[(n + 1) % 5]} for n, name in enumerate(AGENCIES)}


def _feed(agency: str, language: str) -> Feed:
    url = f"https://{agency}.example/{language}.rss"
    return Feed(id=f"{agency}-{language}", url=url, agency_id=agency, language=language)


RARE = _feed("rare", "zh")
USUAL = [_feed(agency, language) for agency in AGENCIES for language in sorted(SPOKEN[agency])]
FEEDS = (*USUAL, RARE)


def settings() -> Settings:
    """Settings that name the agencies and the feeds."""
    agencies = [Agency(id=name, name=name.title()) for name in (*AGENCIES, "rare")]
    return Settings(agencies=tuple(agencies), feeds=FEEDS)


def fill(store: Store) -> None:
    """Write all of it into an empty store."""
    store.prepare()
    draw = random.Random(1)
    told = (_story(draw, number) for number in range(STORIES))
    while part := list(islice(told, BATCH)):
        _save(store, part)
    store.freeze_dates()


def _save(store: Store, part: Sequence[Sequence[Member]]) -> None:
    arrivals = [
        Arrival(item=member.item, change=Change.NEW, keys=(f"guid:{member.item.guid}",))
        for members in part
        for member in members
    ]
    lineages = {member.item.id: member.lineage for members in part for member in members}
    fingerprint = Fingerprint(language="en")
    store.save_polls(map(_state, FEEDS), [(arrival, fingerprint) for arrival in arrivals])
    moves = [
        Move(item_id=member.item.id, story_id=f"s{members[0].item.id}", match=member.match)
        for members in part
        for member in members
    ]

    def summarise(members: Sequence[Member], story_id: str) -> StoryChange:
        return _summary(members, story_id, lineages)

    store.place([(move, ()) for move in moves], summarise=summarise)


def _summary(members: Sequence[Member], story_id: str, lineages: dict[str, Lineage]) -> StoryChange:
    first = members[0].item
    return StoryChange(
        story_id=story_id,
        lead_id=first.id,
        origin_id=first.agency_id,
        first_seen_at=min(member.item.seen_at for member in members),
        updated_at=first.seen_at,
        published_at=first.reported_at,
        killed_at=NOW if int(first.id) // 10 % 300 == 7 else None,
        lineages={member.item.id: lineages[member.item.id] for member in members},
        scheme="bench",
    )


def _story(draw: random.Random, number: int) -> list[Member]:
    """The members of a story, the first of which its agency reported as the month went on."""
    at = NOW - MONTH + MONTH * number / STORIES
    feed = RARE if number % 2_000 == 5 else draw.choice(USUAL)
    is_corrected = number % 100 == 3
    first = Member(
        item=_item(f"{number:05}0", feed, at),
        lineage=Lineage(corrects=CORRECTION if is_corrected else ()),
    )
    count = draw.choice((1, 1, 1, 2, 2, 3)) if draw.random() < 0.4 else 0
    carriers = draw.sample([one for one in USUAL if one.agency_id != feed.agency_id], count)
    copies = [
        _copy(draw, first, f"{number:05}{place}", carrier, is_stale=is_corrected)
        for place, carrier in enumerate(carriers, start=1)
    ]
    return [first, *sorted(copies, key=lambda copy: copy.item.reported_at)]


def _copy(
    draw: random.Random, first: Member, item_id: str, feed: Feed, *, is_stale: bool
) -> Member:
    at = first.item.reported_at + timedelta(minutes=draw.expovariate(1 / 90))
    item = _item(item_id, feed, at)
    kind = Kind.NEAR if item.language == first.item.language else Kind.TRANSLATION
    pair = Match(a=item_id, b=first.item.id, kind=kind, score=0.9, evidence=EVIDENCE)
    lineage = Lineage(
        parent=pair,
        is_undecided=draw.random() < 0.02,
        credit=draw.choice(list(CreditState)),
        is_stale=is_stale and draw.random() < 0.5,
    )
    return Member(item=item, match=pair, lineage=lineage)


def _item(item_id: str, feed: Feed, at: datetime) -> Item:
    text = wire.text(item_id, WORDS)
    return Item(
        id=item_id,
        feed_id=feed.id,
        agency_id=feed.agency_id,
        title=wire.text(f"t{item_id}", 9),
        text=text,
        html=f"<p>{text}</p>",
        seen_at=min(at + timedelta(minutes=3), NOW),
        reported_at=at,
        published_at=at,
        guid=item_id,
        link=f"https://{feed.agency_id}.example/news/{item_id}",
        language=feed.language,
        content_hash=item_id,
        is_whole=True,
    )


def _state(feed: Feed) -> FeedState:
    return FeedState(
        feed_id=feed.id,
        url=feed.url,
        configured_url=feed.url,
        next_due_at=NOW,
        status=FeedStatus.OK,
        polled_at=NOW,
        succeeded_at=NOW,
    )


def words_by_rank(*ranks: int) -> Iterator[str]:
    """The words of the texts with these ranks in the order of their frequency, from 0."""
    known, _ = wire.vocabulary()
    return (known[rank] for rank in ranks)
