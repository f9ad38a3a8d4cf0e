"""The class through which all other rooms use the database, the same for every engine.

    prepare -> claim -> | feeds_due -> known -> save_polls -> unplaced -> place |  -> close
                        | stories, story, story_of, version, changed_days     |  any thread, any time

Every method is one transaction (`indexed` and `each_story` stream inside one): it is stored whole or not
at all, and it is on the disk when the method returns, except for `save_feed_states`. Times are aware UTC.

Any method may raise StoreBusyError (locked for longer than 5 s; a write waits longer where `patience` does),
StoreFullError (no space, or read-only) or StoreError (any other error of the database).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from aggregator.errors import NotFoundError, StoreError
from aggregator.files import NEW_FILE_MODE
from aggregator.model import (
    Action,
    Arrival,
    Decision,
    DecisionRecord,
    FeedState,
    Fingerprint,
    Indexed,
    Item,
    Match,
    Move,
    Page,
    SeenEntries,
    SeenEntry,
    Story,
    StoryQuery,
    Summarise,
)
from aggregator.patience import Patience
from aggregator.pickup import Headline, Matrix, Pickup, Span
from aggregator.store import (
    changes,
    decisions,
    feeds,
    integrity,
    items,
    migrate,
    pages,
    pickup,
    placeholders,
    placement,
    stories,
    unions,
)
from aggregator.store.database import Database
from aggregator.store.engine import TransactionMode, copy_database
from aggregator.store.failures import translating_errors
from aggregator.store.lock import sole_poller
from aggregator.store.pages import Waiting
from aggregator.store.placement import Placed

# Fingerprints of the items saved last, 2.6 KB each: those meet in matching. With 5,000 a first cycle of 150
# feeds asks the database as seldom, 42 times.
_AT_HAND = 1000


class Store:
    """The stories of one database, opened at the first use.

    For a lock another program holds, a try waits `wait_seconds`; writes are tried again while `patience` says so.
    Reads may run in several threads at once; there is one writer at a time, and the others wait for it.
    """

    def __init__(
        self, url: str, *, wait_seconds: float | None = None, patience: Patience | None = None
    ) -> None:
        self._database = Database(url, wait_seconds=wait_seconds, patience=patience or Patience())
        self._at_hand: dict[str, Fingerprint] = {}

    # ------------------------------------------------------------------------------------- opening

    def prepare(self) -> None:
        """Make the tables in an empty database.

        Raises:
            StoreSchemaError: the database is of an older or newer version, or of another program.
        """
        version = self._version()
        if version is None:
            self._create()
        else:
            migrate.refuse_other_version(version)
        self._database.remember_file()

    def must_be_in_place(self) -> None:
        """Raise StoreError when the file prepared was deleted or replaced since. Cheap."""
        self._database.must_be_in_place()

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema to the present version; returns what it was (None: empty) and what it is.

        Raises:
            StoreSchemaError: the database is of a newer version, or of another program.
        """
        with self._writing() as connection:
            version = migrate.schema_version(connection)
            if version is not None:
                migrate.refuse_newer_version(version)
            migrate.upgrade(connection)
        return version, migrate.HEAD

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Be the only poller of this database until the block or the process ends.

        Raises:
            StoreBusyError: another process is; the message names it.
        """
        with ExitStack() as held:
            with translating_errors(self._database.name):
                held.enter_context(sole_poller(self._engine, self._database.file))
            yield

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self._database.close()

    # --------------------------------------------------------------------------------------- feeds

    def feed_states(self) -> dict[str, FeedState]:
        """Return every state by feed id, those of retired feeds too."""
        with self._reading() as connection:
            return feeds.states(connection)

    def save_feed_states(
        self, states: Iterable[FeedState], *, seen: Sequence[SeenEntries] = ()
    ) -> None:
        """Write states. Cheap: a loss of power may undo the last of them, a kill does not.

        `seen` is as of `save_polls`.
        """
        with self._writing(TransactionMode.RELAXED) as connection:
            feeds.save(connection, states)
            feeds.save_seen(connection, seen)

    def seen_entries(self, feed_id: str, scheme: str) -> Mapping[str, SeenEntry]:
        """Return the entries of a feed's last body by digest; none that were read under another scheme."""
        with self._reading() as connection:
            return feeds.seen(connection, feed_id, scheme)

    def feeds_due(
        self, now: datetime, *, limit: int | None = None, except_at: Collection[str] = ()
    ) -> list[FeedState]:
        """Return the feeds due at `now`, the longest due first; none that is gone or retired.

        Feeds whose address begins as one of `except_at` are left out.
        """
        with self._reading() as connection:
            return feeds.due(connection, now, limit, except_at)

    def next_due_at(self) -> datetime | None:
        """Return the time the next feed is due, which may be past; None when no feed is polled."""
        with self._reading() as connection:
            return feeds.next_due_at(connection)

    def retire_feeds(self, keep: Collection[str]) -> None:
        """Never poll feeds that are not in `keep`; their items remain. Those in `keep` are polled again."""
        with self._writing(TransactionMode.RELAXED) as connection:
            feeds.retire(connection, keep)

    # --------------------------------------------------------------------------------------- items

    def known(self, feed_id: str, keys: Collection[str]) -> dict[str, Item]:
        """Return, by key, the items of a feed that have one of `keys`."""
        with self._reading() as connection:
            return items.known(connection, feed_id, keys)

    def save_polls(
        self,
        states: Iterable[FeedState],
        arrivals: Sequence[tuple[Arrival, Fingerprint]],
        *,
        seen: Sequence[SeenEntries] = (),
    ) -> None:
        """Store what polls brought, with their feeds' states: validators are never newer than items.

        Nor is an entry ever seen whose item is not stored: `seen` are the entries of the bodies, of those
        feeds where they are others than before.

        An arrival that is stored already changes nothing. A revision (its number is higher than the stored
        one's) keeps the former text, and is `awaited` until `place_again`.
        """
        with self._writing() as connection:
            feeds.save(connection, states)
            made = items.save(connection, arrivals)
            feeds.save_seen(connection, seen)
        self._keep_at_hand(made)

    def unplaced(self, *, limit: int = 500) -> list[tuple[Item, Fingerprint]]:
        """Return items that are not in a story yet, the earliest reported first, then the longest.

        Those that wait for their page are left out.
        """
        with self._reading() as connection:
            waiting = items.unplaced(connection, limit)
        self._keep_at_hand({item.id: fingerprint for item, fingerprint in waiting})
        return waiting

    def count_unplaced(self, *, limit: int) -> int:
        """Count the items that are not in a story yet, up to `limit`."""
        with self._reading() as connection:
            return items.count_unplaced(connection, limit)

    def place(
        self,
        placements: Sequence[Placed],
        *,
        united: Sequence[Match] = (),
        summarise: Summarise,
    ) -> list[tuple[str, str]]:
        """Put items into stories; each placement is a move and the item's related matches.

        An item that is in a story already stays there. A story that was joined into another in the meantime
        is replaced by that one. `summarise` gives the summary of each story that gains an item.

        Then the stories of each pair in `united` become one; returns what that moved, each item with its
        story now. The older story keeps its id, the other's leads there. Stories that a person has parted
        stay apart.

        Raises:
            NotFoundError: an item is not stored.
        """
        with self._writing() as connection:
            placement.place(connection, placements, summarise)
            return unions.unite(connection, united, summarise)

    def place_again(
        self,
        item: Item,
        united: Sequence[Match],
        related: Sequence[Match],
        *,
        summarise: Summarise,
    ) -> list[tuple[str, str]]:
        """Store what came of looking again at a revised item: `united` as of `place`, and related pairs.

        Its story is summarised anew, and the item is no longer `awaited`.
        """
        with self._writing() as connection:
            placement.save_matches(connection, related)
            moved = unions.unite(connection, united, summarise)
            home = placement.story_ids_of(connection, [item.id])[item.id]
            if home is not None:
                placement.summarise_again(connection, [home], summarise)
            items.settle(connection, item)
            return moved

    def awaited(self, *, limit: int = 500) -> list[tuple[Item, Fingerprint, str]]:
        """Return items revised since they were placed, each with its story, the earliest reported first."""
        with self._reading() as connection:
            return items.awaited(connection, limit)

    def of_agency(self, agency_id: str, since_at: datetime, until_at: datetime) -> list[Item]:
        """Return the items an agency reported in a span of time, the latest first."""
        with self._reading() as connection:
            return items.of_agency(connection, agency_id, since_at, until_at)

    def latest_of_feed(self, feed_id: str, agency_id: str, *, limit: int) -> list[Item]:
        """Return the items of an agency's feed that were reported last, the latest first."""
        with self._reading() as connection:
            return items.latest_of_feed(connection, feed_id, agency_id, limit)

    def save_readings(self, read: Sequence[Item]) -> None:
        """Write language, credits, source and notice of stored items, whose texts were read anew."""
        with self._writing() as connection:
            items.save_readings(connection, read)

    def items_with_text(self, keys: Collection[str], *, limit: int) -> dict[str, list[Item]]:
        """Return, by `Item.text_key`, up to `limit` items of each; known placeholders first, then the latest."""
        with self._reading() as connection:
            return placeholders.with_text(connection, keys, limit)

    def unmarked_placeholders(self, *, limit: int = 500) -> list[Item]:
        """Return items whose text is known as a placeholder by others, the earliest seen first."""
        with self._reading() as connection:
            return placeholders.unmarked(connection, limit)

    def mark_placeholders(
        self,
        read: Sequence[tuple[Item, Fingerprint]],
        *,
        started_by: placeholders.StartedBy,
        summarise: Summarise,
    ) -> list[tuple[str, str]]:
        """Store items as read without their text, to be looked at again; each moved one with its story now.

        One that is in a story for what its text has in common with another placeholder gets a story of its
        own, named by `started_by`; one that a person or an address put there stays.
        """
        with self._writing() as connection:
            moved = placeholders.mark(connection, read, started_by=started_by, summarise=summarise)
        self._keep_at_hand({item.id: made for item, made in read})
        return moved

    def stories_with_other_scheme(
        self, scheme: str, since_at: datetime, *, limit: int
    ) -> list[Story]:
        """Return stories first seen since a time whose summary is of another scheme, the earliest first."""
        with self._reading() as connection:
            return stories.with_other_scheme(connection, scheme, since_at, limit)

    def summarise_again(self, story_ids: Collection[str], *, summarise: Summarise) -> None:
        """Give stories the summaries of their present items."""
        with self._writing() as connection:
            placement.summarise_again(connection, story_ids, summarise)

    def freeze_dates(self) -> None:
        """Record that all stories are published: their `published_at` does not change any more."""
        with self._writing() as connection:
            stories.freeze_dates(connection)

    def indexed(self, since_at: datetime) -> Iterator[Indexed]:
        """Stream the placed items reported since a time, in the order of their reports."""
        with self._reading() as connection:
            yield from items.indexed(connection, since_at)

    def fingerprints(self, item_ids: Sequence[str]) -> dict[str, Fingerprint]:
        """Return the fingerprints of these items, by item id; those not stored are left out."""
        known = {id_: self._at_hand[id_] for id_ in item_ids if id_ in self._at_hand}
        if asked := [id_ for id_ in item_ids if id_ not in known]:
            with self._reading() as connection:
                known |= items.fingerprints_of(connection, asked)
        return known

    def save_fingerprints(self, fingerprints: Mapping[str, Fingerprint]) -> None:
        """Write fingerprints of stored items, replacing those they had."""
        with self._writing() as connection:
            items.save_fingerprints(connection, fingerprints)
        self._keep_at_hand(fingerprints)

    def _keep_at_hand(self, fingerprints: Mapping[str, Fingerprint]) -> None:
        """Remember what was stored just now, or is about to be placed; on the thread that writes."""
        for item_id, made in fingerprints.items():
            self._at_hand.pop(item_id, None)
            if made.parts:
                self._at_hand[item_id] = made
        while len(self._at_hand) > _AT_HAND:
            del self._at_hand[next(iter(self._at_hand))]

    def items_with_other_scheme(
        self, schemes: Mapping[str, str], since_at: datetime, *, limit: int
    ) -> list[Item]:
        """Return items reported since a time which lack a fingerprint of these channels, earliest first.

        `schemes` has the scheme wanted of each channel, by its name. To walk many, pass the last one's
        `reported_at` as the next `since_at`.
        """
        with self._reading() as connection:
            return items.with_other_scheme(connection, schemes, since_at, limit)

    def at_address(self, feed_ids: Collection[str], key: str) -> list[Item]:
        """Return the items of feeds that answer to the key of an address, or have the link of one who does."""
        with self._reading() as connection:
            return items.at_address(connection, feed_ids, key)

    def item(self, item_id: str) -> Item:
        """Return an item; NotFoundError."""
        with self._reading() as connection:
            return items.item(connection, item_id)

    def find_item(self, reference: str) -> Item:
        """Return the item with this id, else link, else guid, else at this address in another spelling.

        Of several the one seen last.

        Raises:
            NotFoundError: there is none; the message says how to find one.
        """
        with self._reading() as connection:
            return items.find(connection, reference)

    def find_item_or_lead(self, reference: str) -> Item:
        """Return the item that `find_item` finds, else the lead of the story with this id; raises as that does."""
        try:
            return self.find_item(reference)
        except NotFoundError:
            with suppress(NotFoundError):
                return self.story(reference).lead
            raise

    def revisions(self, item_id: str) -> list[Item]:
        """Return an item as it was and is, oldest revision first; NotFoundError."""
        with self._reading() as connection:
            return items.revisions(connection, item_id)

    # --------------------------------------------------------------------------------------- pages

    def waiting_for_pages(self) -> list[Waiting]:
        """Return the items that are placed, or looked at again, once their page was read.

        Those that correct or withdraw a report come first, then the earliest reported.
        """
        with self._reading() as connection:
            return pages.waiting(connection)

    def overdue_for_pages(self, now: datetime) -> list[str]:
        """Return the ids of the items whose time to wait is over."""
        with self._reading() as connection:
            return pages.expired(connection, now)

    def page(self, key: str) -> Page | None:
        """Return an article's page as it was last asked for, by its key; None where it never was."""
        with self._reading() as connection:
            return pages.page(connection, key)

    def latest_pages(self, host: str, *, limit: int) -> list[Page]:
        """Return the pages of a host that were asked last, the latest first."""
        with self._reading() as connection:
            return pages.latest(connection, host, limit)

    def count_pages(self, host: str, since_at: datetime) -> int:
        """Count the pages of a host asked since a time."""
        with self._reading() as connection:
            return pages.count_asked(connection, host, since_at)

    def save_page(
        self,
        page: Page | None,
        read: Sequence[tuple[Item, Fingerprint]],
        *,
        released: Collection[str] = (),
    ) -> None:
        """Write a page that was asked, and the items it is of with what they are by it: they wait no longer.

        Nor do the items `released`. One of the others that was revised since it was read stays as it is.
        """
        with self._writing() as connection:
            pages.save(connection, page, read, released)
        for item, _ in read:  # which of them were saved, only the database knows
            self._at_hand.pop(item.id, None)

    # ------------------------------------------------------------------------------------- stories

    def story(self, story_id: str) -> Story:
        """Return a story, or the one it was joined into; NotFoundError."""
        with self._reading() as connection:
            return stories.story(connection, story_id)

    def story_of(self, item_id: str) -> Story:
        """Return the story an item is in; NotFoundError for no such item, or one not placed yet."""
        with self._reading() as connection:
            return stories.story_of(connection, item_id)

    def stories(self, query: StoryQuery) -> list[Story]:
        """Return the stories a query selects, in its order.

        Raises:
            UsageError: `after` is the id of no story, or the search has nothing to look for.
        """
        with self._reading() as connection:
            return list(stories.find(connection, query))

    def each_story(self, query: StoryQuery) -> Iterator[Story]:
        """Stream the stories a query selects, in its order, as of one moment. Raises as `stories` does."""
        with self._reading() as connection:
            yield from stories.find(connection, query)

    def latest_update(self, query: StoryQuery) -> datetime | None:
        """Return the latest `updated_at` of the stories a query selects, ignoring its limit."""
        with self._reading() as connection:
            return stories.latest_update(connection, query)

    def count_stories(self, query: StoryQuery) -> int:
        """Count the stories a query selects, ignoring its limit."""
        with self._reading() as connection:
            return stories.count(connection, query)

    def corrections(self, since_at: datetime, *, limit: int) -> list[Story]:
        """Return stories that their origin corrected or withdrew since a time, the last one first."""
        with self._reading() as connection:
            return stories.corrections(connection, since_at, limit)

    def story_counts_by_agency(self) -> dict[str, int]:
        """Count the stories, withdrawn ones too, in which each agency has an item; those with none are left out."""
        with self._reading() as connection:
            return items.stories_by_agency(connection)

    def items_a_day(
        self, feed_ids: Collection[str], since_at: datetime
    ) -> dict[str, dict[date, int]]:
        """Count what feeds brought on each UTC day of `seen_at` since a time; days without items are left out."""
        with self._reading() as connection:
            return items.a_day(connection, feed_ids, since_at)

    def story_days(self) -> list[tuple[date, int]]:
        """Return the UTC days of `first_seen_at` that have stories, newest first, and how many."""
        with self._reading() as connection:
            return changes.counts(connection)

    def version(self) -> int:
        """Return a number that grows with every change of any story, whichever process made it."""
        with self._reading() as connection:
            return changes.version(connection)

    def changed_days(self, since_version: int) -> set[date]:
        """Return the UTC days that gained, lost or changed a story after a version."""
        with self._reading() as connection:
            return changes.changed(connection, since_version)

    def matches_of(self, item_ids: Collection[str]) -> list[Match]:
        """Return the pairs, merged or related, that have one of these items; the best first."""
        with self._reading() as connection:
            return stories.matches_of(connection, item_ids)

    # ------------------------------------------------------------------------------------- pick-up

    def pickup(self, agency_id: str, span: Span, partner_id: str | None = None) -> Pickup:
        """Return what became of the reports of an agency, and what it carried of others'.

        Reports belong to the span their `published_at` lies in, with all copies they have by now; a report
        that was withdrawn is among them only where it was carried. What the agency carried of all others
        belongs to the span in which it did; with a partner it is reckoned as that one's own reports are.
        """
        with self._reading() as connection:
            return pickup.read(connection, agency_id, span, partner_id)

    def carriers(self, span: Span) -> Matrix:
        """Return what each agency carried of each other's reports, of those published in a span."""
        with self._reading() as connection:
            return pickup.carriers(connection, span)

    def headlines(self, item_ids: Collection[str]) -> dict[str, Headline]:
        """Return title and link of items, by id; those not stored are left out."""
        with self._reading() as connection:
            return pickup.headlines(connection, item_ids)

    def story_ids_of(self, item_ids: Collection[str]) -> dict[str, str | None]:
        """Return the story each item is in, None where it is in none; NotFoundError for an unknown item."""
        with self._reading() as connection:
            return placement.story_ids_of(connection, item_ids)

    # ----------------------------------------------------------------------------------- decisions

    def decide(  # noqa: PLR0913 - one argument a column
        self,
        action: Action,
        *,
        item_id: str,
        other_id: str | None,
        moves: Sequence[Move],
        summarise: Summarise,
        now: datetime,
        made_by: str | None = None,
        reason: str = "",
    ) -> Decision:
        """Move items as a person decided; `summarise` gives the new summaries of the stories that change.

        A story left without items becomes an alias of the one that took them. A lead moves none: the story
        of the item is summarised anew.

        Raises:
            NotFoundError: an item is not stored, or in no story yet.
            StoreError: a story would be led by an item it does not hold.
        """
        with self._writing() as connection:
            return decisions.decide(
                connection,
                Decision(
                    id=0,
                    action=action,
                    item_id=item_id,
                    other_id=other_id,
                    made_at=now,
                    made_by=made_by,
                    reason=reason,
                ),
                moves,
                summarise,
            )

    def undo(self, now: datetime, *, summarise: Summarise) -> Decision:
        """Undo the last decision, for its items that are still where it put them.

        `summarise(members, story_id)` summarises each story that changes. Items that joined these
        stories since stay where they are.

        Raises:
            NotFoundError: there is nothing to undo.
        """
        with self._writing() as connection:
            return decisions.undo(connection, now, summarise)

    def decided_version(self) -> int:
        """Return the version that the last decision, made or undone, gave the stories; 0 without any."""
        with self._reading() as connection:
            return decisions.version(connection)

    def decisions(self, after_id: int = 0) -> list[Decision]:
        """Return the decisions in force made after the one with this id, oldest first."""
        with self._reading() as connection:
            return decisions.made(connection, after_id)

    def decisions_made(self, limit: int | None = None) -> list[DecisionRecord]:
        """Return the decisions, undone ones too, with the items they name; the last one first."""
        with self._reading() as connection:
            return decisions.records(connection, limit)

    def items_alike(
        self, item_id: str, *, guid: str | None = None, link: str | None = None
    ) -> list[Item]:
        """Return the items that have this id, this guid or this link, by id."""
        with self._reading() as connection:
            return decisions.alike(connection, item_id, guid, link)

    def moves_since(self, since_version: int) -> list[tuple[str, str]]:
        """Return what decisions, made or undone after a version, moved: (item id, its story now).

        So a running daemon learns what another process decided. Call `version()` before, not after.
        """
        with self._reading() as connection:
            return decisions.moves_since(connection, since_version)

    # --------------------------------------------------------------------------------- maintenance

    def backup(self, path: Path) -> None:
        """Copy the database into a file, whole or not at all, while others read and write.

        A file that is there is replaced, so that a nightly copy may keep its name. The copy has the
        permissions of the database.

        Raises:
            StoreError: there is no database yet, `path` is the database, or the engine has a tool
                of its own; the message names it.
            OutputError: the file cannot be written.
            StoreSchemaError: a newer version wrote it; an older schema is copied as it is.
        """
        self._database.must_exist()
        if self._database.file is not None and (version := self._version()):
            migrate.refuse_newer_version(version)
        if self._database.file is not None and path.resolve() == self._database.file.resolve():
            raise StoreError(f"{path} is the database itself. Give the backup another name.")
        mode = self._database.file.stat().st_mode & 0o777 if self._database.file else NEW_FILE_MODE
        with translating_errors(f"The backup of {self._database.name} to {path}"):
            copy_database(self._engine, path, mode=mode)

    def check(self) -> list[str]:
        """Return the problems of the database as sentences; empty when it is sound. Reads all of it.

        Raises:
            StoreSchemaError: another version wrote it; the message says what to do.
        """
        self._database.must_exist()
        if version := self._version():
            migrate.refuse_other_version(version)
        with self._reading() as connection:
            return integrity.problems(connection)

    def figures(self) -> dict[str, int]:
        """Count feeds, items, unplaced, stories, related (pairs), decisions and bytes."""
        with self._reading() as connection:
            return integrity.figures(connection)

    # --------------------------------------------------------------------------------- transactions

    @property
    def _engine(self) -> Engine:
        return self._database.engine

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._database.transaction(TransactionMode.READ)

    def _writing(
        self, mode: TransactionMode = TransactionMode.WRITE
    ) -> AbstractContextManager[Connection]:
        return self._database.transaction(mode)

    def _create(self) -> None:
        with self._writing() as connection:
            if migrate.schema_version(connection) is None:  # another process may have been first
                migrate.create(connection)

    def _version(self) -> str | None:
        with self._reading() as connection:
            return migrate.schema_version(connection)
