"""Error responses: a page for people in their language, a sentence for programs, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from aggregator.errors import (
    AggregatorError,
    NotFoundError,
    OverloadedError,
    RequestError,
    StoreError,
    UsageError,
)
from aggregator.i18n import Translator, translator
from aggregator.web.access.tokens import CHALLENGE
from aggregator.web.response import DocumentResponse, Header
from aggregator.web.site import Site
from aggregator.web.templates import plain_response

TEXT = "text/plain; charset=utf-8"
LOGGED_AS = "Exception in ASGI application"  # by uvicorn.protocols.http
PLAIN_TEXT_PATHS = (".rss", ".atom", ".json", ".jsonl", ".csv", "/health", "/metrics", "/opml")
CURSOR = "after"  # the parameter that says where a page of stories begins


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
            RequestError: self.refused,
            StoreError: self.store,
            OverloadedError: self.overloaded,
            Exception: self.unexpected,
        }

    def http(self, request: Request, error: HTTPException) -> DocumentResponse:
        """An unknown address, or a method that it has not."""
        _ = self._speech(request).gettext
        if error.status_code == 405:
            methods = (error.headers or {}).get("Allow", "GET, HEAD").split(", ")
            allowed = ", ".join(sorted(methods))
            message = _("Use %(methods)s.", methods=allowed)
            return self._respond(request, 405, message, [(b"allow", allowed.encode())])
        return self._respond(request, error.status_code, _("The address may be mistyped."))

    def not_found(self, request: Request, error: NotFoundError) -> DocumentResponse:
        """A story, an item or an archive that does not exist."""
        return self._respond(request, 404, self._said(request, error), asked=_asked(error))

    def bad_request(self, request: Request, error: UsageError) -> DocumentResponse:
        """A parameter that is unknown or has a wrong value; a decision that cannot be made."""
        return self._respond(request, 400, self._said(request, error))

    def refused(self, request: Request, error: RequestError) -> DocumentResponse:
        """A token that is missing or wrong, a form that is none of ours, or too many of either."""
        headers = [CHALLENGE] if error.status == 401 else []
        if error.status == 429:
            headers = [(b"retry-after", str(error.values["seconds"]).encode())]
        return self._respond(request, error.status, self._said(request, error), headers)

    def store(self, request: Request, _error: StoreError) -> DocumentResponse:
        """The database did not answer; the daemon, which needs it too, logs why."""
        _ = self._speech(request).gettext
        message = _("Please try again in a moment. The merged feeds are still served.")
        title = _("The database cannot be read at the moment")
        return self._respond(request, 503, message, title=title)

    def overloaded(self, request: Request, error: OverloadedError) -> DocumentResponse:
        """More pages are asked for than can be made."""
        _ = self._speech(request).gettext
        message = f"{self._said(request, error)} {_('Please try again in a moment.')}"
        return self._respond(request, 503, message, [(b"retry-after", b"1")])

    def unexpected(self, request: Request, _error: Exception) -> DocumentResponse:
        """Any other error. Starlette raises it again, and Uvicorn logs it with its traceback."""
        _ = self._speech(request).gettext
        message = _(
            "The error and its traceback are in the daemon's log, below '%(line)s'. "
            "Please report it with those lines.",
            line=LOGGED_AS,
        )
        return self._respond(request, 500, message)

    def _speech(self, request: Request) -> Translator:
        return translator(self._site.language_for(request.scope))

    def _said(self, request: Request, error: AggregatorError) -> str:
        return error.said(self._speech(request).gettext)

    def _respond(
        self,
        request: Request,
        status: int,
        message: str,
        headers: Iterable[Header] = (),
        *,
        title: str = "",
        asked: str = "",
    ) -> DocumentResponse:
        speech = self._speech(request)
        title = title or _title(status, request.method, speech.gettext)
        if request.url.path.endswith(PLAIN_TEXT_PATHS):
            body = f"{title}. {message}\n".encode("utf-8", "replace")
            return plain_response(body, TEXT, status=status, headers=headers)
        values = {
            "title": title,
            "message": message,
            "status": status,
            "asked": asked,
            "first_page": _first_page(request) if status == 400 else None,
        }
        return self._site.templates.page(
            "error.html", values, speech=speech, status=status, headers=headers
        )


def _title(status: int, method: str, _: Callable[[str], str]) -> str:
    """What went wrong, in a few words."""
    if status == 400 and method == "POST":
        return _("This cannot be decided")
    return {
        400: _("This address cannot be understood"),
        401: _("A token is needed here"),
        403: _("Nothing was changed"),
        404: _("There is no such page"),
        405: _("This address cannot be used so"),
        413: _("The form is too large"),
        415: _("This is no form"),
        429: _("Too many requests"),
        503: _("The server is busy"),
    }.get(status, _("An unexpected error occurred"))


def _asked(error: NotFoundError) -> str:
    """What was looked for, where the error names it: a search may find it."""
    return str(error.values.get("asked", ""))


def _first_page(request: Request) -> str | None:
    """The address of the first page, without the root, where a later one was asked for."""
    query = request.query_params.multi_items()
    rest = [(name, value) for name, value in query if name != CURSOR]
    if len(rest) == len(query):
        return None
    return f"{request.url.path}?{urlencode(rest)}" if rest else request.url.path
