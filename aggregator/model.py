"""The words of this project as plain values, in the order an item meets them.

Every class is frozen, slotted and keyword-only; none does anything but hold. Times are aware UTC
datetimes and end in `_at`; durations are `timedelta`; scores are floats in [0, 1]. The glossary in
the README says what each word means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

# --------------------------------------------------------------------------- who publishes, and where


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A publisher, with every name it is called by, in any script."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    home: str | None = None


class Fulltext(StrEnum):
    """Whether the article pages of a feed's items are read, for matching."""

    AUTO = "auto"  # where the texts of the feed are short
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many entries of a body were left out, for which reason."""

    broken: int = 0  # cut, or so badly formed that nothing can be read
    over_limit: int = 0  # the oldest of a body that has more entries than we read
    empty: int = 0  # without words, link and enclosure

    @property
    def total(self) -> int:
        """All of them."""
        return self.broken + self.over_limit + self.empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address we poll. `interval`, `timeout`, `max_body_bytes` override the defaults when set."""

    id: str
    url: str
    agency_id: str
    language: str | None = None
    interval: timedelta | None = None
    timeout: timedelta | None = None
    max_body_bytes: int | None = None
    fulltext: Fulltext = Fulltext.AUTO
    user_agent: str = ""  # "" means that of `fetch`


