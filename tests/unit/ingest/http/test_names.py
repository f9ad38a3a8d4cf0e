"""The names we go by."""

from __future__ import annotations

import pytest

from aggregator import __version__
from aggregator.config import FetchSettings
from aggregator.ingest.http.names import other_name, user_agent

PLAIN = f"aggregator/{__version__}"
USUAL = f"Mozilla/5.0 (compatible; {PLAIN})"
CONTACT = "https://desk.example/who"
WITH_CONTACT = f"Mozilla/5.0 (compatible; {PLAIN}; +{CONTACT})"


def settings(**values: str) -> FetchSettings:
    return FetchSettings.model_validate(values)


@pytest.mark.parametrize(
    ("values", "own_name", "name", "other"),
    [
        ({}, "", USUAL, PLAIN),
        ({"contact": CONTACT}, "", WITH_CONTACT, f"{PLAIN} (+{CONTACT})"),
        ({"user_agent": "desk/1"}, "", "desk/1", USUAL),
        ({"user_agent": "desk/1", "contact": CONTACT}, "", "desk/1", WITH_CONTACT),
        ({"user_agent": "desk/1"}, "wire/2", "wire/2", USUAL),
        ({}, "wire/2", "wire/2", USUAL),
        ({"user_agent": USUAL}, "", USUAL, PLAIN),
    ],
)
def test_a_feed_is_asked_under_its_own_name_else_the_general_else_the_usual_one(
    values: dict[str, str], own_name: str, name: str, other: str
) -> None:
    assert user_agent(settings(**values), own_name) == name
    assert other_name(settings(**values), own_name) == other
