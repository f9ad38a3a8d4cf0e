"""Several processes on one database: one polls, others read and decide, any may be killed."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from aggregator.errors import StoreBusyError, StoreError
from aggregator.model import StoryQuery
from aggregator.store.store import Store
from tests.acceptance.harness import Running, nursery, wait_for
from tests.contract.samples import EARLIER, found, item

WRITER = """
import sys
from aggregator.store.store import Store
from tests.contract.samples import arrival, fingerprint, founding, item, joining, place, state

store = Store(sys.argv[1])
first = int(sys.argv[2])
for number in range(first, first + 100_000):
    pair = [item(f"i{number:06}a"), item(f"i{number:06}b")]
    store.save_polls(
        [state(item_count=number, etag=f'"{number}"')],
        [(arrival(one), fingerprint(one.id)) for one in pair],
    )
    place(store, founding(pair[0]), joining(pair[1], pair[0]))
    print(number, flush=True)
"""
HOLDER = """
import signal, sys
from aggregator.store.store import Store

with Store(sys.argv[1]).claim():
    print("claimed", flush=True)
    signal.pause()
"""


class Child:
    """A program that runs beside the test, and what it said so far."""

    def __init__(self, process: Running, out: Path) -> None:
        self._process, self._out = process, out
        self._read = 0

    def kill(self) -> None:
        self._process.kill()

    def said(self) -> list[str]:
        """The whole lines it wrote and nobody asked for yet."""
        return self._out.read_text().splitlines()[self._read :] if self._out.exists() else []

    def says(self, count: int) -> list[str]:
        """So many lines, as soon as it has written them."""
        wait_for(lambda: len(self.said()) >= count)
        lines = self.said()[:count]
        self._read += count
        return lines


Started = Callable[..., AbstractContextManager[Child]]


@pytest.fixture
def running(tmp_path: Path) -> Started:
    """`running(SCRIPT, *ARGUMENTS)`: a process of its own until the block ends."""
    numbers = count()

    @contextmanager
    def start(script: str, *arguments: str) -> Iterator[Child]:
        out = tmp_path / f"child-{next(numbers)}.out"
        process = nursery().launch(
            arguments, script=script, directory=tmp_path, out=out, err=out.with_suffix(".err")
        )
        try:
            yield Child(process, out)
        finally:
            process.kill()

    return start


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_stored(
    url: str, store: Store, running: Started
) -> None:
    chance = random.Random(11)
    next_poll = 0
    for _ in range(4):
        with running(WRITER, url, str(next_poll)) as child:
            told = child.says(chance.randint(1, 40))
            child.kill()
            told += child.said()

        polled = store.feed_states()["bta-bg"].item_count
        placed = {entry.item_id for entry in store.indexed(EARLIER)}
        waiting = {one.id for one, _ in store.unplaced()}
        assert polled >= int(told[-1])
        assert placed | waiting == {
            f"i{poll:06}{half}" for poll in range(polled + 1) for half in "ab"
        }
        assert not placed & waiting
        assert store.check() == []
        next_poll = polled + 1


def test_a_reader_sees_whole_stories_while_another_process_writes(
    url: str, store: Store, running: Started
) -> None:
    with running(WRITER, url, "0") as child:
        child.says(1)
        for _ in range(20):
            read = store.stories(StoryQuery(limit=50))
            assert {len(story.members) for story in read} == {2}
            assert {story.lead.id for story in read} == {story.lead_id for story in read}


def test_a_backup_made_while_another_process_writes_is_whole(
    sqlite_url: str, tmp_path: Path, running: Started
) -> None:
    store = Store(sqlite_url)
    store.prepare()
    with running(WRITER, sqlite_url, "0") as child:
        child.says(20)
        store.backup(tmp_path / "copy.db")

    copy = Store(f"sqlite:///{tmp_path}/copy.db")
    assert copy.check() == []
    assert copy.count_stories(StoryQuery()) >= 20


def test_another_process_sees_the_version_grow(url: str, store: Store, running: Started) -> None:
    with running(WRITER, url, "0") as child:
        child.says(1)
        before = store.version()
        child.says(5)

        assert store.version() > before


def test_a_database_is_polled_by_one_process_at_a_time(
    url: str, store: Store, running: Started
) -> None:
    with running(HOLDER, url) as child:
        assert child.says(1) == ["claimed"]

        with pytest.raises(StoreBusyError, match=r"already polled by (process|backend) \d+"):
            store.claim().__enter__()


def test_a_claim_is_refused_within_one_process_too(url: str, store: Store) -> None:
    other = Store(url)
    with store.claim(), pytest.raises(StoreBusyError, match="already polled"):
        other.claim().__enter__()
    other.close()


def test_a_claim_is_free_again_when_its_holder_ends_or_is_killed(
    url: str, store: Store, running: Started
) -> None:
    with store.claim():
        pass
    with running(HOLDER, url) as child:
        child.says(1)
        child.kill()

    with store.claim():
        found(store, item("a"))


def test_a_claim_does_not_stop_readers_and_decisions(
    url: str, store: Store, running: Started
) -> None:
    with running(HOLDER, url) as child:
        child.says(1)

        found(store, item("a"))

        assert store.story("sa").lead_id == "a"


def test_an_error_of_the_holder_is_its_own(store: Store) -> None:
    with pytest.raises(OSError, match="mine"), store.claim():
        raise OSError("mine")


def test_a_database_in_memory_cannot_be_claimed() -> None:
    with pytest.raises(StoreError, match="in memory"):
        Store("sqlite://").claim().__enter__()


def test_threads_read_while_one_writes(store: Store) -> None:
    found(store, item("i000"))
    broken: list[object] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            stories = store.stories(StoryQuery())
            if any(story.lead.id != story.lead_id for story in stories):
                broken.append(stories)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 30):
        found(store, item(f"i{number:03}"))
    over.set()
    for reader in readers:
        reader.join()

    assert broken == []
    assert store.count_stories(StoryQuery()) == 30
