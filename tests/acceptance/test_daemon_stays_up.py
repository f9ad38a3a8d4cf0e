"""The daemon where the world around it misbehaves: clocks, readers, locks, files, signals."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import sqlite3
import time

import pytest

from tests.acceptance.harness import Answer, FeedServer, House, Running, get, nursery, wait_for

NEWS = "The harbour of Aktau was dredged to nine metres, and the first ferry left for Baku. " * 3
# The program with a clock that is wrong by as many seconds as the file says.
WRONG_CLOCK = """
import datetime, sys
from pathlib import Path
import aggregator.clock
import apscheduler.schedulers.base
from aggregator.cli import main

class Wrong(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + datetime.timedelta(seconds=float(Path("wrong-by").read_text()))

aggregator.clock.datetime = apscheduler.schedulers.base.datetime = Wrong
main(sys.argv[1:])
"""
FEW_DESCRIPTORS = """
import resource, sys
from aggregator.cli import main
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
main(sys.argv[1:])
"""


@pytest.fixture
def harbour(house: House, server: FeedServer) -> House:
    """One feed with one item, polled every second."""
    put(server, 1)
    house.write_config({"one": "/one"})
    return house


def put(server: FeedServer, number: int) -> None:
    link = f"https://one.example/{number}"
    story = {"guid": str(number), "link": link, "title": f"Harbour {number}", "text": NEWS}
    server.put_rss("/one", [story])


def start_script(house: House, script: str, *args: str) -> Running:
    """The daemon, or with `args` another command, run by a program of the test's."""
    house.daemon_log.touch()
    process = nursery().launch(
        ["-c", str(house.config), *(args or ("run", "--port", "0"))],
        directory=house.directory,
        out=house.daemon_log,
        err=house.daemon_log,
        script=script,
    )
    house.processes.append(process)
    return process


def set_wrong_by(house: House, seconds: float) -> None:
    new = house.directory / "wrong-by.new"
    new.write_text(str(seconds), "ascii")
    new.replace(house.directory / "wrong-by")


def polls(house: House) -> int:
    return len(re.findall(r"event=poll ", house.log))


def wait_for_more_polls(house: House, more: int = 3) -> None:
    before = polls(house)
    wait_for(lambda: polls(house) >= before + more)


def health(url: str) -> tuple[int, dict[str, object]]:
    status, _, body = get(f"{url}/health")
    return status, json.loads(body)


# ---------------------------------------------------------------------------------------------- clock


@pytest.mark.parametrize("steps", [(-7200.0,), (864_000.0, 0.0)])
def test_polling_goes_on_when_the_clock_is_set(harbour: House, steps: tuple[float, ...]) -> None:
    set_wrong_by(harbour, 0)
    daemon = start_script(harbour, WRONG_CLOCK)
    url = harbour.address()
    wait_for_more_polls(harbour)

    for number, seconds in enumerate(steps, start=1):
        set_wrong_by(harbour, seconds)
        wait_for(lambda number=number: harbour.log.count('event="clock stepped"') == number)  # type: ignore[misc]
        wait_for_more_polls(harbour)

    status, told = health(url)
    assert (status, told["problems"]) == (200, [])
    assert 0 <= float(str(told["last_tick_age_seconds"])) < 60
    assert daemon.poll() is None


def test_what_was_polled_ten_days_ahead_is_polled_when_the_clock_is_right(
    house: House, server: FeedServer
) -> None:
    put(server, 1)
    house.write_config({"one": "/one"}, interval="15m")
    set_wrong_by(house, 864_000)
    assert start_script(house, WRONG_CLOCK, "poll").wait() == 0

    done = house.run("poll")

    assert "one-en" in done.stdout
    assert "No feed is due" not in done.stderr
    assert "No feed is due" in house.run("poll").stderr


# -------------------------------------------------------------------------------------------- readers


def test_idle_connections_take_no_descriptor_from_the_work(
    harbour: House, server: FeedServer
) -> None:
    daemon = start_script(harbour, FEW_DESCRIPTORS)
    url = harbour.address()
    wait_for_more_polls(harbour, 1)
    port = int(url.rpartition(":")[2])
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
    try:
        put(server, 2)
        harbour.wait_for_change("one-en", times=2)
        wait_for(lambda: b"https://one.example/2" in get(f"{url}/merged.rss")[2])
        status, told = health(url)
    finally:
        for connection in idle:
            connection.close()
    assert (status, told["feeds"]) == (200, {"ok": 1})
    assert daemon.poll() is None
    assert "level=error" not in harbour.log


def test_a_name_that_is_not_ours_is_refused(harbour: House) -> None:
    harbour.write_config({"one": "/one"}, more="server: {hosts: ['*.wire.example']}\n")
    harbour.start()
    url = harbour.address()
    wait_for(lambda: get(f"{url}/merged.rss")[0] == 200)

    for path in ("/", "/merged.rss", "/health"):
        status, _, body = get(url + path, {"Host": "rebound.example"})
        assert status == 421
        assert b"server.hosts" in body
        assert get(url + path, {"Host": "news.wire.example:8000"})[0] == 200
        assert get(url + path, {"Host": "192.168.7.9"})[0] == 200


# ------------------------------------------------------------------------------------------ the files


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_database_that_is_gone_ends_the_daemon(harbour: House, is_replaced: bool) -> None:
    database = harbour.directory / "aggregator.db"
    daemon = harbour.start()
    wait_for_more_polls(harbour, 1)

    if is_replaced:
        other = harbour.directory / "other.db"
        other.write_bytes(database.read_bytes())
        other.replace(database)
    else:
        database.unlink()

    assert daemon.wait() == 1
    assert f"aggregator: {database} was deleted or replaced while it was in use" in harbour.log
    assert "Traceback" not in harbour.log


def test_a_lock_of_another_program_is_waited_out(harbour: House, server: FeedServer) -> None:
    daemon = harbour.start()
    url = harbour.address()
    wait_for_more_polls(harbour, 1)
    holder = sqlite3.connect(harbour.directory / "aggregator.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    put(server, 2)

    wait_for(lambda: "the database is locked by another program; waiting" in harbour.log)

    status, told = health(url)
    assert status == 503
    assert "locked by another program" in str(told["problems"])
    assert get(f"{url}/")[0] == 200  # pages are read
    assert get(f"{url}/merged.rss")[0] == 200

    holder.rollback()
    holder.close()
    harbour.wait_for_change("one-en", times=2)
    wait_for(lambda: health(url)[0] == 200)
    assert "the database is free again" in harbour.log
    assert daemon.poll() is None


def test_a_stop_does_not_wait_for_a_lock(harbour: House, server: FeedServer) -> None:
    daemon = harbour.start()
    wait_for_more_polls(harbour, 1)
    holder = sqlite3.connect(harbour.directory / "aggregator.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    put(server, 2)
    wait_for(lambda: "waiting" in harbour.log)

    daemon.send_signal(signal.SIGTERM)

    assert daemon.wait(timeout=10) == 0
    holder.rollback()
    holder.close()


# ------------------------------------------------------------------------------------ signals, the log


def test_signals_are_heard_whenever_they_come(harbour: House) -> None:
    daemon = harbour.start()
    wait_for(lambda: "started" in harbour.log)
    for _ in range(40):  # two seconds: some come between two runs
        daemon.send_signal(signal.SIGHUP)
        time.sleep(0.05)
    assert daemon.poll() is None
    runs = harbour.log.count("event=stopped")
    assert runs > 0

    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: harbour.log.count("event=stopped") > runs)  # it is between two runs, or soon
    daemon.send_signal(signal.SIGTERM)

    assert daemon.wait(timeout=20) == 0


def test_every_line_of_the_log_is_logfmt(harbour: House, server: FeedServer) -> None:
    server.answers["/two"] = Answer(b"<html>\x0bmaintenance=\xe2\x80\xa8</html>")
    harbour.write_config({"one": "/one", "two": "/two"})
    daemon = harbour.start()
    url = harbour.address()
    wait_for_more_polls(harbour)
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as connection:
        connection.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
        connection.recv(1000)
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: harbour.log.count("event=started") == 2)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=20) == 0

    for line in harbour.log.splitlines():
        keys = [pair.partition("=")[0] for pair in shlex.split(line)]
        assert keys[:3] == ["timestamp", "level", "event"], line
        assert all(re.fullmatch(r"\w+", key) for key in keys), line
