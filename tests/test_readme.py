"""What the README says is so: its commands run, its addresses answer, its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.harness import FeedServer, House, get, wait_for

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
RUNS = [line.removeprefix("scripts/run").strip() for line in COMMANDS if "scripts/run" in line]
WORDS = {
    "agency", "feed", "item", "text", "fingerprint", "candidate", "match", "kind", "credit", "story", "lead", "origin",
}  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A configuration as the README's reader has one, polled once, and the files its commands name."""
    server = FeedServer()
    house = House(tmp_path_factory.mktemp("readme"), server)
    river = "The river Ardvik rose four metres in two days and closed the bridge at Lonne. " * 3
    choir = "Forty voices sang under ground in the old mine near Halme on Sunday evening. " * 3
    server.put_rss(
        "/one", [report("one", 1, "Bridge closed", river), report("one", 2, "Choir", choir)]
    )
    server.put_rss("/two", [report("two", 1, "Flood closes bridge", river)])
    server.put_rss("/rss", [report("three", 1, "Concert", choir)])
    house.write_config({"one": "/one", "two": "/two"})
    (house.directory / "subscriptions.opml").write_text(
        f'<opml version="2.0"><body><outline type="rss" xmlUrl="{server.url}/west"/></body></opml>'
    )
    (house.directory / "items.jsonl").write_text(
        "".join(json.dumps({"id": name, "title": name, "text": river}) + "\n" for name in "ab")
    )
    assert house.run("poll").returncode == 0
    yield house
    house.close()
    server.close()


def report(name: str, number: int, title: str, text: str) -> dict[str, str]:
    link = f"https://{name}.example/{number}"
    return {"guid": f"{name}-{number}", "link": link, "title": title, "text": text}


@pytest.mark.parametrize("call", [call for call in RUNS if call not in {"", "demo --once"}])
def test_a_command_of_the_readme_runs(sample: House, call: str) -> None:
    call = call.replace("https://agency.example", sample.server.url)
    call = call.replace("AGENCY", "one").replace("ANOTHER", "two")
    call = call.replace("ITEM", "one-1").replace("OTHER", "https://one.example/2")

    done = sample.run(*shlex.split(call))

    assert done.returncode == 0, done.stderr
    assert done.stdout or "-o" in call or call == "poll"


@pytest.mark.slow
def test_the_first_command_needs_nothing_and_shows_merged_stories(sample: House) -> None:
    first = re.search(r"scripts/run (.*)", "\n".join(README.splitlines()[:20]))
    assert first, "by line 20 there is a command to paste"

    done = sample.run(*shlex.split(first[1]))

    assert done.returncode == 0, done.stderr
    assert re.search(r"^\d\d \w{3} \d\d:\d\d +[2-9] ", done.stdout, re.MULTILINE), "a merged story"


def test_the_addresses_of_the_readme_answer(sample: House) -> None:
    addresses = re.findall(r"`(?:http://127\.0\.0\.1:8000)?(/[a-z]*[^`{]*)`", README)
    assert {"/", "/merged.atom", "/health", "/metrics"} <= set(addresses)
    daemon = sample.start()
    url = sample.address()
    wait_for(lambda: get(f"{url}/merged.rss")[0] == 200)

    entries = json.loads(get(f"{url}/merged.json")[2])["items"]
    one, other, *_ = [item for entry in entries for item in entry["_aggregator"]["items"]]
    named = {
        "/stories/ID": f"/stories/{entries[0]['id'].rpartition(':')[2]}",
        "/compare/A/B": f"/compare/{one['id']}/{other['id']}",
        "/agencies/ID": "/agencies/one",
        "/merged.rss?language=bg&min_items=2": "/merged.rss?language=en&min_items=2",
    }
    for address in [*addresses, *(f"/{name}" for name in ("merged.rss", "merged.json"))]:
        assert get(f"{url}{named.get(address, address)}")[0] == 200, address
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait() == 0


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?://)([^)#]+)", README))
def test_a_link_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("name", sorted({*re.findall(r"(?:scripts|\.ci)/[a-z]+", README)}))
def test_a_script_is_there_and_may_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_the_glossary_has_every_word_of_the_house() -> None:
    glossary = README[README.index("## Words") :]
    rows = {
        word
        for row in re.findall(r"^\| ([\w, ]+) \|", glossary, re.MULTILINE)
        for word in row.split(", ")
    }

    assert rows >= WORDS
