"""The sample wire has what a demonstration needs, and says so of itself truthfully."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.demo.dispatch import Dispatch, SampleItem, Wire
from aggregator.demo.samples import load, settings_mapping
from aggregator.errors import ConfigError

STARTED_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SAME_TEMPLATE = [
    ("call-kazakhstan-bulgaria", "call-kazakhstan-romania"),
    ("tenge-rate-yesterday", "tenge-rate-today"),
    ("earthquake-issyk-kul", "earthquake-zhetysu"),
    ("under-17-bulgaria-romania", "under-17-bulgaria-slovenia"),
    ("weather-snow-bulgaria", "weather-wind-bulgaria"),
    ("storm-warning-kostanay", "storm-warning-pavlodar"),
    ("court-plovdiv-cigarettes", "court-varna-cigarettes"),
    ("oil-price-yesterday", "oil-price-today"),
]


@pytest.fixture(scope="module")
def wire() -> Wire:
    return load()


def languages(wire: Wire) -> dict[str, str]:
    return {feed.id: feed.language for feed in wire.feeds}


def stories(wire: Wire) -> dict[str, list[SampleItem]]:
    found: dict[str, list[SampleItem]] = defaultdict(list)
    for item in wire.items:
        found[item.story].append(item)
    return found


def held(wire: Wire, feed_id: str, after: timedelta) -> tuple[Dispatch, ...]:
    feed = next(feed for feed in wire.feeds if feed.id == feed_id)
    return wire.dispatches(feed, started_at=STARTED_AT, now=STARTED_AT + after)


def test_at_least_ten_feeds_of_six_agencies_bta_and_kazinform_first(wire: Wire) -> None:
    assert len(wire.feeds) >= 10
    assert len(wire.agencies) >= 6
    assert [feed.id for feed in wire.feeds[:5]] == [
        "bta-bg",
        "bta-en",
        "kazinform-kk",
        "kazinform-ru",
        "kazinform-en",
    ]


@pytest.mark.parametrize("language", ["bg", "ru", "kk", "en"])
def test_every_language_has_at_least_fifteen_items(wire: Wire, language: str) -> None:
    language_of = languages(wire)
    assert sum(language_of[item.feed_id] == language for item in wire.items) >= 15


def test_at_least_seventy_five_items_and_twelve_late_ones_within_three_minutes(wire: Wire) -> None:
    late = [item.after for item in wire.items if item.after > timedelta(0)]
    assert len(wire.items) >= 75
    assert len(late) >= 12
    assert max(late) <= timedelta(minutes=3)


def test_at_least_twelve_stories_are_told_in_several_languages(wire: Wire) -> None:
    language_of = languages(wire)
    told_in = [{language_of[i.feed_id] for i in items} for items in stories(wire).values()]
    assert sum(len(found) >= 2 for found in told_in) >= 12
    assert any(len(found) == 4 for found in told_in)


@pytest.mark.parametrize(("one", "other"), SAME_TEMPLATE)
def test_same_template_stories_are_kept_apart_within_one_feed(
    wire: Wire, one: str, other: str
) -> None:
    told = stories(wire)
    assert {i.feed_id for i in told[one]} & {i.feed_id for i in told[other]}


def test_texts_run_from_two_sentence_briefs_to_wire_length(wire: Wire) -> None:
    lengths = [sum(len(part.split()) for part in item.paragraphs) for item in wire.items]
    assert min(lengths) < 40
    assert sum(length >= 120 for length in lengths) >= 20


def test_an_item_appears_when_it_is_due_and_not_before(wire: Wire) -> None:
    before = {dispatch.id for dispatch in held(wire, "focus-bg", timedelta(seconds=14))}
    after = {dispatch.id for dispatch in held(wire, "focus-bg", timedelta(seconds=15))}
    assert after - before == {"polet-sofia-astana"}


def test_items_stand_newest_first(wire: Wire) -> None:
    times = [d.published_at for d in held(wire, "bta-bg", timedelta(minutes=3))]
    assert times == sorted(times, reverse=True)


def test_a_revision_changes_the_item_but_not_its_id_nor_its_first_time(wire: Wire) -> None:
    [was] = [d for d in held(wire, "bta-bg", timedelta(0)) if d.story.startswith("thracian")]
    [now] = [
        d for d in held(wire, "bta-bg", timedelta(minutes=3)) if d.story.startswith("thracian")
    ]
    assert (was.id, was.published_at) == (now.id, now.published_at)
    assert was.updated_at == was.published_at
    assert now.updated_at == STARTED_AT + timedelta(seconds=55)
    assert "148" in was.title
    assert "184" in now.title


def test_a_wrongly_dated_item_is_there_at_the_start_under_a_date_days_ahead(wire: Wire) -> None:
    [copy] = [d for d in held(wire, "uza-ru", timedelta(0)) if d.story == "giant-yurt-kochkor"]
    assert copy.published_at == STARTED_AT + timedelta(days=3)
    assert copy.updated_at < STARTED_AT


@pytest.mark.parametrize(
    ("feed_id", "story", "words"),
    [
        ("bta-bg", "court-varna-cigarettes", "Варна, 24 ноември (БТА)"),
        ("bta-en", "weather-snow-bulgaria", "Sofia, Nov 24 (BTA)"),
        ("bta-en", "weather-snow-bulgaria", "snow for November 25"),
        ("kazinform-ru", "tenge-rate-yesterday", "курсы валют на 24 ноября"),
        ("kazinform-ru", "tenge-rate-today", "курсы валют на 25 ноября"),
        ("kazinform-kk", "tenge-rate-today", "25 қараша күніне"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(
    wire: Wire, feed_id: str, story: str, words: str
) -> None:
    [dispatch] = [d for d in held(wire, feed_id, timedelta(0)) if d.story == story]
    assert words in " ".join(dispatch.paragraphs)


def test_a_copy_made_past_midnight_keeps_the_day_of_its_story(wire: Wire) -> None:
    [sofia] = [feed for feed in wire.feeds if feed.id == "bta-bg"]
    started_at = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    dispatches = wire.dispatches(sofia, started_at=started_at, now=started_at)
    [copy] = [d for d in dispatches if d.story == "danube-night-ferry"]
    assert copy.paragraphs[0].startswith("Букурещ, 23 ноември")


def test_no_placeholder_is_left_in_what_is_served(wire: Wire) -> None:
    for feed in wire.feeds:
        for dispatch in held(wire, feed.id, wire.last_appearance):
            assert "{" not in " ".join((dispatch.title, *dispatch.paragraphs))


def test_the_configuration_polls_every_feed_on_loopback_every_two_seconds(wire: Wire) -> None:
    mapping = settings_mapping(wire, "http://127.0.0.1:4321", Path("/somewhere"))
    agencies = mapping["agencies"]
    assert isinstance(agencies, list)
    feeds = [feed for agency in agencies for feed in agency["feeds"]]
    assert [feed["id"] for feed in feeds] == [feed.id for feed in wire.feeds]
    assert feeds[0] == {
        "id": "bta-bg",
        "url": "http://127.0.0.1:4321/bta/bg.xml",
        "language": "bg",
        "interval": "2s",
        "fulltext": "never",
    }


AGENCIES = """
- id: bta
  name: BTA
  aliases: [БТА]
  home: https://www.bta.bg
  feeds:
    - {id: bta-bg, language: bg, title: БТА, description: Всичко е измислено.}
