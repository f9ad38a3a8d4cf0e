"""What of an entry is its own: text without captions, title by its format, page, language."""

from __future__ import annotations

import json

import pytest

from aggregator.ingest.parse.detect import parse
from aggregator.model import ParsedItem

NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:m="http://search.yahoo.com/mrss" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
CAPTION = (
    "Снимка от архива: общ изглед на пристанището привечер, предоставена за редакционна употреба."
)
WORDS = "Три моста бяха затворени заради придошлата река."


def rss(entry: str, channel: str = "", attributes: str = "") -> ParsedItem:
    return only(
        f'<rss version="2.0" {attributes} {NAMESPACES}><channel><title>T</title>{channel}<item>{entry}</item></channel></rss>'
    )


def atom(entry: str, attributes: str = "") -> ParsedItem:
    return only(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes} {NAMESPACES}><id>f</id><title>T</title>'
        f"<entry><id>urn:post:1</id>{entry}</entry></feed>"
    )


def rdf(entry: str) -> ParsedItem:
    return only(
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {NAMESPACES}>'
        f'<channel rdf:about="https://post.example/"><title>T</title></channel><item rdf:about="https://post.example/1">{entry}</item></rdf:RDF>'
    )


def json_feed(**fields: object) -> ParsedItem:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [{"id": "1", **fields}],
    }
    return only(json.dumps(feed))


def sitemap(title: str, language: str = "bg") -> ParsedItem:
    return only(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>https://post.example/1</loc><news:news><news:publication><news:name>P</news:name><news:language>{language}"
        f"</news:language></news:publication><news:title>{title}</news:title></news:news></url></urlset>"
    )


def only(document: str) -> ParsedItem:
    feed = parse(document.encode(), url="https://post.example/feed", headers={})
    assert len(feed.items) == 1
    return feed.items[0]


OWN = f"<description>{WORDS}</description>"
PICTURES = [
    f'<media:content url="a.jpg"><media:description>{CAPTION}</media:description></media:content>',
    f'<media:group><media:content url="a.jpg"/><media:title>{CAPTION}</media:title><media:description type="html">{CAPTION}</media:description></media:group>',
    f"<media:description>{CAPTION}</media:description><media:credit>{CAPTION}</media:credit>",
    f"<m:group><m:description>{CAPTION}</m:description></m:group>",
    f'<description xmlns="http://search.yahoo.com/mrss/">{CAPTION}</description>',
    f"<image><url>a.jpg</url><title>{CAPTION}</title><description>{CAPTION}</description><link>https://post.example/photo</link></image>",
    f"<related><title>{CAPTION}</title><link>https://post.example/other</link><description>{CAPTION}</description><guid>9</guid></related>",
    f"<media:content><media:text>{CAPTION}</media:text></media:content>",
]  # fmt: skip


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("order", ["before", "behind", "alone"])
def test_a_caption_is_never_the_text(picture: str, order: str) -> None:
    head = "<title>Мостове</title><link>https://post.example/1</link>"
    parts = {"before": picture + OWN, "behind": OWN + picture, "alone": picture}[order]
    for item in (rss(head + parts), rss(parts + head), rdf(head + parts)):
        assert item.text == ("" if order == "alone" else WORDS)
        assert (item.title, item.link) == ("Мостове", "https://post.example/1")
        assert "архива" not in item.html


@pytest.mark.parametrize("picture", PICTURES[:5])
@pytest.mark.parametrize("own", ["<summary>{}</summary>", '<content type="html">{}</content>'])
def test_a_caption_in_atom_is_never_the_text(picture: str, own: str) -> None:
    head, body = "<title>Мостове</title>", own.format(WORDS)
    for item in (atom(head + picture + body), atom(body + picture + head)):
        assert (item.title, item.text) == ("Мостове", WORDS)
    assert atom(head + picture).text == ""


def test_a_summary_beside_a_caption_is_kept_with_the_whole_text() -> None:
    whole = "<p>Първи абзац на новината.</p><p>Втори абзац на новината.</p>"
    item = rss(
        f"{PICTURES[1]}{OWN}<content:encoded><![CDATA[{whole}]]></content:encoded>{PICTURES[0]}"
    )
    assert item.text == "Първи абзац на новината.\n\nВтори абзац на новината."


