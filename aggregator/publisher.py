"""Decides which merged documents are out of date, and writes them.

    stage     takes                          gives                          where
    -------   ----------------------------   ----------------------------   ---------------------------
    plan      stories counted by UTC day     DocumentPlan, one a document   syndicate.document.plan
    select    plans, PublishedState          plans that are out of date     Publisher, _is_out_of_date
    freeze    stories not yet published      dates that stay from now on    Store.freeze_dates
    read      DocumentPlan                   Story, by date, streamed       Store.stories, each_story
    convert   Story                          StoryEntry, for all formats     syndicate.entry.entry_of
    write     MergedDocument, StoryEntry …    files, replaced whole          document_files.writing
    cache     files of a current document    Rendered, in memory            document_files.DocumentCache
    record    version, digest of settings    PublishedState, on disk        Publisher._write_state

What was written last, and with which settings, is recorded in `.published.json` beside the files, so
that a restart writes only what changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from aggregator import __version__, provenance
from aggregator.config import Settings
from aggregator.document_files import FILE_NAME, HINT, DocumentCache, file_names, writing
from aggregator.files import replacing
from aggregator.filters import default_preference
from aggregator.model import Order, Story, StoryQuery
from aggregator.store.store import Store
from aggregator.syndicate import document
from aggregator.syndicate.document import CURRENT, DocumentPlan, MergedDocument
from aggregator.syndicate.entry import entry_of

STATE_FILE = ".published.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedState:
    """What the archives in the directory were made of when all of them were last up to date."""

    version: int  # of the stories
    settings: str  # a digest of what else is in the files
    archives: tuple[str, ...]  # names of the documents of days


class Publisher:
    """Writes the merged feeds. `publish` is for one thread at a time; `documents` may be read from any."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._output = settings.output
        self._agencies = {agency.id: agency for agency in settings.agencies}
        self._feeds = {feed.id: feed.url for feed in settings.feeds}
        self._preference = default_preference(settings)
        self._directory = settings.output.directory
        self._digest = self._digest_of(settings)
        self.documents = DocumentCache(self._directory)
        self._state: PublishedState | None = None  # as this process wrote it
        self._current_version = -1  # of the stories in the current documents
        self._are_archives_cancelled = False

    @staticmethod
    def _digest_of(settings: Settings) -> str:
        parts = (__version__, settings.output, settings.agencies, settings.feeds)
        return sha256(repr(parts).encode()).hexdigest()

    def publish(
        self, now: datetime, *, everything: bool = False, archives: bool = True
    ) -> list[str]:
        """Write what changed since it was last written; the names of the files written.

        `everything` writes all documents anew. Without `archives` only the current documents are
        written, with links to the archives that exist. Raises OutputError when a file cannot be
        written (the one that was there remains), StoreError when stories cannot be read.
        """
        version = self._store.version()
        before = None if everything else self._valid_state()
        are_complete = before is not None and before.version == version and before is self._state
        is_current = self._current_version == version and not everything
        if is_current and (are_complete or not archives):
            return []
        self._store.freeze_dates()
        current, *days = document.plan(self._store.story_days(), newest=self._output.items)
        written: list[str] = []
        if archives:
            written, are_complete = self._write_archives(days, before, version, now)
        if not are_complete:
            current = replace(current, previous=self._newest_existing(days))
        written = self._write(current, now) + written
        self._current_version = version
        return written

    def misses_decision(self) -> bool:
        """Whether a person decided something, in whatever process, that is not in the current documents."""
        return self._store.decided_version() > self._current_version

    def cancel_archives(self) -> None:
        """Write no more archives, and abandon the one being written; the next process writes them."""
        self._are_archives_cancelled = True

    def _write_archives(
        self,
        plans: Sequence[DocumentPlan],
        before: PublishedState | None,
        version: int,
        now: datetime,
    ) -> tuple[list[str], bool]:
        """Write the days that changed; the names of the files written, and whether that was all."""
        changed = self._store.changed_days(before.version) if before else set()
        written = []
        for plan in plans:
            if _is_out_of_date(plan, before, changed):
                try:
                    written += self._write(plan, now)
                except _ArchivesCancelledError:
                    return written, False
        self._state = PublishedState(
            version=version,
            settings=self._digest,
            archives=tuple(plan.name for plan in plans),
        )
        self._remove_other_archives(self._state.archives)
        self._write_state(self._state)
        return written, True

    def _newest_existing(self, plans: Sequence[DocumentPlan]) -> str | None:
        """The name of the newest archive that has been written."""
        names = (plan.name for plan in plans)
        return next((name for name in names if (self._directory / f"{name}.atom").exists()), None)

    def _remove_other_archives(self, names: Sequence[str]) -> None:
        for path in self._directory.glob(f"{CURRENT}-*"):
            if FILE_NAME.fullmatch(path.name) and path.stem not in names:
                path.unlink(missing_ok=True)

    # -------------------------------------------------------------------------------- one document

    def _write(self, plan: DocumentPlan, now: datetime) -> list[str]:
        """Write one document in every format; the names of the files that have new content."""
        stories, updated_at = self._stories(plan.day)
        made = self._document(plan, updated_at or now)
        with writing(self._directory, made) as writer:
            for story in stories:
                if plan.day and self._are_archives_cancelled:
                    raise _ArchivesCancelledError
                writer.write(entry_of(story, made, self._agencies))
        if plan.day is None:
            for name in file_names(plan.name):
                self.documents.load(name)
        return writer.replaced()

    def _document(self, plan: DocumentPlan, updated_at: datetime) -> MergedDocument:
        return MergedDocument(
            plan=plan,
            title=self._output.title,
            description="Agency reports, each once, with its copies",
            base_url=self._output.base_url,
            updated_at=updated_at,
            stories=(),  # written one by one
            feeds=self._feeds,
            preference=self._preference,
        )

    def _stories(self, day: date | None) -> tuple[Iterable[Story], datetime | None]:
        """The stories of a document, and when the last of them changed."""
        if day is None:
            newest = self._store.stories(StoryQuery(limit=self._output.items))
            return document.newest_first(newest), max(
                map(provenance.updated_at, newest), default=None
            )
        start = datetime.combine(day, time(), UTC)
        query = StoryQuery(since_at=start, until_at=start + timedelta(days=1), order=Order.DATE)
        return self._store.each_story(query), self._store.latest_update(query)

    # ----------------------------------------------------------------------------------- the state

    def _valid_state(self) -> PublishedState | None:
        """What was published last, unless it was with other settings or its files are gone."""
        state = self._state or self._read_state()
        are_there = all((self._directory / name).exists() for name in file_names(CURRENT))
        return state if state and state.settings == self._digest and are_there else None

    def _read_state(self) -> PublishedState | None:
        try:
            state = json.loads((self._directory / STATE_FILE).read_text("utf-8"))
            return PublishedState(
                version=int(state["version"]),
                settings=str(state["settings"]),
                archives=tuple(state["archives"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write_state(self, state: PublishedState) -> None:
        path = self._directory / STATE_FILE
        with replacing(path, hint=HINT, unless_equal=True) as new:
            new.file.write(json.dumps(asdict(state), indent=1).encode())


def _is_out_of_date(plan: DocumentPlan, before: PublishedState | None, changed: set[date]) -> bool:
    """Whether an archive must be written: its day's stories changed, or it or a neighbour is new."""
    if before is None or plan.day in changed:
        return True
    names = (plan.name, plan.previous, plan.next)
    return any(name not in before.archives for name in names if name)


class _ArchivesCancelledError(Exception):
    """The archive at hand is abandoned; its file remains as it was."""
