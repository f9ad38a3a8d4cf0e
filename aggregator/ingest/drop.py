"""A folder as a feed: the files in it are read, the oldest first, and put away once their items are stored.

    files --+-- still being written, as far as can be told ----> left for the next poll
            +-- held back by an embargo ----------------------> left until it ends
            +-- read --> parser --+-- items ------------------> the poll's; then done/
                                  +-- some, or none readable -> a minute later done/ or failed/, with the reason

A poll takes a batch: a bounded number of files and bytes, and no two versions of one item, so that each is
compared with the one before. What is left is the next poll's, at once. A file is moved only by `put_away`,
which comes after the store: a kill in between has it read again, and nothing is new in it then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from aggregator.config import FetchSettings
from aggregator.errors import ParseError, TooLargeError
from aggregator.folders import folder_of
from aggregator.ingest import spool
from aggregator.ingest.parse.pool import ParserPool
from aggregator.ingest.spool import Dropped
from aggregator.ingest.versions import is_embargoed
from aggregator.model import Agency, Feed, Fetched, LeftOut, ParsedFeed, ParsedItem

# Where the system does not tell whether a file is still being written. Set by hand: how long an upload may
# pause without being taken for whole, against how late its items are.
SETTLED = timedelta(seconds=5)
# There, what cannot be read is given longer: half a file is the likeliest reason.
GIVEN_UP = timedelta(minutes=1)
MAX_FILES = 100  # of a batch; set by hand: a second's work
MAX_BYTES = 4 * 1024 * 1024  # likewise, but for a file that is larger by itself
_NOTHING_NEW, _ANSWERED = 304, 200  # as of a server, for the schedule
_EVER = datetime.min.replace(tzinfo=UTC)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file, what it holds, and what could not be read of it; `parsed` is None where nothing could."""

    file: Dropped
    parsed: ParsedFeed | None = None
    reasons: tuple[str, ...] = ()
    embargoed_until: datetime | None = None  # it stays until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a poll of a folder reads. `waiting` are the files that it leaves, for whatever reason."""

    feed: Feed
    read: tuple[ReadFile, ...] = ()
    waiting: int = 0
    has_more: bool = False

    @property
    def files(self) -> int:
        """How many files are put away after it."""
        return sum(each.embargoed_until is None for each in self.read)

    @property
    def failed(self) -> int:
        """Of these, how many held nothing that can be read."""
        return sum(each.parsed is None for each in self.read)

    @property
    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Each file of which not all could be read, with a reason."""
        return tuple((each.file.shown, reason) for each in self.read for reason in each.reasons)

    @property
    def fetched(self) -> Fetched:
        """The batch as a server's answer."""
        status = _ANSWERED if self.parsed else _NOTHING_NEW
        return Fetched(status=status, url=self.feed.url)

    @property
    def parsed(self) -> ParsedFeed | None:
        """All items of it as one body, the newest first; None where there are none."""
        parts = [each.parsed for each in reversed(self.read) if each.parsed]
        if not parts and not self.has_more:
            return None
        return ParsedFeed(
            format="+".join(sorted({part.format for part in parts})),
            items=tuple(item for part in parts for item in part.items),
            language=_one(part.language for part in parts),
            left_out=LeftOut(
                broken=self.failed + sum(part.left_out.broken for part in parts),
                over_limit=sum(part.left_out.over_limit for part in parts),
                empty=sum(part.left_out.empty for part in parts),
            ),
            has_more=self.has_more,
        )


