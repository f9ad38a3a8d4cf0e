"""Who asks: somebody at this computer, who needs no token, or whoever has one of the configuration.

    request --> local: nobody by name
            --> Authorization (RFC 7617, RFC 6750) --SHA-256--> a user of server.users, or server.token

A proxy, a tunnel or a forwarded port makes strangers come from this computer. So a request is local only where the
site is: it listens on loopback, is published and asked for under a name of loopback, and nothing tells of a proxy.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.config import Settings
from aggregator.errors import RequestError
from aggregator.web.access.hosts import without_port
from aggregator.web.access.proxies import client_of, is_forwarded, is_loopback, subscriber
from aggregator.web.access.rate_limit import RateLimit

SHARED = "server.token"  # who decides with a token that is nobody's own
CHALLENGE = (b"www-authenticate", b'Basic realm="aggregator", charset="UTF-8"')
# No browser speaks it; nginx before 1.30 does where it is not told otherwise, under a name of loopback and with no
# sign of itself (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version).
SPOKEN_BY_PROXIES = "1.0"
HEALTH, STATIC = "/health", "/static/"  # open to all
MINUTE = timedelta(minutes=1)
WRONG_TOKENS_A_MINUTE = 10
CHANGES_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class _Token:
    user: str | None  # None: of whoever has it
    digest: str  # SHA-256, hexadecimal


class Access:
    """Says who asks, and who may change something. For one event loop."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime]) -> None:
        server = settings.server
        self.reading_needs_token = server.read == "token"
        self._tokens = [_Token(user.name, user.token) for user in server.users]
        if server.token:
            self._tokens.append(_Token(None, _digest(server.token.get_secret_value())))
        public = urlsplit(settings.output.base_url).hostname or ""
        self._is_site_local = is_loopback(server.host) and is_loopback(public)
        self._proxies = server.proxies
        self._clock = clock
        self._wrong = RateLimit(WRONG_TOKENS_A_MINUTE, MINUTE)
        self._changes = RateLimit(CHANGES_A_MINUTE, MINUTE)

    @property
    def lets_anybody_change(self) -> bool:
        """Whether there is somebody who may."""
        return self._is_site_local or bool(self._tokens)

    def reader(self, scope: Scope) -> str | None:
        """The name of who asks, None at this computer. Raises RequestError: 401, 403 or 429."""
        if self._is_local(scope):
            return None
        if not self._tokens:
            raise RequestError(
                403,
                "From elsewhere, decisions are made with a token, and none is configured. "
                "Add server.users with the line that `aggregator token NAME` prints.",
            )
        return self._holder(scope)

    def changer(self, scope: Scope) -> str | None:
        """As `reader`, of a request that changes something, which is counted."""
        user, now = self.reader(scope), self._clock()
        _refuse_haste(self._changes.wait(user, now))
        self._changes.count(user, now)
        return user

    def _is_local(self, scope: Scope) -> bool:
        client = client_of(scope, ())
        return (
            self._is_site_local
            and client is not None
            and client.is_loopback
            and not is_forwarded(scope)
            and scope["http_version"] != SPOKEN_BY_PROXIES
            and is_loopback(without_port(Headers(scope=scope).get("host", "localhost")))
        )

    def _holder(self, scope: Scope) -> str:
        """Whose token it is. Where too many were wrong none is looked at: a limit on wrong ones alone limits no
        one who guesses."""
        given = _credentials(scope)
        if given is None:
            raise RequestError(
                401,
                "Your browser asks for a name and a password: the password is your token. "
                "Programs send it as `Authorization: Bearer TOKEN`.",
            )
        address, now = subscriber(client_of(scope, self._proxies)), self._clock()
        _refuse_haste(self._wrong.wait(address, now))
        name, digest = given[0], _digest(given[1])
        found = [token for token in self._tokens if hmac.compare_digest(token.digest, digest)]
        for token in found:
            if token.user is None or name in {"", token.user}:
                return token.user or SHARED
        self._wrong.count(address, now)
        raise RequestError(
            401,
            "This token is not known here, or is not this user's. Try it again, letter by letter.",
        )


class ReadAccess:
    """ASGI middleware: reading needs a token too, but for /health and what pages are dressed with.

    `refuse` makes the response to who may not.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        access: Access,
        refuse: Callable[[Request, RequestError], ASGIApp],
    ) -> None:
        self._app = app
        self._access = access
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, or refuse."""
        response = self._app
        path = scope["path"]
        if path != HEALTH and not path.startswith(STATIC):
            try:
                self._access.reader(scope)
            except RequestError as error:
                response = self._refuse(Request(scope), error)
        await response(scope, receive, send)


def _credentials(scope: Scope) -> tuple[str, str] | None:
    """The name ("" with Bearer) and the token of a request; None without any, ("", "") where it is unreadable."""
    header = Headers(scope=scope).get("authorization")
    if header is None:
        return None
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return "", value.strip()
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, token = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, token


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _refuse_haste(wait: timedelta) -> None:
    if wait:
        raise RequestError(
            429,
            "Too many requests of this kind came from you. Please try again in %(seconds)s s.",
            seconds=math.ceil(wait.total_seconds()),
        )
