"""What a robots.txt asks of us, by the examples and rules of RFC 9309."""

from __future__ import annotations

import math

import pytest

from aggregator.ingest.http.robots import read

SITE = "https://agency.example"


def may(text: str, path: str) -> bool:
    return read(text, robot="aggregator").allow(SITE + path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /", "/", False),
        ("Disallow:", "/a", True),
        ("Disallow: /a", "/b", True),
        ("Disallow: /a", "/abc", False),
        ("Disallow: /a # all of it", "/a/b", False),
        ("Disallow: /\nAllow: /news", "/news/1", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/a.pdf", False),
        ("Disallow: /*.pdf$", "/x/a.pdf?b", True),
        ("Disallow: /*.pdf$", "/a.pdf.pdf", False),
        ("Disallow: /*?print=", "/1?print=yes", False),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /новини", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1", False),
        ("Disallow: /%7Ea", "/~a", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow: /a*b*c", "/aXbXd", True),
        ("Dissalow: /", "/a", True),
    ],
)
def test_the_longest_rule_that_fits_decides(rules: str, path: str, allowed: bool) -> None:
    assert may(f"User-agent: *\n{rules}", path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("<html>no such page</html>", True),
        ("Disallow: /", True),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: Aggregator/2.0\nDisallow: /", False),
        ("User-agent: newsaggregator\nDisallow: /", True),
        ("User-agent: other\nUser-agent: aggregator\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nUser-agent: aggregator\nDisallow:", True),
        ("User-agent: *\nAllow: /b\n\nUser-agent: *\nDisallow: /", False),
        ("user-AGENT : *\r\nDISALLOW : /", False),
    ],
)
def test_the_groups_that_name_us_go_before_those_for_all(text: str, allowed: bool) -> None:
    assert may(text, "/a") is allowed


@pytest.mark.parametrize(
    ("value", "seconds"), [("2.5", 2.5), ("soon", 0), ("nan", 0), ("-1", 0), ("inf", math.inf)]
)
def test_how_far_apart_it_wants_its_pages(value: str, seconds: float) -> None:
    text = f"User-agent: *\nCrawl-delay: {value}"
    assert read(text, robot="aggregator").delay_seconds == seconds
