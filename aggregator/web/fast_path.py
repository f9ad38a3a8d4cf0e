"""The current merged feeds are served before the framework is reached.

The aim is 2,000 requests a second, so nothing is built per request: the response of a document is built when it
is first requested, and again when the document has been replaced.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.syndicate.document import Rendered
from aggregator.web.response import DocumentResponse

# Feeds change by the minute; proxies answer most requests themselves.
CACHE_CONTROL = "public, max-age=60"


class FastPath:
    """ASGI middleware: a GET or HEAD of one of `names`, without a query, is served from `documents`.

    All else, and what `documents` does not hold yet, goes to `app`.
    """

    def __init__(
        self, app: ASGIApp, *, documents: Mapping[str, Rendered], names: frozenset[str]
    ) -> None:
        self._app = app
        self._documents = documents
        self._paths = {f"/{name}": name for name in names}
        self._responses: dict[str, tuple[Rendered, DocumentResponse]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """DocumentResponse, or hand on."""
        name = self._paths.get(scope.get("path", ""))
        if name is None or scope.get("query_string") or scope.get("method") not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        rendered = self._documents.get(name)
        if rendered is None:
            await self._app(scope, receive, send)
            return
        await self._response(name, rendered)(scope, receive, send)

    def _response(self, name: str, rendered: Rendered) -> DocumentResponse:
        known = self._responses.get(name)
        if known is None or known[0] is not rendered:
            known = (rendered, DocumentResponse(rendered, cache_control=CACHE_CONTROL))
            self._responses[name] = known
        return known[1]
