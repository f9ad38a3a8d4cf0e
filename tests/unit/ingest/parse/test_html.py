"""What leaves the house is safe, absolute and exact."""

from __future__ import annotations

import pytest

from aggregator.ingest.parse.html import (
    clean_html,
    clean_line,
    clean_url,
    html_to_text,
    plain_text,
    text_to_html,
)

BASE = "https://bta.example/bg/news.html"
REL = 'rel="noopener noreferrer"'
BLOCKS = (
    "section article center details main aside nav header footer address fieldset legend hgroup dialog menu search"
    " div p blockquote pre h1 h6 figure"
)
UNKNOWN = "x-card bta-paragraph news:par o:p par abc form"
INLINE = "b i span a font em strong sup sub u small mark abbr cite code time big tt nobr"
DROPPED = "select iframe button script style svg video audio textarea noscript object"


@pytest.mark.parametrize(
    ("markup", "safe"),
    [
        ("<p>Добър <b>ден</b></p>", "<p>Добър <b>ден</b></p>"),
        ("<a href='/x'>x</a>", f'<a href="https://bta.example/x" {REL}>x</a>'),
        ("<img src=a.png onerror=alert(1)>", '<img src="https://bta.example/bg/a.png">'),
        ("<a href='javascript:alert(1)'>x</a>", f"<a {REL}>x</a>"),
        ("<a href='JaVa&#10;Script:alert(1)'>x</a>", f"<a {REL}>x</a>"),
        ("<a href=' &#1;javascript:alert(1)'>x</a>", f"<a {REL}>x</a>"),
        ("<a href='data:text/html,x'>x</a>", f"<a {REL}>x</a>"),
        ("<p style='color:red' onclick=x>a</p>", "<p>a</p>"),
        ("<svg><script>x</script></svg>ok", "ok"),
        ("<math><mtext><style><img src=x></style></mtext></math>ok", "ok"),
        ("<form action=x><input><button>go</button></form>ok", "ok"),
        ("<iframe src=//x></iframe><object></object><style>*{}</style>ok", "ok"),
        ("<meta http-equiv=refresh content='0;url=x'><base href=//evil>ok", "ok"),
        ("<noscript><p title='</noscript><img src=x onerror=1>'>", None),
        ("<script>x</script", ""),
        ("a\x00b\x0bc\ufffe", "abc"),
    ],
)
def test_markup(markup: str, safe: str | None) -> None:
    cleaned = clean_html(markup, base=BASE)
    assert "onerror" not in cleaned
    if safe is not None:
        assert cleaned == safe


def test_markup_that_nests_without_end_keeps_its_words() -> None:
    assert clean_html("<div>" * 50_000 + "думи", base=BASE) == "думи"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a b"),
        ("a<br><br>b", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a &amp; b &lt;c&gt; &nbsp; d", "a & b <c> d"),
        ("мека\u00adна", "мекана"),
        *((f"едно<{name}>две</{name}>три", "едно\n\nдве\n\nтри") for name in BLOCKS.split()),
        *(
            (f"<{name.upper()} class='a>b'>две</{name}><{name}>три</{name}>", "две\n\nтри")
            for name in BLOCKS.split()
        ),
        *((f"едно<{name}>две</{name}>три", "едно две три") for name in UNKNOWN.split()),
        *((f"едно<{name}>дв</{name}>е", "еднодве") for name in INLINE.split()),
        *((f"едно<{name}>две</{name}>три", "едно три") for name in DROPPED.split()),
        ("едно<td>две</td><td>три", "едно две три"),
        ("<option>едно<option>две", "едно\n\nдве"),
        ("<li>едно<li>две", "едно\n\nдве"),
        ("едно<img src=a.png>две", "едно две"),
        ("едно<input>две<embed>три", "едно две три"),
        ("едно<br/>две<hr/>три", "едно две\n\nтри"),
        ("едно<!-- <section> -->то", "едното"),
        ("<details><summary>едно</summary>две</details>три", "едно\n\nдве\n\nтри"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢(かん)字"),
    ],
)
def test_text_of_markup(markup: str, text: str) -> None:
    assert html_to_text(clean_html(markup, base=BASE)) == text


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("Един ред,\nпренесен.", "Един ред, пренесен."),
        ("Първи.\nВтори.", "Първи.\n\nВтори."),
        ("Първи\n\nвтори", "Първи\n\nвтори"),
    ],
)
def test_plain_text(text: str, paragraphs: str) -> None:
    assert plain_text(text) == paragraphs


def test_text_as_markup() -> None:
    assert text_to_html("5 < 6 & 7\n\nб") == "<p>5 &lt; 6 &amp; 7</p><p>б</p>"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("5 < 7 & 8 > 3", "5 < 7 & 8 > 3"),
        ("AT&amp;T &laquo;А&raquo;", "AT&T «А»"),
        ("<script>alert(1)</script>Тих час", "Тих час"),
        ("&amp;lt;b&amp;gt;ден&amp;lt;/b&amp;gt;", "ден"),
        ("<![CDATA[ден]]>", "ден"),
        (" два \n реда\t", "два реда"),
        ("<img src=x onerror=1>", ""),
        ("x" * 5000, "x" * 2000),
    ],
)
def test_line(raw: str, line: str) -> None:
    assert clean_line(raw) == line


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("/x", "https://bta.example/x"),
        ("?id=3", "https://bta.example/bg/news.html?id=3"),
        ("//b.example/x", "https://b.example/x"),
        (" HTTP://B.example/X\n", "http://b.example/X"),
        ("http://user:secret@b.example/", "http://b.example/"),
        ("http://бта.бг/новини?д=1", "http://xn--80ab5c.xn--90ae/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8?%D0%B4=1"),
        ("http://b.example/a b%20c%zz", "http://b.example/a%20b%20c%25zz"),
        ("http://b.example/#top", "http://b.example/#top"),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:a@b.example", None),
        ("http://b.example:99999/", None),
        ("http://[::", None),
        ("http://b.example/" + "x" * 5000, None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_address(address: str | None, url: str | None) -> None:
    assert clean_url(address, base=BASE) == url
