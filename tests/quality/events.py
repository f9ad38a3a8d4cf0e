"""What happens in the invented news: a subject with the facts that every telling of it keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from tests.quality.tellings import Facts, language

# Counts end in 0 or 5 to 9: after these Russian has one form of every noun.
_COUNTS = [count for count in range(25, 480) if count % 10 in {0, 5, 6, 7, 8, 9}]


@dataclass(frozen=True, slots=True)
class Event:
    """A subject of the languages' files, and its facts by slot."""

    subject: str
    facts: Facts

    def with_other_figures(self, chance: Random) -> Event:
        """Another event of the same people and places."""
        return replace(self, facts={**self.facts, **_figures(chance)})


class Events:
    """Events without end; those of one subject happen in one place after another."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._told: Counter[str] = Counter()  # by subject
        self._places: dict[str, list[str]] = {}  # by subject: those where it has not happened

    def next(self, subjects: Collection[str] = ()) -> Event:
        """The next event, of that one of the subjects (all if none are named) that is told least."""
        of = list(subjects) or list(language("en").subjects)
        fewest = min(self._told[subject] for subject in of)
        subject = self._chance.choice([name for name in of if self._told[name] == fewest])
        self._told[subject] += 1
        if not self._places.get(subject):
            places = list(language("en").places)
            self._places[subject] = self._chance.sample(places, len(places))
        return Event(subject, self._facts(self._places[subject].pop()))

    def _facts(self, place: str) -> Facts:
        english, chance = language("en"), self._chance
        host, guest = chance.sample(list(english.people), 2)
        home, away = chance.sample(list(english.countries), 2)
        other = chance.choice([name for name in english.places if name != place])
        names = {"host": host, "guest": guest, "home": home, "away": away}
        return {**names, "place": place, "other": other, **_figures(chance)}


def _figures(chance: Random) -> Facts:
    hour = chance.randint(13, 22)
    k, k2 = chance.sample(range(5, 10), 2)
    return {
        "n": chance.choice(_COUNTS),
        "n2": chance.choice(_COUNTS),
        "m": chance.choice(_COUNTS) * 20 + 6,
        "big": chance.randint(1_100, 98_000) * 1_000,
        "p": chance.randint(11, 199) / 10,
        "q": chance.randint(31, 69) / 10,
        "k": k,
        "k2": k2,
        "day": chance.randint(4, 28),
        "month": chance.randrange(3),
        "hour": hour,
        "hour12": hour - 12,
        "minute": chance.randint(10, 59),
    }