def test_the_title_of_a_picture_serves_where_there_are_no_other_words() -> None:
    title = "<media:title>Рилските езера през есента</media:title>"
    assert (
        rss(f"<media:content url='a.jpg'>{title}</media:content>").title
        == "Рилските езера през есента"
    )
    assert rss(f"<media:content url='a.jpg'>{title}</media:content>{OWN}").title == WORDS


def test_captions_within_the_text_are_left_out() -> None:
    figure = f"<figure><img src='/a.jpg'/><figcaption>{CAPTION}</figcaption></figure>"
    wordpress = (
        f"<div class='wp-caption'><img src='/a.jpg'/><p class='wp-caption-text'>{CAPTION}</p></div>"
    )
    for picture in (figure, wordpress):
        item = rss(
            f"<title>Мостове</title><description><![CDATA[{picture}<p>{WORDS}</p>]]></description>"
        )
        assert item.text == WORDS
        assert CAPTION in item.html


@pytest.mark.parametrize(
    ("written", "title"),
    [  # as it stands in the XML, or with one level of escaping less in JSON
        ("How should &amp;lt;select&amp;gt; work?", "How should <select> work?"),
        ("How should &lt;select&gt; work?", "How should <select> work?"),
        ("A guide to &lt;b&gt; in ten steps", "A guide to <b> in ten steps"),
        ("&lt;b&gt;Urgent:&lt;/b&gt; bridge closed", "Urgent: bridge closed"),
        ("<![CDATA[<em>Urgent</em> &amp; new]]>", "Urgent & new"),
        ("Marks &amp;amp; Sons", "Marks & Sons"),
        ("Marks &amp;amp;amp; Sons", "Marks &amp; Sons"),
        ("It&amp;#8217;s 5 &lt; 6", "It’s 5 < 6"),
        ("Rain&lt;br&gt;and wind", "Rain and wind"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Quiet hour", "Quiet hour"),
        ("What does &lt;script&gt; do?", "What does <script> do?"),
        ("Ask &lt;a href='/x'&gt;here&lt;/a&gt;", "Ask here"),
        ("Pairs &lt;title&gt;&lt;/title&gt; in HTML", "Pairs <title></title> in HTML"),
        ("C&amp;A, R&amp;D &amp;copy 2026", "C&A, R&D &copy 2026"),
    ],
)
def test_a_title_of_rss_is_read_once(written: str, title: str) -> None:
    assert rss(f"<title>{written}</title>").title == title
    assert rdf(f"<title>{written}</title>").title == title
    assert sitemap(written).title == title
    if not written.startswith("<!"):
        assert atom(f'<title type="html">{written}</title>').title == title


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("How should &lt;select&gt; work?", "How should <select> work?"),
        ("How should &amp;lt;select&amp;gt; work?", "How should &lt;select&gt; work?"),
        ("&lt;b&gt;Urgent&lt;/b&gt;", "<b>Urgent</b>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("Marks &amp;amp; Sons", "Marks &amp; Sons"),
        ("two\n  lines", "two lines"),
    ],
)
def test_a_title_of_atom_that_is_text_stands_as_it_is(written: str, title: str) -> None:
    assert atom(f'<title type="text">{written}</title>').title == title
    assert atom(f"<title>{written}</title>").title == title


@pytest.mark.parametrize(
    ("written", "title"),
    [("Less: &lt;em&gt;", "Less: <em>"), ("Two <b>stamps</b>", "Two stamps"), ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
     ("&amp;lt;em&amp;gt;", "&lt;em&gt;"), ("one<br/>two", "one two")],
)  # fmt: skip
def test_a_title_of_atom_that_is_xhtml(written: str, title: str) -> None:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{written}</div>'
    assert atom(f'<title type="xhtml">{div}</title>').title == title


@pytest.mark.parametrize(
    ("written", "title"),
    [("Use <select> well", "Use <select> well"), ("Use &amp; in HTML", "Use &amp; in HTML"),
     ("&lt;b&gt;", "&lt;b&gt;"), ("A <b>stamp</b> &amp; a train", "A stamp & a train")],
)  # fmt: skip
def test_a_title_of_json_is_text_unless_it_is_marked_up(written: str, title: str) -> None:
    assert json_feed(title=written).title == title


