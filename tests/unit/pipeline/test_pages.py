"""Article pages of short feeds: stored at once, matched when the page was read, or as soon as it cannot be had."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import page_dispatcher
from aggregator.errors import FetchError, RefusedError
from aggregator.ingest import wanted
from aggregator.ingest.http.client import NO_HEADERS, GapAt
from aggregator.model import (
    CreditState,
    Feed,
    Fetched,
    Fulltext,
    Page,
    PageReport,
    PageResult,
    ParsedItem,
    PollReport,
)
from aggregator.page_dispatcher import PageDispatcher
from tests.unit.pipeline.test_pipeline import FERRY, LIBRARY, House, Wire, entry

HTML = {"content-type": "text/html; charset=utf-8", "etag": '"1"'}
SUMMARY = "The night ferry between Calarasi and Silistra will sail again."
HOUR = timedelta(hours=1)


@dataclass
class Site(Wire):
    """The wire, and the pages its entries link to: a text, a status or an error by the end of the address."""

    pages: dict[str, str | int | Exception] = field(default_factory=dict)
    robots: str = ""
    asked: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def page(
        self,
        url: str,
        *,
        gap_at: GapAt,
        user_agent: str = "",
        headers: Mapping[bytes, bytes] = NO_HEADERS,
    ) -> AsyncIterator[Fetched]:
        if url.endswith("/robots.txt"):
            yield Fetched(status=200, url=url, body=self.robots.encode())
            return
        if await gap_at(url) is None:
            raise RefusedError("robots.txt")
        self.asked.append(url)
        answer = self.pages.get(url.rpartition("/")[2], 404)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            yield Fetched(status=answer, url=url)
        elif headers.get(b"If-None-Match") == HTML["etag"].encode():
            yield Fetched(status=304, url=url)
        else:
            yield Fetched(status=200, url=url, body=answer.encode(), headers=HTML)

    async def article(self, page: bytes, *, url: str, content_type: str) -> str:
        return page.decode()


class Town(House):
    """A house whose feeds have article pages."""

    def __init__(self, directory: Path) -> None:
        self.site = Site()
        super().__init__(directory, Fulltext.AUTO, self.site)

    def poll_only(self, feed_id: str, *items: ParsedItem) -> PollReport:
        return self.poll(feed_id, *items)

    def read_pages(self) -> list[PageReport]:
        """Read all pages whose turn it is; what came of each."""
        reports: list[PageReport] = []

        async def run() -> None:
            pages = PageDispatcher(
                self.pipeline.pages, report=reports.append, supervise=nullcontext
            )
            await pages.drain(seconds=600)

        asyncio.run(run())
        return reports

    def unplaced(self) -> int:
        return self.store.figures()["unplaced"]

    def feed(self, feed_id: str, **changes: Any) -> Feed:
        """The feed as if it were configured so."""
        self.pipeline.feeds[feed_id] = replace(self.pipeline.feeds[feed_id], **changes)
        return self.pipeline.feeds[feed_id]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


def test_a_summary_waits_for_its_page_and_is_matched_once_with_its_words(town: Town) -> None:
    town.feed("agerpres", fulltext=Fulltext.NEVER)
    town.poll("agerpres", entry(1, "Danube crossing open", f"{FERRY} AGERPRES reported this."))
    town.site.pages = {"2": FERRY}

    polled = town.poll("bta", entry(2, "Night ferry", SUMMARY))

    assert (polled.new, polled.matched, polled.waiting) == (1, 0, 1)
    assert (town.unplaced(), town.site.asked) == (1, [])
    (read,) = town.read_pages()
    assert (read.result, read.items, read.matched) == (PageResult.READ, 1, {"bta": 1})
    story = town.story("Night ferry")
    assert len(story.members) == 2
    copy = story.members[1].item
    assert (copy.text, copy.full_text, copy.is_whole) == (SUMMARY, FERRY, True)
    assert copy.awaits_page_until is None
    assert town.read_pages() == []


def test_of_an_uncredited_copy_it_is_said_only_with_its_page(town: Town) -> None:
    town.feed("agerpres", fulltext=Fulltext.NEVER)
    town.poll("agerpres", entry(1, "Danube crossing open", FERRY))
    short = " ".join(FERRY.split()[:40])
    town.site.pages = {"2": FERRY}
    town.poll("bta", entry(2, "Night ferry", short), entry(3, "Maps", "Maps may be read."))
    town.poll("bta-top", entry(4, "Ferry", short))  # its page answers 404

    town.read_pages()

    credits_ = {m.item.title: m.lineage.credit for m in town.story("Night ferry").members}
    assert credits_["Night ferry"] is CreditState.NONE
    assert credits_["Ferry"] is CreditState.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (404, "answered 404"),
        (402, "answered 402"),
        (500, "answered 500"),
        (FetchError("agency.example: the name cannot be resolved"), "no answer: agency.example"),
        (SUMMARY, "says no more than the feed"),
        (LIBRARY * 3, "is another page"),
        (ValueError("unforeseen"), "Unexpected error while reading https://agency.example/2"),
    ],
)
def test_an_item_whose_page_cannot_be_had_is_placed_at_once(
    town: Town, answer: str | int | Exception, refusal: str
) -> None:
    town.site.pages = {"2": answer}
    town.poll("bta", entry(2, "Night ferry", SUMMARY))

    (read,) = town.read_pages()

    assert read.result is PageResult.REFUSED
    assert (read.refusal or "").startswith(refusal)
    assert town.story("Night ferry").lead.full_text == ""
    (page,) = town.store.latest_pages("agency.example", limit=9)
    if answer == SUMMARY:  # that is no fault of the page
        assert (page.refusal, page.text) == (None, SUMMARY)
    else:
        assert (page.refusal, page.text) == (read.refusal, "")


def test_after_three_failures_in_a_row_the_site_is_left_alone(town: Town) -> None:
    town.poll("bta", *(entry(n, f"Ferry {n}", f"{SUMMARY} {n}") for n in range(10)))

    reports = town.read_pages()

    assert len(town.site.asked) == wanted.FAILURES
    assert sum(report.items for report in reports) == 10
    assert town.unplaced() == 0
    polled = town.poll("bta", entry(20, "Maps", "Maps may be read."))
    assert (polled.waiting, town.unplaced()) == (0, 0)
    town.now += wanted.REST
    assert town.poll("bta", entry(21, "A fourth map", "Maps may be lent.")).waiting == 1


def test_one_failure_of_the_whole_site_is_enough(town: Town) -> None:
    town.site.robots = "User-agent: *\nDisallow: /"
    town.poll("bta", *(entry(n, f"Ferry {n}", f"{SUMMARY} {n}") for n in range(10)))

    (report,) = town.read_pages()

    assert (report.items, town.unplaced(), town.site.asked) == (10, 0, [])
    assert report.refusal == "the site is closed to us: robots.txt forbids it"
    town.start()  # what is known of the site survives a restart
    assert town.poll("bta", entry(20, "Maps", "Maps may be read.")).waiting == 0


def test_what_waited_an_hour_is_placed_without_its_page(town: Town) -> None:
    town.poll("bta", entry(2, "Night ferry", SUMMARY))
    town.now += HOUR

    (report,) = town.read_pages()

    assert (report.result, report.items) == (PageResult.RELEASED, 1)
    assert town.site.asked == []
    assert town.story("Night ferry").lead.full_text == ""


def test_a_kill_between_poll_and_page_loses_neither(town: Town) -> None:
    town.site.pages = {"2": FERRY}
    town.poll("bta", entry(2, "Night ferry", SUMMARY))

    town.start()

    assert town.unplaced() == 1
    town.read_pages()
    assert town.story("Night ferry").lead.full_text == FERRY


def test_a_feed_that_gets_no_pages_any_more_waits_for_none(town: Town) -> None:
    town.poll("bta", entry(2, "Night ferry", SUMMARY))
    town.feed("bta", fulltext=Fulltext.NEVER)

    (report,) = town.read_pages()

    assert (report.result, town.unplaced(), town.site.asked) == (PageResult.RELEASED, 0, [])


def test_the_budget_of_a_day_is_kept_over_restarts(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wanted, "PAGES_A_DAY", 2)
    town.site.pages = {str(n): f"{FERRY} {n}" for n in range(9)}
    town.poll("bta", *(entry(n, f"Ferry {n}", f"{SUMMARY} {n}") for n in range(3)))
    town.read_pages()
    assert (len(town.site.asked), town.unplaced()) == (2, 0)

    town.start()
    town.poll("bta", entry(5, "Fifth ferry", f"{SUMMARY} 5"))
    (report,) = town.read_pages()

    assert (len(town.site.asked), town.unplaced()) == (2, 0)
    assert report.refusal == "2 pages of agency.example were asked in a day"
    town.now += timedelta(days=1)
    town.poll("bta", entry(6, "Sixth ferry", f"{SUMMARY} 6"))
    assert town.read_pages()[0].result is PageResult.READ


def test_a_page_of_two_feeds_is_asked_once(town: Town) -> None:
    town.site.pages = {"7": FERRY}
    first = replace(entry(1, "Night ferry", SUMMARY), link="https://agency.example/7")
    second = replace(
        entry(2, "Danube ferry", SUMMARY), link="http://www.agency.example/7?utm_source=x"
    )
    town.poll("bta", first)
    town.poll("bta-top", second)

    (report,) = town.read_pages()

    assert (report.items, len(town.site.asked)) == (2, 1)
    later = replace(entry(3, "Ferry to sail", SUMMARY), link="https://agency.example/7")
    town.poll("agerpres", later)
    (again,) = town.read_pages()
    assert (again.result, len(town.site.asked)) == (PageResult.KEPT, 1)
    assert len(town.story("Night ferry").members) == 3


def test_an_entry_that_changed_has_its_page_asked_again_and_others_have_not(town: Town) -> None:
    town.site.pages = {"2": FERRY}
    town.poll("bta", entry(2, "Night ferry", SUMMARY))
    town.read_pages()
    town.poll("bta", entry(2, "Night ferry", SUMMARY), entry(3, "Maps", LIBRARY))
    assert [page.host for page in town.pipeline.pages.waiting()] == ["agency.example"]
    town.read_pages()
    assert town.site.asked.count("https://agency.example/2") == 1

    changed = f"{SUMMARY} It is blue."
    polled = town.poll("bta", replace(entry(2, "Night ferry", changed), digest="b"))
    assert (polled.revised, polled.waiting) == (1, 1)
    (unchanged,) = town.read_pages()
    assert unchanged.result is PageResult.KEPT
    lead = town.story("Night ferry").lead
    assert (lead.text, lead.full_text, lead.revision) == (changed, FERRY, 2)

    town.site.pages = {"2": 500}
    town.poll("bta", replace(entry(2, "Night ferry", f"{changed} It is new."), digest="c"))
    town.read_pages()
    assert (town.unplaced(), town.store.awaited()) == (0, [])


def test_a_revision_that_comes_while_the_page_is_read_is_not_overwritten(town: Town) -> None:
    town.site.pages = {"2": FERRY}
    town.poll("bta", entry(2, "Night ferry", SUMMARY))
    (page,) = town.pipeline.pages.waiting()
    held = town.store.item(page.item_ids[0])
    town.poll("bta", replace(entry(2, "Night ferry", f"{SUMMARY} It is blue."), digest="b"))
    fingerprint = town.store.fingerprints([held.id])[held.id]
    asked = Page(key="k", url=page.url, host=page.host, asked_at=town.now, text=FERRY)

    town.store.save_page(asked, [(replace(held, full_text="Old."), fingerprint)])

    item = town.store.item(held.id)
    assert (item.revision, item.full_text) == (2, "")
    assert item.awaits_page_until is not None


def test_the_median_of_a_body_decides_also_where_entries_were_left_unread(town: Town) -> None:
    whole = [entry(n, f"Map {n}", f"{LIBRARY} {LIBRARY} {n}") for n in range(3)]
    assert town.poll("bta", *whole).waiting == 0
    assert town.store.feed_states()["bta"].median_words == 2 * 34 + 1

    polled = town.poll("bta", entry(9, "Night ferry", SUMMARY), *whole)

    assert town.wire.unread
    assert (polled.new, polled.waiting) == (1, 0)
    assert town.store.feed_states()["bta"].median_words == 2 * 34 + 1


@pytest.mark.parametrize("notice", ["KILL", "CORRECTION"])
def test_a_revision_that_corrects_or_withdraws_its_report_waits_for_no_page(
    town: Town, notice: str
) -> None:
    town.site.pages = {"2": FERRY}
    town.poll("bta", entry(2, "Night ferry sails again", SUMMARY))
    town.read_pages()
    title = f"{notice}: Night ferry sails again"

    town.poll("bta", replace(entry(2, title, SUMMARY), digest="b"))

    assert (town.store.awaited(), town.pipeline.pages.waiting()) == ([], [])
    assert town.story(title).lead.notice is not None


def settled(town: Town, report: PollReport) -> PollReport:
    """The report of a poll as it is told."""

    async def run() -> PollReport:
        told: asyncio.Future[PollReport] = asyncio.get_running_loop().create_future()
        pages = PageDispatcher(town.pipeline.pages, report=lambda _: None, supervise=nullcontext)
        pages.settle(report, then=told.set_result)
        got = await told
        await pages.close(timeout_seconds=60)
        return got

    return asyncio.run(run())


def test_a_poll_is_told_with_what_its_pages_brought(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_dispatcher, "_SETTLE_SECONDS", 600)
    town.feed("agerpres", fulltext=Fulltext.NEVER)
    town.poll("agerpres", entry(1, "Danube crossing open", FERRY))
    town.site.pages = {"2": FERRY}

    got = settled(town, town.poll("bta", entry(2, "Night ferry", SUMMARY)))

    assert (got.new, got.matched, got.waiting) == (1, 1, 0)


def test_a_poll_is_told_without_pages_that_take_long(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_dispatcher, "_SETTLE_SECONDS", 0)
    town.site.pages = {"2": FERRY}

    got = settled(town, town.poll("bta", entry(2, "Night ferry", SUMMARY)))

    assert (got.new, got.matched, got.waiting) == (1, 0, 1)


def test_sites_take_turns_and_the_oldest_comes_first(town: Town) -> None:
    other = [
        replace(entry(n, f"Map {n}", f"{SUMMARY} {n}"), link=f"https://other.example/{n}")
        for n in (10, 11)
    ]
    town.site.pages = {str(n): f"{FERRY} {n}" for n in range(20)}
    town.poll("bta", *(entry(n, f"Ferry {n}", f"{SUMMARY} {n}") for n in range(6)))
    town.poll("bta-top", *other)

    town.read_pages()

    hosts = [url.split("/")[2] for url in town.site.asked]
    assert "other.example" in hosts[:3]
    assert len(hosts) == 8


def test_pages_that_nobody_waits_for_any_more_end_with_the_dispatcher(town: Town) -> None:
    town.site.pages = {str(n): f"{FERRY} {n}" for n in range(20)}
    town.poll("bta", *(entry(n, f"Ferry {n}", f"{SUMMARY} {n}") for n in range(6)))

    async def run() -> int:
        pages = PageDispatcher(town.pipeline.pages, report=lambda _: None, supervise=nullcontext)
        await pages.read_due()
        in_flight = len(pages)
        await pages.close(timeout_seconds=5)
        await pages.read_due()
        pages.wake()
        return in_flight - len(pages)

    assert asyncio.run(run()) == 1
    town.start()
    town.read_pages()
    assert town.unplaced() == 0
