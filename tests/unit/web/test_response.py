"""Conditional and compressed answers, by RFC 9110."""

import gzip
from collections.abc import Callable

import httpx
import pytest

from aggregator.syndicate.document import Rendered
from aggregator.web.response import takes_gzip

PATH = "/merged.rss"
Asked = Callable[..., httpx.Response]


@pytest.fixture
def asked(client) -> Asked:  # type: ignore[no-untyped-def]
    return client.ask  # type: ignore[no-any-return]


def test_a_document_is_served_with_its_type_and_validators(
    asked: Asked, documents: dict[str, Rendered]
) -> None:
    answer = asked(PATH)

    assert answer.status_code == 200
    assert answer.content == documents["merged.rss"].body
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer.headers["etag"] == documents["merged.rss"].etag
    assert answer.headers["last-modified"] == "Tue, 24 Nov 2026 12:00:00 GMT"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "Accept-Encoding"


def test_head_answers_as_get_without_the_body(asked: Asked, documents: dict[str, Rendered]) -> None:
    answer = asked(PATH, method="HEAD")

    assert answer.content == b""
    assert answer.headers["content-length"] == str(len(documents["merged.rss"].body))


def test_the_compressed_form_holds_the_same_and_has_its_own_tag(
    asked: Asked, documents: dict[str, Rendered]
) -> None:
    answer = asked(PATH, Accept_Encoding="gzip")

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == documents["merged.rss"].body
    assert int(answer.headers["content-length"]) == len(documents["merged.rss"].gzip)
    assert answer.headers["etag"] != documents["merged.rss"].etag
    assert gzip.decompress(documents["merged.rss"].gzip) == documents["merged.rss"].body


@pytest.mark.parametrize(
    "sent", ["{tag}", "W/{tag}", '"other", {tag}', '"other" ,W/{tag}', "*", " * "]
)
def test_who_holds_the_document_is_told_so(
    asked: Asked, documents: dict[str, Rendered], sent: str
) -> None:
    answer = asked(PATH, If_None_Match=sent.format(tag=documents["merged.rss"].etag))

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == documents["merged.rss"].etag
    assert "content-length" not in answer.headers


def test_who_holds_the_compressed_form_is_told_so(asked: Asked) -> None:
    tag = asked(PATH, Accept_Encoding="gzip").headers["etag"]

    answer = asked(PATH, Accept_Encoding="gzip", If_None_Match=tag)

    assert (answer.status_code, answer.headers["etag"]) == (304, tag)


@pytest.mark.parametrize("sent", ['"other"', "nonsense", 'W/"other"', ""])
def test_who_holds_another_document_gets_this_one(asked: Asked, sent: str) -> None:
    assert asked(PATH, If_None_Match=sent).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Tue, 24 Nov 2026 12:00:00 GMT", 304),
        ("Tue, 24 Nov 2026 13:00:00 GMT", 304),
        ("Tuesday, 24-Nov-26 13:00:00 GMT", 304),
        ("Tue, 24 Nov 2026 11:59:59 GMT", 200),
        ("yesterday", 200),
        ("Tue, 99 Nov 99999999999 11:59:59 GMT", 200),
    ],
)
def test_a_date_is_compared_to_the_last_change(asked: Asked, since: str, status: int) -> None:
    assert asked(PATH, If_Modified_Since=since).status_code == status


def test_a_date_counts_for_nothing_beside_an_entity_tag(asked: Asked) -> None:
    answer = asked(PATH, If_None_Match='"other"', If_Modified_Since="Tue, 24 Nov 2026 13:00:00 GMT")

    assert answer.status_code == 200


def test_an_error_is_told_whatever_the_client_holds(asked: Asked) -> None:
    assert asked("/stories/none", If_None_Match="*").status_code == 404


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        (b"", False),
        (b"gzip", True),
        (b"deflate, GZIP;q=0.5", True),
        (b"x-gzip", True),
        (b"br", False),
        (b"gzip;q=0", False),
        (b"gzip; q=0.000, *", False),
        (b"*", True),
        (b"*;q=0", False),
        (b"identity", False),
        (b"gzip;q=nonsense", False),
    ],
)
def test_compression_is_used_where_the_client_takes_it(header: bytes, takes: bool) -> None:
    assert takes_gzip(header) is takes


def test_a_replaced_document_is_served_at_once(
    asked: Asked, documents: dict[str, Rendered]
) -> None:
    before = asked(PATH).content
    documents["merged.rss"] = documents["merged-2026-11-23.rss"]

    assert asked(PATH).content == documents["merged-2026-11-23.rss"].body != before
