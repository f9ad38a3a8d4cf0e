"""`aggregator pickup` of a month at 100,000 items: how long the store takes, and by which indexes it finds.

The store holds two months (the period before is read too): 40 agencies, six languages, one agency with
a tenth of the reports. Two of five reports are carried, by one to twelve items; texts have about 120
words. Rows are written in bulk, as the store would have them after matching.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import event, insert

from aggregator.model import CreditState, Evidence, Kind, Replacement
from aggregator.pickup import Span
from aggregator.store import copies
from aggregator.store.schema import feeds, items, stories
from aggregator.store.store import Store
from scripts.benchmarks.machine import describe

ITEMS_A_MONTH = 100_000
MONTH = timedelta(days=30)
END = datetime(2026, 11, 30, tzinfo=UTC)
AGENCIES = [f"a{number:02}" for number in range(40)]
ASKED = AGENCIES[0]  # has a tenth of the reports
LANGUAGES = ("bg", "en", "kk", "ru", "uz", "zh")
RUNS = 7
EVIDENCE = Evidence(rule="model", reason="One text is an edited copy of the other.")
T = TypeVar("T")
PAIR = ("a", "b", "kind", "score", "evidence")
WORDS = "мост влак река съобщи министър договор вчера товар година пътища среща износ".split()


def main() -> None:
    """Make the store, and ask it."""
    print(describe("sqlalchemy"))
    with tempfile.TemporaryDirectory() as directory:
        address = f"sqlite:///{directory}/aggregator.db"
        fill(address)
        store = Store(address)
        size = Path(directory, "aggregator.db").stat().st_size
        print(f"{2 * ITEMS_A_MONTH:,} items in two months, {size / 1e6:,.0f} MB")
        month = Span(since_at=END - MONTH, until_at=END)
        measure("pickup, a month and the one before", lambda: store.pickup(ASKED, month))
        measure("the same of an agency of middling size", lambda: store.pickup(AGENCIES[1], month))
        measure("pickup, with a partner", lambda: store.pickup(ASKED, month, AGENCIES[1]))
        week = Span(since_at=END - MONTH / 4, until_at=END)
        measure("pickup, a week", lambda: store.pickup(ASKED, week))
        print(*plans(store, month), sep="\n")
        store.close()


def measure(name: str, ask: Any) -> None:
    """Print the first run, and the median of the others, in milliseconds."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    print(f"{name:40} first {times[0]:6.0f} ms, then {median(times[1:]):6.0f} ms")


def plans(store: Store, span: Span) -> Iterator[str]:
    """The plan of each query that is asked."""
    engine = store._engine  # noqa: SLF001 - looks behind the store's door on purpose
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    store.pickup(ASKED, span)
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                yield "; ".join(row.detail for row in rows)


def fill(address: str) -> None:
    """Write two months of stories, and close the store: what was written lies in the file then, not in its log."""
    draw = random.Random(1)
    store = Store(address)
    store.prepare()
    with store._writing() as connection:  # noqa: SLF001
        connection.execute(insert(feeds), [_feed(agency) for agency in AGENCIES])
        for part in batched(_stories(draw), 2_000):
            connection.execute(insert(stories), [_head(members) for members in part])
            connection.execute(insert(items), [item for members in part for item in members])
            copies.keep(connection, [members[0]["story_id"] for members in part])
        connection.exec_driver_sql("PRAGMA optimize")
    store.close()


def batched(values: Iterator[T], size: int) -> Iterator[list[T]]:
    """Lists of so many values."""
    while part := list(islice(values, size)):
        yield part


def _stories(draw: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Stories in the order of their reports, as they arrive."""
    left, at = 2 * ITEMS_A_MONTH, END - 2 * MONTH
    while left > 0:
        members = list(_story(draw, f"{draw.getrandbits(80):020x}", at))
        yield members
        left -= len(members)
        at += 2 * MONTH * len(members) / (2 * ITEMS_A_MONTH)


def _story(draw: random.Random, key: str, at: datetime) -> Iterator[dict[str, Any]]:
    origin = ASKED if draw.random() < 0.1 else draw.choice(AGENCIES[1:])
    first = _item(draw, f"{key}0", f"s{key}", origin, draw.choice(LANGUAGES), at)
    count = draw.choice((1, 1, 1, 2, 2, 3, 5, 12)) if draw.random() < 0.4 else 0
    if count and draw.random() < 0.02:
        first["replaced"] = (Replacement(old="12", new="14"),)
    yield first
    for number, agency in enumerate(draw.sample(AGENCIES, count), start=1):
        lag = timedelta(minutes=draw.expovariate(1 / 90))
        copy = _item(draw, f"{key}{number}", f"s{key}", agency, draw.choice(LANGUAGES), at + lag)
        if agency != origin:
            copy["credit"] = draw.choice(list(CreditState))
            copy["is_stale"] = bool(first["replaced"]) and draw.random() < 0.5
        parent = (
            copy["id"],
            first["id"],
            draw.choice((Kind.NEAR, Kind.TRANSLATION)),
            0.9,
            EVIDENCE,
        )
        copy |= {f"parent_{name}": value for name, value in zip(PAIR, parent, strict=True)}
        copy |= {f"match_{name}": value for name, value in zip(PAIR, parent, strict=True)}
        yield copy


def _item(
    draw: random.Random, item_id: str, story_id: str, agency: str, language: str, at: datetime
) -> dict[str, Any]:
    text = " ".join(draw.choices(WORDS, k=120))
    row: dict[str, Any] = dict.fromkeys(column.name for column in items.columns)
    return row | {
        "id": item_id,
        "feed_id": agency,
        "agency_id": agency,
        "title": text[:70],
        "text": text,
        "seen_at": at,
        "reported_at": at,
        "published_at": at,
        "guid": item_id,
        "link": f"https://{agency}.example/news/{item_id}",
        "html": f"<p>{text}</p>",
        "language": language,
        "revision": 1,
        "content_hash": item_id,
        "credits": (),
        "full_text": "",
        "story_id": story_id,
        "is_whole": True,
        "names_source": False,
        "corrects": (),
        "is_awaited": False,
        "is_undecided": draw.random() < 0.02,
        "is_edition": False,
        "is_stale": False,
        "replaced": (),
    }


def _head(members: list[dict[str, Any]]) -> dict[str, Any]:
    first = members[0]
    at = first["reported_at"]
    return {
        "id": first["story_id"],
        "lead_id": first["id"],
        "origin_id": first["agency_id"],
        "first_seen_at": at,
        "updated_at": at,
        "day": at.date(),
        "item_count": len(members),
        "published_at": at,
        "is_published": True,
        "scheme": "bench",
    }


def _feed(agency: str) -> dict[str, Any]:
    url = f"https://{agency}.example/rss"
    return {
        "feed_id": agency,
        "url": url,
        "configured_url": url,
        "next_due_at": END,
        "status": "ok",
        "failures": 0,
        "trust_validators": True,
        "item_count": 0,
        "skip_hours": frozenset(),
        "skip_days": frozenset(),
        "overlap_streak": 0,
    }


if __name__ == "__main__":
    main()
