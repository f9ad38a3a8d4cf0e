"""A site below a path: `output.base_url` is https://example.org/wire, and a proxy hands requests on.

Some proxies leave /wire in a request's path, some take it off: both are answered. A page's own links have it
always (`site.root_of`).
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send


class BasePath:
    """ASGI middleware: takes `root` off the path of a request that has it."""

    def __init__(self, app: ASGIApp, *, root: str) -> None:
        self._app = app
        self._root = unquote(root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on with the path as the routes know it."""
        head, rest = scope["path"][: len(self._root)], scope["path"][len(self._root) :]
        if head == self._root and (not rest or rest.startswith("/")):
            scope = {**scope, "path": rest or "/"}
        await self._app(scope, receive, send)
