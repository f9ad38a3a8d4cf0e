"""A server of misbehaving feeds: one line of a table each, with what must come of it.

`all_behaviours` is the table; `HostileServer` sends it, byte by byte, on one port of loopback. What is
sent is ours from the status line on, since no server library would send most of it.
"""

from __future__ import annotations

import asyncio
import codecs
import gzip
import json
import threading
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

LIMIT = 2 * 1024 * 1024  # the max_body the daemon is given
SECRET = "what a local file says"  # in a file next to the configuration; may be published nowhere
Handler = Callable[["Exchange"], Awaitable[None]]


@dataclass
class Exchange:
    """One request: its number among those to its path, its head, and where the response goes."""

    number: int
    head: bytes
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


@dataclass(frozen=True)
class Behaviour:
    """What a path sends, and what must come of it.

    `status` is the feed's in `feeds list`, `error` words of its error, `titles` those of all its
    items in all stories. `repeated` feeds are polled every second, the others once.
    """

    name: str
    send: Handler
    status: str = "ok"
    error: str = ""
    titles: tuple[str, ...] = ()
    repeated: bool = False


# ------------------------------------------------------------------------------- bodies and responses


def item(title: str, guid: str = "", link: str = "", text: str = "", date: str = "") -> str:
    parts = {"title": title, "guid": guid, "link": link, "description": text, "pubDate": date}
    inner = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in parts.items() if value)
    return f"<item>{inner}</item>".replace("<guid>", '<guid isPermaLink="false">')


def rss(*items: str, head: str = "", encoding: str = "utf-8") -> str:
    return (
        f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Проба</title>"
        f"{head}{''.join(items)}</channel></rss>"
    )


def one(name: str) -> str:
    """A sound feed with one item, titled by the behaviour's name."""
    return rss(item(title_of(name), name, f"https://hostile.example/{name}"))


def title_of(name: str) -> str:
    return f"Новина {name}"


def response(
    body: bytes | str, *headers: str, status: str = "200 OK", length: bool = True
) -> bytes:
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *headers]
    lines += [f"Content-Length: {len(raw)}"] if length else []
    return "\r\n".join((*lines, "Connection: close", "", "")).encode("latin-1") + raw


def respond_with(data: bytes) -> Handler:
    async def handle(exchange: Exchange) -> None:
        await exchange.send(data)

    return handle


def per_request(make: Callable[[int, bytes], bytes]) -> Handler:
    """Another response to each request, from the number of the request and its head."""

    async def handle(exchange: Exchange) -> None:
        await exchange.send(make(exchange.number, exchange.head))

    return handle


def drip(start: bytes, piece: bytes, pause_seconds: float) -> Handler:
    """A piece again and again, until the client has had enough."""

    async def handle(exchange: Exchange) -> None:
        await exchange.send(start)
        while not exchange.writer.is_closing():
            await exchange.send(piece)
            await asyncio.sleep(pause_seconds)

    return handle


async def stall(exchange: Exchange) -> None:
    await asyncio.sleep(60)


async def reset(exchange: Exchange) -> None:
    await exchange.send(response("<rss>", "Content-Length: 99", length=False))
    exchange.writer.transport.abort()


def redirect(location: str, status: int = 302) -> Handler:
    return respond_with(response("", f"Location: {location}", status=f"{status} Elsewhere"))


def zipped(data: bytes | str) -> bytes:
    return gzip.compress(data.encode() if isinstance(data, str) else data, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(data) + squeezer.flush()


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = response(b"", "Transfer-Encoding: chunked", length=False)
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in chunks) + end


def coded(coding: str, body: bytes) -> Handler:
    return respond_with(response(body, f"Content-Encoding: {coding}"))


# ------------------------------------------------------------------------------------- the behaviours


