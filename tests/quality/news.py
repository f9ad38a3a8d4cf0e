"""A wire in six languages, made from a seed: what the matcher's quality is held by.

    event ──► told in some languages ──► copies in each, by edits         kind "report"
    event ──► reports that only look alike, by kind of negative           kind "figures", "turned" …

`python -m tests.quality.news EVENTS ITEMS TRUTH` writes what `scripts/evaluate` reads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random

from scripts.evaluation.labels import Label
from tests.quality.edits import edited
from tests.quality.events import Event, Events
from tests.quality.negatives import KINDS
from tests.quality.tellings import LANGUAGES, language, tell

START_AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
AGENCIES = 6  # of each language
_LANGUAGES_OF_AN_EVENT = (1, 1, 2, 2, 3, 4)
_COPIES = (0, 1, 1, 2)
_HOURS = 60  # that the wire lasts
_COPY_HOURS = 3.0  # from an original to a copy, on average


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """An item of the wire and what it truly is."""

    id: str
    label: Label
    language: str
    agency: str
    title: str
    text: str
    hour: float  # since the wire began

    def line(self) -> str:
        """A line of the input of `cluster`."""
        record = {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "language": self.language,
            "agency": self.agency,
            "published": (START_AT + timedelta(hours=self.hour)).isoformat(),
        }
        return json.dumps(record, ensure_ascii=False)

    def truth(self) -> str:
        """A line of the truth."""
        story, kind, edits = self.label
        return json.dumps({"id": self.id, "cluster": story, "kind": kind, "ed": edits})


def wire(seed: int, count: int) -> list[NewsItem]:
    """The tellings of so many events, and negatives of every kind; in the order of time."""
    chance = Random(seed)
    events = Events(chance)
    items = [*_reports([events.next() for _ in range(count)], chance), *_negatives(events, chance)]
    return sorted(items, key=lambda item: item.hour)


def _reports(happened: Sequence[Event], chance: Random) -> Iterator[NewsItem]:
    for number, event in enumerate(happened):
        story, hour = f"e{number}", chance.uniform(0, _HOURS)
        for code in chance.sample(LANGUAGES, chance.choice(_LANGUAGES_OF_AN_EVENT)):
            told = tell(
                code,
                event.subject,
                event.facts,
                title=chance.randrange(2),
                other=chance.getrandbits(6),
            )
            copies = [edited(told, chance) for _ in range(chance.choice(_COPIES))]
            agencies = chance.sample(range(AGENCIES), 1 + len(copies))
            for at, (telling, edits) in enumerate([(told, ()), *copies]):
                yield NewsItem(
                    id=f"{story}-{code}-{at}",
                    label=Label(story, "report", edits),
                    language=code,
                    agency=f"{code}-{agencies[at]}",
                    title=telling.title,
                    text=telling.text,
                    hour=hour + chance.expovariate(1 / _COPY_HOURS),
                )


def _negatives(events: Events, chance: Random) -> Iterator[NewsItem]:
    for code, (kind, (make, times)) in product(LANGUAGES, KINDS.items()):
        for time in range(times):
            hour, agencies = chance.uniform(0, _HOURS), chance.sample(range(AGENCIES), 2)
            for at, draft in enumerate(make(events, language(code), chance)):
                name = f"{kind}-{code}-{time}-{at}"
                yield NewsItem(
                    id=name,
                    label=Label(draft.told or name, kind, ()),
                    language=draft.language,
                    agency=f"{draft.language}-{agencies[at % 2]}",
                    title=draft.title,
                    text=draft.text,
                    hour=hour + chance.uniform(0, _COPY_HOURS),
                )


def main() -> None:
    """Write items and labels."""
    count, items_path, truth_path = sys.argv[1:]
    items = wire(11, int(count))
    Path(items_path).write_text("".join(f"{item.line()}\n" for item in items), "utf-8")
    Path(truth_path).write_text("".join(f"{item.truth()}\n" for item in items), "utf-8")


if __name__ == "__main__":
    main()
