"""A wire of long reports with edited copies and traps, made from a seed; benchmarks run over it too.

    report ----> copies as agencies make them: cut, extended, restyled, retold in two sentences …
    form ------> the same form with other facts; copies of some
    brief -----> the same brief with one name, number, place or weekday changed
    update ----> a report's later course: new facts under the old background
    digest ----> the beginnings of several reports in one item

`python -m tests.quality.generator STORIES ITEMS TRUTH` writes what `scripts/evaluate` reads.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.quality.words import (
    BACKGROUND,
    BRIEFS,
    CREDITS,
    DATELINES,
    FOOTERS,
    FORMS,
    HEADLINES,
    INTROS,
    LISTS,
    OPENINGS,
    RESTYLED,
    SHAPES,
)

START_AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
LANGUAGES = ("en", "ru", "bg")
Facts = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An item of the wire; `story` is what it belongs to, `edits` what was done to it."""

    id: str
    story: str
    kind: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    facts: Facts
    edits: tuple[str, ...] = ()

    def item(self, published_at: datetime) -> str:
        """A line of the input of `cluster`."""
        record = {
            "id": self.id,
            "title": self.title,
            "text": "\n\n".join(self.paragraphs),
            "language": self.language,
            "published": published_at.isoformat(),
        }
        return json.dumps(record, ensure_ascii=False)

    def label(self) -> str:
        """A line of the truth."""
        return json.dumps(
            {"id": self.id, "cluster": self.story, "kind": self.kind, "ed": self.edits}
        )