def _valid() -> Iterator[Behaviour]:
    """Odd, but every item must arrive, exactly."""

    def fine(name: str, data: bytes, *titles: str) -> Behaviour:
        return Behaviour(name, respond_with(data), titles=titles or (title_of(name),))

    def document(name: str, body: bytes | str, *titles: str) -> Behaviour:
        return fine(name, response(body, "Content-Type: text/html; charset=utf-8"), *titles)

    for name, data in {
        "gzip": response(zipped(one("gzip")), "Content-Encoding: gzip"),
        "x-gzip": response(zipped(one("x-gzip")), "Content-Encoding: x-gzip"),
        "gzip-undeclared": response(zipped(one("gzip-undeclared"))),
        "gzip-but-plain": response(one("gzip-but-plain"), "Content-Encoding: gzip"),
        "br-but-plain": response(one("br-but-plain"), "Content-Encoding: br"),
        "gzip-twice": response(zipped(zipped(one("gzip-twice"))), "Content-Encoding: gzip, gzip"),
        "gzip-members": response(
            b"".join(zipped(part) for part in one("gzip-members").partition("<item>")),
            "Content-Encoding: gzip",
        ),
        "gzip-padded": response(zipped(one("gzip-padded")) + bytes(9), "Content-Encoding: gzip"),
        "deflate-zlib": response(
            zlib.compress(one("deflate-zlib").encode()), "Content-Encoding: deflate"
        ),
        "deflate-raw": response(
            raw_deflate(one("deflate-raw").encode()), "Content-Encoding: deflate"
        ),
        "chunked": chunked(*(one("chunked").encode()[i : i + 7] for i in range(0, 600, 7))),
        "no-length": response(one("no-length"), length=False),
        "http-1.0": response(one("http-1.0"), length=False).replace(b"HTTP/1.1", b"HTTP/1.0"),
        "odd-etag": response(one("odd-etag"), 'ETag: W/"\xd0\xb6 <>\xff"'),
        "cookies": response(one("cookies"), *(f"Set-Cookie: c{n}=1" for n in range(60))),
        "no-content-type": response(one("no-content-type")),
        "image-type": response(one("image-type"), "Content-Type: image/png"),
    }.items():
        yield fine(name, data)
    for charset in ("windows-1251", "koi8-r", "utf-16", "iso-8859-5"):
        yield document(f"declared-{charset}", one(f"declared-{charset}").encode(charset))
        undeclared = one(f"undeclared-{charset}").replace("encoding='utf-8'", "")
        yield document(f"undeclared-{charset}", undeclared.encode(charset))
    yield document("bom", codecs.BOM_UTF8 + one("bom").encode())
    yield document("spaces-first", "\n \n" + one("spaces-first"))
    yield document("warning-first", "<br/><b>Warning</b>: no disk<br/>" + one("warning-first"))
    yield document(
        "bad-byte",
        rss(item("Добро утро", "1"), item("Лека нощ", "2", text="A|B"))
        .encode()
        .replace(b"|", b"\x98"),
        "Добро утро",
        "Лека нощ",
    )
    yield document(
        "wrong-references",
        rss(
            item("А&#xD83D;Б", "1").replace("&amp;", "&")
            + "<item><title>В&#x110000;Г</title></item>"
        ),
        "АБ",
        "ВГ",
    )
    yield document("controls", rss(item("Пло\x00щад\x0b \ufffeСвета\uffff", "1")), "Площад Света")
    yield document(
        "entities", rss("<item><title>Р&D &mdash; &laquo;А&raquo;</title></item>"), "Р&D — «А»"
    )
    yield document("cut", rss(item("Цяла", "1"), item("Половина", "2"))[:-40], "Цяла")
    yield document("cut-in-tag", rss(item("Цяла", "1"), item("Друга", "2"))[:-22], "Цяла")
    yield document(
        "open-comment", rss(item("Преди", "1"), "<!-- ", item("След", "2")), "Преди", "След"
    )
    yield document("many-comments", "<!-- " * 10_000 + one("many-comments"))
    yield document(
        "open-cdata", rss("<item><title>Р<![CDATA[ано</title></item>", item("Х", "2")), "Рано", "Х"
    )
    yield document(
        "open-title",
        rss(item("Преди", "1"), "<item><title>Без край<guid>2</guid></item>", item("След", "3")),
        "Преди",
        "Без край",
        "След",
    )
    yield document("open-head", rss(item("Първа", "1"), head="<image><title>Лого</image>"), "Първа")
    yield document(
        "surrogate-bytes",
        rss(item("Буря над морето!", "1")).encode().replace(b"!", b"\xed\xa0\xbd\xed\xb8\x80"),
        "Буря над морето\U0001f600",
    )
    yield document("entity-bomb", bomb(one("entity-bomb")))
    yield document(
        "external-entity",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
        + rss("<item><title>Външна &x;</title></item>"),
        "Външна &x;",
    )
    yield document("deep-markup", rss(item("Дълбоко", "1", text="<div>" * 10_000)), "Дълбоко")
    yield document("long-title", rss(item("Дълго " * 20_000, "1")), ("Дълго " * 334)[:2000].strip())
    yield document("doubled", rss(item("Двойник", "1"), item("Двойник", "1")), "Двойник")
    yield document("script-title", rss(item("Тих<script>alert(1)</script> час", "1")), "Тих час")
    yield document(
        "script-links",
        rss(
            item("Връзка", "1", "javascript:alert(1)", "<a href='java&#10;script:alert(2)'>x</a>"),
            head="<link>javascript:alert(3)</link>",
        ),
        "Връзка",
    )
    yield document(
        "future-date", rss(item("Утре", "1", date="Fri, 01 Jan 2077 00:00:00 GMT")), "Утре"
    )
    yield document("year-one", rss(item("Никога", "1", date="0001-01-01T00:00:00Z")), "Никога")
    yield document(
        "no-guid",
        rss(item("Без ключ", text="Текст, който стига за ключ на тази новина.")),
        "Без ключ",
    )
    yield document(
        "one-link",
        rss(*(item(f"Общ {n}", f"g{n}", "https://x.example/") for n in "аб")),
        "Общ а",
        "Общ б",
    )
    yield document("atom", ATOM, "Атомна")
    yield document("atom-0.3", ATOM_03, "Стара атомна")
    yield document("rdf", RDF, "Рамкова")
    yield document(
        "rss-0.91",
        "<rss version='0.91'><channel><item><title>Ранна</title></item></channel></rss>",
        "Ранна",
    )
    yield document("json-feed", JSON_FEED, "Джейсън")
    yield document("news-sitemap", SITEMAP, "新闻标题")
    yield document(
        "upper-case",
        "<RSS version='2.0'><CHANNEL><ITEM><TITLE>Главна</TITLE></ITEM></CHANNEL></RSS>",
        "Главна",
    )