HTML = '<link rel="alternate" type="text/html" href="https://post.example/page"/>'
BESIDE = [
    '<link rel="alternate" type="application/json" href="https://post.example/page.json"/>',
    '<link rel="alternate" type="application/rss+xml" href="https://post.example/page.rss"/>',
    '<link rel="alternate" type="application/atom+xml" href="https://post.example/page.atom"/>',
    '<link rel="alternate" type="audio/mpeg" href="https://post.example/page.mp3"/>',
    '<link rel="alternate" type="image/jpeg" href="https://post.example/page.jpg"/>',
    '<link rel="alternate" type="text/html" href="https://post.example/photo.JPG"/>',
    '<link rel="alternate" type="text/html" hreflang="fr" href="https://post.example/fr"/>',
    '<link rel="alternate" type="application/pdf" href="https://post.example/page.pdf"/>',
    '<link rel="amphtml" href="https://post.example/amp"/>',
    '<link rel="self" type="application/atom+xml" href="https://post.example/entry"/>',
    '<link rel="self" type="text/html" href="https://post.example/self"/>',
    '<link rel="enclosure" type="text/html" href="https://post.example/enclosed"/>',
    '<link rel="edit" href="https://post.example/edit"/>',
    '<link rel="replies" type="text/html" href="https://post.example/comments"/>',
    '<link rel="related" href="https://post.example/related"/>',
    '<link rel="via" href="https://other.example/"/>',
]


@pytest.mark.parametrize("beside", BESIDE)
def test_the_page_is_the_link_whatever_stands_beside_it(beside: str) -> None:
    title = "<title>t</title>"
    for page in (HTML, HTML.replace('rel="alternate" ', ""), HTML.replace("text/html", "text/html; charset=utf-8"),
                 HTML.replace('"alternate"', '"http://www.iana.org/assignments/relation/alternate"')):  # fmt: skip
        assert atom(title + page + beside).link == "https://post.example/page"
        assert atom(title + beside + page).link == "https://post.example/page"
    plain = "<link>https://post.example/page</link>"
    in_rss = beside.replace("<link", "<atom:link")
    assert rss(title + plain + in_rss).link == "https://post.example/page"
    if "text/html" not in beside or "hreflang" in beside or "photo" in beside:
        assert rss(title + in_rss + plain).link == "https://post.example/page"


@pytest.mark.parametrize(
    ("entry", "link"),
    [
        (BESIDE[0] + BESIDE[7], "https://post.example/page.pdf"),
        (BESIDE[1] + BESIDE[2] + BESIDE[8], None),
        (BESIDE[9] + BESIDE[11], None),
        ('<link rel="canonical" href="/own"/>', "https://post.example/own"),
        (BESIDE[9] + '<content type="text/html" src="/own"/>', "https://post.example/own"),
        ('<content type="image/png" src="/own"/>', None),
    ],
)
def test_without_a_page_what_a_person_can_still_open(entry: str, link: str | None) -> None:
    assert atom(f"<title>t</title>{entry}").link == link


@pytest.mark.parametrize(
    ("language", "link"), [("fr", "https://post.example/fr"), ("bg", "https://post.example/bg")]
)
def test_of_pages_in_several_languages_that_in_the_entrys_own(language: str, link: str) -> None:
    links = "".join(
        f'<link hreflang="{tag}" href="https://post.example/{tag}"/>'
        for tag in ("en-GB", "fr", "bg")
    )
    assert atom(f"<title>t</title>{links}", f'xml:lang="{language}"').link == link


@pytest.mark.parametrize(
    ("entry", "link"),
    [
        ("<link>https://post.example/a.jpg</link><guid>https://post.example/a</guid>", "https://post.example/a"),
        ("<guid>https://post.example/a</guid><link>https://post.example/a.mp3</link>", "https://post.example/a"),
        ("<link>https://post.example/a.jpg</link>", "https://post.example/a.jpg"),
        ("<link>https://rss.example/x</link><feedburner:origLink>https://post.example/a</feedburner:origLink>", "https://post.example/a"),
        ("<guid>https://post.example/a</guid>", "https://post.example/a"),
        ("<guid isPermaLink='false'>https://post.example/a</guid>", None),
        ("<link>javascript:x</link><guid>https://post.example/a</guid>", "https://post.example/a"),
        ("<link>https://post.example/a?x=1&amp;y=2</link>", "https://post.example/a?x=1&y=2"),
        ("<enclosure url='https://post.example/a.mp3' type='audio/mpeg'/><link>/a</link>", "https://post.example/a"),
    ],
)  # fmt: skip
def test_the_page_of_an_item_of_rss(entry: str, link: str | None) -> None:
    assert rss(f"<title>t</title>{entry}").link == link


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"url": "/a", "external_url": "https://other.example/"}, "https://post.example/a"),
        ({"external_url": "https://other.example/x"}, "https://other.example/x"),
        ({"url": "https://post.example/a.png", "id": "https://post.example/a"}, "https://post.example/a"),
        ({"url": "https://post.example/a.png"}, "https://post.example/a.png"),
    ],
)  # fmt: skip
def test_the_page_of_an_item_of_json(fields: dict[str, str], link: str) -> None:
    assert json_feed(title="t", **fields).link == link


