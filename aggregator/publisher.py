"""Stories become files and the shelf the web serves from: acts on what `syndicate` plans and renders.

    store.version --changed?--> plan --> stories of each document --> render --> write whole --> shelf

The current documents stand on the shelf in memory, archives are read from their files when asked
for. What was last written, and by which settings, is kept in `.published.json` beside the files, so
that a restart writes only what changed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from aggregator import __version__
from aggregator.config import Settings
from aggregator.errors import OutputError
from aggregator.model import Story, StoryQuery
from aggregator.store.store import Store
from aggregator.syndicate import document, provenance
from aggregator.syndicate.document import Document, Plan, Rendered
from aggregator.syndicate.formats import FORMATS

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
        self._published: _Published | None = None

    @staticmethod
    def _digest_of(settings: Settings) -> str:
        parts = (__version__, settings.output, settings.agencies, settings.feeds)
        return sha256(repr(parts).encode()).hexdigest()

    def publish(self, now: datetime, *, everything: bool = False) -> list[str]:
        """Write what changed since it was last written; the names of the files written.

        `everything` writes all documents anew. Raises OutputError when a file cannot be written (the
        one that was there remains), StoreError when stories cannot be read.
        """
        version = self._store.version()
        before = None if everything else self._published or self._read_state()
        if before and (before.settings != self._digest or not self._has_current()):
            before = None
        if before and before.version == version and self._published:
            return []
        plans = document.plan(self._store.story_days(), newest=self._output.items)
        changed = self._store.changed_days(before.version) if before else set()
        written = [
            name
            for plan in plans
            if _is_due(plan, before, changed)
            for name in self._write(plan, now)
        ]
        self._published = _Published(
            version=version,
            settings=self._digest,
            archives=tuple(plan.name for plan in plans if plan.day),
        )
        self._remove_other_archives(self._published.archives)
        self._write_state(self._published)
        return written

    # ------------------------------------------------------------------------------ one document

    def _write(self, plan: Plan, now: datetime) -> list[str]:
        made = self._document(plan, self._stories(plan.day), now)
        names = []
        for extension, form in FORMATS.items():
            name = f"{plan.name}.{extension}"
            if self._replace(name, form.render(made, self._agencies)):
                names.append(name)
            if plan.day is None:
                self.shelf.put(self.shelf.read(name))
        return names

    def _document(self, plan: Plan, stories: list[Story], now: datetime) -> Document:
        newest = max((provenance.updated_at(story) for story in stories), default=now)
        return Document(
            plan=plan,
            title=self._output.title,
            description="Agency reports, each once, with its copies",
            base_url=self._output.base_url,
            updated_at=newest,
            stories=stories,
            feeds=self._feeds,
        )

    def _stories(self, day: date | None) -> list[Story]:
        if day is None:
            return self._store.stories(StoryQuery(limit=self._output.items))
        start = datetime.combine(day, time(), UTC)
        return self._store.stories(StoryQuery(since_at=start, until_at=start + timedelta(days=1)))

    # --------------------------------------------------------------------------------- the files

    def _has_current(self) -> bool:
        return all((self._directory / f"merged.{extension}").exists() for extension in FORMATS)

    def _replace(self, name: str, body: bytes) -> bool:
        """Write a file whole or not at all; False when it holds just that already."""
        path = self._directory / name
        try:
            if path.exists() and path.read_bytes() == body:
                return False
            write_whole(path, body)
        except OSError as error:
            raise OutputError(
                f"cannot write {path}: {error.strerror or error}. "
                "The file that was there remains; see output.directory in the configuration."
            ) from error
        return True

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
        self._replace(STATE, json.dumps(state, indent=1).encode())


def _is_due(plan: Plan, before: _Published | None, changed: set[date]) -> bool:
    """Archives change with their day's stories, and when a neighbour comes or goes."""
    if before is None or plan.day is None or plan.day in changed:
        return True
    names = (plan.name, plan.previous, plan.next)
    return any(name not in before.archives for name in names if name)


def write_whole(path: Path, body: bytes) -> None:
    """Replace a file in one step: temporary file, fsync, rename, fsync of the directory.

    Raises OSError; the file that was there is then unharmed and nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
