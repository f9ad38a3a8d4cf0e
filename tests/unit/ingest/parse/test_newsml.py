"""NewsML-G2: what is read of it under any prefix and in any wrapping, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.ingest.parse.detect import parse
from aggregator.model import Enclosure, Notice, ParsedFeed, ParsedItem

NAR = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
GUID = "urn:newsml:azertac.example:20261112:rail"
META = (
    '<itemClass qcode="ninat:text"/><provider qcode="nprov:AZERTAC"/>'
    "<versionCreated>2026-11-12T12:30:00+04:00</versionCreated>"
    "<firstCreated>2026-11-12T12:00:00+04:00</firstCreated>"
    '<pubStatus qcode="stat:usable"/>'
)
ABOUT = (
    '<language tag="az"/><by>Leyla Məmmədova</by>'
    '<subject qcode="medtop:20000337"><name xml:lang="en">railway</name></subject>'
    "<keyword>dəmir yolu</keyword><slugline>RAIL-BAKU</slugline>"
    "<headline>Bakıda yeni dəmir yolu xətti açıldı</headline>"
)
PARAGRAPHS = "<p>Xəttin uzunluğu 42 kilometrdir.</p><p>Sərnişinlər sabahdan gedə bilər.</p>"
CONTENT = (
    '<inlineXML contenttype="application/xhtml+xml">'
    f'<html xmlns="{XHTML}"><head><title>t</title></head><body>{PARAGRAPHS}</body></html></inlineXML>'
)
TEXT = "Xəttin uzunluğu 42 kilometrdir.\n\nSərnişinlər sabahdan gedə bilər."


def news_item(
    meta: str = META, about: str = ABOUT, content: str = CONTENT, *, attributes: str = ""
) -> str:
    return (
        f'<newsItem xmlns="{NAR}" guid="{GUID}" version="1" standard="NewsML-G2" xml:lang="en"'
        f" {attributes}><itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta>"
        f"<contentSet>{content}</contentSet></newsItem>"
    )


def read(document: str | bytes) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse(body, url="file:///wire/1.xml", headers={})


def item(*args: Any, **more: Any) -> ParsedItem:
    [found] = read(news_item(*args, **more)).items
    return found


def in_message(*items: str) -> str:
    return (
        f'<?xml version="1.0"?><newsMessage xmlns="{NAR}"><header><sent>2026-11-12</sent></header>'
        f"<itemSet>{''.join(items)}</itemSet></newsMessage>"
    )


PREFIXED = (
    f'<g2:newsItem xmlns:g2="{NAR}" xmlns:h="{XHTML}" guid="{GUID}" version="1">'
    '<g2:itemMeta><g2:itemClass qcode="ninat:text"/>'
    "<g2:versionCreated>2026-11-12T08:30:00Z</g2:versionCreated></g2:itemMeta>"
    '<g2:contentMeta><g2:language tag="az-AZ"/><g2:by>Leyla Məmmədova</g2:by>'
    '<g2:subject type="cpnat:abstract"><g2:name>railway</g2:name></g2:subject>'
    "<g2:keyword>dəmir yolu</g2:keyword>"
    "<g2:headline>Bakıda yeni dəmir yolu xətti açıldı</g2:headline></g2:contentMeta>"
    "<g2:contentSet><g2:inlineXML><h:html><h:body><h:p>Xəttin uzunluğu 42 kilometrdir.</h:p>"
    "<h:p>Sərnişinlər sabahdan gedə bilər.</h:p></h:body></h:html></g2:inlineXML>"
    "</g2:contentSet></g2:newsItem>"
)
NITF = CONTENT.replace(
    f'<html xmlns="{XHTML}"><head><title>t</title></head><body>{PARAGRAPHS}</body></html>',
    '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><head><title>t</title></head><body>'
    "<body.head><hedline><hl1>Bakıda</hl1></hedline><byline>Leyla</byline></body.head>"
    f"<body.content>{PARAGRAPHS}<media media-type='image'><media-reference source='a.jpg'/>"
    "<media-caption>Qatar stansiyada</media-caption></media></body.content>"
    "<body.end><tagline>lm</tagline></body.end></body></nitf>",
)


@pytest.mark.parametrize(
    "document",
    [
        news_item(),
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- <rss> --><!-- sent -->\n{news_item()}',
        in_message(news_item()),
        in_message(f'<packageItem xmlns="{NAR}" guid="p"><itemMeta/></packageItem>', news_item()),
        news_item().replace(f' xmlns="{NAR}"', ""),
        news_item(content=NITF),
        PREFIXED,
        f"<?xml version='1.0' encoding='windows-1254'?>{news_item()}".replace("ə", "e").encode("cp1254"),
        f'<?xml version="1.0" encoding="UTF-16"?>{news_item()}'.encode("utf-16"),
    ],
    ids=["alone", "declared", "message", "beside a package", "no namespace", "nitf", "prefixed", "windows-1254", "utf-16"],
)  # fmt: skip
def test_however_it_is_wrapped_the_item_is_read(document: str | bytes) -> None:
    feed = read(document)
    [found] = feed.items

    assert (feed.format, feed.problems) == ("newsml-g2", ())
    assert found.guid == GUID
    assert found.title.replace("ə", "e") == "Bakıda yeni demir yolu xetti açıldı"
    assert found.text.replace("ə", "e") == TEXT.replace("ə", "e")
    assert found.published_at == found.versioned_at == datetime(2026, 11, 12, 8, 30, tzinfo=UTC)
    assert found.language == "az"
    assert [name.replace("ə", "e") for name in found.authors] == ["Leyla Memmedova"]
    assert found.categories[0] == "railway"
    assert found.is_whole
    assert (found.notice, found.is_withheld, found.embargoed_until) == (None, False, None)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<inlineData contenttype="text/plain">Qar &lt; yağış</inlineData>', "Qar < yağış"),
        ('<inlineData contenttype="text/html">&lt;p&gt;Qar&lt;/p&gt;</inlineData>', "Qar"),
        ("<inlineData><![CDATA[<p>Qar</p>]]></inlineData>", "Qar"),
        ('<inlineData encoding="base64">UWFy</inlineData>', ""),
        ("<inlineXML><p>Qar</p></inlineXML>", "Qar"),
        ("<inlineXML><div>Qar<script>x()</script></div></inlineXML>", "Qar"),
        ("<inlineXML><p>Bakı<b>da</b> qar</p></inlineXML>", "Bakıda qar"),
        ('<remoteContent href="https://m.example/a.mp4" contenttype="video/mp4"/>', ""),
        ("", ""),
    ],
)
def test_contents_are_text(content: str, text: str) -> None:
    assert item(content=content).text == text


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ('<description role="drol:summary">Qısaca.</description>', "Qısaca."),
        ("<description>Qısaca.</description>", "Qısaca."),
        ('<description role="drol:caption">Şəkildə qatar.</description>', ""),
        ('<description role="http://cv.iptc.org/newscodes/descriptionrole/caption">Q.</description>', ""),
    ],
)  # fmt: skip
def test_a_description_is_a_summary_a_caption_is_not(about: str, text: str) -> None:
    found = item(about=ABOUT + about, content="")
    assert (found.text, found.is_whole) == (text, False)


@pytest.mark.parametrize("kind", ["picture", "graphic", "video", "audio"])
def test_what_is_said_of_a_picture_is_no_report(kind: str) -> None:
    found = item(
        META.replace("ninat:text", f"ninat:{kind}"),
        ABOUT + "<description>Şəkildə qatar.</description>",
        '<remoteContent href="https://m.example/a" contenttype="image/jpeg" size="346071"/>'
        '<remoteContent href="./b.jpg"/><remoteContent href="file:///etc/passwd"/>',
    )
    assert found.text == ""
    assert found.enclosures == (
        Enclosure(url="https://m.example/a", media_type="image/jpeg", length=346071),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<pubStatus qcode="stat:usable"/>', (None, False)),
        ("", (None, False)),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>', (None, False)),
        ('<pubStatus qcode="stat:canceled"/>', (Notice.KILL, False)),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', (Notice.KILL, False)),
        ('<pubStatus literal="Cancelled"/>', (Notice.KILL, False)),
        ('<pubStatus qcode="stat:withheld"/>', (Notice.KILL, True)),
        ('<pubStatus qcode="imext:draft"/>', (Notice.KILL, True)),
    ],
)  # fmt: skip
def test_the_status_says_what_may_be_shown(written: str, expected: tuple[Any, ...]) -> None:
    found = item(META.replace('<pubStatus qcode="stat:usable"/>', written))
    assert (found.notice, found.is_withheld) == expected


def test_a_withdrawal_needs_no_words() -> None:
    found = item(META.replace("usable", "canceled"), about="", content="")
    assert (found.guid, found.title, found.notice) == (GUID, "", Notice.KILL)


@pytest.mark.parametrize(
    ("written", "until", "withheld"),
    [
        ("<embargoed>2026-11-13T06:00:00Z</embargoed>", datetime(2026, 11, 13, 6, tzinfo=UTC), False),
        ("<embargoed/>", None, True),
        ("<embargoed>after the speech</embargoed>", None, True),
    ],
)  # fmt: skip
def test_an_embargo_ends_or_the_item_is_withheld(
    written: str, until: datetime | None, withheld: bool
) -> None:
    found = item(META + written)
    assert (found.embargoed_until, found.is_withheld) == (until, withheld)


@pytest.mark.parametrize(
    ("signal", "version", "notice"),
    [
        ("sig:correction", "1", Notice.CORRECTION),
        ("http://cv.iptc.org/newscodes/signal/correction", "1", Notice.CORRECTION),
        ("sig:correction", "2", None),  # compared with the version before, instead
        ("sig:update", "1", None),
        ("ind:correctional", "1", None),
    ],
)
def test_a_signal_of_correction_is_believed_of_a_first_version(
    signal: str, version: str, notice: Notice | None
) -> None:
    key = "uri" if signal.startswith("http") else "qcode"
    document = news_item(META + f'<signal {key}="{signal}"/>')
    [found] = read(document.replace('version="1"', f'version="{version}"', 1)).items
    assert found.notice is notice


@pytest.mark.parametrize(
    ("meta", "content", "guid", "link"),
    [
        ("", "", GUID, None),
        ("", "", "https://azertac.example/7", "https://azertac.example/7"),
        ("", '<remoteContent contenttype="text/html" href="https://azertac.example/p"/>', GUID, "https://azertac.example/p"),
        ('<link rel="irel:canonical" href="https://azertac.example/c"/>', "", GUID, "https://azertac.example/c"),
        ('<link rel="irel:seeAlso" href="https://azertac.example/other"/>', "", GUID, None),
    ],
)  # fmt: skip
def test_the_link_is_a_page_a_person_can_open(
    meta: str, content: str, guid: str, link: str | None
) -> None:
    document = news_item(META + meta, content=CONTENT + content).replace(GUID, guid)
    assert read(document).items[0].link == link


@pytest.mark.parametrize(
    ("about", "title"),
    [
        ('<headline role="hldrole:sub">Alt</headline><headline>Baş</headline>', "Baş"),
        ('<headline role="hldrole:sub">Alt</headline><headline role="hldrole:main">Baş</headline>', "Baş"),
        ('<language tag="az"/><headline xml:lang="en">Line</headline><headline xml:lang="az-AZ">Xətt</headline>', "Xətt"),
        ('<headline xml:lang="az">Xətt</headline><headline xml:lang="en">Line</headline>', "Line"),
        ("<slugline>RAIL</slugline>", "rail-1"),
        ("<headline>  Fed to halt\n  QE </headline>", "Fed to halt QE"),
    ],
)  # fmt: skip
def test_the_main_headline_is_the_title(about: str, title: str) -> None:
    assert item(META + "<title>rail-1</title>", about).title == title


@pytest.mark.parametrize(
    ("about", "content", "language"),
    [
        ('<language tag="kk"/>', CONTENT, "kk"),
        ("", CONTENT.replace("<html", '<html xml:lang="ru"'), "ru"),
        ("", CONTENT.replace("<inlineXML", '<inlineXML xml:lang="ru-KZ"'), "ru"),
        ("", CONTENT.replace("<p>", '<p xml:lang="fr">', 1), "en"),
        ("", "", "en"),
    ],
)
def test_the_language_is_that_of_the_content(about: str, content: str, language: str) -> None:
    assert item(META + "<title>x</title>", about, content).language == language


def test_the_creator_stands_for_a_missing_byline() -> None:
    found = item(about="<headline>x</headline><creator><name>Orxan Quliyev</name></creator>")
    assert found.authors == ("Orxan Quliyev",)


def test_items_of_a_message_that_have_no_words_are_counted() -> None:
    feed = read(in_message(news_item(), news_item(about="", content="")))
    assert (len(feed.items), feed.left_out.empty) == (1, 1)


def test_a_stray_ampersand_is_mended_as_in_feeds() -> None:
    feed = read(news_item(about="<headline>Q&A &nbsp; Bakı</headline>"))
    assert feed.items[0].title == "Q&A Bakı"
    assert feed.problems[0].startswith("the XML was mended")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE newsItem [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (BOMB + news_item(about="<headline>&b;</headline>"), "declares a document type"),
        (f'<!DOCTYPE x SYSTEM "file:///etc/passwd">{news_item()}', "declares a document type"),
        (news_item(content="<inlineXML>" + "<b>" * 300 + "</b>" * 300 + "</inlineXML>"), "nests deeper"),
        (news_item(content="<inlineXML>" + "<b/>" * 150_001 + "</inlineXML>"), "elements and attributes"),
        (news_item()[:-40], "not well-formed"),
        (in_message(news_item())[:-20], "not well-formed"),
        (in_message(), "the newsMessage has no newsItem"),
        (f'<packageItem xmlns="{NAR}" guid="p"><groupSet/></packageItem>', "the packageItem has no newsItem"),
        (f'<planningItem xmlns="{NAR}" guid="p"/>', "the planningItem has no newsItem"),
        (news_item(about="", content=""), "no newsItem in it has words"),
        (in_message("<newsItem/>" * 3001), "read are 3000 at most; split the file"),
        ("<NewsML Version='1.2'><NewsItem/></NewsML>", "the file is NewsML; ask for NewsML-G2"),
        ("<nitf><body/></nitf>", "the file is nitf; ask for NewsML-G2"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(document: str, problem: str) -> None:
    with pytest.raises(ParseError, match=problem):
        read(document)


def test_a_feed_in_a_folder_is_read_as_a_feed() -> None:
    rss = (
        "<rss version='2.0'><channel><title>x</title><item><title>Qar</title>"
        "<description>&lt;newsItem&gt;</description></item></channel></rss>"
    )
    assert read(rss).format == "rss20"


def test_newsml_is_read_from_folders_only() -> None:
    with pytest.raises(ParseError, match="the body is no feed"):
        parse(news_item(content="").encode(), url="https://azertac.example/g2", headers={})