@pytest.mark.parametrize(
    ("item", "language"),
    [
        (rss("<title>t</title><dc:language>bg-BG</dc:language>", "<language>en-US</language>"), "bg"),
        (rss("<title>t</title><language>kk</language>", "<language>ru</language>"), "kk"),
        (rss("<title>t</title>", "<language>ru</language>"), None),
        (rss("<title>t</title>", "<language>ru</language>", 'xml:lang="en"'), None),
        (rss('<title xml:lang="tr">t</title>', "<language>ru</language>"), "tr"),
        (rss("<title>t</title><related><language>de</language></related>"), None),
        (rdf("<title>t</title><dc:language>mn</dc:language>"), "mn"),
        (atom('<title xml:lang="zh-Hant">t</title>', 'xml:lang="en"'), "zh"),
        (atom('<title>t</title><content xml:lang="ky">т</content>', 'xml:lang="ru"'), "ky"),
        (atom("<title>t</title><content>т</content>", 'xml:lang="ru_RU"'), None),
        (json_feed(title="t", language="uk-UA"), "uk"),
        (json_feed(title="t"), None),
        (json_feed(title="t", language="und"), None),
        (rss("<title>t</title><dc:language>mul</dc:language>", "<language>ru</language>"), None),
        (sitemap("t", "zh-cn"), "zh"),
    ],
)  # fmt: skip
def test_the_language_that_an_entry_says_of_itself(item: ParsedItem, language: str | None) -> None:
    assert item.language == language


def test_the_language_of_an_entry_goes_for_its_parts() -> None:
    document = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title>'
        '<entry xml:lang="bg"><id>1</id><title>t</title></entry><entry><id>2</id><title>u</title></entry></feed>'
    )
    feed = parse(document.encode(), url="https://post.example/feed", headers={})
    assert [item.language for item in feed.items] == ["bg", None]
    assert feed.language == "en"


def test_core_elements_may_have_a_prefix() -> None:
    item = only(
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://purl.org/rss/1.0/">'
        '<p:channel r:about="https://post.example/"><p:title>Поща</p:title></p:channel><p:item r:about="https://post.example/7">'
        f"<p:title>Мостове</p:title><p:link>https://post.example/7</p:link><p:description>{WORDS}</p:description></p:item></r:RDF>"
    )
    assert (item.title, item.link, item.text) == ("Мостове", "https://post.example/7", WORDS)


@pytest.mark.parametrize(
    "namespace",
    ["http://www.w3.org/2005/Atom", "http://backend.userland.com/rss2", "https://post.example/own"],
)
def test_rss_may_be_in_a_namespace_that_is_not_its_own(namespace: str) -> None:
    item = rss(
        f"<title>A &lt;select&gt;</title><link>/7</link>{OWN}<pubDate>Mon, 23 Nov 2026 10:00:00 +0200</pubDate>",
        attributes=f'xmlns="{namespace}"',
    )
    assert (item.title, item.link, item.text) == ("A <select>", "https://post.example/7", WORDS)
    assert item.published_at is not None


def test_an_ampersand_that_nobody_escaped_is_one() -> None:
    in_rss = rss(
        "<title>Рози & мости</title><link>https://post.example/a-&-b?x=1&y=2&copy=3</link>"
    )
    in_atom = atom(
        '<title>Рози & мости</title><link href="https://post.example/a-&-b?x=1&y=2&copy=3"/>'
    )
    for item in (in_rss, in_atom):
        assert item.title == "Рози & мости"
        assert item.link == "https://post.example/a-&-b?x=1&y=2&copy=3"