class FeedStatus(StrEnum):
    """How a feed's last poll ended."""

    NEW = "new"  # never polled
    OK = "ok"  # answered with items, or "nothing changed"
    STALE = "stale"  # answered, but with nothing that can be read as a feed with items
    FAILING = "failing"  # did not answer, or with an error
    GONE = "gone"  # answered 410: no longer polled


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we remember of a feed between polls; `ingest.schedule` alone derives the next from the last.

    `url` is the address in use: the configured one, or where a lasting redirect led. The validators
    are kept byte for byte as the server sent them (RFC 9110, section 8.8).
    """

    feed_id: str
    url: str
    configured_url: str
    next_due_at: datetime
    status: FeedStatus = FeedStatus.NEW
    error: str | None = None  # the last failure in one line; None after a success
    failures: int = 0  # polls failed in a row
    interval: timedelta | None = None  # the adaptive base; None before the first poll
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None  # SHA-256 of the last decoded body, hexadecimal
    trust_validators: bool = True  # False once a validator was caught lying
    title: str | None = None
    format: str | None = None  # "rss20", "atom10", "json11", "sitemap", …
    item_count: int = 0  # items in the last body that had any
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    full_at: datetime | None = None  # last answer with a body (not 304)
    newest_at: datetime | None = None  # newest plausible publication time seen
    overlap_streak: int = 0  # polls in a row whose items were nearly all known (+) …
    moved_to: str | None = None  # a permanent redirect under observation
    moved_at: datetime | None = None  # when it was first seen
    ttl: timedelta | None = None  # what the last body asked for; "nothing changed" repeats it
    skip_hours: frozenset[int] = frozenset()  # UTC hours, 0-23
    skip_days: frozenset[int] = frozenset()  # Monday is 0
    left_out: LeftOut = LeftOut()  # of the last body that had items
    median_words: int | None = None  # of the texts in that body; None before the first


# ------------------------------------------------------------------------------ a feed becomes items


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answered exchange: final status, decoded body, and the headers that are read.

    `headers` have lower-case names. `permanent_url` is set when every hop was 301 or 308, `is_detour`
    when one was not: then the answer says nothing lasting of the address that was asked.
    """

    status: int
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    permanent_url: str | None = None
    is_detour: bool = False
    took: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an entry brings: sound, film, picture, document."""

    url: str  # absolute, http or https
    media_type: str = ""  # such as "audio/mpeg"; "" where the feed does not say
    length: int | None = None  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedItem:
    """One entry as a feed delivered it, made safe: no active content, only http(s) links, valid XML."""

    guid: str | None
    link: str | None
    title: str  # plain text
    html: str  # safe markup of the longest body the entry carries; may be ""
    text: str  # the same as plain text, paragraphs apart by a blank line; may be ""
    published_at: datetime | None = None  # as the feed says; None when it says nothing readable
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    full_text: str = ""  # of the article's page, where it was asked and says more than `text`
    is_whole: bool = False  # the feed gives the whole text beside a summary
    digest: str | None = None  # of the entry as written, where one was made (`parse.skip_known`)
    language: str | None = None  # where the format says it of the entry itself
    enclosures: tuple[Enclosure, ...] = ()
    agency_id: str | None = None  # where the format names it
    versioned_at: datetime | None = None  # when this version was made, where the format counts them
    notice: Notice | None = None  # what the format's own marks say that it is
    is_withheld: bool = False  # its agency does not want it published, until it says otherwise
    embargoed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A body read as a feed; `unread` has the digests of entries left out because they were known.

    `has_more` says that its source holds more, for the next poll at once.
    """

    format: str
    items: tuple[ParsedItem, ...]
    unread: tuple[str, ...] = ()
    title: str | None = None
    language: str | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()  # UTC hours, 0-23
    skip_days: frozenset[int] = frozenset()  # Monday is 0
    left_out: LeftOut = LeftOut()
    problems: tuple[str, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """The item an entry is, when its feed says it was published, and the words of its text."""

    item_id: str
    published_at: datetime | None = None
    words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntries:
    """The entries of a feed's last body whose present text is stored, by their digests.

    They count only for whoever makes digests and reads entries under the same `scheme`.
    """

    feed_id: str
    scheme: str
    entries: Mapping[str, SeenEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a text says of its own origin: the agency it names, and the words that name it."""

    agency_id: str
    phrase: str  # the whole clause or sentence that names it, as written
    agreement: bool = False  # a line such as "distributed by agreement between BTA and Kazinform"
    background: bool = False  # of something else than the report: "as Kazinform wrote last year"


class CreditState(StrEnum):
    """Whom the text of a copy names as its source."""

    ORIGIN = "origin"  # the agency of origin
    OTHER = "other"  # another agency, such as the one that had it from the origin
    NONE = "none"  # no source at all, in a text known to be whole
    UNKNOWN = "unknown"  # none, in a summary: the whole text may name one


class Notice(StrEnum):
    """What an item says it is, at the head of its title or text."""

    CORRECTION = "correction"  # of an earlier item
    KILL = "kill"  # the withdrawal of an earlier item


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A fact that a correction replaced, as each version has it."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One report as one feed delivered it; its identity is (feed, guid), else link, else content.

    `published_at` is what the feed says, `seen_at` when we first held it. `reported_at` is the time that
    counts: `published_at` where that is plausible, else `seen_at`.
    """

    id: str
    feed_id: str
    agency_id: str
    title: str
    text: str
    seen_at: datetime
    reported_at: datetime
    guid: str | None = None
    link: str | None = None
    html: str = ""
    language: str | None = None
    published_at: datetime | None = None
    revision: int = 1  # counts from 1; a changed text is a revision, never a new item
    revised_at: datetime | None = None  # when we first held the present revision, if not the first
    content_hash: str = ""  # of title and text; equal hashes are the same revision
    credits: tuple[Credit, ...] = ()
    full_text: str = ""  # of the article's page; for matching only, never published
    is_whole: bool = False  # the feed gave all of the text, not a summary of it
    names_source: bool = False  # its text names a source of news, configured or not, of the report
    notice: Notice | None = None
    corrects: tuple[
        Replacement, ...
    ] = ()  # facts of its former revisions that its later ones replaced
    enclosures: tuple[Enclosure, ...] = ()
    awaits_page_until: datetime | None = None  # it is matched when its page was read, or then
    text_key: str | None = None  # equal for equal texts under other titles; None for a long one
    is_placeholder: bool = False  # the longer of its texts stands in for the report: a notice
    versioned_at: datetime | None = None  # when its agency made this version, where it says so
    stated_notice: Notice | None = None  # `notice` as the format's marks say it, not the text

    @property
    def longer_text(self) -> str:
        """The longer of its two texts, whether it is a report or stands in for one."""
        return max(self.text, self.full_text, key=len)

    @property
    def longest_text(self) -> str:
        """The text that says most: the feed's, or that of the article's page; of a placeholder the other one."""
        longest = self.longer_text
        if not self.is_placeholder:
            return longest
        other = min(self.text, self.full_text, key=len)
        return other if other != longest else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page as it was last asked for. `key` is a digest of its address without tracking."""

    key: str
    url: str
    host: str
    asked_at: datetime
    status: int | None = None  # None where there was no answer
    etag: str | None = None
    last_modified: str | None = None
    text: str = ""  # of its article
    refusal: str | None = None  # why there is no text, in one line


class PageResult(StrEnum):
    """What came of an item's wish for its article's page."""

    READ = "read"
    KEPT = "kept"  # not changed since it was read, or read for another item just now
    REFUSED = "refused"  # it has no text for us
    RELEASED = "released"  # not asked: the site is left alone, its budget spent, or the time over


class Change(StrEnum):
    """What an entry of a feed is to us."""

    NEW = "new"
    REVISED = "revised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An item to be stored. `keys` are all the identities it answers to within its feed."""

    item: Item
    change: Change
    keys: tuple[str, ...]


# ------------------------------------------------------------------------------ items become stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The cleaned words of an item. What was taken off is kept: it is evidence of provenance."""

    title: str
    body: str  # paragraphs apart by a blank line
    language: str  # ISO 639-1, "und" when unknown
    dateline: str = ""
    credits: tuple[Credit, ...] = ()
    removed: tuple[str, ...] = ()
    names_source: bool = (
        False  # whether it names a source of news, configured or not, of the report
    )
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPrint:
    """What one channel of matching keeps of a text; b"" when the text says too little for it.

    `scheme` names all that the bytes depend on (text rules, normaliser, parameters, seed, model). Bytes
    of two schemes are never compared: those of another scheme are made anew from the text.
    """

    channel: str
    scheme: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What matching keeps of a text: a part for each channel. Only the channel reads the bytes."""

    language: str  # ISO 639-1, "und" when unknown
    parts: tuple[ChannelPrint, ...] = ()  # in the order of the channels' names

    def data(self, channel: str, scheme: str) -> bytes:
        """A channel's bytes under a scheme; b"" when there are none."""
        for part in self.parts:
            if part.channel == channel:
                return part.data if part.scheme == scheme else b""
        return b""

    @property
    def schemes(self) -> dict[str, str]:
        """The scheme of each part, by channel."""
        return {part.channel: part.scheme for part in self.parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An item as the matching index knows it."""

    item_id: str
    story_id: str
    agency_id: str
    reported_at: datetime
    fingerprint: Fingerprint
    credits: tuple[Credit, ...] = ()

    @classmethod
    def of(cls, item: Item, story_id: str, fingerprint: Fingerprint) -> Self:
        """The item, in a story."""
        return cls(
            item_id=item.id,
            story_id=story_id,
            agency_id=item.agency_id,
            reported_at=item.reported_at,
            fingerprint=fingerprint,
            credits=item.credits,
        )


class Kind(StrEnum):
    """What a match is."""

    IDENTICAL = "identical"
    NEAR = "near"  # an edited copy
    EXCERPT = "excerpt"  # one is a part of the other
    TRANSLATION = "translation"
    REVISION = "revision"  # the same agency's later version
    RELATED = "related"  # shown, never merged
    MANUAL = "manual"  # a person said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number, name or word as each side has it; "" where that side lacks it."""

    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Aligned words of two texts; `same` passages are equal, others stand in the same place."""

    a: str
    b: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a pair is, or is not, one story, in words an editor understands.

    `rule` is the stable name of the rule that decided, `reason` one sentence. Facts and passages are
    filled only when both texts are at hand (`explain`); `features` always.
    """

    rule: str
    reason: str
    features: Mapping[str, float] = field(default_factory=dict)
    agree: tuple[Fact, ...] = ()
    differ: tuple[Fact, ...] = ()
    passages: tuple[Passage, ...] = ()
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A verified pair. `a` is the later item, `b` the one that was there."""

    a: str
    b: str
    kind: Kind
    score: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an item belongs: the story of `match.b`, or a new one when `match` is None.

    `united` are matches with items of other stories, each of which becomes one with the item's story,
    unless a person has parted them: then such a pair is what it also is in `related`.
    """

    item_id: str
    story_id: str | None
    match: Match | None
    united: tuple[Match, ...] = ()
    related: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What an item is to the other items of its story: `match.story` decides it.

    `parent` is the pair with the item it was most likely taken from, which is `parent.b`; None for an
    item that was taken from none of them. Everything else follows from the texts and times of all.
    """

    parent: Match | None = None
    is_undecided: bool = False  # the times cannot tell whether it or another was first
    credit: CreditState | None = None  # None for the items of the agency of origin
    is_edition: bool = False  # the agency had it in another language before, or at the same time
    is_stale: bool = False  # it has a fact that was corrected, or a report that was killed
    superseded_by: str | None = None  # the item of the agency that corrects or withdraws it
    corrects: tuple[Replacement, ...] = ()  # facts that it, or its revisions, replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An item in its story. `match` is the pair by which it came there, None for the founder."""

    item: Item
    match: Match | None = None
    lineage: Lineage = Lineage()
    chosen: int | None = None  # the last decision that made it the lead; a story's highest counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another story a story is related to, not merged with, its lead, and the pair that says so."""

    story_id: str
    title: str
    agency_id: str
    language: str | None
    reported_at: datetime
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One wire report and its copies. `members` stand in the order of their `reported_at`."""

    id: str
    members: tuple[Member, ...]
    lead_id: str
    origin_id: str  # an agency
    first_seen_at: datetime
    updated_at: datetime  # moved by a correction of the origin, not by a copy
    published_at: datetime  # of its earliest report, as known when it was first published
    killed_at: datetime | None = None  # when the agency of origin withdrew it
    related: tuple[Related, ...] = ()

    @property
    def lead(self) -> Item:
        """The item that stands for the story in the merged feed."""
        return next(member.item for member in self.members if member.item.id == self.lead_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChange:
    """What a story becomes, or is at its founding; the store keeps it, `match.story` decides it."""

    story_id: str
    lead_id: str
    origin_id: str
    first_seen_at: datetime
    updated_at: datetime
    published_at: datetime  # of the earliest report; the store keeps the one that was published
    killed_at: datetime | None = None
    lineages: Mapping[str, Lineage] = field(default_factory=dict, hash=False)  # by item
    scheme: str = ""  # of the rules it was made by: a summary by others is made anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An item comes into a story; `match` is its match to the story, None for the first."""

    item_id: str
    story_id: str
    match: Match | None = None


Summarise = Callable[[Sequence[Member], str], StoryChange]  # of a story's members, and its id


class Action(StrEnum):
    """What a person decided."""

    JOIN = "join"
    SPLIT = "split"
    LEAD = "lead"  # the item that stands for its story


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's decision; never overruled by matching, and undone only by a person."""

    id: int
    action: Action
    item_id: str
    other_id: str | None  # the item joined to, or split from where known; None for a lead
    made_at: datetime
    made_by: str | None = None  # the user of the machine or of the page, where known
    reason: str = ""  # in their own words


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision with the items it names and their stories, as they are now, and when it was undone."""

    decision: Decision
    item: Item
    story_id: str
    other: Item | None = None
    other_story_id: str | None = None
    undone_at: datetime | None = None  # None while it is in force


# ------------------------------------------------------------------------------- questions and reports


class Order(StrEnum):
    """In which order stories are listed; each order is total."""

    SEEN = "seen"  # the latest first seen first; of those of one poll the latest report
    DATE = "date"  # the latest report first, by `Story.published_at`
    CARRIED = "carried"  # the one with the most items first
    SPREAD = (
        "spread"  # the one that was carried fastest first: `StoryQuery` says how that is reckoned
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryQuery:
    """Which stories; every condition given must hold for a story (or for one of its items).

    `carried_by`, `kind`, `credit` and `stale` are of one and the same copy: "carried by BTA, without a
    credit" is a copy of BTA's that has none. The fastest spread is the most other agencies an hour, from
    the first report to the last agency's first copy, reckoned with an hour at least.
    """

    since_at: datetime | None = None  # first seen at or after
    until_at: datetime | None = None  # first seen before
    min_items: int = 1
    language: str | None = None
    agency_id: str | None = None
    origin_id: str | None = None
    carried_by: str | None = None  # an agency other than the origin that has a copy
    kind: str | None = None  # of a copy: a `Kind`
    credit: CreditState | None = None  # of a copy
    search: str | None = None  # words and phrases, or the address of an item
    killed: bool | None = None  # whether withdrawn by their origin; None for both
    stale: bool = False  # with a stale copy, of `agency_id` or `carried_by` where that is given
    limit: int | None = None
    after: str | None = None  # the id of a story: those behind it in the order
    order: Order = Order.SEEN


class PollResult(StrEnum):
    """What came of one poll."""

    CHANGED = "changed"  # new items or revisions
    UNCHANGED = "unchanged"  # 304, the same body, or nothing new in it
    STALE = "stale"
    FAILED = "failed"
    GONE = "gone"
    POSTPONED = "postponed"  # by a lack of descriptors of ours; the feed is still due


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """One feed's line in the log of a cycle."""

    feed_id: str
    result: PollResult
    http_status: int | None = None
    items: int = 0  # entries in the body
    new: int = 0
    revised: int = 0
    matched: int = 0  # of the new, how many joined a story that was there
    waiting: int = 0  # of its items, how many are matched once their page was read
    took: timedelta = timedelta(0)
    next_due_at: datetime | None = None
    left_out: LeftOut = LeftOut()
    error: str | None = None
    files: int = 0  # of a folder: read
    files_failed: int = 0  # of these, how many held nothing that can be read
    has_more: bool = False  # the next poll is due at once


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """What came of one article page: `items` wait for it no longer, `matched` of them, by feed, joined a story."""

    host: str
    result: PageResult
    url: str = ""
    items: int = 0
    refusal: str | None = None
    matched: Mapping[str, int] = field(default_factory=dict, hash=False)
