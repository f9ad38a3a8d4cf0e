"""What an entry is recognised by: its keys in its feed, and what of words and files they are made of. Pure.

    guid ----------------------------------> guid:…
    link, without what sites vary in it ---> link:…
    title and text, where they are long ---> text:…
    words, link, date and file together ---> occasion:…

Stores keep keys and hashes: how they are made must never change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator.lengths import count_words
from aggregator.links import bounded, digest_of, is_home, link_key, normal_link
from aggregator.model import Enclosure, Item, ParsedItem

_MIN_TEXT_LENGTH = 40  # characters that tell one item from another without guid or link
# What stores of files sign an address with, anew at each request.
_SIGNATURE = re.compile(
    r"(?:x-amz|x-goog)-[\w-]+|awsaccesskeyid|googleaccessid|key-pair-id|policy|sign(?:ature)?|sig|"
    r"token|hdnea|hdnts|expires?|exp",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"^\W*(?:views?|hits|reads|прегледи|прегледа|показвания|просмотр(?:ов|ы|а)?|прочтений|"
    r"қаралым|қаралды|оқылды)\W*[\d\s.,]*\W*$|^[\d\s.,]+(?:views?|прегледа|просмотр(?:ов|а)?|қаралым)$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedEntry:
    """An entry of a body, with what it is recognised by: computed once, carried from then on.

    `keys` are all the identities it answers to in its feed, strongest first; none if it has none:
    "guid:…", "link:…" (without tracking, scheme and host normalised; never a home page), "text:…" (a
    digest of title and text: with the time of publication where no link tells items apart, without it
    where the words are long enough to do so).

    `words` is how many the text has. `occasion` is a key of words, link, date and files together; ""
    without date and file. It tells apart the items of a programme whose words never change. `common`
    are those of its former keys that other entries of its body have too, with other words.
    """

    item: ParsedItem
    keys: tuple[str, ...]
    content_hash: str
    words: int
    occasion: str = ""
    common: tuple[str, ...] = ()

    @property
    def lookups(self) -> tuple[str, ...]:
        """All that stored items must be looked up by for `identity.arrivals`."""
        last = content_key(self.content_hash)
        return (*self.keys, last, *map(shared_mark, self.keys), *filter(None, (self.occasion,)))


def identify(feed_id: str, item: ParsedItem) -> IdentifiedEntry:
    """The entry with its keys in this feed and its content hash."""
    digest = content_hash(item.title, item.text)
    return IdentifiedEntry(
        item=item,
        keys=tuple(_keys(feed_id, item, digest)),
        content_hash=digest,
        words=count_words(item.text),
        occasion=_occasion(feed_id, item, digest),
    )


def content_hash(title: str, text: str) -> str:
    """Equal for texts whose difference is no revision: space, invisible characters, view counters."""
    normal = unicodedata.normalize("NFC", f"{title}\n{_COUNTER.sub('', text)}")
    return _digest(" ".join(normal.split()))


def content_key(content: str) -> str:
    """The key of an entry that has no other: what its words are."""
    return _key("text", content)


def shared_mark(key: str) -> str:
    """The key that is known once several items of the feed have answered to `key`."""
    return _key("shared", key)


def files_of(item: Item | ParsedItem, *, pictures: bool = False) -> frozenset[str]:
    """The addresses, as they compare, of the sound, film and documents an item brings, or its pictures."""
    return frozenset(
        _normal_file(file.url) for file in item.enclosures if _is_picture(file) is pictures
    )


def _keys(feed_id: str, item: ParsedItem, digest: str) -> Iterator[str]:
    if item.guid and not is_home(item.guid):
        yield _key("guid", item.guid)
    if key := link_key(item.link):
        yield key
    if item.published_at and not item.link:
        yield _key("text", _digest(feed_id, digest, item.published_at.isoformat()))
    if len(item.title) + len(item.text) >= _MIN_TEXT_LENGTH:
        yield _key("text", _digest(feed_id, digest))


def _occasion(feed_id: str, item: ParsedItem, digest: str) -> str:
    date = item.published_at.isoformat() if item.published_at else ""
    files = sorted(files_of(item) or files_of(item, pictures=not date))
    if not date and not files:
        return ""
    link = normal_link(item.link) if item.link else ""
    return _key("occasion", _digest(feed_id, digest, link, date, *files))


def _is_picture(file: Enclosure) -> bool:
    return file.media_type.startswith("image/")


def _normal_file(url: str) -> str:
    normal = urlsplit(normal_link(url))
    query = [pair for pair in parse_qsl(normal.query) if not _SIGNATURE.fullmatch(pair[0])]
    return urlunsplit(normal._replace(query=urlencode(query), fragment=""))


def _key(kind: str, value: str) -> str:
    return f"{kind}:{bounded(value)}"


def _digest(*parts: str) -> str:
    return digest_of("\n".join(parts))
