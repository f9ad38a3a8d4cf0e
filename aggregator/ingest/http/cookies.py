"""Cookies within one GET: what a redirect sets is sent back to its own host, and forgotten at the end. Pure.

Some servers answer 302 to the same address until their cookie comes back. Which cookie fits which address
(path, Secure, expiry) is decided by the standard library's jar. Each host has a jar of its own: whatever
`Domain` a cookie names (RFC 6265, section 5.2.3), no other host sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any, cast
from urllib.parse import urlsplit

# RFC 6265, section 6.1: what every browser can keep, of one cookie and of one host's.
_MAX_COOKIE_LENGTH = 4096
_MAX_COOKIES = 50
_MAX_HEADER_LENGTH = 8192  # what servers take of one header by default (nginx, Apache)


class Cookies:
    """The cookies of one GET and its redirects, by host."""

    def __init__(self) -> None:
        self._jars: dict[str, CookieJar] = {}

    def keep(self, lines: Sequence[str], *, url: str, host: str) -> None:
        """Remember the `Set-Cookie` lines of the response from `url`; lines out of bounds are left out."""
        response = Message()
        for line in [line for line in lines if len(line) <= _MAX_COOKIE_LENGTH][:_MAX_COOKIES]:
            response["Set-Cookie"] = line
        if response:
            jar = self._jars.setdefault(host, CookieJar())
            jar.extract_cookies(cast("Any", _Response(response)), cast("Any", _Request(url)))

    def header(self, *, url: str, host: str) -> str:
        """The `Cookie` header for `url` at its host; "" without one, or where it is out of bounds."""
        jar = self._jars.get(host)
        if jar is None:
            return ""
        request = _Request(url)
        jar.add_cookie_header(cast("Any", request))
        return request.cookie if len(request.cookie) <= _MAX_HEADER_LENGTH else ""


class _Response:
    """What `CookieJar` asks of a response."""

    def __init__(self, headers: Message) -> None:
        self._headers = headers

    def info(self) -> Message:
        return self._headers


class _Request:
    """What `CookieJar` asks of a request: the part of `urllib.request.Request` it uses."""

    unverifiable = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._url = url
        self.type, self.host = parts.scheme, parts.netloc
        self.origin_req_host = parts.hostname or ""
        self.cookie = ""

    def get_full_url(self) -> str:
        return self._url

    def has_header(self, _name: str) -> bool:
        return False

    def get_header(self, _name: str, default: str | None = None) -> str | None:
        return default

    def add_unredirected_header(self, name: str, value: str) -> None:
        if name == "Cookie":
            self.cookie = value
