"""`/agencies/ID`: pick-up, ledger and their CSV."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Protocol

import httpx
import pytest

from aggregator.model import Arrival, Change, Kind, Move
from aggregator.pickup import Span
from aggregator.store.store import Store
from aggregator.syndicate import pickup_csv
from tests.unit.web.conftest import MARK, NOON, SUMMARISE, TRANSLATION, item


class Client(Protocol):
    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response: ...


NOW = NOON + timedelta(hours=6)  # of the pages
WEEK = Span(since_at=NOW - timedelta(days=7), until_at=NOW)


def figure(text: str, label: str) -> list[str]:
    """The cells of a row of the figures: ours, before, theirs, before."""
    row = re.search(rf'<th scope="row">{label}</th>(.*?)</tr>', text, re.DOTALL)
    assert row is not None
    found = re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", each).split()) for each in found]


def carry(store: Store, item_id: str, title: str, *, is_timed: bool) -> None:
    """BTA carries the grain story once more, in a summary that names no source."""
    one = item(item_id, "bta-bg", 200, title, "Само резюме.")
    if not is_timed:
        one = replace(one, published_at=None)
    arrival = Arrival(item=one, change=Change.NEW, keys=(item_id,))
    store.save_polls([store.feed_states()["bta-bg"]], [(arrival, MARK)])
    match = replace(TRANSLATION, a=item_id, b="kz2", kind=Kind.TRANSLATION)
    store.place([(Move(item_id=item_id, story_id="skz2", match=match), ())], summarise=SUMMARISE)


def test_figures_stand_beside_those_of_the_span_before(client: Client) -> None:
    text = client.ask("/agencies/kazinform").text

    assert figure(text, "carried") == ["1 of 2", "0 of 0", "0", "0"]
    assert figure(text, "share carried") == ["50%", "–", "–", "–"]
    assert figure(text, "median lag") == ["30 min of 1 timed", "–", "–", "–"]
    assert figure(text, "origin credited") == ["100% of 1 known", "–", "–", "–"]


def test_what_is_not_known_counts_neither_for_the_lag_nor_for_the_credit(
    client: Client, store: Store
) -> None:
    carry(store, "bg3", "Зърно", is_timed=False)

    text = client.ask("/agencies/kazinform").text

    assert figure(text, "copies")[0] == "2"
    assert figure(text, "median lag")[0] == "30 min of 1 timed"
    assert figure(text, "origin credited")[0] == "100% of 1 known"
    assert figure(text, "credit not known")[0] == "1"
    assert "Copies whose text names no agency" not in text
    assert text.count("credit not known") == 4, "a figure, two columns, and the copy"


def test_both_directions_are_there_with_and_without_a_partner(client: Client) -> None:
    alone = client.ask("/agencies/bta").text
    both = client.ask("/agencies/bta?partner=kazinform").text

    assert "<h1>Pick-up of BTA</h1>" in alone
    assert figure(alone, "carried") == ["0 of 1", "0 of 0", "1", "0"]
    assert "<h1>Ledger of BTA and Kazinform</h1>" in both
    assert figure(both, "carried") == ["0 of 1", "0 of 0", "1 of 2", "0 of 0"]
    for text in (alone, both):
        assert 'href="/stories/skz1#bg1"' in text
        assert "translation · +30 min · credits the origin" in text


def test_a_ledger_has_a_day_a_row_with_what_became_of_its_reports(client: Client) -> None:
    text = client.ask("/agencies/bta?partner=kazinform&since=2d").text

    rows = re.findall(
        r'<time datetime="(2026-11-\d\d)">\d\d Nov</time></th>(.*?)</tr>', text, re.DOTALL
    )
    told = {day: re.findall(r"<td>(.*?)</td>", row) for day, row in rows}
    assert [*told] == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert told["2026-11-23"] == ["0"] * 10
    assert told["2026-11-24"] == ["1", "0", "1", "0", "0", "2", "1", "1", "0", "0"]


def test_the_charts_are_told_in_a_table_to_those_who_hear_the_page(client: Client) -> None:
    text = client.ask("/agencies/kazinform").text

    assert '<svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">' in text
    assert text.count('<table class="ledger">') == 1
    assert "style=" not in text


def test_the_csv_is_that_of_the_command(client: Client, store: Store) -> None:
    answer = client.ask("/agencies/kazinform.csv?partner=bta")

    found = store.pickup("kazinform", WEEK, "bta")
    assert answer.content == pickup_csv.as_csv(found, store.headlines(found.item_ids))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    named = 'attachment; filename="pickup-kazinform-bta-2026-11-24.csv"'
    assert answer.headers["content-disposition"] == named


def test_a_title_that_is_a_formula_is_none_in_the_csv(client: Client, store: Store) -> None:
    carry(store, "bg3", '=HYPERLINK("https://evil.example")', is_timed=True)

    text = client.ask("/agencies/kazinform.csv").content.decode("utf-8-sig")

    titles = [row["copy_title"] for row in csv.DictReader(StringIO(text, newline=""))]
    assert '\'=HYPERLINK("https://evil.example")' in titles


def test_the_link_to_the_csv_asks_for_the_same(client: Client) -> None:
    text = client.ask("/agencies/bta?since=30d&until=2026-11-25&partner=kazinform").text

    query = "since=30d&amp;until=2026-11-25&amp;partner=kazinform"
    assert f'href="/agencies/bta.csv?{query}"' in text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/agencies/tass", 404, "There is no agency"),
        ("/agencies/tass.csv", 404, "There is no agency"),
        ("/agencies/bta?partner=tass", 400, "no such agency"),
        ("/agencies/bta?partner=bta", 400, "must be another agency than bta"),
        ("/agencies/bta?since=soon", 400, "since"),
        ("/agencies/bta?language=bg", 400, "language"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(
    client: Client, path: str, status: int, said: str
) -> None:
    answer = client.ask(path)

    assert answer.status_code == status
    assert said in answer.text


def test_what_an_item_says_is_never_markup(client: Client) -> None:
    text = client.ask("/agencies/bta").text

    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in text
    assert "<script>alert" not in text
