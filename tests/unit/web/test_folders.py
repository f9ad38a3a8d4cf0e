"""Where a feed is a folder of this machine, nobody on the web is told which."""

from __future__ import annotations

from aggregator.model import Feed
from aggregator.store.store import Store
from aggregator.syndicate.document import Rendered
from aggregator.web.app import create_app
from tests.unit.web.conftest import NOON, SETTINGS, Client


def test_a_folder_is_no_subscription_of_others(
    store: Store, documents: dict[str, Rendered]
) -> None:
    folder = Feed(id="bta-wire", url="file:///var/spool/bta/", agency_id="bta")
    settings = SETTINGS.model_copy(update={"feeds": (*SETTINGS.feeds, folder)})
    client = Client(create_app(store, settings, documents=documents, clock=lambda: NOON))

    pages = [client.ask(path).text for path in ("/opml", "/feeds", "/agencies", "/merged.rss?q=a")]

    assert not any("/var/spool" in page for page in pages)
    assert "bta-wire" in pages[1]
