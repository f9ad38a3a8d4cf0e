"""One rendered document as an HTTP response: conditional, compressed, its headers built in advance.

RFC 9110: entity tags (8.8.3; the compressed form has its own), If-None-Match before If-Modified-Since
(13.2.2), Accept-Encoding with weights (12.5.3), HEAD as GET without the body (9.3.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from starlette.types import Message, Receive, Scope, Send

from aggregator.syndicate.document import Rendered

REVALIDATE = "no-cache"  # may be cached, but must be revalidated: a 304 costs next to nothing
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_TAG = re.compile(rb'"[^"]*"')
_EMPTY: Message = {"type": "http.response.body", "body": b""}

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Variant:
    """The document in one coding: its entity tag, and the ASGI messages that carry it."""

    tag: bytes
    start: Message
    body: Message
    not_modified: Message


class DocumentResponse:
    """An ASGI application that serves one document; Starlette takes it as a response."""

    __slots__ = ("_conditional", "_gzipped", "_modified", "_modified_at", "_plain")

    def __init__(
        self,
        rendered: Rendered,
        *,
        status: int = 200,
        cache_control: str = REVALIDATE,
        headers: Iterable[Header] = (),
    ) -> None:
        common = [
            NO_SNIFFING,
            (b"cache-control", cache_control.encode()),
            (b"vary", b"Accept-Encoding"),
            *headers,
        ]
        self._conditional = status == 200
        self._modified_at = rendered.last_modified_at
        self._modified = b""
        if rendered.last_modified_at:
            stamp = format_datetime(rendered.last_modified_at.astimezone(UTC), usegmt=True)
            self._modified = stamp.encode()
            common.append((b"last-modified", self._modified))
        content_type = (b"content-type", rendered.media_type.encode())
        gzip_tag = f'{rendered.etag[:-1]}-gzip"'
        self._plain = _variant(status, rendered.etag, rendered.body, [*common, content_type])
        self._gzipped = _variant(
            status, gzip_tag, rendered.gzip, [*common, content_type, (b"content-encoding", b"gzip")]
        )

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Respond to a GET or HEAD."""
        if_none_match = if_modified_since = accept_encoding = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept_encoding = value
            elif name == b"if-none-match":
                if_none_match = b"%b,%b" % (if_none_match, value) if if_none_match else value
            elif name == b"if-modified-since":
                if_modified_since = value
        chosen = self._gzipped if takes_gzip(accept_encoding) else self._plain
        cached = self._cached_variant(chosen, if_none_match, if_modified_since)
        await send(cached.not_modified if cached else chosen.start)
        await send(_EMPTY if cached or scope["method"] == "HEAD" else chosen.body)

    def _cached_variant(
        self, chosen: _Variant, if_none_match: bytes, since: bytes
    ) -> _Variant | None:
        """The variant the client has in its cache, if any; an error is sent in any case."""
        if not self._conditional:
            return None
        if if_none_match:
            tags = _TAG.findall(if_none_match)
            other = self._plain if chosen is self._gzipped else self._gzipped
            if if_none_match.strip() == b"*" or chosen.tag in tags:
                return chosen
            return other if other.tag in tags else None
        if (
            since
            and self._modified_at
            and (since == self._modified or self._is_unchanged_since(since))
        ):
            return chosen
        return None

    def _is_unchanged_since(self, since: bytes) -> bool:
        """Whether the document has not changed after that date; an invalid date counts as absent (13.1.3)."""
        try:
            since_at = parsedate_to_datetime(since.decode("latin-1"))
        except (ValueError, OverflowError):
            return False
        if since_at.tzinfo is None:
            since_at = since_at.replace(tzinfo=UTC)
        return self._modified_at is not None and _whole_second(self._modified_at) <= since_at


def _variant(status: int, tag: str, body: bytes, headers: list[Header]) -> _Variant:
    tagged = [*headers, (b"etag", tag.encode())]
    not_modified_headers = [
        header for header in tagged if header[0] not in {b"content-type", b"content-encoding"}
    ]
    return _Variant(
        tag=tag.encode(),
        start={
            "type": "http.response.start",
            "status": status,
            "headers": [*tagged, (b"content-length", str(len(body)).encode())],
        },
        body={"type": "http.response.body", "body": body},
        not_modified={
            "type": "http.response.start",
            "status": 304,
            "headers": not_modified_headers,
        },
    )


def _whole_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: bytes) -> bool:
    """Whether an Accept-Encoding header allows gzip; an absent one does not."""
    weights: dict[bytes, float] = {}
    for part in accept_encoding.lower().split(b","):
        coding, _, parameter = part.partition(b";")
        name, _, value = parameter.strip().partition(b"=")
        weights[coding.strip()] = _weight(value) if name.strip() == b"q" else 1.0
    for coding in (b"gzip", b"x-gzip", b"*"):
        if coding in weights:
            return weights[coding] > 0
    return False


def _weight(value: bytes) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
