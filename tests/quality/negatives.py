"""Reports that look alike and are not copies of each other, by kind.

A kind is a function that makes a few items in a language, each a story of its own: a report and what only
looks like it, or items that all look alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from tests.quality.events import Event, Events
from tests.quality.tellings import LANGUAGES, Language, language, tell

_FIGURE_SLOT = re.compile(r"\{(?:n|m|k|p|q|big)\b")


class Draft(NamedTuple):
    """An item."""

    language: str
    title: str
    text: str
    told: str = ""  # what is told, where the files of other languages tell it too


Kind = Callable[[Events, Language, Random], list[Draft]]


def _told(event: Event, by: Language, title: int = 0) -> Draft:
    told = tell(by.code, event.subject, event.facts, title=title)
    return Draft(by.code, told.title, told.text)


def _said(pattern: Sequence[str], event: Event, by: Language) -> Draft:
    title, text = (by.say(part, event.facts) for part in pattern)
    return Draft(by.code, title, text)


def _others(by: Language, chance: Random, count: int) -> list[Language]:
    """So many languages other than this."""
    codes = [code for code in LANGUAGES if code != by.code]
    return [language(code) for code in chance.sample(codes, count)]


def figures(events: Events, by: Language, chance: Random) -> list[Draft]:
    """The same form, people and places with other figures, which the title has too: texts may be cut before them."""
    titles = {
        subject: at
        for subject, told in by.subjects.items()
        for at, said in enumerate(told["titles"])
        if _FIGURE_SLOT.search(said)
    }
    event = events.next(titles)
    title = titles[event.subject]
    return [_told(event, by, title), _told(event.with_other_figures(chance), by, title)]


def turned(events: Events, by: Language, chance: Random) -> list[Draft]:
    """One word turned into its opposite, in title and text: exports and imports, north and south."""
    event = events.next(by.turned)
    told = opposite = tell(by.code, event.subject, event.facts)
    for old, new in sorted(by.turned[event.subject], key=lambda pair: -len(pair[0])):
        opposite = opposite.replaced(old, new).replaced(old.capitalize(), new.capitalize())
    return [Draft(by.code, said.title, said.text) for said in (told, opposite)]


def rubric(events: Events, by: Language, chance: Random) -> list[Draft]:
    """The rubrics of two agencies, without a text."""
    return [Draft(by.code, title, "") for title in by.rubrics for _ in range(2)]


def notice(events: Events, by: Language, chance: Random) -> list[Draft]:
    """A notice to readers under the titles of reports."""
    body = chance.choice(by.notices)
    return [Draft(by.code, _told(events.next(), by).title, body) for _ in range(4)]


def show_notes(events: Events, by: Language, chance: Random) -> list[Draft]:
    """The same paragraph after a sentence of one's own."""
    return [
        Draft(by.code, title, f"{said}{by.space}{by.show_notes}", f"show-{number}")
        for number, (title, said) in enumerate(by.shows)
    ]


def background(events: Events, by: Language, chance: Random) -> list[Draft]:
    """Reports of a hot subject, each above the same background."""
    below = by.hot["background"]
    return [
        Draft(by.code, title, f"{said}\n\n{below}", f"hot-{number}")
        for number, (title, said) in enumerate(by.hot["reports"])
    ]


def digest(events: Events, by: Language, chance: Random) -> list[Draft]:
    """A report; and an item that opens with its beginning, goes on with others' and names two."""
    told = [
        tell(by.code, event.subject, event.facts) for event in (events.next() for _ in range(3))
    ]
    title = "; ".join(each.title for each in told[:2])
    text = "\n\n".join(each.sentences[0] for each in told)
    return [Draft(by.code, told[0].title, told[0].text), Draft(by.code, title, text)]


def update(events: Events, by: Language, chance: Random) -> list[Draft]:
    """A report; and what happened later, above a sentence of it."""
    event = events.next(by.later)
    later = _said(by.later[event.subject], event, by)
    old = tell(by.code, event.subject, event.facts).sentences[1]
    return [_told(event, by), later._replace(text=f"{later.text}\n\n{old}")]


def own_report(events: Events, by: Language, chance: Random) -> list[Draft]:
    """A report in one language, and a reporter's own few sentences on the event in another."""
    event = events.next(by.own)
    (elsewhere,) = _others(by, chance, 1)
    return [_told(event, by), _said(elsewhere.own[event.subject], event, elsewhere)]


def other_act(events: Events, by: Language, chance: Random) -> list[Draft]:
    """Two ministers meet in one language, and telephone and write to each other in two others."""
    event = events.next(["talks"])
    acts = zip(("phone", "telegram"), _others(by, chance, 2), strict=True)
    return [_told(event, by), *(_said(other.acts[act], event, other) for act, other in acts)]


KINDS: dict[str, tuple[Kind, int]] = {  # and how often each is made in each language
    "figures": (figures, 4),
    "turned": (turned, 3),
    "rubric": (rubric, 1),
    "notice": (notice, 1),
    "show-notes": (show_notes, 1),
    "background": (background, 1),
    "digest": (digest, 2),
    "update": (update, 2),
    "own-report": (own_report, 2),
    "other-act": (other_act, 1),
}
