"""The commands other programs call: each as the contract writes it, its keys, its exit codes, its streams.

The feeds are polled from a server on loopback; then the commands are called one after another, in this
process, as `aggregator` itself calls them. What is asserted here may be added to, never changed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import structlog

from aggregator.cli import main
from tests.acceptance.harness import Answer, FeedServer, House

RAILWAY = (
    "The transport ministry opened a new railway line between Astana and Kostanay on Monday. "
    "The line is 412 kilometres long and cost 1.8 billion dollars, the ministry said. "
    "Trains will run twice a day and take five hours and forty minutes. "
    "Freight traffic begins in March after tests of the signals near Arkalyk. "
    "The governor thanked the builders, who worked through two winters on the steppe."
)
GOSPEL = (
    "The national library in Sofia showed a restored gospel of the fourteenth century. "
    "Conservators spent three years cleaning the parchment and fixing the gold initials. "
    "Visitors can see it until the end of January, the director said. "
    "A digital copy of all 286 leaves is free to read on the library's site."
)
CONFIG = """\
store: sqlite:///{directory}/var/aggregator.db
output: {{directory: "{directory}/feeds", base_url: "https://merged.example", title: "Merged", items: 200}}
server: {{host: 127.0.0.1, port: 8000}}
fetch: {{interval: 15m, timeout: 30s, max_body: 15MiB, host_gap: 0s, host_concurrency: 4, allow_networks: [127.0.0.1/32]}}
match: {{window: 7d, mode: balanced}}
agencies:
  - id: north
    name: North Wire
    aliases: [Северна агенция]
    feeds:
      - {{id: north-en, url: "{url}/north", language: en, interval: 1h, timeout: 20s, max_body: 2MiB}}
  - id: south
    name: South Wire
    feeds:
      - {{id: south-en, url: "{url}/south", language: en}}
      - {{id: broken, url: "{url}/broken", language: en}}
"""
ITEM_KEYS = {
    "id", "agency", "feed", "language", "title", "link", "published_at", "seen_at", "kind", "score", "credited",
}  # fmt: skip
STORY_KEYS = {"id", "title", "link", "lead", "origin", "first_seen_at", "updated_at", "items"}
KINDS = {"identical", "near", "excerpt", "translation", "revision", "related", "manual"}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON document and nothing else."""
        assert self.code == 0, self.err
        return json.loads(self.out)


Run = Callable[..., Done]


def report(name: str, number: int, title: str, text: str) -> dict[str, str]:
    link = f"https://{name}.example/{number}"
    return {"guid": f"{name}-{number}", "link": link, "title": title, "text": text}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(scope="module")
def feeds() -> Iterator[FeedServer]:
    server = FeedServer()
    server.put_rss("/north", [report("north", 1, "Railway to Kostanay opened", RAILWAY)])
    server.put_rss(
        "/south",
        [
            report("south", 1, "New railway line opens", f"{RAILWAY} North Wire reports."),
            report("south", 2, "Restored gospel shown", GOSPEL),
        ],
    )
    server.answers["/broken"] = Answer(b"oops", status=500)
    yield server
    server.close()


@pytest.fixture(scope="module")
def config(directory: Path, feeds: FeedServer) -> Path:
    path = directory / "config" / "feeds.yaml"
    path.parent.mkdir()
    path.write_text(CONFIG.format(directory=directory, url=feeds.url), "utf-8")
    return path