ATOM = (
    "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xml:base='https://hostile.example/'><a:entry><a:id>1</a:id>"
    "<a:title type='html'>Атом&lt;b&gt;на&lt;/b&gt;</a:title><a:link href='x'/></a:entry></a:feed>"
)
ATOM_03 = (
    "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>1</id><title>Стара атомна</title>"
    "<issued>2026-11-02T10:00:00Z</issued></entry></feed>"
)
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<channel><title>Р</title></channel><item rdf:about='https://hostile.example/r'><title>Рамкова</title>"
    "</item></rdf:RDF>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": 7, "title": "Джейсън", "content_html": "<script>1</script>"}, None, 5],
    }
)
SITEMAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://cn.example/1</loc>"
    "<news:news><news:title>新闻标题</news:title></news:news></url></urlset>"
)


def bomb(body: str) -> str:
    """`body` behind a document type whose entities unfold to gigabytes, had anybody read them."""
    entities = "<!ENTITY e0 'ha'>" + "".join(
        f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10)
    )
    return f"<!DOCTYPE rss [{entities}]>{body.replace('Проба', '&e9;')}"


def _broken() -> Iterator[Behaviour]:
    """Nothing can come of these but an error that says what is wrong."""
    for name, handle, error in (
        ("stall", stall, "no whole answer in the time allowed"),
        ("slow-head", drip(b"HTTP/1.1 200 OK\r\n", b"X", 0.2), "no whole answer in the time"),
        ("slow-body", drip(response("<rss>", length=False), b" ", 0.2), "no whole answer in the time"),
        ("endless-head", drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 999, 0), "headers are too long"),
        ("endless-body", drip(response("", length=False), b"<x/>" * 9999, 0), "larger than 2097152 bytes"),
        ("endless-chunks", drip(chunked(end=b""), b"5\r\n<a/> \r\n" * 999, 0), "comes in crumbs|larger than"),
        ("endless-1xx", drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05), "no whole answer in the time"),
        ("reset", reset, "."),
        ("empty-answer", respond_with(b""), "."),
        ("no-http", respond_with(b"220 mail.example ESMTP\r\n"), "."),
        ("tls-alert", respond_with(b"\x15\x03\x01\x00\x02\x02\x46"), "."),
        ("short-body", respond_with(response(one("x")).replace(b"Content-Length: ", b"Content-Length: 9")), "."),
        ("two-lengths", respond_with(response("x", "Content-Length: 5")), "."),
        ("length-nonsense", respond_with(response("x", "Content-Length: many", length=False)), "."),
        ("large-by-length", respond_with(response("", "Content-Length: 99999999999", length=False)), "99999999999 bytes, allowed are"),
        ("cut-chunks", respond_with(chunked(b"<rss>", end=b"9\r\nab")), "."),
        ("bad-chunks", respond_with(chunked(b"<rss>", end=b"zz\r\nab\r\n")), "."),
        ("gzip-bomb", coded("gzip", zipped(bytes(5_000_000))), "decompressed body is larger"),
        ("gzip-bomb-nested", coded("gzip, gzip, gzip", zipped(zipped(zipped(bytes(5_000_000))))), "decompressed body is larger"),
        ("gzip-members-bomb", coded("gzip", zipped(b"<") * 9999), "members"),
        ("deflate-bomb", coded("deflate", zlib.compress(bytes(5_000_000))), "decompressed body is larger"),
        ("gzip-cut", coded("gzip", zipped(one("x"))[:-9]), "cut short"),
        ("gzip-broken", coded("gzip", zipped(one("x"))[:30] + b"\xff" * 40), "broken|cut short"),
        ("brotli", coded("br", b"\x0b\x02\x80hello\x03"), "'br', which was not offered"),
        ("zstd", coded("zstd", b"\x28\xb5\x2f\xfd\x04\x00"), "'zstd', which was not offered"),
        ("five-codings", coded(", ".join(["gzip"] * 9), b"x"), "coded 9 times over"),
        ("redirect-loop", redirect("/redirect-loop"), "redirected more than 10 times"),
        ("redirect-file", redirect("file:///etc/passwd"), "no http or https address"),
        ("redirect-gopher", redirect("gopher://127.0.0.1/"), "no http or https address"),
        ("redirect-nowhere", redirect("http://"), "redirected more than 10 times"),
        ("redirect-nonsense", redirect("http://[::"), "no address"),
        ("redirect-no-name", redirect("http://xn--/"), "no address"),
        ("redirect-no-port", redirect("http://127.0.0.1:99999/"), "99999 is no port"),
        ("redirect-to-gone", redirect("/gone"), "answered 410"),
        ("redirect-private", redirect("http://10.0.0.1/"), "10.0.0.1 is not public"),
        ("redirect-metadata", redirect("http://169.254.169.254/"), "is not public"),
        ("redirect-decimal", redirect("http://2130706434/"), "is not public"),
        ("redirect-hex", redirect("http://0x7f000002/"), "is not public"),
        ("redirect-octal", redirect("http://0177.0.0.2/"), "no address|is not public"),
        ("redirect-short", redirect("http://127.2/"), "is not public"),
        ("redirect-user", redirect("http://news.example@127.0.0.2/"), "is not public"),
        ("redirect-host-only", redirect("//127.0.0.2/"), "is not public"),
        ("redirect-ipv6", redirect("http://[::1]/"), "is not public"),
        ("redirect-mapped", redirect("http://[::ffff:127.0.0.2]/"), "is not public"),
        ("redirect-nat64", redirect("http://[64:ff9b::7f00:2]/"), "is not public"),
        ("redirect-zero", redirect("http://0.0.0.0/"), "is not public"),
        ("redirect-two-hops", redirect("/redirect-user"), "is not public"),
        ("not-found", respond_with(response("no", status="404 Not Found")), "answered 404"),
        ("error-500", respond_with(response(one("x"), status="500 Oops")), "answered 500"),
        ("busy", respond_with(response("", "Retry-After: 3600", status="503 Busy")), "answered 503"),
        ("too-many", respond_with(response("", "Retry-After: Mon, 02 Nov 2099 10:00:00 GMT", status="429 Slow")), "answered 429"),
        ("teapot", respond_with(response("x", status="418 Teapot")), "answered 418"),
        ("status-999", respond_with(response("x", status="999 Denied")), "answered 999"),
        ("part", respond_with(response(one("x"), "Content-Range: bytes 0-9/99", status="206 Part")), "a part .206."),
        ("not-modified-first", respond_with(response("", status="304 Not Modified")), "304 to an unconditional"),
    ):  # fmt: skip
        yield Behaviour(name, handle, status="failing", error=error)
    yield Behaviour("gone", respond_with(response("", status="410 Gone")), "gone", "answered 410")


