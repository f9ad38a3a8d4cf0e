"""Whatever is asked for wrongly: a clear page in the reader's language, the right status."""

from __future__ import annotations

import pytest

from aggregator.errors import OverloadedError, RequestError, StoreError, UsageError
from aggregator.store.store import Store
from tests.unit.web.conftest import Client, Opened


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "The address may be mistyped."),
        ("/stories/none", 404, "There is no story"),
        ("/?agency=tass", 400, "there is no such agency"),
        ("/?agency=kazinfrom", 400, "Did you mean &#34;kazinform&#34;?"),
        ("/?language=tlh", 400, "Known: bg, en, kk."),
        ("/?since=2026-11-25&until=2026-11-24", 400, "Exchange them."),
        ("/?origin=bta&carried_by=bta", 400, "no agency carries its own reports"),
        ("/?min_items=0", 400, "from 1 to 1000"),
        ("/?prefer=tlh", 400, "Languages: bg, en, kk; agencies: bta, kazinform."),
        ("/?since=tomorrow", 400, "30m, 24h or 7d"),
    ],
)
def test_a_wrong_address_is_a_page_that_says_what_would_be_right(
    client: Client, path: str, status: int, words: str
) -> None:
    answer = client.ask(path)

    assert answer.status_code == status
    assert words in answer.text
    assert answer.text.count("<h1") == 1
    assert "%(" not in answer.text


def test_what_was_not_found_can_be_searched(client: Client) -> None:
    text = client.ask('/stories/"><script>').text

    assert 'name="q" value="&#34;&gt;&lt;script&gt;"' in text
    assert "<script>" not in text


def test_a_search_is_not_offered_where_nothing_was_looked_for(client: Client) -> None:
    assert 'name="q"' not in client.ask("/?min_items=0").text


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/?after=sold&language=bg&q=a+b", "/?language=bg&amp;q=a+b"),
        ("/?after=sold", "/"),
    ],
)
def test_a_page_of_another_database_leads_to_the_first(
    opened: Opened, store: Store, monkeypatch: pytest.MonkeyPatch, path: str, first: str
) -> None:
    def refuse(_query: object) -> None:
        raise UsageError("No story has the id %(asked)s.", asked="sold")

    monkeypatch.setattr(store, "stories", refuse)
    answer = opened().ask(path)

    assert answer.status_code == 400
    assert f'<a href="{first}">To the first page</a>' in answer.text


def test_no_page_of_errors_leads_to_another_site(client: Client) -> None:
    text = client.ask("http://wire.example//evil.example?after=sold").text

    assert "There is no such page" in text
    assert "evil.example" not in text


@pytest.mark.parametrize("path", ["/stories/%00", "/stories/skz1%00", "/compare/kz1/%00"])
def test_a_character_that_no_store_holds_is_in_no_address(
    opened: Opened, store: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(_reference: str) -> None:
        raise StoreError("PostgreSQL text fields cannot contain NUL (0x00) bytes")

    for looked_up_by in ("story", "find_item"):
        monkeypatch.setattr(store, looked_up_by, fail)
    assert opened().ask(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/agencies", "/merged.rss", "/health", "/stories/skz1", "/opml"]
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_is_for_reading_says_so(client: Client, path: str, method: str) -> None:
    answer = client.ask(path, method=method)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "Use GET, HEAD." in answer.text


@pytest.mark.parametrize("path", ["/merged.rss?agency=tass", "/decisions.jsonl/x.json", "/x.csv"])
def test_programs_are_told_in_one_line(client: Client, path: str) -> None:
    answer = client.ask(path)

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (StoreError("locked"), 503, None),
        (OverloadedError("Too many pages are asked for at once."), 503, ("retry-after", "1")),
        (RequestError(429, "In %(seconds)s s.", seconds=7), 429, ("retry-after", "7")),
        (RuntimeError("unforeseen"), 500, None),
    ],
)
def test_an_error_behind_the_page_has_its_status(
    opened: Opened,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    header: tuple[str, str] | None,
) -> None:
    def fail(_query: object) -> None:
        raise error

    monkeypatch.setattr(store, "stories", fail)
    answer = opened().ask("/")

    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert header is None or answer.headers[header[0]] == header[1]


def test_an_unexpected_error_says_where_it_is_logged_and_not_what_it_is(
    opened: Opened, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_query: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(store, "stories", broken)
    text = opened().ask("/").text

    assert "ZeroDivisionError" not in text
    assert "daemon&#39;s log, below &#39;Exception in ASGI application&#39;" in text
    assert "report it" in text


def test_an_error_is_said_in_the_readers_language(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {
        "There is no such page": "Няма такава страница",
        "There is no story with the id %(asked)r. `aggregator stories` lists them.": "Няма %(asked)s.",
    }

    def gettext(_self: object, message: str, **values: object) -> str:
        said = words.get(message, message)
        return said % values if values else said

    monkeypatch.setattr("aggregator.i18n.Translator.gettext", gettext)
    answer = client.ask("/stories/none", accept_language="bg")

    assert answer.headers["content-language"] == "bg"
    assert "<h1>Няма такава страница</h1>" in answer.text
    assert "Няма none." in answer.text


ODD = [
    '"',
    '"a',
    "-",
    "a*",
    "(",
    "a OR",
    "NEAR(",
    "'; --",
    "%",
    "_",
    "\\",
    "\x00",
    "🦄",
    "و",
    "\ud800",
]


@pytest.mark.parametrize("characters", ODD)
def test_no_search_is_an_error_of_ours(client: Client, characters: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in characters.encode("utf-8", "surrogatepass"))

    assert client.ask(f"/?q={encoded}").status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    ["q=%25", "q=-freight", "after=sold", "sort=oldest", f"q={'+'.join(map(str, range(41)))}"],
)
@pytest.mark.parametrize("code", ["bg", "ru", "kk"])
def test_what_the_desk_refuses_is_said_in_the_readers_language(
    client: Client, query: str, code: str
) -> None:
    answer, in_english = (client.ask(f"/?{query}", accept_language=each) for each in (code, "en"))

    assert [answer.status_code, in_english.status_code] == [400, 400]
    assert _message(answer.text) != _message(in_english.text)


def _message(page: str) -> str:
    return page.partition('<p dir="auto">')[2].partition("</p>")[0]