@pytest.fixture
def run(
    directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """`aggregator ARGS…` in the scratch directory, with nothing of the machine's own settings."""
    monkeypatch.chdir(directory)
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("AGGREGATOR_CONFIG", "AGGREGATOR_STORE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: str) -> Done:
        capsys.readouterr()
        code = 0
        try:
            main(args)
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    yield call
    structlog.reset_defaults()


@pytest.fixture
def polled(run: Run, config: Path, directory: Path) -> None:
    """North's report came first, then everything else: polled by the first test that needs it."""
    if not (directory / "var" / "aggregator.db").exists():
        assert run("poll", "north-en").code == 0
        assert run("poll").code == 0


def stories_of(document: Any) -> dict[str, Any]:
    """Stories by the link of their lead, after a look at every key and type of the contract."""
    assert isinstance(document["stories"], list)
    for story in document["stories"]:
        assert story.keys() >= STORY_KEYS
        items = {item["id"]: item for item in story["items"]}
        assert story["lead"] in items
        assert re.fullmatch(r"[a-z]+", story["origin"]), (
            "an agency, though it may have no item here"
        )
        assert RFC3339.fullmatch(story["first_seen_at"])
        assert RFC3339.fullmatch(story["updated_at"])
        assert (story["items"][0]["kind"], story["items"][0]["score"]) == (None, None)
        for item in story["items"]:
            assert item.keys() >= ITEM_KEYS
            assert RFC3339.fullmatch(item["seen_at"])
            assert item["published_at"] is None or RFC3339.fullmatch(item["published_at"])
            assert item["credited"] in {None, True, False}
        for item in story["items"][1:]:
            assert item["kind"] in KINDS
            assert 0 <= item["score"] <= 1
    return {story["link"]: story for story in document["stories"]}


def story_with(document: Any, link: str) -> Any:
    """The story that has the item with this link."""
    return next(
        story
        for story in stories_of(document).values()
        if any(item["link"] == link for item in story["items"])
    )


# ----------------------------------------------------------------------------------- before the start


def test_without_a_configuration_it_says_what_to_do_next(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = run()

    assert (done.code, done.out) == (2, "")
    for words in ("config/feeds.yaml", "aggregator demo", "aggregator run", "-c FILE"):
        assert words in done.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fetch: {intervall: 15m}\n", "feeds.yaml:1: fetch.intervall: .*'interval'"),
        ("match: {mode: bold}\n", "feeds.yaml:1: match.mode: .*'balanced' or 'strict'"),
        ("fetch:\n  timeout: soon\n", "feeds.yaml:2: fetch.timeout: .*90s"),
        ("fetch:\n  max_body: lots\n", "feeds.yaml:2: fetch.max_body: .*15MiB"),
        ("agencies:\n  - id: a b\n    name: A\n", "feeds.yaml:2: agencies.*id"),
    ],
)
def test_a_wrong_configuration_is_told_with_file_line_key_and_mend(
    run: Run, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, "utf-8")

    done = run("-c", str(path), "stories", "--json")

    assert (done.code, done.out) == (2, "")
    assert re.search(told, done.err), done.err


@pytest.mark.usefixtures("config")
def test_before_the_first_poll_every_listing_is_empty(run: Run, tmp_path: Path) -> None:
    text = (
        f"store: sqlite:///{tmp_path}/new/aggregator.db\n"
        f"output: {{directory: {tmp_path}/feeds}}\nagencies: []\n"
    )
    path = tmp_path / "feeds.yaml"
    path.write_text(text, "utf-8")

    for args in (("stories",), ("dupes",)):
        assert run("-c", str(path), *args, "--json").json == {"stories": []}
    assert run("-c", str(path), "feeds", "list", "--json").json == {"feeds": []}
    assert run("-c", str(path), "check", "--json").json["problems"] == []


# -------------------------------------------------------------------------------------- one cycle


@pytest.mark.usefixtures("config")
def test_poll_prints_a_line_for_each_feed_and_a_failing_one_counts_only_when_strict(
    run: Run, directory: Path
) -> None:
    named = run("poll", "north-en", "--json")
    first = run("poll", "--all")
    due = run("poll", "--json")
    strict = run("poll", "--all", "--strict")
    unknown = run("poll", "nope")

    assert [feed["id"] for feed in named.json["feeds"]] == ["north-en"]
    assert first.code == 0, first.err
    assert {line.split()[0] for line in first.out.splitlines()} == {
        "north-en",
        "south-en",
        "broken",
    }
    assert "500" in first.out
    assert due.json["feeds"] == []
    assert strict.code == 1
    assert "broken" in strict.err
    assert (unknown.code, unknown.out) == (2, "")
    assert "nope" in unknown.err
    written = {path.name for path in (directory / "feeds").glob("merged*")}
    assert written == {"merged.rss", "merged.atom", "merged.json"}


# ------------------------------------------------------------------------------------- questions


@pytest.mark.usefixtures("polled")
def test_stories_have_the_keys_of_the_contract_and_the_newest_stand_first(run: Run) -> None:
    document = run("stories", "--json").json

    found = stories_of(document)
    railway = story_with(document, "https://north.example/1")
    assert len(found) == 2
    assert {item["agency"] for item in railway["items"]} == {"north", "south"}
    assert railway["origin"] == "north"
    assert [item["credited"] for item in railway["items"] if item["agency"] == "south"] == [True]
    seen = [datetime.fromisoformat(story["first_seen_at"]) for story in document["stories"]]
    assert seen == sorted(seen, reverse=True)


@pytest.mark.usefixtures("polled")
@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--since", "24h"), 2),
        (("--min-items", "2"), 1),
        (("--language", "en"), 2),
        (("--agency", "north"), 1),
        (("--origin", "south"), 1),
        (("--carried-by", "south"), 1),
        (("--carried-by", "south", "--credit", "none"), 0),
        (("--kind", "near"), 1),
        (("--until", "24h"), 0),
        (("--search", "restored gospel"), 1),
        (("--since", "24h", "--min-items", "2", "--agency", "south", "--search", "railway"), 1),
    ],
)
def test_stories_are_asked_for(run: Run, options: tuple[str, ...], count: int) -> None:
    assert len(stories_of(run("stories", *options, "--json").json)) == count
    assert run("stories", *options).code == 0


