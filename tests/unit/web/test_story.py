"""`/stories/ID`: who had it, who took it from whom, what it says, what was corrected."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.config import OutputSettings
from aggregator.model import (
    Action,
    Evidence,
    Kind,
    Match,
    Member,
    Move,
    Replacement,
    StoryChange,
)
from aggregator.store.store import Store
from tests.unit.web.conftest import NOON, SETTINGS, SUMMARISE, Client, revise

Opened = Callable[..., Client]


def summarised(store: Store, item_id: str, **changes: object) -> None:
    """The story of the dry port, with something else known of one of its items."""

    def changed(members: Sequence[Member], story_id: str) -> StoryChange:
        change = SUMMARISE(members, story_id)
        lineage = replace(change.lineages[item_id], **changes)  # type: ignore[arg-type]
        return replace(change, lineages={**change.lineages, item_id: lineage})

    store.summarise_again(["skz1"], summarise=changed)


def section(text: str, heading: str) -> str:
    """The part of a page behind a heading, up to the next section."""
    return text.partition(f">{heading}</h2>")[2].partition("</section>")[0]


def test_a_story_shows_every_copy_with_its_evidence(client: Client) -> None:
    text = client.ask("/stories/skz1").text

    assert "2 items, 2 agencies; first: Kazinform" in text
    for words in (
        "translation",
        "+30 min",
        "credits Kazinform (the origin)",
        '<q dir="auto" lang="bg">съобщи Казинформ</q>',
        "Names and the figure forty agree.",
        'href="https://bta.example/bg1"',
    ):
        assert words in section(text, "Items")


def test_rules_and_scores_are_no_words_for_an_editor(client: Client) -> None:
    text = client.ask("/stories/skz1").text

    assert "names-and-figures" not in text
    assert "0.93" not in text


def test_a_copy_stands_below_the_one_it_was_taken_from(client: Client) -> None:
    text = client.ask("/stories/skz1").text

    assert '<li id="kz1" class="depth-0">' in text
    assert '<li id="bg1" class="depth-1">' in text
    assert 'from <a href="#kz1">Kazinform, English</a>' in text


def test_each_copy_can_be_compared_with_what_it_was_taken_from(client: Client) -> None:
    text = client.ask("/stories/skz1").text

    assert re.findall(r'href="(/compare/[^"]+)"', section(text, "Items")) == ["/compare/bg1/kz1"]


def test_the_page_compares_nothing_itself(opened: Opened) -> None:
    def must_not(a: str, b: str) -> Match:
        raise AssertionError("the comparison has a page of its own")

    assert opened(explain=must_not).ask("/stories/skz1").status_code == 200


# ------------------------------------------------------------------------------------------- time line


def test_the_time_line_links_each_dot_to_its_item_and_says_what_it_is(client: Client) -> None:
    drawn = section(client.ask("/stories/skz1").text, "Who had it, who took it from whom")

    dots = re.findall(r'<a href="#(\w+)" aria-label="([^"]*)"', drawn)
    assert dots == [
        ("kz1", "Kazinform, English, 24 Nov 2026, 12:00 UTC; the origin's own"),
        ("bg1", "BTA, Bulgarian, 24 Nov 2026, 12:30 UTC; credits the origin"),
    ]
    assert "(<span data-zone-name>UTC</span>)" in drawn


def test_the_same_facts_stand_in_a_table(client: Client) -> None:
    table = client.ask("/stories/skz1").text.partition("<table>")[2].partition("</table>")[0]

    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    words = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert words == [
        "24 Nov 2026, 12:00 Kazinform English the origin's own",
        (
            "24 Nov 2026, 12:30 BTA Bulgarian Kazinform, English +30 min translation"
            " credits Kazinform (the origin)"
        ),
    ]


def test_a_lag_is_not_said_where_the_times_do_not_tell_which_was_first(
    client: Client, store: Store
) -> None:
    summarised(store, "bg1", is_undecided=True)

    text = client.ask("/stories/skz1").text

    assert "+30 min</" not in section(text, "Items")
    assert "+30 min" not in text.partition("<table>")[2].partition("</table>")[0]
    assert "the times do not tell which was first" in text


def test_a_story_of_one_item_needs_no_time_line(client: Client) -> None:
    text = client.ask("/stories/sbg2").text

    assert "Who had it" not in text
    assert "<svg" not in text


# ------------------------------------------------------------------------------------------ the report


def test_the_report_is_read_in_the_language_that_is_preferred(client: Client) -> None:
    text = client.ask("/stories/skz1?prefer=bg").text

    assert '<h1><span dir="auto" lang="bg">Сухо пристанище в Саръагаш</span></h1>' in text
    assert (
        '<span dir="auto" lang="en">Dry port opens at Saryagash</span>' in text.partition("<h1>")[2]
    )
    assert "По четиридесет вагона дневно." in section(text, "The report")
    assert "Original:" in text


def test_the_report_is_read_as_its_origin_has_it_where_nothing_is_preferred(client: Client) -> None:
    text = client.ask("/stories/skz1").text

    assert '<h1><span dir="auto" lang="en">Dry port opens at Saryagash</span></h1>' in text
    assert "Original:" not in text


def test_the_configured_languages_are_preferred_where_the_address_names_none(
    opened: Opened,
) -> None:
    output = OutputSettings(base_url="https://wire.example", languages=("bg",))
    client = opened(settings=SETTINGS.model_copy(update={"output": output}))

    assert '<h1><span dir="auto" lang="bg">' in client.ask("/stories/skz1").text
    assert '<h1><span dir="auto" lang="en">' in client.ask("/stories/skz1?prefer=en").text


def test_each_language_of_the_story_is_a_link_and_the_shown_one_is_marked(client: Client) -> None:
    text = client.ask("/stories/skz1?prefer=bg").text

    assert '<a href="?prefer=en#text" hreflang="en">English</a>' in text
    assert '<a href="?prefer=bg#text" hreflang="bg" aria-current="true">Bulgarian</a>' in text


def test_an_unknown_preference_is_a_sentence(client: Client) -> None:
    answer = client.ask("/stories/skz1?prefer=tlh")

    assert answer.status_code == 400
    assert "neither a language nor an agency" in answer.text


# ----------------------------------------------------------------------------------------- corrections


def test_a_correction_is_marked_in_the_words_around_it(client: Client, store: Store) -> None:
    revise(store, corrects=(Replacement(old="Forty", new="Fifty"),))

    text = client.ask("/stories/skz1").text

    assert 'Corrected <time datetime="2026-11-24T14:00:00Z">' in text
    assert "Corrects Forty → Fifty." in text
    changed = section(text, "What changed")
    assert "<del>Forty</del> → <ins>Fifty</ins>" in changed
    assert "<del>Forty</del> <ins>Fifty</ins> wagons a day will pass." in changed


def test_a_later_version_that_corrects_nothing_is_no_correction(
    client: Client, store: Store
) -> None:
    revise(store)

    text = client.ask("/stories/skz1").text

    assert "<ins>Fifty</ins>" in section(text, "What changed")
    assert "Corrected" not in text
    assert 'class="notice' not in text
    assert "Corrects" not in text


def test_a_report_that_was_never_changed_has_nothing_to_show(client: Client) -> None:
    assert "What changed" not in client.ask("/stories/skz1").text


def test_a_copy_with_the_old_fact_says_so_and_is_marked_in_the_time_line(
    client: Client, store: Store
) -> None:
    summarised(store, "bg1", is_stale=True)

    text = client.ask("/stories/skz1").text

    assert "Not corrected." in section(text, "Items")
    assert "12:30 UTC; credits the origin; not corrected" in text


# ------------------------------------------------------------------------------------- related, joined


def test_a_related_story_is_named_with_its_agency_time_and_reason(client: Client) -> None:
    text = section(client.ask("/stories/skz2").text, "Related, not merged")

    for words in (
        "Kazinform",
        "English",
        'datetime="2026-11-24T12:00:00Z"',
        'href="/stories/skz1"',
        "Only the country agrees.",
        'href="/compare/kz2/kz1"',
    ):
        assert words in text


@pytest.mark.parametrize("query", ["", "?prefer=bg"])
def test_the_id_of_a_story_that_was_joined_leads_to_the_present_one(
    client: Client, store: Store, query: str
) -> None:
    home = store.story("skz1")
    evidence = Evidence(rule="person", reason="A person joined them.")
    match = Match(a="kz2", b="kz1", kind=Kind.MANUAL, score=1.0, evidence=evidence)
    store.decide(
        Action.JOIN,
        item_id="kz2",
        other_id="kz1",
        moves=[Move(item_id="kz2", story_id=home.id, match=match)],
        summarise=SUMMARISE,
        now=home.updated_at,
    )

    answer = client.ask(f"/stories/skz2{query}")

    assert (answer.status_code, answer.headers["location"]) == (301, f"/stories/skz1{query}")
    assert answer.headers["cache-control"] == "no-cache"  # the joining may be undone


def test_a_withdrawn_story_says_so_at_its_head(client: Client, store: Store) -> None:
    def killed(members: Sequence[Member], story_id: str) -> StoryChange:
        return replace(SUMMARISE(members, story_id), killed_at=NOON + timedelta(hours=5))

    store.summarise_again(["skz1"], summarise=killed)

    head = client.ask("/stories/skz1").text.partition("<h1>")[0]
    assert 'Kazinform withdrew this report, <time datetime="2026-11-24T17:00:00Z">' in head


def test_links_begin_with_the_path_of_the_site(opened: Opened) -> None:
    output = OutputSettings(base_url="https://wire.example/wire")
    text = opened(settings=SETTINGS.model_copy(update={"output": output})).ask("/stories/skz1").text

    assert 'href="/wire/compare/bg1/kz1"' in text
    assert 'href="/wire/static/story.css"' in text