def _no_feed() -> Iterator[Behaviour]:
    """Answered, but with nothing to read."""
    page = "<!DOCTYPE html><html><head><base href='/b/'><link rel='alternate' type='application/rss+xml' href='feed'>"
    for name, body, error in (
        ("page", page, "HTML page, not a feed; it offers .*/b/feed"),
        ("page-without", "<html><body>Hello", "HTML page, not a feed and names no feed"),
        ("empty", "", "empty"),
        ("blank", " \r\n ", "empty"),
        ("no-items", rss(), "without items"),
        ("half-an-item", rss(item("Половина", "1"))[:-50], "without items"),
        ("file-name", "secret.txt", "is no feed"),
        ("device-name", "/dev/zero", "is no feed"),
        ("picture", "\x89PNG\r\n\x1a\n", "is no feed"),
        ("opml", "<opml version='2.0'><body><outline xmlUrl='x'/></body></opml>", "OPML"),
        ("sitemap-index", "<sitemapindex><sitemap/></sitemapindex>", "index of sitemaps"),
        ("plain-sitemap", "<urlset><url><loc>http://x.example/</loc></url></urlset>", "no news"),
        ("other-json", '{"error": "down"}', "no JSON Feed"),
        ("json-cut", JSON_FEED[:-30], "JSON cannot be read"),
        ("json-deep", "[" * 50_000, "JSON cannot be read"),
        ("attributes", rss("<item " + " ".join(f"a{n}=''" for n in range(20_000)) + "/>"), "attributes"),
        ("nested", rss("<item>" + "<b>" * 20_000), "nests deeper"),
        ("nested-closed", rss("<b>" * 9_000 + "</b>" * 9_000), "nests deeper"),
        ("elements", rss("<item><title>t</title>" + "<x/>" * 151_000 + "</item>"), "more than 150000 elements"),
        ("huge-tag", "<rss><channel " + "x" * 100_000, "tag longer|not well-formed"),
    ):  # fmt: skip
        yield Behaviour(name, respond_with(response(body)), "stale", error)


