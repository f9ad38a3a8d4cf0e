"""The current merged feeds, and pages that are kept, are served before the framework is reached.

The aim is 2,000 requests a second, so nothing is built per request: the response of a document is built when it
is first requested, and again when the document has been replaced. Routes and handlers cost twice what a page
from memory does.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.errors import StoreError
from aggregator.syndicate.document import Rendered
from aggregator.web.page_cache import PageCache
from aggregator.web.response import DocumentResponse
from aggregator.web.site import Site


def cache_control(site: Site) -> str:
    """Feeds change by the minute; proxies answer most requests themselves, where anybody may read them."""
    shared = "public" if site.settings.server.read == "open" else "private"
    return f"{shared}, max-age=60"


class FastPath:
    """ASGI middleware: a GET or HEAD of one of `names`, without a query, is served from `documents`.

    So is one of what `pages` keeps. All else, and what `documents` does not hold yet, goes to `app`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        documents: Mapping[str, Rendered],
        names: frozenset[str],
        pages: PageCache,
        site: Site,
    ) -> None:
        self._app = app
        self._language_for = site.language_for
        self._cache_control = cache_control(site)
        self._pages = pages
        self._documents = documents
        self._paths = {f"/{name}": name for name in names}
        self._responses: dict[str, tuple[Rendered, DocumentResponse]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A document, a page, or whatever the application responds."""
        response = self._app
        if scope.get("method") in {"GET", "HEAD"}:
            response = self._document(scope) or await self._page(scope) or response
        await response(scope, receive, send)

    def _document(self, scope: Scope) -> ASGIApp | None:
        name = self._paths.get(scope["path"])
        if name is None or scope["query_string"]:
            return None
        rendered = self._documents.get(name)
        return None if rendered is None else self._response(name, rendered)

    async def _page(self, scope: Scope) -> ASGIApp | None:
        with suppress(StoreError):  # whoever makes the page will say so
            path, query = scope["path"], scope["query_string"]
            return await self._pages.kept(
                (path, query, self._language_for(scope))
            ) or await self._pages.kept((path, query, ""))
        return None

    def _response(self, name: str, rendered: Rendered) -> DocumentResponse:
        known = self._responses.get(name)
        if known is None or known[0] is not rendered:
            known = (rendered, DocumentResponse(rendered, cache_control=self._cache_control))
            self._responses[name] = known
        return known[1]
