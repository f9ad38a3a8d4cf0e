"""Errors told kindly: a page for people, a sentence for programs, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from aggregator.errors import NotFoundError, StoreError, UsageError
from aggregator.web.response import Answer, Header
from aggregator.web.templates import Templates, plain

TEXT = "text/plain; charset=utf-8"
FOR_PROGRAMS = (".rss", ".atom", ".json", "/health", "/metrics", "/opml")


class Errors:
    """Starlette's exception handlers: each takes the request and the error, and gives an answer."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def handlers(self) -> Mapping[Any, Any]:
        """By exception. Untyped: Starlette asks for its own Response, but serves any ASGI application."""
        return {
            HTTPException: self.http,
            NotFoundError: self.not_found,
            UsageError: self.bad_request,
            StoreError: self.store,
            Exception: self.fault,
        }

    def http(self, request: Request, error: HTTPException) -> Answer:
        """No such address, or a method other than GET and HEAD."""
        if error.status_code == 405:
            allowed = [(b"allow", b"GET, HEAD")]
            return self._tell(
                request, 405, "Only reading is possible here", "Ask with GET or HEAD.", allowed
            )
        message = "The address may be mistyped."
        return self._tell(request, error.status_code, "There is no such page", message)

    def not_found(self, request: Request, error: NotFoundError) -> Answer:
        """A story or archive that is not there."""
        return self._tell(request, 404, "Nothing is there", str(error))

    def bad_request(self, request: Request, error: UsageError) -> Answer:
        """A question that cannot be understood."""
        return self._tell(request, 400, "That question cannot be understood", str(error))

    def store(self, request: Request, _error: StoreError) -> Answer:
        """The database did not answer; the daemon, which meets it too, logs why."""
        message = "Please try again in a moment; the merged feeds go on being served."
        return self._tell(request, 503, "The store cannot be read just now", message)

    def fault(self, request: Request, _error: Exception) -> Answer:
        """A fault of ours; Starlette raises it again, so that it is logged."""
        return self._tell(request, 500, "Something went wrong on our side", "The log says what.")

    def _tell(
        self,
        request: Request,
        status: int,
        title: str,
        message: str,
        headers: Iterable[Header] = (),
    ) -> Answer:
        if request.url.path.endswith(FOR_PROGRAMS):
            body = f"{title}. {message}\n".encode()
            return plain(body, TEXT, status=status, headers=headers)
        values = {"title": title, "message": message, "status": status}
        return self._templates.page("error.html", values, status=status, headers=headers)
