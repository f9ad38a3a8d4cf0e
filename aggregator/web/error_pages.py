"""Error responses: a page for people, a sentence for programs, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from aggregator.errors import NotFoundError, OverloadedError, StoreError, UsageError
from aggregator.i18n import translator
from aggregator.web.response import DocumentResponse, Header
from aggregator.web.site import Site
from aggregator.web.templates import plain_response

TEXT = "text/plain; charset=utf-8"
LOGGED_AS = "Exception in ASGI application"  # by uvicorn.protocols.http
PLAIN_TEXT_PATHS = (".rss", ".atom", ".json", "/health", "/metrics", "/opml")


class ErrorPages:
    """Starlette's exception handlers: each takes the request and the error, and gives a response."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def handlers(self) -> Mapping[Any, Any]:
        """By exception. Untyped: Starlette asks for its own Response, but serves any ASGI application."""
        return {
            HTTPException: self.http,
            NotFoundError: self.not_found,
            UsageError: self.bad_request,
            StoreError: self.store,
            OverloadedError: self.overloaded,
            Exception: self.unexpected,
        }

    def http(self, request: Request, error: HTTPException) -> DocumentResponse:
        """An unknown address, or a method other than GET and HEAD."""
        if error.status_code == 405:
            allowed = [(b"allow", b"GET, HEAD")]
            return self._respond(
                request, 405, "This address is read-only", "Use GET or HEAD.", allowed
            )
        message = "The address may be mistyped."
        return self._respond(request, error.status_code, "There is no such page", message)

    def not_found(self, request: Request, error: NotFoundError) -> DocumentResponse:
        """A story or archive that does not exist."""
        return self._respond(request, 404, "Not found", str(error))

    def bad_request(self, request: Request, error: UsageError) -> DocumentResponse:
        """A parameter that is unknown or has a wrong value."""
        return self._respond(request, 400, "This address cannot be understood", str(error))

    def store(self, request: Request, _error: StoreError) -> DocumentResponse:
        """The database did not answer; the daemon, which needs it too, logs why."""
        message = "Please try again in a moment. The merged feeds are still served."
        return self._respond(request, 503, "The database cannot be read at the moment", message)

    def overloaded(self, request: Request, error: OverloadedError) -> DocumentResponse:
        """More pages are asked for than can be made."""
        later = [(b"retry-after", b"1")]
        message = f"{error} Please try again in a moment."
        return self._respond(request, 503, "The server is busy", message, later)

    def unexpected(self, request: Request, _error: Exception) -> DocumentResponse:
        """Any other error. Starlette raises it again, and Uvicorn logs it with its traceback."""
        message = (
            f"The error and its traceback are in the daemon's log, below {LOGGED_AS!r}. "
            "Please report it with those lines."
        )
        return self._respond(request, 500, "An unexpected error occurred", message)

    def _respond(
        self,
        request: Request,
        status: int,
        title: str,
        message: str,
        headers: Iterable[Header] = (),
    ) -> DocumentResponse:
        if request.url.path.endswith(PLAIN_TEXT_PATHS):
            body = f"{title}. {message}\n".encode()
            return plain_response(body, TEXT, status=status, headers=headers)
        values = {"title": title, "message": message, "status": status}
        speech = translator(self._site.language_for(request.scope))
        return self._site.templates.page(
            "error.html", values, speech=speech, status=status, headers=headers
        )
