"""The invented news themselves: every language tells all of it, and every edit changes what it should."""

from __future__ import annotations

from random import Random

import pytest

from tests.quality.edits import EDITS, LIGHT
from tests.quality.events import Events
from tests.quality.negatives import KINDS
from tests.quality.news import wire
from tests.quality.tellings import LANGUAGES, Telling, language, tell


def _told(code: str, subject: str) -> Telling:
    event = Events(Random(5)).next([subject])
    return tell(code, subject, event.facts)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_tells_the_same(code: str) -> None:
    by, english = language(code), language("en")

    for table in ("people", "places", "countries", "subjects", "turned", "own", "acts", "later"):
        assert list(getattr(by, table)) == list(getattr(english, table)), table
    for subject, patterns in english.subjects.items():
        wordings = [len(sentence) for sentence in patterns["sentences"]]
        assert [len(sentence) for sentence in by.subjects[subject]["sentences"]] == wordings
    for several in ("rubrics", "notices", "shows"):
        assert len(getattr(by, several)) == len(getattr(english, several)), several


def test_one_seed_makes_one_wire_with_every_kind_and_edit() -> None:
    items = wire(3, 60)

    assert items == wire(3, 60)
    assert {item.label.kind for item in items} == {"report", *KINDS}
    assert {edit for item in items for edit in item.label.edits} == set(EDITS)
    assert not [item for item in items if "{" in item.title + item.text]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_the_item_and_keeps_the_facts(edit: str) -> None:
    told = _told("en" if edit != "script" else "uz", "bridge")

    made = EDITS[edit](told, Random(1))

    assert (made.title, made.text) != (told.title, told.text)
    assert made.facts == told.facts


def test_light_edits_leave_every_sentence() -> None:
    for code in LANGUAGES:
        told = _told(code, "fire")
        for edit in LIGHT.values():
            assert len(edit(told, Random(2)).sentences) == len(told.sentences)


def test_figures_and_times_are_written_as_the_language_does() -> None:
    facts = {"big": 9_729_000, "hour": 16, "hour12": 4, "minute": 50}

    def said(code: str) -> list[str]:
        by = language(code)
        patterns = (by.figure, by.rounded_figure, by.clock, by.other_clock)
        return [by.say(pattern, facts) for pattern in patterns]

    assert said("en") == ["9,729,000", "9.7 million", "16:50", "4.50 p.m."]
    assert said("bg") == ["9 729 000", "9,7 млн.", "16:50 ч.", "16.50 часа"]
    assert said("zh") == ["972.9万", "近973万", "16时50分", "16:50"]


def test_uzbek_in_its_other_script() -> None:
    told = _told("uz", "talks").replaced("Mehmon", "Erta yoʻl, Mehmon")

    assert "Эрта йўл, Меҳмон" in EDITS["script"](told, Random(1)).text
