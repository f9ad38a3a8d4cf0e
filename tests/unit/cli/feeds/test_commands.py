"""`feeds`: the subscriptions are listed, added, removed, checked, imported and exported."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.config import load
from tests.unit.cli.conftest import Run

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Източна тел</title><link>http://east.example/</link>
<description>Измислени новини</description><language>bg-BG</language>
<item><title>Мостът е отворен</title><link>http://east.example/1</link>
<pubDate>Fri, 20 Nov 2020 08:00:00 GMT</pubDate><description>Край Лоне.</description></item>
</channel></rss>"""
CUT = RSS.replace(
    "</channel></rss>", "<item/><item><guid>x</guid></item>" * 2 + "<item><title>Мост"
)
PAGE = """<html><head><title>East</title>
<link rel="alternate" type="application/rss+xml" href="/rss">
<link rel="alternate" type="application/atom+xml" href="/comments"></head><body></body></html>"""
OPML = """<opml version="2.0"><body>
<outline text="East Wire"><outline text="east-bg" xmlUrl="https://east.example/bg"/>
<outline text="All the news" xmlUrl="https://east.example/all" language="en"/></outline>
<outline text="North" xmlUrl="https://north.example/rss"/></body></opml>"""


@pytest.fixture
def server() -> Iterator[str]:
    """A page at /, the feed it names at /rss, nothing elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, kind = {
                "/": (PAGE, "text/html"),
                "/rss": (RSS, "application/rss+xml"),
                "/cut": (CUT, "application/rss+xml"),
            }.get(self.path, ("", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


def test_feeds_are_listed_before_their_first_poll(aggregator: Run, config: Path) -> None:
    feeds = aggregator("feeds", "list", "--json").json()["feeds"]

    assert [feed["id"] for feed in feeds] == ["north-en", "north-bg", "south-en"]
    assert {feed["status"] for feed in feeds} == {"new"}
    assert feeds[0]["agency"] == "north"
    assert feeds[0]["url"] == "https://north.example/rss"
    assert "north-bg  bg    new" in aggregator("feeds", "list").out


def test_a_feed_is_added_by_its_address_alone(
    aggregator: Run, config: Path, server: str, directory: Path
) -> None:
    before = config.read_text("utf-8")

    done = aggregator("feeds", "add", f"{server}/rss")

    assert done.out == f"127.0.0.1-bg of 127.0.0.1: {server}/rss, 1 item\n"
    settings = load(config, {})
    assert settings.agencies[-1].name == "Източна тел"
    assert settings.feeds[-1].language == "bg"
    assert config.read_text("utf-8").startswith(before)


def test_a_page_leads_to_the_feed_it_names(aggregator: Run, config: Path, server: str) -> None:
    done = aggregator("feeds", "add", f"{server}/", "--agency", "south", "--id", "east")

    assert done.code == 0, done.err
    assert done.err.startswith(f"{server}/ is a page; it links to {server}/rss, {server}/comments")
    assert done.out == f"east of south: {server}/rss, 1 item\n"


def test_an_address_without_a_feed_is_not_added(aggregator: Run, config: Path, server: str) -> None:
    before = config.read_bytes()

    done = aggregator("feeds", "add", f"{server}/none")

    assert done.code == 1
    assert f"{server}/none: answered 404. Use --no-check to add it anyway." in done.err
    assert config.read_bytes() == before


def test_a_feed_is_added_unseen_when_that_is_wished(aggregator: Run, config: Path) -> None:
    done = aggregator(
        "feeds", "add", "https://rss.north.example/ru", "--language", "ru", "--no-check"
    )

    assert done.out == "north-ru of north: https://rss.north.example/ru\n"
    assert load(config, {}).feeds[2].id == "north-ru"


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["https://south.example/rss"], "is already configured as south-en"),
        (["south.example/new"], "is not a web address; it must begin with http:// or https://"),
        (["https://n.example/", "--id", "a b"], "is not a valid id; use the letters"),
        (["https://n.example/", "--language", "kz"], "the language code is 'kk'"),
    ],
)
def test_a_wrong_request_is_told_and_changes_nothing(
    aggregator: Run, config: Path, args: list[str], reason: str
) -> None:
    before = config.read_bytes()

    done = aggregator("feeds", "add", *args, "--no-check")

    assert done.code == 2
    assert reason in done.err
    assert config.read_bytes() == before


def test_a_removed_feed_leaves_comments_and_permissions(aggregator: Run, config: Path) -> None:
    config.chmod(0o640)
    lines = config.read_text("utf-8").splitlines()

    done = aggregator("feeds", "remove", "north-bg")

    assert done.code == 0, done.err
    assert config.read_text("utf-8").splitlines() == [
        line for line in lines if "north-bg" not in line
    ]
    assert stat.S_IMODE(config.stat().st_mode) == 0o640


def test_a_configuration_behind_a_link_stays_behind_it(aggregator: Run, config: Path) -> None:
    target = config.rename(config.with_name("real.yaml"))
    config.symlink_to(target)

    aggregator("feeds", "remove", "north-bg")

    assert config.is_symlink()
    assert "north-bg" not in target.read_text("utf-8")


def test_an_unknown_feed_is_told(aggregator: Run, config: Path) -> None:
    for command in (["remove", "nope"], ["check", "nope"]):
        done = aggregator("feeds", *command)

        assert done.code == 2
        assert "There is no such feed" in done.err
        assert "'nope'. See `aggregator feeds list`." in done.err


def test_a_check_tells_what_is_at_each_address(aggregator: Run, config: Path, server: str) -> None:
    config.write_text(
        "fetch: {allow_networks: [127.0.0.1/32], host_gap: 0s}\nagencies:\n  - id: e\n    name: E\n"
        f"    feeds:\n      - {{id: good, url: '{server}/rss', language: en}}\n"
        f"      - {{id: page, url: '{server}/'}}\n      - {{id: gone, url: '{server}/none'}}\n",
        "utf-8",
    )

    found = {feed["id"]: feed for feed in aggregator("feeds", "check", "--json").json()["feeds"]}

    good = found["good"]
    assert (good["http_status"], good["format"], good["items"]) == (200, "rss20", 1)
    assert good["newest_at"] == "2020-11-20T08:00:00Z"
    assert good["language"] == {"configured": "en", "declared": "bg"}
    assert good["validators"] == ["ETag"]
    assert good["interval_seconds"] > 0
    assert good["problems"] == []
    assert found["page"]["offers"] == [f"{server}/rss", f"{server}/comments"]
    assert found["gone"]["problems"] == ["answered 404"]
    assert {feed: each["verdict"] for feed, each in found.items()} == {
        "good": "ok",
        "page": "page",
        "gone": "dead",
    }


def test_a_check_tells_what_was_left_out_and_why(
    aggregator: Run, config: Path, server: str
) -> None:
    config.write_text(
        "fetch: {allow_networks: [127.0.0.1/32], host_gap: 0s}\nagencies:\n  - id: e\n    name: E\n"
        f"    feeds: [{{id: cut, url: '{server}/cut'}}]\n",
        "utf-8",
    )

    (cut,) = aggregator("feeds", "check", "--json").json()["feeds"]

    assert cut["left_out"] == {"broken": 1, "over_limit": 0, "empty": 2}
    assert "3 left out (1 broken, 2 empty)" in cut["problems"]
    assert "  3 left out (1 broken, 2 empty)" in aggregator("feeds", "check").out.splitlines()


def test_a_strict_check_fails_with_a_feed(aggregator: Run, config: Path, server: str) -> None:
    config.write_text(
        "fetch: {allow_networks: [127.0.0.1/32]}\nagencies:\n  - id: e\n    name: E\n"
        f"    feeds: [{{id: gone, url: '{server}/none'}}]\n",
        "utf-8",
    )

    done = aggregator("feeds", "check", "--strict")

    assert done.code == 1
    assert "gone" in done.out
    assert done.err == "aggregator: 1 feed with problems: gone\n"


def test_opml_is_imported_once(aggregator: Run, config: Path, directory: Path) -> None:
    (directory / "in.opml").write_text(OPML, "utf-8")

    first = aggregator("feeds", "import", "in.opml")
    second = aggregator("feeds", "import", "in.opml")

    assert first.out.splitlines() == [
        "east-bg of east: https://east.example/bg",
        "east-en of east: https://east.example/all",
    ]
    assert first.err == "2 feeds added, 1 already configured.\n"
    assert second.err == "0 feeds added, 3 already configured.\n"


def test_a_folder_of_opml_may_be_an_agency(aggregator: Run, config: Path, directory: Path) -> None:
    (directory / "in.opml").write_text(OPML, "utf-8")

    aggregator("feeds", "import", "in.opml", "--by-folder")

    agency = load(config, {}).agencies[-1]
    assert (agency.id, agency.name) == ("east-wire", "East Wire")


def test_a_file_that_is_no_opml_is_told(aggregator: Run, config: Path, directory: Path) -> None:
    (directory / "in.opml").write_text("<rss/>", "utf-8")

    for name in ("in.opml", "none.opml"):
        done = aggregator("feeds", "import", name)

        assert done.code == 2
        assert done.err.startswith(f"aggregator: {name}: ")


def test_what_is_exported_can_be_imported(aggregator: Run, config: Path, directory: Path) -> None:
    subscribed = {feed.url for feed in load(config, {}).feeds}
    aggregator("feeds", "export", "out.opml")
    config.write_text("agencies: []\n", "utf-8")

    aggregator("feeds", "import", "out.opml")

    assert {feed.url for feed in load(config, {}).feeds} == subscribed
    assert aggregator("feeds", "export").out.startswith("<?xml")


MENDABLE = """
 <?xml version="1.0" encoding="utf-16"?>
