"""The documents everyone asks for, answered before the framework is reached.

2,000 requests a second are the aim, so nothing is built per request: the headers of a document are
made once, when it is first asked for, and again when another has taken its place.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.syndicate.document import Rendered
from aggregator.web.response import Answer

CACHE_CONTROL = "public, max-age=60"  # feeds change by the minute; spares proxies most questions


class Front:
    """ASGI: a GET or HEAD of one of `names`, without a query, is answered from the shelf.

    All else, and what the shelf does not hold yet, goes to `app`.
    """

    def __init__(
        self, app: ASGIApp, *, shelf: Mapping[str, Rendered], names: frozenset[str]
    ) -> None:
        self._app = app
        self._shelf = shelf
        self._paths = {f"/{name}": name for name in names}
        self._answers: dict[str, tuple[Rendered, Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        name = self._paths.get(scope.get("path", ""))
        if name is None or scope.get("query_string") or scope.get("method") not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        rendered = self._shelf.get(name)
        if rendered is None:
            await self._app(scope, receive, send)
            return
        await self._answer(name, rendered)(scope, receive, send)

    def _answer(self, name: str, rendered: Rendered) -> Answer:
        known = self._answers.get(name)
        if known is None or known[0] is not rendered:
            known = (rendered, Answer(rendered, cache_control=CACHE_CONTROL))
            self._answers[name] = known
        return known[1]
