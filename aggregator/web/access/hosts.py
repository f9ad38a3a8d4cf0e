"""Which names this server answers to: against a page elsewhere that has its own name resolve to us.

In DNS rebinding (https://en.wikipedia.org/wiki/DNS_rebinding) a browser sends us the attacker's name as Host.
An address as Host was typed by somebody, or is a probe's; so are the names of this computer itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache, partial
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.config import Settings
from aggregator.web.templates import plain_response

ANY = "*"
_TEXT = "text/plain; charset=utf-8"
_MISDIRECTED = 421  # RFC 9110, 15.5.20


class HostCheck:
    """ASGI middleware: a request for a name that is not `names` gets 421 with what to do about it.

    "*" stands for every name, "*.example.org" for all below example.org. A request without Host
    (HTTP/1.0) comes from no browser, and passes.
    """

    def __init__(self, app: ASGIApp, *, names: Iterable[str]) -> None:
        self._app = app
        self._is_ours = lru_cache(maxsize=256)(partial(_is_ours, names=frozenset(names)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, or refuse."""
        for name, value in scope.get("headers", ()):
            if name == b"host" and not self._is_ours(value):
                await _refusal(value)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def names_of(settings: Settings) -> frozenset[str]:
    """Where we listen, where readers are told to find us, and what `server.hosts` adds."""
    public = urlsplit(settings.output.base_url).hostname or ""
    own = {_in_ascii(name).lower() for name in (settings.server.host, public) if name}
    return frozenset(own | set(settings.server.hosts))


def _is_ours(header: bytes, *, names: frozenset[str]) -> bool:
    host = without_port(header.decode("latin-1").lower())
    if ANY in names or host in names or not host or _is_of_this_computer(host):
        return True
    parents = host.split(".")
    return any(f"*.{'.'.join(parents[at:])}" in names for at in range(1, len(parents)))


def _is_of_this_computer(host: str) -> bool:
    """Whether it is an address, or a name that means the computer it is used on (RFC 6761, 6.3)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        return True
    return False


def _in_ascii(name: str) -> str:
    """A name as browsers send it (RFC 5890)."""
    with suppress(UnicodeError):
        return name.encode("idna").decode("ascii")
    return name


def without_port(host: str) -> str:
    """The name in a Host header, without its port and a full stop at its end."""
    name, colon, port = host.strip().rpartition(":")
    if colon and port.isdecimal():
        host = name
    return host.strip().removesuffix(".")


def _refusal(header: bytes) -> ASGIApp:
    shown = "".join(char for char in header.decode("latin-1")[:100] if char.isprintable())
    message = (
        f'This server does not answer to the name "{shown}". '
        "If it should, add the name to server.hosts in the configuration.\n"
    )
    return plain_response(message.encode(), _TEXT, status=_MISDIRECTED)
