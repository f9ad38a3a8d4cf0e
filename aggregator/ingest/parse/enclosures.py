"""The files an entry brings (sound, film, pictures, documents) are made safe, and named. Pure.

RSS 2.0 `enclosure`, Media RSS (https://www.rssboard.org/media-rss), Atom `link rel="enclosure"`
(RFC 4287, section 4.2.7.2), JSON Feed `attachments`, `image`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from aggregator.ingest.parse.html import clean_line, clean_url
from aggregator.model import Enclosure

MAX_ENCLOSURES = 20  # of an entry; set by hand: a picture in all its sizes, a gallery
_MAX_LENGTH = 2**53  # bytes: what a JSON number holds exactly
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)  # RFC 6838, section 4.2
# Types by the file's ending, where the feed says none.
_TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "oga": "audio/ogg", "ogg": "audio/ogg",
    "opus": "audio/ogg", "wav": "audio/wav", "flac": "audio/flac", "mp4": "video/mp4", "m4v": "video/mp4",
    "mov": "video/quicktime", "webm": "video/webm", "ogv": "video/ogg", "jpg": "image/jpeg",
    "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "svg": "image/svg+xml", "pdf": "application/pdf",
}  # fmt: skip
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEnclosure:
    """A file as its format gives it; `length` is a number of bytes, in figures or not at all."""

    url: str
    media_type: str = ""
    length: object = None


def clean_enclosures(raw: Iterable[RawEnclosure], *, base: str) -> tuple[Enclosure, ...]:
    """Those with an address on the web, each once; relative ones are resolved against `base`."""
    found: dict[str, Enclosure] = {}
    for each in islice(raw, 10 * MAX_ENCLOSURES):
        url = clean_url(each.url, base=base)
        if url is None:
            continue
        before = found.get(url, Enclosure(url=url))
        if url in found or len(found) < MAX_ENCLOSURES:
            media_type = before.media_type or _media_type(each.media_type, url)
            length = before.length or _length(each.length)
            found[url] = replace(before, media_type=media_type, length=length)
    return tuple(found.values())


def name_without_words(enclosures: Iterable[Enclosure], html: str, link: str | None) -> str:
    """What to call an entry that says nothing: a file's name, else its address; "" without any.

    Never words of ours: whoever reads it sees that there are none.
    """
    pictures = (found[1] for found in _PICTURE.finditer(html))
    addresses = [*(each.url for each in enclosures), *islice(pictures, 1), *filter(None, (link,))]
    return next((name for name in map(_name, addresses) if name), "")


def _name(url: str) -> str:
    """The last part of an address where that is a file's, else the address without its scheme."""
    parts = urlsplit(url)
    last = unquote(parts.path.rpartition("/")[2])
    return clean_line(last if _ending(last) in _TYPES else url.partition("://")[2])


def _media_type(said: str, url: str) -> str:
    media_type = said.partition(";")[0].strip().lower()
    if _TYPE.fullmatch(media_type):
        return media_type
    return _TYPES.get(_ending(urlsplit(url).path), "")


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _length(said: object) -> int | None:
    """Bytes; None for 0 and for what is no number, which many feeds give for "unknown"."""
    if isinstance(said, str) and said.strip().isascii() and said.strip().isdecimal():
        said = int(said.strip()[:20])
    is_number = isinstance(said, int) and not isinstance(said, bool)
    return said if is_number and isinstance(said, int) and 0 < said <= _MAX_LENGTH else None