class Wire:
    """Makes reports, copies and traps; equal seeds make equal wires."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._made = 0
        self._said: set[str] = set()  # of briefs: another story never has the same words

    # ---------------------------------------------------------------------------------- originals

    def report(self, language: str) -> Report:
        """An ordinary report of 5 to 16 sentences."""
        facts = self._facts(language)
        sentences = [self._say(self._one_of(OPENINGS[language]), language, facts)]
        shapes = self._chance.sample(SHAPES[language], self._chance.randint(4, 12))
        sentences += [self._say(shape, language, facts, fresh=True) for shape in shapes]
        paragraphs = [sentences[0], *_in_twos(sentences[1:])]
        if self._chance.random() < 0.3:
            paragraphs.append(self._one_of(BACKGROUND[language]))
        title = " ".join(re.split(r"[ ,]+", sentences[0])[:9])
        return self._new("report", language, title, paragraphs, facts)

    def form(self, language: str, name: str) -> Report:
        """A report of a fixed form."""
        facts = self._facts(language)
        title, *sentences = FORMS[language][name]
        said = [self._say(sentence, language, facts) for sentence in sentences]
        return self._new(f"form:{name}", language, self._say(title, language, facts), said, facts)

    def brief(self, language: str) -> Report:
        """A report of one sentence."""
        said, facts, pattern = "", {}, 0
        while not said or said in self._said:
            facts, pattern = self._facts(language), self._chance.randrange(len(BRIEFS[language]))
            said = self._say(BRIEFS[language][pattern], language, facts)
        self._said.add(said)
        title = " ".join(said.split()[:6])
        return self._new("brief", language, title, [said], facts | {"pattern": str(pattern)})

    # -------------------------------------------------------------------------------------- traps

    def other_brief(self, brief: Report) -> Report:
        """Another story: the brief with one fact changed."""
        pattern = BRIEFS[brief.language][int(brief.facts["pattern"])]
        slots = re.findall(r"{(\w+)}", pattern)
        said, facts, slot = brief.paragraphs[0], dict(brief.facts), ""
        while said in self._said:
            slot = self._one_of([s for s in slots if s not in {"thing", "body"}])
            facts = dict(brief.facts) | {slot: self._facts(brief.language)[slot]}
            said = self._say(pattern, brief.language, facts)
        self._said.add(said)
        made = self._new("brief", brief.language, " ".join(said.split()[:6]), [said], facts)
        return replace(made, edits=(f"other-{slot}",))

    def update(self, report: Report) -> Report:
        """Another story: what happened next, above paragraphs of the old report."""
        language, old = report.language, report.facts
        facts = self._facts(language) | {k: old[k] for k in ("place", "thing", "person")}
        shapes = self._chance.sample(SHAPES[language], 5)
        news = [self._say(self._one_of(OPENINGS[language]), language, facts)]
        news += [self._say(shape, language, facts, fresh=True) for shape in shapes]
        paragraphs = [news[0], *_in_twos(news[1:]), report.paragraphs[-1]]
        return self._new("update", language, " ".join(news[0].split()[:8]), paragraphs, facts)

    def digest(self, reports: list[Report]) -> Report:
        """A story of its own: the beginnings of several reports."""
        first = reports[0]
        paragraphs = [report.paragraphs[0] for report in reports]
        return self._new("digest", first.language, first.title, paragraphs, first.facts)

    # ------------------------------------------------------------------------------------- copies

    def copy(self, report: Report) -> Report:
        """The report as another agency carries it."""
        made = replace(report, id=self._id(report.language), edits=())
        light = ["dateline", "credit", "footer", "headline", "restyle"]
        heavy = ["cut", "prepend", "extend", "brief", "drop"] if len(report.paragraphs) > 3 else []
        chosen = self._chance.sample(light, self._chance.randint(1, 3))
        chosen += self._chance.sample(heavy, min(len(heavy), self._chance.randint(0, 1)))
        for edit in sorted(chosen, key=(heavy + light).index):
            title, paragraphs = self._edits[edit](self, made)
            made = replace(
                made, title=title, paragraphs=tuple(paragraphs), edits=(*made.edits, edit)
            )
        return made

    def _cut(self, report: Report) -> tuple[str, list[str]]:
        kept = self._chance.randint(2, len(report.paragraphs) - 1)
        return report.title, list(report.paragraphs[:kept])

    def _drop(self, report: Report) -> tuple[str, list[str]]:
        paragraphs = list(report.paragraphs)
        del paragraphs[self._chance.randrange(1, len(paragraphs))]
        return report.title, paragraphs

    def _brief(self, report: Report) -> tuple[str, list[str]]:
        return report.title, [" ".join(_sentences(" ".join(report.paragraphs[:3]))[:2])]

    def _prepend(self, report: Report) -> tuple[str, list[str]]:
        intro = self._say(self._one_of(INTROS[report.language]), report.language, report.facts)
        own = self._say(
            self._one_of(SHAPES[report.language]), report.language, report.facts, fresh=True
        )
        return report.title, [f"{intro} {own}", *report.paragraphs]

    def _extend(self, report: Report) -> tuple[str, list[str]]:
        shapes = self._chance.sample(SHAPES[report.language], 3)
        more = [self._say(shape, report.language, report.facts, fresh=True) for shape in shapes]
        return report.title, [*report.paragraphs, " ".join(more)]

    def _restyle(self, report: Report) -> tuple[str, list[str]]:
        return report.title, [_restyled(text, report.language) for text in report.paragraphs]

    def _headline(self, report: Report) -> tuple[str, list[str]]:
        headline = self._one_of(HEADLINES[report.language])
        return self._say(headline, report.language, report.facts), list(report.paragraphs)

    def _dateline(self, report: Report) -> tuple[str, list[str]]:
        facts = self._facts(report.language) | {"PLACE": report.facts["place"].upper()}
        head = self._one_of(DATELINES[report.language]).format(**facts)
        return report.title, [head + report.paragraphs[0], *report.paragraphs[1:]]

    def _credit(self, report: Report) -> tuple[str, list[str]]:
        facts = self._facts(report.language)
        return report.title, [
            *report.paragraphs,
            self._one_of(CREDITS[report.language]).format(**facts),
        ]

    def _footer(self, report: Report) -> tuple[str, list[str]]:
        return report.title, [*report.paragraphs, self._one_of(FOOTERS[report.language])]

    _edits: dict[str, Callable[[Wire, Report], tuple[str, list[str]]]] = {  # noqa: RUF012
        "cut": _cut,
        "drop": _drop,
        "brief": _brief,
        "prepend": _prepend,
        "extend": _extend,
        "restyle": _restyle,
        "headline": _headline,
        "dateline": _dateline,
        "credit": _credit,
        "footer": _footer,
    }

    # -------------------------------------------------------------------------------------- words

    def _new(
        self, kind: str, language: str, title: str, paragraphs: list[str], facts: Facts
    ) -> Report:
        name = self._id(language)
        return Report(
            id=name,
            story=name,
            kind=kind,
            language=language,
            title=title,
            paragraphs=tuple(paragraphs),
            facts=facts,
        )

    def _id(self, language: str) -> str:
        self._made += 1
        return f"{language}{self._made}"

    def _one_of(self, of: list[str]) -> str:
        return self._chance.choice(of)

    def _facts(self, language: str) -> Facts:
        lists, number = LISTS[language], self._chance.randint
        facts = {slot: self._one_of(words) for slot, words in lists.items()}
        facts["person"], facts["second"] = self._chance.sample(lists["person"], 2)
        facts["place"], facts["other"] = self._chance.sample(lists["place"], 2)
        return facts | {
            "n": str(number(12, 480)), "m": str(number(500, 19_990)), "d": str(number(4, 28)), "h": str(number(10, 23)),
            "mm": str(number(24, 59)), "q": f"{number(2, 7)}.{number(0, 9)}", "g": str(number(2, 6)), "k": str(number(0, 9)),
        }  # fmt: skip

    def _say(self, pattern: str, language: str, facts: Facts, *, fresh: bool = False) -> str:
        """A sentence; a fresh one keeps the report's subject and draws the rest anew."""
        if fresh:
            facts = self._facts(language) | {
                slot: facts[slot]
                for slot in ("thing", "place", "person", "second")
                if self._chance.random() < 0.7
            }
        said = pattern.format(**facts)
        return said[:1].upper() + said[1:]


