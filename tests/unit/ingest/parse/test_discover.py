"""The feeds an HTML page names."""

from __future__ import annotations

import pytest

from aggregator.ingest.parse.discover import feeds_in


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}">'


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (link("/rss"), ["https://bta.example/rss"]),
        (link("rss") + link("a", "application/atom+xml; charset=utf-8"), ["https://bta.example/bg/rss", "https://bta.example/bg/a"]),
        ("<BASE HREF='/en/'>" + link("rss"), ["https://bta.example/en/rss"]),
        ("<base href='https://cdn.example/'><LINK HREF=feed REL='ALTERNATE home' TYPE=application/atom+xml>", ["https://cdn.example/feed"]),
        (link("/rss") + link("/rss"), ["https://bta.example/rss"]),
        (link("javascript:alert(1)") + link("file:///etc/passwd"), []),
        (link("/en", "text/html") + link("/s.css", rel="stylesheet"), []),
        ("<base href='javascript:1'>" + link("rss"), ["https://bta.example/bg/rss"]),
        ("<!-- " + link("/rss") + " -->", []),
        ("<link rel=alternate type=application/rss+xml>", []),
        ("<![CDAT A[x]]>" + link("/rss") + "<![if IE]>" + link("/a") + "<![", ["https://bta.example/rss", "https://bta.example/a"]),
        ("", []),
    ],
)  # fmt: skip
def test_finds_them_in_their_order(page: str, found: list[str]) -> None:
    assert list(feeds_in(page, base="https://bta.example/bg/index.html")) == found