@pytest.mark.usefixtures("polled")
@pytest.mark.parametrize("command", ["stories", "dupes"])
@pytest.mark.parametrize(
    "option", ["--language", "--agency", "--origin", "--carried-by", "--prefer"]
)
def test_a_name_that_is_not_configured_is_a_wrong_call(run: Run, command: str, option: str) -> None:
    done = run(command, option, "xyz", "--json")

    assert (done.code, done.out) == (2, "")
    assert "xyz" in done.err
    assert "en." in done.err or "north, south" in done.err


@pytest.mark.usefixtures("polled")
def test_a_story_is_led_by_the_agency_that_is_preferred_under_the_same_id(run: Run) -> None:
    plain = story_with(run("dupes", "--json").json, "https://north.example/1")
    preferred = story_with(
        run("dupes", "--prefer", "south", "--json").json, "https://north.example/1"
    )

    assert preferred["lead"] != plain["lead"]
    assert (preferred["title"], preferred["link"]) == (
        "New railway line opens",
        "https://south.example/1",
    )
    for story in (plain, preferred):
        for key in ("title", "link", "lead"):
            del story[key]
    assert preferred == plain


@pytest.mark.usefixtures("polled")
def test_dupes_of_an_item_are_found_by_its_id_its_url_and_its_guid(run: Run) -> None:
    everything = run("dupes", "--json").json
    railway = story_with(everything, "https://north.example/1")
    copy = next(item for item in railway["items"] if item["agency"] == "south")

    for reference in (copy["id"], "https://south.example/1", "south-1"):
        assert run("dupes", reference, "--json").json == everything
    table = run("dupes", copy["id"]).out
    for word in (copy["id"], copy["kind"], f"{copy['score']:.2f}", "south", "en", "origin"):
        assert word in table
    unknown = run("dupes", "nothing", "--json")
    assert (unknown.code, unknown.out) == (1, "")
    assert "nothing" in unknown.err


@pytest.mark.usefixtures("polled")
def test_explain_tells_features_passages_facts_and_the_rule(run: Run) -> None:
    one = run("explain", "north-1", "https://south.example/1", "--json").json
    two = run("explain", "north-1", "south-2", "--json").json

    assert (one["one_story"], two["one_story"]) == (True, False)
    assert one["kind"] in KINDS - {"related"}
    assert two["kind"] == "related"
    for told in (one, two):
        assert {"features", "passages", "agree", "differ", "rule", "reason", "score"} <= told.keys()
        assert told["features"]
        assert told["rule"]
    assert any(passage["same"] for passage in one["passages"])
    words = run("explain", "north-1", "south-1").out
    assert f"Rule: {one['rule']}" in words


# ------------------------------------------------------------------------------ a person's decisions


def links(document: Any) -> set[frozenset[str]]:
    """The stories as sets of links."""
    return {
        frozenset(item["link"] for item in story["items"])
        for story in stories_of(document).values()
    }


NORTH, SOUTH, OTHER = (
    f"https://{name}.example/{n}" for name, n in (("north", 1), ("south", 1), ("south", 2))
)