"""
FIRST = "{id: a, feed: bta-bg, minutes_ago: 5, title: Т, text: Т}"


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ("[{id: a, feed: bta-bg, title: Т, text: Т}]", "minutes_ago"),
        ("[{feed: bta-bg, minutes_ago: 5, title: Т, text: Т}]", "revises"),
        ("[{id: a, feed: bta-bg, appears_after: 2m, title: Т, text: Т}]", "in seconds"),
        ("[{id: a, feed: bta-bg, minutes_ago: 5, title: Т, text: Т, colour: red}]", "colour"),
        ("[{id: a, feed: bta-bg, minutes_ago: 5, published_in: 3h, title: Т, text: Т}]", "in days"),
        (
            f"[{FIRST}, {{revises: a, feed: bta-bg, minutes_ago: 1, published_in: 3d, title: Т, text: Т}}]",
            "keeps its item's date",
        ),
        (f"[{FIRST}, {{id: b, feed: tass, minutes_ago: 5, title: Т, text: Т}}]", "no such feed"),
        (f"[{FIRST}, {FIRST}]", "two items"),
        (
            f"[{FIRST}, {{revises: b, feed: bta-bg, minutes_ago: 1, title: Т, text: Т}}]",
            "revises no",
        ),
        ("[{id: a, feed: bta-bg, appears_after: 5s, title: Т, text: Т}]", "no item at the start"),
        ("[", "is not YAML"),
    ],
)
def test_a_mistake_in_the_files_is_told(tmp_path: Path, entries: str, complaint: str) -> None:
    (tmp_path / "wire").mkdir()
    (tmp_path / "agencies.yaml").write_text(AGENCIES, "utf-8")
    (tmp_path / "wire" / "news.yaml").write_text(f"story: {entries}", "utf-8")

    with pytest.raises(ConfigError, match=complaint):
        load(tmp_path)
