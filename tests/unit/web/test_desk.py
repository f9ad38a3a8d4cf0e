"""The desk: a story a line, as it was asked for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aggregator.config import OutputSettings, ServerSettings, Settings
from aggregator.model import Member, StoryChange
from aggregator.store.store import Store
from aggregator.web.app import create_app
from aggregator.web.pages import desk
from tests.databases import store_at
from tests.unit.web.conftest import NOON, SETTINGS, SUMMARISE, Client

Opened = Callable[..., Client]


def listed(text: str) -> list[str]:
    """The stories of a page, in their order."""
    return re.findall(r'<article class="story" id="s-(\w+)"', text)


def line(text: str, story_id: str) -> str:
    """A story's part of a page."""
    return text.partition(f'id="s-{story_id}"')[2].partition("</article>")[0]


def headline(text: str, story_id: str) -> str:
    return line(text, story_id).partition("<h3")[2].partition("</h3>")[0]


def changed(**given: object) -> Settings:
    return SETTINGS.model_copy(update=given)


def test_the_latest_report_stands_first_below_its_day(client: Client) -> None:
    text = client.ask("/").text

    assert listed(text) == ["sbg2", "skz2", "skz1"]
    assert text.count('<h2 class="day">') == 1
    assert '<h2 class="day">Tuesday 24 November 2026</h2>' in text
    assert "3 stories" in text


def test_a_line_says_when_who_in_which_languages_and_how_many_carried_it(client: Client) -> None:
    found = line(client.ask("/").text, "skz1")

    assert 'datetime="2026-11-24T12:00:00Z">12:00</time>' in found
    assert '<p class="origin">Kazinform</p>' in found
    assert 'title="Carried by BTA"' in found
    assert '<span class="codes">en bg</span> · <b>1</b>' in found
    assert "<title>latest copy 30 min after the first report</title>" in found


def test_a_story_that_nobody_carried_says_nothing_of_carriers(client: Client) -> None:
    found = line(client.ask("/").text, "skz2")

    assert '<span class="codes">kk</span></p>' in found
    assert "<svg" not in found


def test_days_and_times_are_those_of_the_desks_zone(opened: Opened) -> None:
    noumea = changed(server=ServerSettings(timezone=ZoneInfo("Pacific/Noumea")))  # UTC+11
    text = opened(settings=noumea).ask("/").text

    assert '<html lang="en" data-zone="Pacific/Noumea">' in text
    days = re.findall(r'<h2 class="day">(.*?)</h2>', text)
    assert days == ["Wednesday 25 November 2026", "Tuesday 24 November 2026"]
    assert ">23:00</time>" in line(text, "skz1")


def test_where_no_zone_is_set_the_browser_may_choose(client: Client) -> None:
    assert '<html lang="en">' in client.ask("/").text


def test_headlines_say_their_language(client: Client) -> None:
    text = client.ask("/").text

    assert 'dir="auto" lang="kk">Астық экспорты өсті</a>' in headline(text, "skz2")


def test_what_a_report_says_is_never_markup(client: Client) -> None:
    found = line(client.ask("/").text, "sbg2")

    assert "&lt;script&gt;" in found
    assert "<img" not in found
    assert "javascript:" not in found
    assert 'class="report"' not in found, "its link leads nowhere that may be opened"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?language=bg", {"sbg2", "skz1"}),
        ("?agency=kazinform", {"skz1", "skz2"}),
        ("?carried_by=bta", {"skz1"}),
        ("?kind=translation", {"skz1"}),
        ("?kind=identical", set()),
        ("?min_items=2", {"skz1"}),
        ("?q=wagons", {"skz1"}),
        ("?since=5h", {"skz2", "sbg2"}),
        ("?q=nothing+like+it", set()),
        ("?q=http://www.kazinform.example/kz1/%23comments", {"skz1"}),
        ("?q=https://kazinform.example/kz2?utm_source%3Drss", {"skz2"}),
        ("?q=https://kazinform.example/kz3", set()),
    ],
)
def test_stories_are_narrowed_by_what_is_asked(client: Client, asked: str, shown: set[str]) -> None:
    assert set(listed(client.ask(f"/{asked}").text)) == shown


def test_what_was_searched_for_is_marked(client: Client) -> None:
    assert "Forty <mark>wagons</mark> a day" in line(client.ask("/?q=wagons").text, "skz1")


@pytest.mark.parametrize("sort", ["carried", "fast"])
def test_the_most_carried_and_the_fastest_can_stand_first(client: Client, sort: str) -> None:
    text = client.ask(f"/?sort={sort}").text

    assert listed(text)[0] == "skz1"
    assert ">24 Nov 2026, 12:00</time>" in line(text, "skz1")
    assert "Tuesday" not in text, "what is not in the order of time has no days"


def test_an_unknown_order_is_told_of_the_known_ones(client: Client) -> None:
    answer = client.ask("/?sort=size")

    assert answer.status_code == 400
    assert "must be one of time, carried, fast" in answer.text


def test_a_selection_can_be_subscribed_to_with_all_its_filters(client: Client) -> None:
    text = client.ask("/?language=bg&agency=bta&min_items=2&prefer=bg&sort=carried").text

    feeds = re.findall(r'<a href="(/merged\.\w+[^"]*)">', text.partition("<footer")[0])
    query = "?language=bg&amp;agency=bta&amp;min_items=2&amp;prefer=bg"
    assert feeds == [f"/merged.{extension}{query}" for extension in ("rss", "atom", "json")]