@pytest.mark.usefixtures("polled")
def test_a_decision_is_never_overruled_and_is_taken_back_by_a_person_only(
    run: Run, feeds: FeedServer
) -> None:
    """Split the copy off, join another: neither a new cycle nor a revision moves them again."""
    before = links(run("stories", "--json").json)
    decided = {frozenset({NORTH, OTHER}), frozenset({SOUTH})}

    assert run("split", "south-1").code == 0
    assert run("join", "north-1", OTHER).code == 0
    assert links(run("stories", "--json").json) == decided
    feeds.put_rss(
        "/south",
        [
            report("south", 1, "New railway line opens", f"{RAILWAY} It has nine stations."),
            report("south", 2, "Restored gospel shown", f"{GOSPEL} Entrance is free."),
            report("south", 3, "Railway line opens", RAILWAY),
        ],
    )
    polled = run("poll", "--all", "--json").json

    south = next(feed for feed in polled["feeds"] if feed["id"] == "south-en")
    assert (south["new"], south["revised"]) == (1, 2)
    after = links(run("stories", "--json").json)
    assert {story - {"https://south.example/3"} for story in after} - {frozenset()} == decided
    joined = story_with(run("stories", "--json").json, OTHER)
    assert [item["kind"] for item in joined["items"] if item["link"] in {NORTH, OTHER}].count(
        "manual"
    ) == 1

    assert run("undo").code == 0
    assert run("undo").code == 0
    undone = {story - {"https://south.example/3"} for story in links(run("stories", "--json").json)}
    assert undone - {frozenset()} == before
    assert run("undo").code == 1


@pytest.mark.usefixtures("polled")
def test_a_decision_that_cannot_be_made_is_told(run: Run) -> None:
    assert run("join", "north-1", "nothing").code == 1
    assert run("join", "north-1", "north-1").code == 2
    assert run("split", "nothing").code == 1


# ---------------------------------------------------------------------------------------- outputs


@pytest.mark.usefixtures("polled")
def test_the_outputs_hold_an_entry_for_each_story(run: Run, directory: Path) -> None:
    assert run("publish", "--all").code == 0

    listed = run("stories", "--json").json["stories"]
    stories = sorted(listed, key=lambda story: (story["published_at"], story["id"]), reverse=True)
    rss = ElementTree.parse(directory / "feeds" / "merged.rss").getroot()
    atom = ElementTree.parse(directory / "feeds" / "merged.atom").getroot()
    feed = json.loads((directory / "feeds" / "merged.json").read_text("utf-8"))
    ids = [guid.text for guid in rss.iter("guid")]
    assert len(ids) == len(stories)
    assert ids == [id_.text for id_ in atom.findall("{*}entry/{*}id")]
    assert ids == [item["id"] for item in feed["items"]]
    assert [item["_aggregator"]["id"] for item in feed["items"]] == [s["id"] for s in stories]
    for entry, story in zip(feed["items"], stories, strict=True):
        assert entry["url"] == story["link"]
        for item in story["items"]:
            assert item["link"] in entry["content_html"]


# -------------------------------------------------------------------------------- files and the house