def wire(seed: int, stories: int, languages: tuple[str, ...] = LANGUAGES) -> list[Report]:
    """About four items a story, in an order in which copies follow their original."""
    makes, chance = Wire(seed), Random(seed + 1)
    timed: list[tuple[float, Report]] = []
    for at in range(stories):
        language = languages[at % len(languages)]
        originals = _originals(makes, chance, language)
        for original in originals:
            count = chance.choice((0, 0, 1, 1, 2, 3, 5))
            copies = [makes.copy(original) for _ in range(count) if original.kind != "digest"]
            start = at + chance.random()
            timed.append((start, original))
            timed += [(start + chance.expovariate(0.1), copy) for copy in copies]
    return [report for _, report in sorted(timed, key=lambda pair: pair[0])]


def _originals(makes: Wire, chance: Random, language: str) -> list[Report]:
    sort = chance.random()
    if sort < 0.5:
        return [makes.report(language)]
    if sort < 0.7:
        return [makes.form(language, chance.choice(list(FORMS[language])))]
    if sort < 0.85:
        brief = makes.brief(language)
        return [brief, *(makes.other_brief(brief) for _ in range(chance.randint(1, 3)))]
    if sort < 0.95:
        report = makes.report(language)
        return [report, makes.update(report)]
    reports = [makes.report(language) for _ in range(3)]
    return [*reports, makes.digest(reports)]


def lines(reports: list[Report]) -> list[str]:
    """The reports as the input of `cluster`, a minute apart."""
    return [
        report.item(START_AT + timedelta(minutes=minute)) for minute, report in enumerate(reports)
    ]


def _sentences(text: str) -> list[str]:
    return re.findall(r".+?[.!?](?=\s|$)", text)


def _in_twos(sentences: list[str]) -> list[str]:
    return [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]


def _restyled(text: str, language: str) -> str:
    for old, new in RESTYLED[language]:
        text = text.replace(old, new)
    return text


def main() -> None:
    """Write items and labels."""
    stories, items, truth = sys.argv[1:]
    reports = wire(11, int(stories))
    Path(items).write_text("\n".join(lines(reports)) + "\n", "utf-8")
    Path(truth).write_text("\n".join(report.label() for report in reports) + "\n", "utf-8")


if __name__ == "__main__":
    main()