<opml><body><outline text="Обзор & преглед&nbsp;– caf&eacute;" fz:quickMode="false">
<outline type="rss" text="A & B" xmlUrl="https://a.example/?x=1&copy=2&section=3"/>
<outline type="RSS" text="C" XMLURL="feed:https://c.example/f" htmlUrl="https://c.example?a=1&b=2">
</outline></body></opml>"""


@pytest.mark.parametrize(
    "body",
    [
        MENDABLE.encode(),
        b"\xef\xbb\xbf" + MENDABLE.strip().encode(),
        MENDABLE.strip().encode("utf-16"),
        MENDABLE.replace("utf-16", "windows-1251").replace("–", "-").encode("cp1251"),
        MENDABLE.replace("utf-16", "utf-8").encode().replace(b"caf", b"\x00\x0b\x1bcaf"),
        MENDABLE.replace("</outline></body></opml>", "").encode(),
        MENDABLE.replace("<outline type", "<!-- an outline --> <outline type").encode(),
        MENDABLE.replace('text="C"', 'text="C" text="D"').encode(),
    ],
    ids=["label", "mark", "utf-16", "cp1251", "bytes", "cut", "comments", "twice"],
)
def test_a_broken_opml_file_is_mended(
    aggregator: Run, config: Path, directory: Path, body: bytes
) -> None:
    (directory / "in.opml").write_bytes(body)

    done = aggregator("feeds", "import", "in.opml", "--by-folder")

    assert done.code == 0, done.err
    settings = load(config, {})
    assert [feed.url for feed in settings.feeds[-2:]] == [
        "https://a.example/?x=1&copy=2&section=3",
        "https://c.example/f",
    ]
    assert settings.agencies[-1].name.replace("\xa0", " ").replace("–", "-") == (
        "Обзор & преглед - café"
    )


def test_what_cannot_be_imported_is_named_in_lines_and_in_json(
    aggregator: Run, config: Path, directory: Path
) -> None:
    (directory / "in.opml").write_text(
        "<opml><body><outline text='One' xmlUrl='https://one.example/f'/><outline text='No address'/>"
        "<outline xmlUrl='|exec'/><outline text='Again' xmlUrl='https://one.example/f'/>"
        "<outline text='South' xmlUrl='https://south.example/rss'/></body></opml>",
        "utf-8",
    )

    found = aggregator("feeds", "import", "in.opml", "--json").json()
    again = aggregator("feeds", "import", "in.opml")

    assert [feed["url"] for feed in found["added"]] == ["https://one.example/f"]
    assert [feed["id"] for feed in found["already_configured"]] == ["south-en"]
    assert [(each["title"], each["url"]) for each in found["left_out"]] == [
        ("No address", ""),
        ("", "|exec"),
        ("Again", "https://one.example/f"),
    ]
    assert again.out == ""
    assert again.err.splitlines() == [
        "Left out: 'No address' has no address.",
        "Left out: an outline without a name (|exec) has an address that is none of the web (http or https).",
        "Left out: 'Again' (https://one.example/f) has the address of 'One' once more.",
        "0 feeds added, 2 already configured, 3 left out.",
    ]


def test_an_export_gives_back_agencies_and_feeds_as_they_were(
    aggregator: Run, config: Path, directory: Path
) -> None:
    config.write_text(
        "agencies:\n  - id: one\n    name: 'One, Two & Three'\n    aliases: [Едно, 'the \"one\"', 一]\n"
        "    home: https://one.example/\n    feeds:\n"
        "      - {id: one-bg, url: 'https://one.example/bg?a=1&b=2', language: bg, interval: 90s, timeout: 1h,\n"
        "         max_body: 512KiB, fulltext: never, user_agent: 'Mozilla/5.0 (compatible; desk/1)'}\n"
        "      - {id: any.id, url: 'https://one.example/any'}\n"
        "  - id: two\n    name: Two\n    feeds:\n      - {id: two, url: 'https://one.example/two', language: zh-Hans}\n",
        "utf-8",
    )
    before = load(config, {})
    aggregator("feeds", "export", "out.opml")
    config.write_text("agencies: []\n", "utf-8")

    done = aggregator("feeds", "import", "out.opml")

    assert done.code == 0, done.err
    after = load(config, {})
    assert (after.agencies, after.feeds) == (before.agencies, before.feeds)
    assert aggregator("feeds", "import", "out.opml").err == "0 feeds added, 3 already configured.\n"


def test_an_export_joins_the_agencies_that_are_there(
    aggregator: Run, config: Path, directory: Path
) -> None:
    aggregator("feeds", "export", "out.opml")
    aggregator("feeds", "remove", "north-bg", "south-en")

    aggregator("feeds", "import", "out.opml")

    settings = load(config, {})
    assert [agency.id for agency in settings.agencies] == ["north", "south"]
    assert {feed.id for feed in settings.feeds} == {"north-en", "north-bg", "south-en"}


def test_an_exported_folder_comes_back_where_it_may_be_read(
    aggregator: Run, config: Path, directory: Path
) -> None:
    spool = directory / "spool"
    spool.mkdir()
    allowing = f"fetch: {{allow_directories: [{spool}]}}\n"
    agencies = (
        "agencies:\n  - id: one\n    name: One\n    feeds:\n"
        f"      - {{id: wire, url: 'file://{spool}/'}}\n      - {{id: web, url: 'https://one.example/'}}\n"
    )
    config.write_text(allowing + agencies, "utf-8")
    before = load(config, {})
    aggregator("feeds", "export", "out.opml")

    config.write_text("agencies: []\n", "utf-8")
    refused = aggregator("feeds", "import", "out.opml")
    config.write_text(f"{allowing}agencies: []\n", "utf-8")
    aggregator("feeds", "import", "out.opml")

    assert refused.err.splitlines() == [
        f"Left out: 'wire' (file://{spool}/) is a folder that fetch.allow_directories does not name.",
        "1 feed added, 0 already configured, 1 left out.",
    ]
    assert load(config, {}).feeds == before.feeds
