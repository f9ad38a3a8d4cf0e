"""An OPML file of any version becomes subscriptions, and a list of what in it is none.

A file that is read is not trusted: a document type that declares something is refused (so no entity can
expand), and size, number and depth are bounded. Programs write attributes in any case (`xmlUrl`, `xmlURL`,
`XMLURL`), `url` for `xmlUrl`, `feed:` before an address or for its scheme, and folders of `type="rss"`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from pydantic import BaseModel, ValidationError

from aggregator.config import normal_url
from aggregator.config.settings import AgencyEntry, FeedEntry, section_keys
from aggregator.config.values import web_address
from aggregator.errors import ParseError
from aggregator.folders import folder_of, is_folder
from aggregator.model import Agency, Feed
from aggregator.syndicate import safe

NAMESPACE = "urn:x-aggregator:opml"
MAX_BYTES = 5 * 1024 * 1024
MAX_OUTLINES = 20_000
MAX_DEPTH = 50
_OWN = "agg:"
_NO_FEED = {
    "include": "names another OPML file; import that one",
    "link": "links to a page, not to a feed; `aggregator feeds add` looks for its feed",
}
_FEED_SCHEME = re.compile(r"(?:feeds?|rss|pcast|itpc|podcast):(?://)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_FIRST = re.compile(r"(?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed as listed in an OPML file; `group` is the text of the folder around it, "" at the top.

    `agency` and `feed` are set where the file is an export of ours.
    """

    title: str
    url: str
    group: str = ""
    language: str | None = None
    agency: Agency | None = None
    feed: Feed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An outline that is no subscription: what it calls itself, the address it gives, and why."""

    title: str
    url: str
    reason: str


class Subscriptions(list[Subscription]):
    """The feeds of a file, in its order; `left_out` has the other outlines that are no folders."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out: list[LeftOut] = []


def read(body: bytes) -> Subscriptions:
    """The feeds of an OPML file, each address once.

    Raises ParseError when the bytes are not well-formed OPML, declare entities, or exceed the bounds.
    """
    if len(body) > MAX_BYTES:
        raise ParseError(f"the OPML file is larger than {MAX_BYTES // 1024 // 1024} MiB")
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise ParseError(f"the file is not well-formed OPML: {error}") from error
    if not reader.is_opml:
        raise ParseError("the file is XML, but not OPML: its first element is not <opml>")
    return reader.found


@dataclass(slots=True)
class _Outline:
    """An open outline: its attributes by lower-case name, and what is known of it so far."""

    given: Mapping[str, str]
    title: str
    agency: Agency | None
    is_feed: bool = False
    has_outlines: bool = False


@dataclass(slots=True)
class _Reader:
    """What is around the outline being read, and what was found so far."""

    found: Subscriptions = field(default_factory=Subscriptions)
    is_opml: bool = False
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)
    _around: list[_Outline | None] = field(default_factory=list)  # the open elements
    _titles: dict[str, str] = field(default_factory=dict)  # of the feeds found, by address
    _outlines: int = 0

    def __post_init__(self) -> None:
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if not self._around:
            self.is_opml = local == "opml"
        if len(self._around) >= MAX_DEPTH:
            raise ParseError(f"the OPML file nests more than {MAX_DEPTH} elements")
        self._around.append(self._outline(attributes) if local == "outline" else None)

    def _end(self, _name: str) -> None:
        outline = self._around.pop()
        if outline and not outline.is_feed and not outline.has_outlines:
            self._leave_out(outline, "", _without_address(outline.given))

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, has_subset: bool
    ) -> None:
        if has_subset:
            raise ParseError("the OPML file declares a document type, which is refused")

    def _outline(self, attributes: dict[str, str]) -> _Outline:
        self._outlines += 1
        if self._outlines > MAX_OUTLINES:
            raise ParseError(f"the OPML file has more than {MAX_OUTLINES} outlines")
        folders = [outline for outline in self._around if outline]
        for folder in folders:
            folder.has_outlines = True
        given: dict[str, str] = {}
        for name, value in attributes.items():
            given.setdefault(name.lower(), value)
        title = " ".join((given.get("title") or given.get("text") or "").split())
        outline = _Outline(given, title, _own_agency(given, title))
        if address := _address_given(given):
            outline.is_feed = True
            self._feed(outline, address, [each for each in folders if not each.is_feed])
        return outline

    def _feed(self, outline: _Outline, address: str, folders: list[_Outline]) -> None:
        kind = outline.given.get("type", "").strip().lower()
        url = _own_folder(outline.given, address) or _usable(address)
        if kind in _NO_FEED:
            self._leave_out(outline, address, _NO_FEED[kind])
        elif url is None:
            self._leave_out(
                outline, address, "has an address that is none of the web (http or https)"
            )
        elif first := self._titles.get(normal_url(url)):
            self._leave_out(outline, address, f"has the address of '{first}' once more")
        else:
            self._titles[normal_url(url)] = outline.title or url
            self.found.append(_subscription(outline, url, folders))

    def _leave_out(self, outline: _Outline, address: str, reason: str) -> None:
        self.found.left_out.append(LeftOut(title=outline.title, url=address, reason=reason))