def _repeated() -> Iterator[Behaviour]:
    """Polled again and again: no item is lost, none doubled."""
    text = "Жителите на Свиленград посадиха двеста липи край реката преди зимата."
    sound = [
        (f"Лист {n}", f"guid-{n}", f"https://hostile.example/l/{n}", f"{text} {n * 7919} дървета.")
        for n in range(4)
    ]
    titles = tuple(title for title, *_ in sound)

    def feed(change: Callable[[int, tuple[str, str, str, str]], str]) -> Handler:
        return per_request(lambda n, _: response(rss(*(change(n, values) for values in sound))))

    def repeated(name: str, handle: Handler, *expected: str) -> Behaviour:
        return Behaviour(name, handle, titles=expected or titles, repeated=True)

    def validating(number: int, head: bytes) -> bytes:
        if b"If-None-Match" in head:
            return response("", 'ETag: "same"', status="304 Not Modified")
        return response(rss(*(item(*values) for values in sound)), 'ETag: "same"')

    yield repeated("new-guids", feed(lambda n, v: item(v[0], f"{v[1]}-{n}", *v[2:])))
    yield repeated("new-guids-no-links", feed(lambda n, v: item(v[0], f"{v[1]}-{n}", "", v[3])))
    yield repeated(
        "tracking", feed(lambda n, v: item(v[0], "", f"{v[2]}?utm_source=x&rss={n}", v[3]))
    )
    yield repeated(
        "session", feed(lambda n, v: item(v[0], "", f"{v[2]};jsessionid=A{n}?sid={n}", v[3]))
    )
    yield repeated(
        "date-is-now",
        feed(lambda n, v: item(*v, time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()))),
    )
    yield repeated("counting-views", feed(lambda n, v: item(*v[:3], f"{v[3]}\n\nПрегледи: {n}")))
    yield repeated(
        "shuffled",
        per_request(lambda n, _: response(rss(*(item(*sound[(k * 3 + n) % 4]) for k in range(4))))),
    )
    yield repeated(
        "vanishing",
        per_request(lambda n, _: response(rss(*(item(*v) for v in sound[: 4 if n % 2 else 2])))),
    )
    yield repeated(
        "flapping",
        per_request(lambda n, _: response(rss(item("Лист", "1", "", text + " Стар" * (n % 2))))),
        "Лист",
    )
    yield repeated(
        "edited", feed(lambda n, v: item(v[0], v[1], v[2], f"{v[3]} Поправка {min(n, 3)}."))
    )
    yield repeated("not-modified-for-ever", per_request(validating))
    yield repeated(
        "always-half",
        per_request(
            lambda n, _: response(rss(*(item(*v) for v in sound))[: None if n > 1 else -60])
        ),
    )
    yield repeated(
        "reused-guid",
        per_request(lambda n, _: response(rss(item(f"Брой {min(n, 2)}", "only", f"https://hostile.example/{min(n, 2)}", WORDS[min(n, 2) - 1])))),
        "Брой 1",
        "Брой 2",
    )  # fmt: skip
    yield repeated(
        "page-later",
        per_request(lambda n, _: response("<html>" if n > 1 else one("page-later"))),
        title_of("page-later"),
    )


