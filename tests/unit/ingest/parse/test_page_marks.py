"""What a page says of who may read it, in all the ways pages say it."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from aggregator.ingest.parse.page_marks import refusal

PAYWALL = "a paywall (isAccessibleForFree: false)"


def refused(head: str = "", body: str = "<p>Text.</p>") -> str | None:
    return refusal(document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"))


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


@pytest.mark.parametrize(
    "json",
    [
        '{"@type": "NewsArticle", "isAccessibleForFree": false}',
        '{"@type": "NewsArticle", "isAccessibleForFree": "False"}',
        '{"@type": "NewsArticle", "isAccessibleForFree": "http://schema.org/False"}',
        '{"@type": "NewsArticle", "isAccessibleForFree": {"@id": "https://schema.org/False"}}',
        '[{"@type": "WebSite"}, {"@type": "NewsArticle", "isAccessibleForFree": false}]',
        '{"@graph": [{"@type": "Organization"}, {"@type": "Article", "isAccessibleForFree": false}]}',
        '{"@type": "WebPage", "mainEntity": {"isAccessibleForFree": "false"}}',
        '{"isAccessibleForFree": true, "hasPart": {"isAccessibleForFree": false, "cssSelector": ".x"}}',
        '{"hasPart": [{"cssSelector": ".a"}, {"isAccessibleForFree": "FALSE", "cssSelector": ".b"}]}',
        '{"headline": "Not "quite" JSON", "isAccessibleForFree": "False"}',
    ],
)
def test_structured_data_that_says_it_costs(json: str) -> None:
    assert refused(ld(json)) == PAYWALL
    assert refused(body=f"<p>Text.</p>{ld(json)}") == PAYWALL


@pytest.mark.parametrize(
    "json",
    [
        '{"@type": "NewsArticle", "isAccessibleForFree": true}',
        '{"@type": "NewsArticle", "isAccessibleForFree": "True"}',
        '{"@type": "NewsArticle"}',
        '{"@type": "ItemList", "itemListElement": [{"isAccessibleForFree": false}]}',
        '{"isAccessibleForFree": null}',
        "not JSON at all",
        "[" * 100_000,
        "",
    ],
)
def test_structured_data_that_does_not(json: str) -> None:
    assert refused(ld(json)) is None


@pytest.mark.parametrize(
    ("head", "body", "reason"),
    [
        ("", '<div itemscope><meta itemprop="isAccessibleForFree" content="false"></div>', PAYWALL),
        ("", '<div><link itemprop="isAccessibleForFree" href="https://schema.org/False"></div>', PAYWALL),
        ('<meta property="schema:isAccessibleForFree" content="False">', "", PAYWALL),
        ('<meta property="article:content_tier" content="locked">', "", "a paywall (content_tier: locked)"),
        ('<meta property="article:content_tier" content="metered">', "", "a paywall (content_tier: metered)"),
        ('<meta name="robots" content="noindex, follow">', "", 'meta name="robots": noindex'),
        ('<meta name="ROBOTS" content="NOINDEX">', "", 'meta name="robots": noindex'),
        ('<meta name="robots" content="none">', "", 'meta name="robots": none'),
        ('<meta name="robots" content="noai, noimageai">', "", 'meta name="robots": noai'),
        ('<meta name="aggregator" content="noindex">', "", 'meta name="aggregator": noindex'),
        ('<meta name="tdm-reservation" content="1">', "", "TDM-Reservation: 1"),
        ("", '<div class="paywall">Subscribe</div>', "a paywall (paywall)"),
        ("", '<section class="box article-paywall">Абонирайте се</section>', "a paywall (article-paywall)"),
        ("", '<div id="paywall-overlay">Подпишитесь</div>', "a paywall (paywall-overlay)"),
        ("", '<div class="subscriber-only">Жазылыңыз</div>', "a paywall (subscriber-only)"),
        ("", '<div class="premium_content">订阅</div>', "a paywall (premium_content)"),
    ],
)  # fmt: skip
def test_marks_in_the_markup(head: str, body: str, reason: str) -> None:
    assert refused(head, f"<p>Text.</p>{body}") == reason


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="robots" content="index, follow, max-snippet:-1">', ""),
        ('<meta name="robots" content="noarchive, nosnippet, nofollow">', ""),
        ('<meta name="googlebot" content="noindex">', ""),
        ('<meta name="tdm-reservation" content="0">', ""),
        ('<meta property="article:content_tier" content="free">', ""),
        ('<meta itemprop="isAccessibleForFree" content="true">', ""),
        ("", '<div class="paywall" hidden>Subscribe</div>'),
        ("", '<div class="paywall" style="display: none">Subscribe</div>'),
        ("", '<div class="no-paywall">All free</div>'),
        ("", '<template><div class="paywall-x"></div></template><p class="content">Text.</p>'),
        ("", "<p>The paywall of the Danube port was raised.</p>"),
    ],
)
def test_pages_that_are_for_everybody(head: str, body: str) -> None:
    assert refused(head, f"<p>Text.</p>{body}") is None
