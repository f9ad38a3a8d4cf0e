"""A prepared store with three stories, and the web over it, asked without a socket."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from starlette.types import ASGIApp

from aggregator.config import OutputSettings, Settings
from aggregator.match import story
from aggregator.model import (
    Agency,
    Arrival,
    Change,
    ChannelPrint,
    Credit,
    Evidence,
    Fact,
    Feed,
    FeedState,
    FeedStatus,
    Fingerprint,
    Item,
    Kind,
    Match,
    Move,
    Passage,
    Summarise,
)
from aggregator.store.store import Store
from aggregator.syndicate.document import Rendered
from aggregator.web.app import create_app
from tests.contract.samples import unlike
from tests.databases import store_at

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MARK = Fingerprint(language="en", parts=(ChannelPrint(channel="words", scheme="test", data=b""),))
SETTINGS = Settings(
    output=OutputSettings(base_url="https://wire.example", title="Wire", items=200),
    agencies=(
        Agency(id="bta", name="BTA", aliases=("БТА",), home="https://bta.example/"),
        Agency(id="kazinform", name="Kazinform", aliases=("Казинформ",)),
    ),
    feeds=(
        Feed(id="bta-bg", url="https://bta.example/bg.rss", agency_id="bta", language="bg"),
        Feed(id="kz-en", url="https://kz.example/en.rss", agency_id="kazinform", language="en"),
        Feed(id="kz-kk", url="https://kz.example/kk.rss", agency_id="kazinform", language="kk"),
    ),
)


def item(item_id: str, feed_id: str, minutes: int, title: str, text: str) -> Item:
    at = NOON + timedelta(minutes=minutes)
    feed = next(feed for feed in SETTINGS.feeds if feed.id == feed_id)
    return Item(
        id=item_id,
        feed_id=feed_id,
        agency_id=feed.agency_id,
        title=title,
        text=text,
        link=f"https://{feed.agency_id}.example/{item_id}",
        language=feed.language,
        published_at=at,
        reported_at=at,
        seen_at=at,
        content_hash=item_id,
    )


PORT = item("kz1", "kz-en", 0, "Dry port opens at Saryagash", "Forty wagons a day will pass.")
PORT_IN_BULGARIAN = replace(
    item("bg1", "bta-bg", 30, "Сухо пристанище в Саръагаш", "По четиридесет вагона дневно."),
    credits=(Credit(agency_id="kazinform", phrase="съобщи Казинформ"),),
)
GRAIN = item("kz2", "kz-kk", 60, "Астық экспорты өсті", "Экспорт он пайызға өсті.")
HOSTILE = replace(
    item("bg2", "bta-bg", 90, '<script>alert("x")</script>', "<img src=x onerror=alert(1)>"),
    link="javascript:alert(1)",
)
TRANSLATION = Match(
    a="bg1",
    b="kz1",
    kind=Kind.TRANSLATION,
    score=0.93,
    evidence=Evidence(rule="names-and-figures", reason="Names and the figure forty agree."),
)
UNLIKE = Match(
    a="kz2",
    b="kz1",
    kind=Kind.RELATED,
    score=0.31,
    evidence=Evidence(rule="other-topic", reason="Only the country agrees."),
)


SUMMARISE = partial(story.summarise, relate=unlike)


def fill(store: Store) -> None:
    """Three stories: a report with its translation, one related to it, one that means harm."""
    state = FeedState(
        feed_id="kz-en",
        url="https://kz.example/en.rss",
        configured_url="https://kz.example/en.rss",
        next_due_at=NOON + timedelta(minutes=15),
        status=FeedStatus.OK,
        polled_at=NOON,
        succeeded_at=NOON,
        item_count=1,
        interval=timedelta(minutes=15),
    )
    broken = replace(
        state,
        feed_id="bta-bg",
        status=FeedStatus.FAILING,
        error="The server said <no>.",
        failures=3,
    )
    for one in (state, broken, replace(state, feed_id="kz-kk")):
        own = [it for it in (PORT, PORT_IN_BULGARIAN, GRAIN, HOSTILE) if it.feed_id == one.feed_id]
        arrivals = [(Arrival(item=it, change=Change.NEW, keys=(it.id,)), MARK) for it in own]
        store.save_polls([one], arrivals)
    store.place(
        [
            (Move(item_id="kz1", story_id="skz1"), ()),
            (Move(item_id="bg1", story_id="skz1", match=TRANSLATION), ()),
            (Move(item_id="kz2", story_id="skz2"), (UNLIKE,)),
            (Move(item_id="bg2", story_id="sbg2"), ()),
        ],
        summarise=SUMMARISE,
    )


def revise(store: Store, *, summarise: Summarise = SUMMARISE, **changes: object) -> None:
    """Kazinform's later version of the dry port, looked at again."""
    was = store.item("kz1")
    revised = replace(
        was,
        text="Fifty wagons a day will pass.",
        content_hash="another",
        revision=2,
        revised_at=was.seen_at + timedelta(hours=2),
        **changes,  # type: ignore[arg-type]
    )
    arrival = Arrival(item=revised, change=Change.REVISED, keys=("kz1",))
    store.save_polls([store.feed_states()["kz-en"]], [(arrival, MARK)])
    store.place_again(revised, (), (), summarise=summarise)


def explain(a: str, b: str) -> Match:
    """A full comparison, as the matcher would give it."""
    evidence = Evidence(
        rule="names-and-figures",
        reason="Names and the figure forty agree.",
        features={"names": 0.8},
        agree=(Fact(a="Саръагаш", b="Saryagash"),),
        differ=(Fact(a="", b="Tashkent"),),
        passages=(Passage(a="четиридесет вагона", b="forty wagons", same=True),),
    )
    return replace(TRANSLATION, a=a, b=b, evidence=evidence)


@dataclass(frozen=True)
class Client:
    """Asks an application as a browser would, without following redirects."""

    app: ASGIApp
    peer: str = "127.0.0.1"  # whose address the connection comes from

    def ask(
        self, path: str, *, method: str = "GET", body: str = "", **headers: str
    ) -> httpx.Response:
        return asyncio.run(self._ask(method, path, body, headers))

    def send(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """A form, as a browser sends it."""
        sent_as = {"content_type": "application/x-www-form-urlencoded", **headers}
        return self.ask(path, method="POST", body=urlencode(fields), **sent_as)

    async def _ask(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(
            app=self.app, raise_app_exceptions=False, client=(self.peer, 50_000)
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://wire.example") as client:
            client.headers.pop("accept-encoding")
            return await client.request(method, path, headers=named, content=body.encode())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = store_at(tmp_path / "wire.db", fill)
    yield opened
    opened.close()


@pytest.fixture
def documents() -> dict[str, Rendered]:
    return {
        name: Rendered.of(
            name,
            f"<rss>{name}</rss>".encode() * 100,
            media_type="application/rss+xml; charset=utf-8",
            last_modified_at=NOON,
        )
        for name in ("merged.rss", "merged-2026-11-23.rss")
    }


Opened = Callable[..., Client]


@pytest.fixture
def opened(store: Store, documents: dict[str, Rendered]) -> Opened:
    """The web over the store; keywords are those of `create_app`."""

    def build(**given: object) -> Client:
        defaults: dict[str, object] = {
            "documents": documents,
            "clock": lambda: NOON + timedelta(hours=6),
        }
        settings = given.pop("settings", SETTINGS)
        return Client(create_app(store, settings, **{**defaults, **given}))  # type: ignore[arg-type]

    return build


@pytest.fixture
def client(opened: Opened) -> Client:
    return opened(explain=explain)