def test_each_filter_can_be_removed_and_the_order_stays(client: Client) -> None:
    text = client.ask("/?language=bg&agency=bta&sort=carried").text

    chips = re.findall(r'<a class="chip" href="([^"]+)">', text)
    assert chips == ["/?agency=bta&amp;sort=carried", "/?language=bg&amp;sort=carried"]


def test_more_filters_are_open_when_one_of_them_is_set(client: Client) -> None:
    assert '<details class="more">' in client.ask("/?language=bg").text
    assert '<details class="more" open>' in client.ask("/?carried_by=bta").text


def test_where_nothing_matches_the_filter_to_drop_is_named(client: Client) -> None:
    text = client.ask("/?q=nothing+like+it&language=bg").text

    helps = text.partition("No stories match.")[2].partition("<dialog")[0]
    assert re.findall(r'class="chip" href="([^"]+)"', helps) == ["/?language=bg"]


def test_where_no_single_filter_is_to_blame_all_stories_are_offered(client: Client) -> None:
    text = client.ask("/?q=nothing+like+it&kind=identical").text

    assert 'class="chip"' not in text.partition("No stories match.")[2]
    assert '<a href="/">See all stories</a>' in text


def over_nothing(tmp_path: Path, settings: Settings) -> str:
    """The desk over an empty store."""
    store = store_at(tmp_path / "empty.db", lambda _store: None)
    app = create_app(store, settings, documents={}, clock=lambda: NOON)
    text = Client(app).ask("/").text
    store.close()
    return text


def test_before_the_first_poll_the_page_leads_to_the_feeds(tmp_path: Path) -> None:
    text = over_nothing(tmp_path, SETTINGS)

    assert '<a href="/feeds">See how the feeds are doing</a>' in text


def test_without_feeds_the_page_says_how_to_add_one(tmp_path: Path) -> None:
    assert "aggregator feeds add URL" in over_nothing(tmp_path, changed(feeds=()))


def test_pages_follow_each_other_without_a_gap(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "STORIES_PER_PAGE", 1)
    address, seen = "/?prefer=en", []
    while address:
        text = client.ask(address).text
        seen += listed(text)
        assert not re.search(r"\d stor(y|ies)<", text), "no page is all there is"
        assert ("To the first page" in text) == ("after=" in address)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        address = older[1].replace("&amp;", "&") if older else ""

    assert seen == ["sbg2", "skz2", "skz1"]


def test_a_report_is_shown_in_the_readers_language_with_the_origins_headline(
    client: Client,
) -> None:
    text = client.ask("/?prefer=bg").text

    assert 'lang="bg">Сухо пристанище в Саръагаш</a>' in headline(text, "skz1")
    beneath = '<p class="original" dir="auto" lang="en">Dry port opens at Saryagash</p>'
    assert beneath in line(text, "skz1")
    assert 'href="https://bta.example/bg1"' in line(text, "skz1").partition("<ul")[0]


def test_the_desks_own_languages_are_preferred_where_a_reader_does_not_say(opened: Opened) -> None:
    bulgarian = OutputSettings(base_url="https://wire.example", title="Wire", languages=("bg",))
    client = opened(settings=changed(output=bulgarian))

    assert "Сухо пристанище" in headline(client.ask("/").text, "skz1")
    assert "Dry port" in headline(client.ask("/?prefer=en").text, "skz1")


def test_an_expanded_story_has_its_text_and_each_copy(client: Client) -> None:
    found = line(client.ask("/").text, "skz1").partition("<details>")[2]

    for words in (
        "Forty wagons a day will pass.",
        'href="https://kazinform.example/kz1"',
        "Read at Kazinform",
        'href="/stories/skz1"',
        'href="/stories/skz1#decide"',
        'href="https://bta.example/bg1"',
        'lang="bg">Сухо пристанище в Саръагаш</a>',
        "from Kazinform (en)",
        "+30 min",
        '<span class="kind translation">translation</span>',
        '<span class="credit-origin">credits Kazinform (the origin)</span>',
    ):
        assert words in found


def test_a_withdrawn_story_and_its_stale_copy_are_marked(client: Client, store: Store) -> None:
    def killed(members: Sequence[Member], story_id: str) -> StoryChange:
        change = SUMMARISE(members, story_id)
        copy = replace(change.lineages["bg1"], is_stale=True)
        lineages = {**change.lineages, "bg1": copy}
        return replace(change, killed_at=NOON + timedelta(hours=5), lineages=lineages)

    store.summarise_again(["skz1"], summarise=killed)

    found = headline(client.ask("/?killed=1").text, "skz1")
    assert '<span class="mark withdrawn">withdrawn</span>' in found
    assert '<span class="mark stale">1 stale copy</span>' in found
    assert "skz1" not in listed(client.ask("/").text)


def test_the_page_speaks_the_readers_language(client: Client) -> None:
    assert '<html lang="bg">' in client.ask("/", Accept_Language="bg, en;q=0.5").text


def test_below_a_path_every_address_of_ours_begins_with_it(opened: Opened) -> None:
    below = changed(output=OutputSettings(base_url="https://wire.example/desk"))
    text = opened(settings=below).ask("/?language=bg&agency=bta").text

    ours = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
    assert ours
    assert all(address.startswith("/desk/") for address in ours)


def test_a_page_is_the_same_for_everybody_until_a_story_changes(client: Client) -> None:
    tag = client.ask("/").headers["etag"]

    assert client.ask("/", If_None_Match=tag).status_code == 304