class Drops:
    """Reads folders of `agencies` through `parser`; remembers which files wait for the end of an embargo."""

    def __init__(
        self, settings: FetchSettings, parser: ParserPool, *, agencies: Iterable[Agency] = ()
    ) -> None:
        self._settings = settings
        self._parser = parser
        self._agencies = tuple(agencies)
        self._held: dict[str, dict[Dropped, datetime]] = {}  # by feed

    async def read(self, feed: Feed, now: datetime, *, look_only: bool = False) -> Batch:
        """The next batch of a folder. With `look_only`, nothing is made in it, so that nothing can be moved.

        Raises FetchError where the folder cannot be read, or files could not be moved out of it.
        """
        files = await asyncio.to_thread(self._list, feed, look_only)
        ready = [file for file in files if self._is_ready(feed, file, now)]
        read, looked_at = await self._take(feed, ready, now)
        self._hold(feed, files, read)
        moved = sum(each.embargoed_until is None for each in read)
        return Batch(
            feed=feed,
            read=tuple(read),
            waiting=len(files) - moved,
            has_more=moved > 0 and looked_at < len(ready),
        )

    async def put_away(self, batch: Batch, now: datetime) -> None:
        """Move the files of a batch, whose items are stored. Raises FetchError."""
        await asyncio.to_thread(self._move, batch, now)

    # ------------------------------------------------------------------------------- on a thread

    def _list(self, feed: Feed, look_only: bool) -> list[Dropped]:
        with spool.opened(folder_of(feed.url), self._settings.allow_directories) as folder:
            files = folder.files()
            if files and not look_only:
                folder.check_writable()
            return files

    def _body(self, feed: Feed, file: Dropped, *, age: timedelta) -> tuple[bytes, bool]:
        """The bytes of a file, and whether it is surely whole. Raises FileNotFoundError where it is not yet."""
        limit = feed.max_body_bytes or self._settings.max_body_bytes
        with spool.opened(folder_of(feed.url), self._settings.allow_directories) as folder:
            is_closed = folder.is_closed(file)
            if is_closed is False or (is_closed is None and age < SETTLED):
                raise FileNotFoundError(f"{file.shown} is being written")
            return folder.read(file, limit=limit), is_closed or age >= GIVEN_UP

    def _move(self, batch: Batch, now: datetime) -> None:
        folder_path = folder_of(batch.feed.url)
        with spool.opened(folder_path, self._settings.allow_directories) as folder:
            for each in batch.read:
                if each.embargoed_until is None:
                    place = spool.DONE if each.parsed else spool.FAILED
                    folder.put_away(each.file, place, each.reasons, now)
                    _tell(batch.feed, each)

    # ---------------------------------------------------------------------------- on the event loop

    async def _take(
        self, feed: Feed, ready: Sequence[Dropped], now: datetime
    ) -> tuple[list[ReadFile], int]:
        """As many files as make a batch, and how many were looked at for it."""
        read, seen, size = list[ReadFile](), set[str](), 0
        for at, file in enumerate(ready[:MAX_FILES]):
            size += file.size
            if read and size > MAX_BYTES:
                return read, at
            found = await self._read(feed, file, now)
            if found is None:
                continue
            if seen & (guids := _guids(found)):
                return read, at
            seen |= guids
            read.append(found)
        return read, min(len(ready), MAX_FILES)

    async def _read(self, feed: Feed, file: Dropped, now: datetime) -> ReadFile | None:
        """A file read; None where it is better left for the next poll."""
        age, is_whole = _age(file, now), True
        try:
            body, is_whole = await asyncio.to_thread(self._body, feed, file, age=age)
            parsed = await self._parser.parse(body, url=feed.url, headers={})
        except FileNotFoundError:
            return None
        except (ParseError, TooLargeError, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            return ReadFile(file=file, reasons=(reason,)) if is_whole else None
        if parsed.problems and not is_whole:
            return None
        return _judged(feed, file, parsed, _spellings(feed.agency_id, self._agencies), now)

    def _is_ready(self, feed: Feed, file: Dropped, now: datetime) -> bool:
        until = self._held.get(feed.id, {}).get(file)
        return until is None or until <= now

    def _hold(self, feed: Feed, files: Sequence[Dropped], read: Iterable[ReadFile]) -> None:
        held = self._held.get(feed.id, {})
        there = {file: held[file] for file in files if file in held}
        new = {each.file: each.embargoed_until for each in read if each.embargoed_until}
        self._held[feed.id] = there | new


def _judged(
    feed: Feed, file: Dropped, parsed: ParsedFeed, spellings: Collection[str], now: datetime
) -> ReadFile:
    """What of a file's items is the feed's, whose agency has these `spellings`, and what is said of the others."""
    names = {"", *spellings}  # who names none means the folder's
    own = _latest(item for item in parsed.items if _agency(item) in names)
    foreign = [item for item in parsed.items if _agency(item) not in names]
    reasons = [*parsed.problems, *(_foreign(item, feed) for item in foreign)]
    reasons += [_withheld(item) for item in own if item.is_withheld]
    until = [item.embargoed_until for item in own if is_embargoed(item, now)]
    return ReadFile(
        file=file,
        parsed=replace(parsed, items=own) if own else None,
        reasons=tuple(reasons),
        embargoed_until=min((at for at in until if at), default=None),
    )


def _latest(items: Iterable[ParsedItem]) -> tuple[ParsedItem, ...]:
    """The items; of those that are versions of one, in one file, the latest alone."""
    found: dict[object, ParsedItem] = {}
    for item in items:
        key = item.guid if item.guid and item.versioned_at else id(item)
        other = found.get(key, item)
        if item.versioned_at is None or item.versioned_at >= (other.versioned_at or _EVER):
            found[key] = item
    return tuple(found.values())


def _spellings(agency_id: str, agencies: Sequence[Agency]) -> set[str]:
    """What an agency is called: its id, name and aliases, but for what is the id of another."""
    agency = next((each for each in agencies if each.id == agency_id), None)
    names = (agency.name, *agency.aliases) if agency else ()
    others = {_folded(each.id) for each in agencies if each.id != agency_id}
    return {_folded(agency_id), *(set(map(_folded, names)) - others)}


def _agency(item: ParsedItem) -> str:
    """The agency that an item names; "" for none."""
    return _folded(item.agency_id or "")


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _foreign(item: ParsedItem, feed: Feed) -> str:
    return (
        f"{item.guid or item.title}: is of the agency {item.agency_id!r}, the folder of "
        f"{feed.agency_id!r}; give each agency a folder of its own"
    )


def _withheld(item: ParsedItem) -> str:
    return f"{item.guid or item.title}: its agency withholds it, so it is not published"


def _tell(feed: Feed, read: ReadFile) -> None:
    """One line in the log for a file of which not all was read."""
    if read.reasons:
        event = "file read in part" if read.parsed else "file failed"
        rest = f" (and {len(read.reasons) - 1} more)" if len(read.reasons) > 1 else ""
        log.warning(event, feed=feed.id, file=read.file.shown, reason=read.reasons[0] + rest)


def _guids(read: ReadFile | None) -> set[str]:
    items = read.parsed.items if read and read.parsed else ()
    return {item.guid for item in items if item.guid}


def _one(values: Iterable[str | None]) -> str | None:
    """The value that all have; None where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _age(file: Dropped, now: datetime) -> timedelta:
    """How long a file lies as it is; a time to come is another clock's, and no sign that it is written."""
    return abs(now - file.modified_at)
