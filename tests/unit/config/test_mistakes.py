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


NO_DURATION = "is not a duration; write it with a unit: 90s, 15m, 2h or 7d"
NO_HOST = (
    "is not a host name; write it as news.example.org, without http:// and port, "
    "*.example.org for all names below it, or * for any"
)
SHORT_TOKEN = (
    "must have at least 16 characters: ASCII letters, digits and signs, no spaces; "
    "`aggregator token` makes one"
)
NO_HASH = (
    "is not the hash of a token, sha256:… with 64 digits; "
    "`aggregator token NAME` makes a token and prints this line"
)
NADIA = f"{{name: nadia, token: 'sha256:{'0' * 64}'}}"
NO_SIZE = "is not a size; write it with a unit: 512KiB, 15MiB or 1GiB"


@pytest.mark.parametrize(
    ("written", "key", "message"),
    [
        ("fetch: {intervall: 15m}", "fetch.intervall", "unknown key; did you mean 'interval'?"),
        ("interval: 15m", "interval", "unknown key; it belongs under 'fetch'"),
        ("colour: red", "colour", "unknown key; the keys here are store, output, server, fetch, match, agencies"),
        ("fetch: {max_body_bytes: 9}", "fetch.max_body_bytes", "unknown key; did you mean 'max_body'?"),
        ("fetch: {interval: 15}", "fetch.interval", f"'15' {NO_DURATION}"),
        ("fetch: {interval: 15 m}", "fetch.interval", f"'15 m' {NO_DURATION}"),
        ("fetch: {interval: -5m}", "fetch.interval", f"'-5m' {NO_DURATION}"),
        ("fetch: {interval: 0s}", "fetch.interval", "must be longer than 0s"),
        ("fetch: {timeout: 99999d}", "fetch.timeout", "'99999d' is longer than ten years"),
        ("fetch: {timeout: }", "fetch.timeout", "has no value; write one or remove the line"),
        ("fetch: {max_body: 15MB}", "fetch.max_body", f"'15MB' {NO_SIZE}"),
        ("fetch: {max_body: 0MiB}", "fetch.max_body", f"'0MiB' {NO_SIZE}"),
        ("fetch: {host_concurrency: 0}", "fetch.host_concurrency", "'0' is too small; the minimum is 1"),
        ("fetch: {contact: me@one.example}", "fetch.contact", "'me@one.example' is not a web address; it must begin with http:// or https://"),
        ("fetch: {allow_networks: [10.0.0.1/8]}", "fetch.allow_networks.#1", "'10.0.0.1/8' is not a network; write it as 127.0.0.1/32 or 10.0.0.0/8, without host bits"),
        ("fetch: {allow_networks: [localhost]}", "fetch.allow_networks.#1", "'localhost' is not a network; write it as 127.0.0.1/32 or 10.0.0.0/8"),
        ("fetch: {allow_networks: 10.0.0.0/8}", "fetch.allow_networks", "must be a list: [one, two]"),
        ("fetch: {allow_directories: [var/wire]}", "fetch.allow_directories.#1", "'var/wire' is not an absolute path; write it as /var/spool/wire"),
        ("fetch: {allow_directories: [/var/wire/../..]}", "fetch.allow_directories.#1", "'/var/wire/../..' is not an absolute path; write it as /var/spool/wire"),
        ("fetch: {allow_directories: /var/wire}", "fetch.allow_directories", "must be a list: [one, two]"),
        ("fetch: {allow_directory: [/var/wire]}", "fetch.allow_directory", "unknown key; did you mean 'allow_directories'?"),
        ("match: {mode: bold}", "match.mode", "'bold' is not allowed; use 'balanced' or 'strict'"),
        ("match: {window: 0d}", "match.window", "must be longer than 0s"),
        ("server: {port: 70000}", "server.port", "'70000' is too large; the maximum is 65535"),
        ("server: {port: http}", "server.port", "'http' is not a whole number"),
        ("server: {host: ''}", "server.host", "must not be empty"),
        ("server: {token: secret}", "server.token", SHORT_TOKEN),
        ("server: {token: 'with a space in between'}", "server.token", SHORT_TOKEN),
        ("server: {users: [{name: nadia, token: secret}]}", "server.users.#1.token", NO_HASH),
        ("server: {users: [{name: nadia}]}", "server.users.#1.token", "is missing"),
        (f"server: {{users: [{NADIA}, {NADIA}]}}", "server.users.#2.name", "'nadia' is used on line 2 already; each user needs a name of their own"),
        ("server: {read: all}", "server.read", "'all' is not allowed; use 'open' or 'token'"),
        ("server: {read: token}", "server", "'read: token' lets nobody in without a token; add users, with the line that `aggregator token NAME` prints"),
        ("server: {proxies: [localhost]}", "server.proxies.#1", "'localhost' is not a network; write it as 127.0.0.1/32 or 10.0.0.0/8"),
        ("server: {hosts: ['https://wire.example']}", "server.hosts.#1", f"'https://wire.example' {NO_HOST}"),
        ("server: {hosts: ['wire.example:8000']}", "server.hosts.#1", f"'wire.example:8000' {NO_HOST}"),
        ("server: {hosts: ['wire.*']}", "server.hosts.#1", f"'wire.*' {NO_HOST}"),
        ("server: {hosts: wire.example}", "server.hosts", "must be a list: [one, two]"),
        ("server: 8000", "server", "must contain keys, `key: value` each"),
        ("output: {items: 0}", "output.items", "'0' is too small; the minimum is 1"),
        ("output: {title: [a]}", "output.title", "must be a single value"),
        ("output: {languages: [bg, kz]}", "output.languages.#2", "'kz' is a country code; the language code is 'kk'"),
        ("output: {languages: bg}", "output.languages", "must be a list: [one, two]"),
        ("output: {prefer: bta}", "output.prefer", "must be a list: [one, two]"),
        ("output: {prefer: [bta]}", "output.prefer.#1", "there is no agency 'bta'; known: none (languages go into output.languages)"),
        ("server: {language: de}", "server.language", "'de' is no language of the pages; write one of en, bg, ru, kk"),
        ("server: {timezone: Sofia}", "server.timezone", "'Sofia' is not a time zone; write it as Europe/Sofia or Asia/Almaty"),
        ("output: {base_url: 'http://'}", "output.base_url", "'http://' is not a web address; it has no host name"),
        ("output: {base_url: 'https://x.example/?a=b'}", "output.base_url", "'https://x.example/?a=b' is not the address of a site; write it without ?, #, \\ and //"),
        ("output: {base_url: 'https://x.example//wire'}", "output.base_url", "'https://x.example//wire' is not the address of a site; write it without ?, #, \\ and //"),
        ("store: mysql://db/news", "store", "'mysql://db/news' is not a database; write sqlite:///var/aggregator.db or postgresql+psycopg://HOST/NAME"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told_with_its_mend(written: str, key: str, message: str) -> None:
    assert mistakes(f"# a comment\n{written}\nagencies: []\n") == [(2, key, message)]


@pytest.mark.parametrize(
    ("feed", "key", "message"),
    [
        ("{id: x, url: 'ftp://one.example/'}", "x.url", "'ftp://one.example/' is not a web address; it must begin with http:// or https://"),
        ("{id: x, url: 'https://one.example:99999/'}", "x.url", "'https://one.example:99999/' is not a web address: Port out of range 0-65535"),
        ("{id: x, url: 'https://one.example/a b'}", "x.url", "'https://one.example/a b' is not a web address; it contains a space"),
        ("{id: x, url: 'https://[one/'}", "x.url", "'https://[one/' is not a web address: Invalid IPv6 URL"),
        ("{id: x, url: 'file:///var/wire/'}", "x.url", "/var/wire may not be read; if files are dropped there for you, put it, or a folder above it, into fetch.allow_directories"),
        ("{id: x, url: 'file://partner.example/wire/'}", "x.url", "'file://partner.example/wire/' does not name a folder of this machine; write it as file:///var/spool/wire/"),
        ("{id: x, url: 'file:wire/'}", "x.url", "'file:wire/' does not name a folder of this machine; write it as file:///var/spool/wire/"),
        ("{id: x, url: 'file:///var/wire/../secret/'}", "x.url", "'file:///var/wire/../secret/' does not name a folder plainly; write it as file:///var/spool/wire/"),
        ("{id: x, url: 'file:///var/wire/?all'}", "x.url", "'file:///var/wire/?all' does not name a folder plainly; write it as file:///var/spool/wire/"),
        ("{id: x}", "x.url", "is missing"),
        (f"{{id: 'a b', {URL}}}", "a b.id", "'a b' is not a valid id; use the letters a to z, digits, '.', '_' and '-'"),
        (f"{{id: 'бта', {URL}}}", "бта.id", "'бта' is not a valid id; use the letters a to z, digits, '.', '_' and '-'"),
        (f"{{{URL}}}", "#1.id", "is missing"),
        (f"{{id: x, {URL}, language: norwegian}}", "x.language", "'norwegian' is not a language code; write it as bg, en or zh-Hans"),
        (f"{{id: x, {URL}, language: kz}}", "x.language", "'kz' is a country code; the language code is 'kk'"),
        (f"{{id: x, {URL}, every: 5m}}", "x.every", "unknown key; the keys here are id, url, language, interval, timeout, max_body, fulltext, user_agent"),
        (f'{{id: x, {URL}, user_agent: "one\\ntwo"}}', "x.user_agent", "must be one line of ASCII letters, digits and signs: servers read it"),
        (f"{{id: x, {URL}, user_agent: Читател/1}}", "x.user_agent", "must be one line of ASCII letters, digits and signs: servers read it"),
        ("https://one.example/rss", "#1", "must contain keys, `key: value` each"),
    ],
)  # fmt: skip
def test_a_wrong_feed_is_told_by_its_id_and_line(feed: str, key: str, message: str) -> None:
    assert mistakes(f"{ONE}      - {feed}\n") == [(5, f"agencies.one.feeds.{key}", message)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "is empty; it needs at least `agencies:` with a list of agencies"),
        ("# nothing\n", 0, "is empty; it needs at least `agencies:` with a list of agencies"),
        ("bta\n", 1, "does not begin with a key; it needs at least `agencies:` with a list of agencies"),
        ("- id: a\n", 1, "does not begin with a key; it needs at least `agencies:` with a list of agencies"),
        ("agencies:\n\t- id: a\n", 2, "is indented with a tab; use spaces"),
        ("agencies: []\nstore: a: b\n", 2, "is not YAML: mapping values are not allowed in this context; put a value that contains ': ' in quotes"),
        ("agencies: [\nstore: x\n", 3, "is not YAML: did not find expected ',' or ']' in the block that begins on line 1; a bracket or a comma is missing"),
        ("agencies: []\noutput: {title: 'News}\n", 3, "is not YAML: found unexpected end of stream in the block that begins on line 2; a quotation mark is not closed"),
        ("agencies: []\nstore: @x\n", 2, "is not YAML: found character that cannot start any token; put a value that begins with a special character in quotes"),
        ("agencies: []\nstore: \x07\n", 2, "contains a control character; remove it"),
        ("agencies: []\n---\nagencies: []\n", 2, "is not YAML: found another document in the block that begins on line 1; keep one document in the file; remove the line ---"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_mapping_is_told_in_one_sentence(
    text: str, line: int, message: str
) -> None:
    assert mistakes(text) == [(line, "", message)]


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    assert mistakes("store: sqlite:///a.db\nagencies: []\nstore: sqlite:///b.db\n") == [
        (3, "store", "is used twice, first on line 1; remove one")
    ]


def test_ids_and_addresses_are_told_where_they_stand_a_second_time() -> None:
    text = (
        f"{ONE}      - {{id: x, {URL}}}\n"
        "      - {id: x, url: 'https://two.example/rss'}\n"
        "      - {id: y, url: 'HTTPS://One.example:443/rss'}\n"
        "  - id: one\n    name: Another\n"
    )

    assert mistakes(text) == [
        (6, "agencies.one.feeds.x.id", "'x' is used on line 5 already; each feed needs an id of its own"),
        (7, "agencies.one.feeds.y.url", "'HTTPS://One.example:443/rss' is used on line 5 already; poll it once"),
        (8, "agencies.one.id", "'one' is used on line 2 already; each agency needs an id of its own"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prefer", "hint"),
    [
        ("onn", "did you mean 'one'?"),
        ("xyz", "known: one (languages go into output.languages)"),
    ],
)
def test_an_agency_that_is_preferred_but_none_is_told_with_its_line(prefer: str, hint: str) -> None:
    text = f"output:\n  prefer:\n    - one\n    - {prefer}\nagencies: [{{id: one, name: One}}]\n"

    ((line, key, message),) = mistakes(text)
    assert (line, key) == (4, "output.prefer.#2")
    assert message == f"there is no agency '{prefer}'; {hint}"


def test_an_alias_that_holds_itself_ends() -> None:
    assert (1, "agencies.#1", "aliases (*name) are not supported; write the value out") in mistakes(
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
