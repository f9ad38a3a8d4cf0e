"""Wrong configurations, and exactly what is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import parse
from aggregator.errors import ConfigError

ONE = "agencies:\n  - id: one\n    name: One\n    feeds:\n"
URL = "url: 'https://one.example/rss'"


def mistakes(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ConfigError) as caught:
        parse(text, file="feeds.yaml")
    return [(m.line, m.key, m.message) for m in caught.value.mistakes]


NO_DURATION = "is no duration; write it with its unit: 90s, 15m, 2h or 7d"
NO_SIZE = "is no size; write it with its unit: 512KiB, 15MiB or 1GiB"


@pytest.mark.parametrize(
    ("written", "key", "message"),
    [
        ("fetch: {intervall: 15m}", "fetch.intervall", "is no known key; did you mean 'interval'?"),
        ("interval: 15m", "interval", "is no known key here; it belongs under 'fetch'"),
        ("colour: red", "colour", "is no known key; known here: store, output, server, fetch, match, agencies"),
        ("fetch: {max_body_bytes: 9}", "fetch.max_body_bytes", "is no known key; did you mean 'max_body'?"),
        ("fetch: {interval: 15}", "fetch.interval", f"'15' {NO_DURATION}"),
        ("fetch: {interval: 15 m}", "fetch.interval", f"'15 m' {NO_DURATION}"),
        ("fetch: {interval: -5m}", "fetch.interval", f"'-5m' {NO_DURATION}"),
        ("fetch: {interval: 0s}", "fetch.interval", "must be longer than 0s"),
        ("fetch: {timeout: 99999d}", "fetch.timeout", "'99999d' is longer than ten years"),
        ("fetch: {timeout: }", "fetch.timeout", "has no value; write one or remove the line"),
        ("fetch: {max_body: 15MB}", "fetch.max_body", f"'15MB' {NO_SIZE}"),
        ("fetch: {max_body: 0MiB}", "fetch.max_body", f"'0MiB' {NO_SIZE}"),
        ("fetch: {host_concurrency: 0}", "fetch.host_concurrency", "'0' is too small; it may be 1 at least"),
        ("fetch: {contact: me@one.example}", "fetch.contact", "'me@one.example' is no web address; it begins with http:// or https://"),
        ("fetch: {allow_networks: [10.0.0.1/8]}", "fetch.allow_networks.#1", "'10.0.0.1/8' is no network; write it as 127.0.0.1/32 or 10.0.0.0/8, with no bits behind the mask"),
        ("fetch: {allow_networks: [localhost]}", "fetch.allow_networks.#1", "'localhost' is no network; write it as 127.0.0.1/32 or 10.0.0.0/8"),
        ("fetch: {allow_networks: 10.0.0.0/8}", "fetch.allow_networks", "a list is wanted here: [one, two]"),
        ("match: {mode: bold}", "match.mode", "'bold' is unknown; it may be 'balanced' or 'strict'"),
        ("match: {window: 0d}", "match.window", "must be longer than 0s"),
        ("server: {port: 70000}", "server.port", "'70000' is too large; it may be 65535 at most"),
        ("server: {port: http}", "server.port", "'http' is no whole number"),
        ("server: {host: ''}", "server.host", "must not be empty"),
        ("server: 8000", "server", "keys of its own are wanted here, `key: value` each"),
        ("output: {items: 0}", "output.items", "'0' is too small; it may be 1 at least"),
        ("output: {title: [a]}", "output.title", "one plain value is wanted here"),
        ("output: {base_url: 'http://'}", "output.base_url", "'http://' is no web address; it names no server"),
        ("store: mysql://db/news", "store", "'mysql://db/news' is no database; write sqlite:///var/aggregator.db or postgresql+psycopg://HOST/NAME"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told_with_its_mend(written: str, key: str, message: str) -> None:
    assert mistakes(f"# a comment\n{written}\nagencies: []\n") == [(2, key, message)]


@pytest.mark.parametrize(
    ("feed", "key", "message"),
    [
        ("{id: x, url: 'ftp://one.example/'}", "x.url", "'ftp://one.example/' is no web address; it begins with http:// or https://"),
        ("{id: x, url: 'https://one.example:99999/'}", "x.url", "'https://one.example:99999/' is no web address: Port out of range 0-65535"),
        ("{id: x, url: 'https://one.example/a b'}", "x.url", "'https://one.example/a b' is no web address; it has a space in it"),
        ("{id: x, url: 'https://[one/'}", "x.url", "'https://[one/' is no web address: Invalid IPv6 URL"),
        ("{id: x}", "x.url", "is missing"),
        (f"{{id: 'a b', {URL}}}", "a b.id", "'a b' is no id; use the letters a to z, digits, '.', '_' and '-'"),
        (f"{{id: 'бта', {URL}}}", "бта.id", "'бта' is no id; use the letters a to z, digits, '.', '_' and '-'"),
        (f"{{{URL}}}", "#1.id", "is missing"),
        (f"{{id: x, {URL}, language: norwegian}}", "x.language", "'norwegian' is no language code; write it as bg, en or zh-Hans"),
        (f"{{id: x, {URL}, language: kz}}", "x.language", "'kz' is a country; its language is 'kk'"),
        (f"{{id: x, {URL}, every: 5m}}", "x.every", "is no known key; known here: id, url, language, interval, timeout, max_body, fulltext"),
        ("https://one.example/rss", "#1", "keys of its own are wanted here, `key: value` each"),
    ],
)  # fmt: skip
def test_a_wrong_feed_is_told_by_its_id_and_line(feed: str, key: str, message: str) -> None:
    assert mistakes(f"{ONE}      - {feed}\n") == [(5, f"agencies.one.feeds.{key}", message)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "is empty; it needs `agencies:` with a list of agencies at least"),
        ("# nothing\n", 0, "is empty; it needs `agencies:` with a list of agencies at least"),
        ("bta\n", 1, "does not begin with a key; it needs `agencies:` with a list of agencies at least"),
        ("- id: a\n", 1, "does not begin with a key; it needs `agencies:` with a list of agencies at least"),
        ("agencies:\n\t- id: a\n", 2, "is indented with a tab; YAML wants spaces"),
        ("agencies: []\nstore: a: b\n", 2, "is no YAML: mapping values are not allowed in this context; put a value that has ': ' in it into quotes"),
        ("agencies: [\nstore: x\n", 3, "is no YAML: did not find expected ',' or ']' in what begins on line 1; a bracket or a comma is missing"),
        ("agencies: []\noutput: {title: 'News}\n", 3, "is no YAML: found unexpected end of stream in what begins on line 2; a quotation mark is not closed"),
        ("agencies: []\nstore: @x\n", 2, "is no YAML: found character that cannot start any token; put a value that begins with a special character into quotes"),
        ("agencies: []\nstore: \x07\n", 2, "has a control character; remove it"),
        ("agencies: []\n---\nagencies: []\n", 2, "is no YAML: found another document in what begins on line 1; keep one document in the file; remove the line ---"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_mapping_is_told_in_one_sentence(
    text: str, line: int, message: str
) -> None:
    assert mistakes(text) == [(line, "", message)]


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    assert mistakes("store: sqlite:///a.db\nagencies: []\nstore: sqlite:///b.db\n") == [
        (3, "store", "stands here twice, first on line 1; remove one")
    ]


def test_ids_and_addresses_are_told_where_they_stand_a_second_time() -> None:
    text = (
        f"{ONE}      - {{id: x, {URL}}}\n"
        "      - {id: x, url: 'https://two.example/rss'}\n"
        "      - {id: y, url: 'HTTPS://One.example:443/rss'}\n"
        "  - id: one\n    name: Another\n"
    )

    assert mistakes(text) == [
        (6, "agencies.one.feeds.x.id", "'x' stands on line 5 already; a feed's id is its own"),
        (7, "agencies.one.feeds.y.url", "'HTTPS://One.example:443/rss' stands on line 5 already; poll it once"),
        (8, "agencies.one.id", "'one' stands on line 2 already; an agency's id is its own"),
    ]  # fmt: skip


def test_an_alias_that_holds_itself_ends() -> None:
    assert (1, "agencies.#1", "aliases (*name) are not read here; write the value out") in mistakes(
        "agencies: &all [*all]\n"
    )


def test_a_file_without_agencies_lacks_them() -> None:
    assert mistakes("server: {port: 1}\n") == [(0, "agencies", "is missing")]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = f"fetch: {{intervall: 15m}}\nmatch: {{mode: bold}}\n{ONE}      - {{id: x, url: x}}\n"

    with pytest.raises(ConfigError) as caught:
        parse(text, file="feeds.yaml")

    assert [told.split(": ")[0] for told in str(caught.value).splitlines()] == [
        "feeds.yaml:1",
        "feeds.yaml:2",
        "feeds.yaml:7",
    ]
    assert caught.value.exit_code == 2


def mistake_count(text: str) -> int | None:
    try:
        parse(text, file="feeds.yaml")
    except ConfigError as error:
        return len(error.mistakes)
    return None


@given(st.text())
def test_any_text_is_settings_or_mistakes(text: str) -> None:
    assert mistake_count(text) != 0
