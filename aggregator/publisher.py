"""Stories become files and the shelf the web serves from: acts on what `syndicate` plans and renders.

    store.version --changed?--> plan --> stories of each document --> render --> write whole --> shelf

The current documents stand on the shelf in memory, archives are read from their files when asked
for. What was last written, and by which settings, is kept in `.published.json` beside the files, so
that a restart writes only what changed.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from aggregator import __version__, provenance
from aggregator.config import Settings
from aggregator.errors import OutputError
from aggregator.model import Story, StoryQuery
from aggregator.store.store import Store
from aggregator.syndicate import document, safe
from aggregator.syndicate.document import Document, Plan, Rendered
from aggregator.syndicate.entry import Entry, entry_of
from aggregator.syndicate.formats import FORMATS, Format

STATE = ".published.json"
FILE_NAME = re.compile(r"merged(-\d{4}-\d\d-\d\d)?\.(rss|atom|json)")


class Shelf(Mapping[str, Rendered]):
    """Documents by file name: current ones from memory, archives from their files."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._current: dict[str, Rendered] = {}

    def put(self, rendered: Rendered) -> None:
        """Replace a current document."""
        self._current[rendered.name] = rendered

    def __getitem__(self, name: str) -> Rendered:
        if name in self._current:
            return self._current[name]
        if not FILE_NAME.fullmatch(name):
            raise KeyError(name)
        return self.read(name)

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self._directory.glob("merged*"))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def read(self, name: str) -> Rendered:
        """A document from its file. Raises KeyError when there is none."""
        path = self._directory / name
        try:
            body = path.read_bytes()
            modified_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        except OSError as error:
            raise KeyError(name) from error
        media_type = FORMATS[name.rpartition(".")[2]].media_type
        return document.seal(name, body, media_type=media_type, last_modified_at=modified_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """What the files in the directory are made of."""

    version: int  # of the stories
    settings: str  # a digest of what else is in them
    archives: tuple[str, ...]  # names of the day documents


class Publisher:
    """Writes the merged feeds. One thread at a time; `shelf` may be read from any."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._output = settings.output
        self._agencies = {agency.id: agency for agency in settings.agencies}
        self._feeds = {feed.id: feed.url for feed in settings.feeds}
        self._directory = settings.output.directory
        self._digest = self._digest_of(settings)
        self.shelf = Shelf(self._directory)
        self.gave_up = False  # set to leave archives, also the one at hand, to another time
        self._published: _Published | None = None
        self._current_version = -1  # of the stories in the current documents

    @staticmethod
    def _digest_of(settings: Settings) -> str:
        parts = (__version__, settings.output, settings.agencies, settings.feeds)
        return sha256(repr(parts).encode()).hexdigest()

    def publish(
        self, now: datetime, *, everything: bool = False, archives: bool = True
    ) -> list[str]:
        """Write what changed since it was last written; the names of the files written.

        `everything` writes all documents anew. Without `archives` the current documents alone are
        written, and link to the archives there are. Raises OutputError when a file cannot be written
        (the one that was there remains), StoreError when stories cannot be read.
        """
        version = self._store.version()
        before = None if everything else self._published or self._read_state()
        if before and (before.settings != self._digest or not self._has_current()):
            before = None
        is_whole = before is not None and before.version == version and self._published is not None
        if self._current_version == version and (is_whole or not archives) and not everything:
            return []
        current, *days = document.plan(self._store.story_days(), newest=self._output.items)
        written: list[str] = []
        if archives:
            written, is_whole = self._write_archives(days, before, version, now)
        if not is_whole:
            current = replace(current, previous=self._newest_of(days))
        written = self._write(current, now) + written
        self._current_version = version
        return written

    def _write_archives(
        self, plans: Sequence[Plan], before: _Published | None, version: int, now: datetime
    ) -> tuple[list[str], bool]:
        """Write the days that changed; the names of the files written, and whether that was all."""
        changed = self._store.changed_days(before.version) if before else set()
        written = []
        for plan in plans:
            if _is_due(plan, before, changed):
                try:
                    written += self._write(plan, now)
                except _GivenUpError:
                    return written, False
        self._published = _Published(
            version=version,
            settings=self._digest,
            archives=tuple(plan.name for plan in plans),
        )
        self._remove_other_archives(self._published.archives)
        self._write_state(self._published)
        return written, True

    def _newest_of(self, plans: Sequence[Plan]) -> str | None:
        """The name of the newest archive that was ever written."""
        names = (plan.name for plan in plans)
        return next((name for name in names if (self._directory / f"{name}.atom").exists()), None)

    # ------------------------------------------------------------------------------ one document

    def _write(self, plan: Plan, now: datetime) -> list[str]:
        """Write one document in every format, story by story: a day may hold more than the memory."""
        stories, updated_at = self._stories(plan.day)
        made = self._document(plan, updated_at or now)
        with ExitStack() as files:
            growing = {
                f"{plan.name}.{extension}": _Growing(
                    files.enter_context(_replacing(self._directory / f"{plan.name}.{extension}")),
                    form,
                    made,
                )
                for extension, form in FORMATS.items()
            }
            for story in stories:
                if plan.day and self.gave_up:
                    raise _GivenUpError
                entry = entry_of(story, made, self._agencies)
                for each in growing.values():
                    each.add(entry)
            for each in growing.values():
                each.end()
        if plan.day is None:
            for name in growing:
                self.shelf.put(self.shelf.read(name))
        return [name for name, each in growing.items() if each.file.is_new]

    def _document(self, plan: Plan, updated_at: datetime) -> Document:
        return Document(
            plan=plan,
            title=self._output.title,
            description="Agency reports, each once, with its copies",
            base_url=self._output.base_url,
            updated_at=updated_at,
            stories=(),  # they come one by one
            feeds=self._feeds,
        )

    def _stories(self, day: date | None) -> tuple[Iterable[Story], datetime | None]:
        """The stories of a document, and when the last of them changed."""
        if day is None:
            newest = self._store.stories(StoryQuery(limit=self._output.items))
            return newest, max(map(provenance.updated_at, newest), default=None)
        start = datetime.combine(day, time(), UTC)
        query = StoryQuery(since_at=start, until_at=start + timedelta(days=1))
        return self._store.each_story(query), self._store.latest_update(query)

    # --------------------------------------------------------------------------------- the files

    def _has_current(self) -> bool:
        return all((self._directory / f"merged.{extension}").exists() for extension in FORMATS)

    def _remove_other_archives(self, keep: tuple[str, ...]) -> None:
        for path in self._directory.glob("merged-*"):
            if FILE_NAME.fullmatch(path.name) and path.stem not in keep:
                path.unlink(missing_ok=True)

    def _read_state(self) -> _Published | None:
        try:
            state = json.loads((self._directory / STATE).read_text("utf-8"))
            return _Published(
                version=int(state["version"]),
                settings=str(state["settings"]),
                archives=tuple(state["archives"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write_state(self, published: _Published) -> None:
        state = {
            "version": published.version,
            "settings": published.settings,
            "archives": published.archives,
        }
        with _replacing(self._directory / STATE) as file:
            file.write(json.dumps(state, indent=1).encode())


def _is_due(plan: Plan, before: _Published | None, changed: set[date]) -> bool:
    """Whether a day's archive is to be written: archives change with their day's stories, and when a neighbour comes or goes."""
    if before is None or plan.day in changed:
        return True
    names = (plan.name, plan.previous, plan.next)
    return any(name not in before.archives for name in names if name)


class _GivenUpError(Exception):
    """An archive was left half written, and is not there."""


class _New:
    """A file beside the one it may replace; `is_new` tells in the end whether it did."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write
        self.is_new = False


class _Growing:
    """A document in one format, entry by entry."""

    def __init__(self, file: _New, form: Format, made: Document) -> None:
        self.file = file
        self._form = form
        self._frame = form.frame(made)
        self._between = ""
        self._say(self._frame.head)

    def add(self, entry: Entry) -> None:
        self._say(self._between + self._form.write(entry))
        self._between = self._frame.between

    def end(self) -> None:
        self._say(self._frame.tail)

    def _say(self, text: str) -> None:
        self.file.write(safe.encode(text))


@contextmanager
def _replacing(path: Path) -> Iterator[_New]:
    """Replace a file in one step, unless it holds the same already: write, fsync, rename, fsync.

    Raises OutputError; the file that was there is then unharmed, and nothing is left beside it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                new = _New(file)
                yield new
                file.flush()
                new.is_new = not _are_equal(path, Path(file.name))
                if new.is_new:
                    os.fsync(file.fileno())
                    Path(file.name).chmod(0o644)
                    Path(file.name).replace(path)
                else:
                    Path(file.name).unlink()
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        if new.is_new:
            _sync(path.parent)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}. "
            "The file that was there remains; see output.directory in the configuration."
        ) from error


def _are_equal(path: Path, other: Path) -> bool:
    return path.exists() and filecmp.cmp(path, other, shallow=False)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