def _address_given(given: Mapping[str, str]) -> str:
    """The address of a feed, in whatever attribute; "" without one."""
    return next((given[name].strip() for name in ("xmlurl", "url") if given.get(name)), "")


def _without_address(given: Mapping[str, str]) -> str:
    page = safe.address(given.get("htmlurl"))
    if page is None:
        return "has no address"
    return f"has only the address of a page; `aggregator feeds add {page}` looks for its feed"


def _usable(address: str) -> str | None:
    """The address to ask; None for none of the web. `feed://one.example` means http (draft-obasanjo-feed-URI-scheme)."""
    given = address.replace("&amp;", "&")  # escaped twice, as some programs do
    bare = _FEED_SCHEME.sub("", given, count=1)
    if bare != given and not _SCHEME.match(bare):
        bare = f"{'https' if address.lower().startswith('feeds:') else 'http'}://{bare.lstrip('/')}"
    elif _HOST_FIRST.fullmatch(bare):
        bare = f"https://{bare.lstrip('/')}"
    for spelling in (bare, safe.address(bare) or ""):
        with suppress(ValueError):
            return web_address(spelling)
    return None


def _own_folder(given: Mapping[str, str], address: str) -> str | None:
    """The address of a folder in an export of ours; whether it may be read is for the configuration to say."""
    with suppress(ValueError):
        if is_folder(address) and f"{_OWN}agency" in given:
            folder_of(address)
            return address
    return None


def _subscription(outline: _Outline, url: str, folders: list[_Outline]) -> Subscription:
    given = outline.given
    group = next((folder.title for folder in reversed(folders) if folder.title), "")
    agency = next((folder.agency for folder in reversed(folders) if folder.agency), None)
    if agency and given.get(f"{_OWN}agency", agency.id) != agency.id:
        agency = None  # somebody moved the outline
    return Subscription(
        title=outline.title or url,
        url=url,
        group=group or _category(given.get("category", "")),
        language=safe.language(given.get("language")),
        agency=agency,
        feed=_own_feed(given, url, agency) if agency else None,
    )


def _category(listed: str) -> str:
    """The last part of the first of "/one/two,/three" (OPML 2.0, "category")."""
    return " ".join(listed.partition(",")[0].rpartition("/")[2].split())


def _own_agency(given: Mapping[str, str], name: str) -> Agency | None:
    """The agency that an outline of our own export describes."""
    values = _own_values(given, AgencyEntry)
    if "id" not in values or f"{_OWN}agency" in given:
        return None
    with suppress(ValidationError):
        entry = AgencyEntry.model_validate({**values, "name": name})
        return Agency(id=entry.id, name=entry.name, aliases=entry.aliases, home=entry.home)
    return None


def _own_feed(given: Mapping[str, str], url: str, agency: Agency) -> Feed | None:
    """The feed that an outline of our own export describes."""
    values = {**_own_values(given, FeedEntry), "url": url, "language": given.get("language")}
    with suppress(ValidationError):
        return Feed(agency_id=agency.id, **dict(FeedEntry.model_validate(values)))
    return None


def _own_values(given: Mapping[str, str], entry: type[BaseModel]) -> dict[str, object]:
    """The values of our namespace that an entry of the configuration has; lists are JSON."""
    keys = {key for key in section_keys(entry) if key != "feeds"}
    named = {key: given.get(f"{_OWN}{key}") for key in keys}
    return {key: _list_or_text(value) for key, value in named.items() if value is not None}


def _list_or_text(value: str) -> object:
    if value.startswith("["):
        with suppress(ValueError, RecursionError):
            return tuple(json.loads(value))
    return value