WORDS = (
    "Пристанището в Актау прие кораб с пшеница за Баку, капитанът е от Махачкала.",
    "Учени от Пловдив описаха нов вид паяк, намерен в пещера край Асеновград.",
)


def all_behaviours() -> list[Behaviour]:
    return [*_valid(), *_broken(), *_no_feed(), *_repeated()]


# ------------------------------------------------------------------------------------------ the server


class HostileServer:
    """Shows every behaviour at its own path, in a thread of its own; notes when each was requested."""

    def __init__(self, behaviours: list[Behaviour], good: int) -> None:
        self.handlers = {f"/{behaviour.name}": behaviour.send for behaviour in behaviours}
        self.good = {f"/good-{n}": count(1) for n in range(good)}
        self.requested_at: dict[str, list[float]] = defaultdict(list)
        self.heads: list[bytes] = []
        self._numbers: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port, self.good_port = asyncio.run_coroutine_threadsafe(
            self._start(), self._loop
        ).result()

    async def _start(self) -> tuple[int, int]:
        self._servers = [
            await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=500) for _ in range(2)
        ]
        ports = [server.sockets[0].getsockname()[1] for server in self._servers]
        return ports[0], ports[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            self.heads.append(head)
            self.requested_at[path].append(time.monotonic())
            self._numbers[path] += 1
            handle = self.handlers.get(path) or self._good(path)
            await handle(Exchange(self._numbers[path], head, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()

    def _good(self, path: str) -> Handler:
        """A sound feed that has a new item at every poll."""
        if path not in self.good:
            return respond_with(response("", status="404 Not Found"))
        newest = next(self.good[path])
        name = path[1:]
        items = (
            item(
                f"{name} №{n}",
                f"{n}",
                f"https://good.example/{name}/{n}",
                f"{name}: {n * 104729} тона жито.",
            )
            for n in range(max(1, newest - 9), newest + 1)
        )
        return respond_with(response(rss(*items)))

    def close(self) -> None:
        async def end() -> None:
            for server in self._servers:
                server.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def configuration(directory: Path, server: HostileServer, behaviours: list[Behaviour]) -> str:
    """One agency for all; hostile feeds at one port, good ones at another."""
    lines = [
        f"store: sqlite:///{directory}/aggregator.db",
        f"output: {{directory: {directory}/feeds, items: 1000}}",
        "fetch: {timeout: 8s, max_body: 2MiB, host_gap: 0s, host_concurrency: 100, allow_networks: [127.0.0.1/32]}",
        "agencies:",
        "  - id: hostile",
        "    name: Hostile",
        "    feeds:",
    ]
    for behaviour in behaviours:
        every = ", interval: 1s" if behaviour.repeated else ""
        url = f"http://127.0.0.1:{server.port}/{behaviour.name}"
        lines.append(f'      - {{id: {behaviour.name}, url: "{url}", language: bg{every}}}')
    for path in server.good:
        url = f"http://127.0.0.1:{server.good_port}{path}"
        lines.append(f'      - {{id: {path[1:]}, url: "{url}", language: bg, interval: 1s}}')
    return "\n".join(lines) + "\n"
