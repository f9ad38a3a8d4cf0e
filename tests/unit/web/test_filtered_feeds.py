"""Merged feeds with parameters: their titles in words, the item they show, and what they answer to mistakes."""

from __future__ import annotations

import pytest

from aggregator.config.settings import OutputSettings
from aggregator.filters import Filter, Known, parse
from aggregator.model import Agency
from aggregator.web.filter_words import in_words
from tests.unit.web.conftest import SETTINGS, Client, Opened

AGENCIES = {"bta": Agency(id="bta", name="BTA"), "kz": Agency(id="kz", name="Kazinform")}


def wanted(**values: str) -> Filter:
    return parse(values.items(), known=Known(agencies={"bta": "BTA", "kz": "Kazinform"}))[0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ""),
        ({"carried_by": "bta", "language": "bg"}, "carried by BTA, in Bulgarian"),
        (
            {"origin": "kz", "carried_by": "bta", "kind": "translation", "credit": "none"},
            "from Kazinform, carried by BTA as a translation without a credit",
        ),
        ({"credit": "unknown"}, "carried with a credit not known"),
        (
            {"agency": "bta", "stale": "1"},
            "reported by BTA, carried although corrected or withdrawn",
        ),
        ({"killed": "1", "min_items": "3"}, "withdrawn, 3 items or more"),
        ({"q": "dry port", "since": "7d", "until": "24h"}, "“dry port”, of the last 7d, older than 24h"),
        ({"since": "2026-11-01", "until": "2026-11-24"}, "since 2026-11-01, before 2026-11-24"),
        ({"prefer": "bg,en,bta"}, "Bulgarian or English or BTA preferred"),
    ],
)  # fmt: skip
def test_conditions_are_said_in_words(values: dict[str, str], words: str) -> None:
    assert in_words(wanted(**values), AGENCIES) == words


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_feed_is_called_by_its_conditions(client: Client, extension: str) -> None:
    text = client.ask(f"/merged.{extension}?language=bg&min_items=2").text

    assert f"{SETTINGS.output.title}: in Bulgarian, 2 items or more" in text


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_the_first_available_of_the_preferred_languages_is_shown(
    client: Client, extension: str
) -> None:
    plain = client.ask(f"/merged.{extension}?min_items=2").text
    preferred = client.ask(f"/merged.{extension}?min_items=2&prefer=bg").text

    assert "Original, " not in plain
    assert "Original, " in preferred
    for text in (plain, preferred):
        assert text.count("urn:x-aggregator:story:skz1") == 1


def test_a_request_overrides_what_is_preferred_by_default(opened: Opened) -> None:
    output = OutputSettings(base_url=SETTINGS.output.base_url, languages=("bg",))
    client = opened(settings=SETTINGS.model_copy(update={"output": output}))

    assert "Original, " in client.ask("/merged.json?min_items=2").text
    assert "Original, " not in client.ask("/merged.json?min_items=2&prefer=en").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("prefer=klingon", "is neither a language nor an agency"),
        ("carried_by=tass", "there is no such agency"),
        ("language=de", "No feed is in the language"),
        ("credit=yes", '"credit" must be one of origin, other, none, unknown'),
        ("since=1d&until=2d", "Exchange them"),
        ("page=2", "There is no such parameter"),
    ],
)
@pytest.mark.parametrize("extension", ["rss", "json"])
def test_a_wrong_parameter_is_answered_with_a_sentence(
    client: Client, extension: str, query: str, sentence: str
) -> None:
    answer = client.ask(f"/merged.{extension}?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert sentence in answer.text