@pytest.mark.usefixtures("polled")
def test_backup_check_and_upgrade(run: Run, directory: Path) -> None:
    assert run("backup", "backup.db").code == 0
    assert run("check").code == 0
    assert run("db", "upgrade").code == 0

    with sqlite3.connect(directory / "backup.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    assert run("backup", "config").code == 1, "a directory"


OPML = """<opml version="2.0"><body><outline text="West">
<outline type="rss" text="West Wire" xmlUrl="https://west.example/rss" language="en"/></outline></body></opml>"""


@pytest.mark.usefixtures("polled")
def test_feeds_are_listed_added_checked_exported_imported_and_removed(
    run: Run, directory: Path, config: Path, feeds: FeedServer
) -> None:
    before = config.read_text("utf-8")
    listed = run("feeds", "list", "--json").json["feeds"]
    checked = run("feeds", "check", "north-en", "--json").json["feeds"]
    added = run(
        "feeds", "add", f"{feeds.url}/north?all", "--agency", "north", "--id", "more",
        "--language", "en", "--no-check",
    )  # fmt: skip
    (directory / "some.opml").write_text(OPML, "utf-8")
    imported = run("feeds", "import", "some.opml")
    exported = run("feeds", "export")

    assert [feed["id"] for feed in listed] == ["north-en", "south-en", "broken"]
    assert {"id", "agency", "url", "language", "status", "error", "next_due_at"} <= listed[0].keys()
    assert [feed["id"] for feed in checked] == ["north-en"]
    assert (added.code, imported.code, exported.code) == (0, 0, 0)
    outlines = {o.get("xmlUrl") for o in ElementTree.fromstring(exported.out).iter("outline")}
    assert {f"{feeds.url}/north?all", "https://west.example/rss", f"{feeds.url}/south"} <= outlines
    ids = {feed["id"] for feed in run("feeds", "list", "--json").json["feeds"]}
    assert len(ids) == 5
    assert run("feeds", "remove", *(ids - {"north-en", "south-en", "broken"})).code == 0
    assert run("feeds", "remove", "nope").code == 2
    assert {f["id"] for f in run("feeds", "list", "--json").json["feeds"]} == {
        feed["id"] for feed in listed
    }
    config.write_text(before, "utf-8")


# ---------------------------------------------------------------------------------------- cluster


def lines_of(items: list[dict[str, object]]) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


ITEMS: list[dict[str, object]] = [
    {"id": "z", "title": "Gospel", "text": f"<p>{GOSPEL}</p>", "published": "2026-11-24T10:00:00Z"},
    {
        "id": "a", "title": "Railway", "text": RAILWAY, "agency": "north", "language": "en",
        "published": "2026-11-24T12:00:00+02:00", "url": "https://north.example/1",
    },
    {"id": "m", "title": "New railway line", "text": RAILWAY, "published": "2026-11-24T11:00:00Z"},
    {"id": "late", "title": "Railway", "text": RAILWAY, "published": "2026-12-24T11:00:00Z"},
]  # fmt: skip


def test_cluster_writes_a_line_for_each_item_in_the_order_of_the_file(
    run: Run, directory: Path
) -> None:
    (directory / "items.jsonl").write_text(lines_of(ITEMS), "utf-8")

    printed = run("cluster", "items.jsonl", "--mode", "strict")
    written = run("cluster", "items.jsonl", "-o", "out.jsonl", "--window", "60d")

    assert (printed.code, printed.err) == (0, "")
    out = [json.loads(line) for line in printed.out.splitlines()]
    assert [line["id"] for line in out] == ["z", "a", "m", "late"]
    assert all({"id", "story", "lead", "matches"} <= line.keys() for line in out)
    gospel, first, copy, late = out
    assert first["story"] == copy["story"]
    assert len({gospel["story"], first["story"], late["story"]}) == 3
    assert sum(line["lead"] for line in (first, copy)) == 1
    (match,) = copy["matches"] or first["matches"]
    assert match["kind"] == "identical"
    assert match["id"] in {"a", "m"}
    assert 0 <= match["score"] <= 1
    assert (written.code, written.out) == (0, "")
    wide = [json.loads(line) for line in (directory / "out.jsonl").read_text("utf-8").splitlines()]
    assert wide[3]["story"] == wide[1]["story"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{not json", "line 2"),
        ('["a list"]', "line 2"),
        ('{"title": "no id"}', "line 2: no 'id'"),
        ('{"id": 7, "title": "a number"}', "line 2: 'id'"),
        ('{"id": "b", "published": "yesterday"}', "line 2: 'published'"),
        ('{"id": "z", "title": "again"}', "'z'"),
    ],
)
def test_a_bad_line_is_exit_code_two_and_names_the_line(
    run: Run, directory: Path, line: str, told: str
) -> None:
    (directory / "bad.jsonl").write_text(f"{lines_of(ITEMS[:1])}{line}\n", "utf-8")

    done = run("cluster", "bad.jsonl", "-o", "never.jsonl")

    assert (done.code, done.out) == (2, "")
    assert "bad.jsonl" in done.err
    assert told in done.err
    assert not (directory / "never.jsonl").exists()


# ------------------------------------------------------------------------------------------- demo


@pytest.mark.slow
def test_the_demonstration_as_a_process_prints_one_json_document(house: House) -> None:
    done = house.run("demo", "--once", "--json")

    assert done.returncode == 0, done.stderr
    stories = stories_of(json.loads(done.stdout))
    items = [item for story in stories.values() for item in story["items"]]
    assert len(items) >= 60
    assert len({item["agency"] for item in items}) >= 6
    assert {"bg", "en", "ru", "kk"} <= {item["language"] for item in items}
    assert any(item["kind"] == "translation" for item in items)
    assert any(len({item["language"] for item in s["items"]}) >= 3 for s in stories.values())
