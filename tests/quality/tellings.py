"""One meaning told in six languages: facts put into the sentence patterns of `languages/CODE.toml`.

    subject + facts ──► each language's patterns ──► a telling: title and sentences

A slot of a pattern is a fact: `{n}` a figure, `{big/10000}` divided, `{big/1000000~1}` divided and rounded
to one decimal; `{host}` a person, a place or a country by its name, `{host.with}` by another form of it;
`{date}` and `{clock}` as the language writes them. Every sentence stands in one or two wordings.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypedDict

LANGUAGES = ("bg", "en", "kk", "ru", "uz", "zh")
Facts = Mapping[str, int | float | str]
_SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?(?:/(\d+))?(?:~(\d))?\}")


class Subject(TypedDict):
    """What is told: two titles, and sentences of one or two wordings each."""

    titles: list[str]
    sentences: list[list[str]]


class Hot(TypedDict):
    """A subject of many reports, title and sentence each, all above one paragraph of background."""

    background: str
    reports: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A file of `languages`: how figures and names are written, and what is said with them."""

    code: str
    months: list[str]
    date: str
    clock: str
    other_clock: str
    decimal: str
    group: str
    figure: str
    rounded_figure: str
    space: str = " "
    title_case: bool = False
    other_script: Mapping[str, str] = field(default_factory=dict)
    crediting: list[str]
    datelines: list[str]
    initials: list[str]
    converted: list[str]
    additions: list[str]
    links: list[str]
    people: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Mapping[str, str]]
    countries: Mapping[str, Mapping[str, str]]
    subjects: Mapping[str, Subject]
    turned: Mapping[str, list[list[str]]]
    rubrics: list[str]
    notices: list[str]
    show_notes: str
    shows: list[list[str]]
    own: Mapping[str, list[str]]
    acts: Mapping[str, list[str]]
    later: Mapping[str, list[str]]
    hot: Hot

    def say(self, pattern: str, facts: Facts) -> str:
        """The pattern with the facts in it, its first letter a capital."""
        said = _SLOT.sub(lambda slot: self._fact(slot, facts), pattern)
        return said[:1].upper() + said[1:]

    def begins_with_name(self, sentence: str) -> bool:
        """Whether the first word is a person's, a place's or a country's."""
        tables = (self.people, self.places, self.countries)
        forms = (form for table in tables for names in table.values() for form in names.values())
        return any(sentence.startswith(form.split()[0]) for form in forms)

    def _fact(self, slot: re.Match[str], facts: Facts) -> str:
        name, form, divisor, decimals = slot.groups()
        if name in {"date", "clock"}:
            pattern = self.date if name == "date" else self.clock
            return self.say(pattern, facts)
        if name == "PLACE":
            return self.places[str(facts["place"])]["name"].upper()
        if name == "month":
            return self.months[int(facts[name])]
        value = facts[name]
        if isinstance(value, str):
            return self._name(value, form or "name")
        return self._figure(value / int(divisor or 1), int(decimals) if decimals else None)

    def _name(self, key: str, form: str) -> str:
        names = next(table for table in (self.people, self.places, self.countries) if key in table)
        return names[key][form]

    def _figure(self, value: float, decimals: int | None) -> str:
        figure = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.4f}"
        figure = figure.rstrip("0").rstrip(".") if "." in figure else figure
        return figure.replace(".", "\0").replace(",", self.group).replace("\0", self.decimal)


@cache
def language(code: str) -> Language:
    """What a language's file says."""
    table = tomllib.loads((Path(__file__).parent / f"languages/{code}.toml").read_text("utf-8"))
    return Language(code=code, **table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A subject told in one language; edits give others like it."""

    language: Language
    subject: str
    facts: Facts
    title: str
    sentences: tuple[str, ...]
    before: str = ""  # what stands before the first sentence: a dateline, a wire's header
    after: tuple[str, ...] = ()  # lines below the last one: initials, links

    @property
    def text(self) -> str:
        """Paragraphs of two sentences each, apart by a blank line."""
        space, said = self.language.space, list(self.sentences)
        paragraphs = [space.join(said[at : at + 2]) for at in range(0, len(said), 2)]
        return self.before + "\n\n".join([*paragraphs, *self.after])

    def replaced(self, old: str, new: str) -> Telling:
        """The telling with some of its words replaced."""
        return replace(
            self,
            title=self.title.replace(old, new),
            sentences=tuple(sentence.replace(old, new) for sentence in self.sentences),
        )


def tell(code: str, subject: str, facts: Facts, *, title: int = 0, other: int = 0) -> Telling:
    """The subject with these facts; `other` has a bit for each sentence told in its other wording."""
    by = language(code)
    patterns = by.subjects[subject]
    return Telling(
        language=by,
        subject=subject,
        facts=facts,
        title=by.say(patterns["titles"][title], facts),
        sentences=tuple(
            by.say(wordings[-1] if other >> at & 1 else wordings[0], facts)
            for at, wordings in enumerate(patterns["sentences"])
        ),
    )
