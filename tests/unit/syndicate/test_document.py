"""Which documents there are, and how one is sealed."""

import gzip
from datetime import UTC, date, datetime

import pytest

from aggregator.syndicate.document import Rendered, plan

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


def test_everything_fits_so_there_is_only_the_current_document() -> None:
    (current,) = plan([(TUESDAY, 3), (MONDAY, 2)], newest=5)

    assert (current.name, current.day, current.previous) == ("merged", None, None)


def test_no_story_at_all_still_has_a_current_document() -> None:
    assert [document.name for document in plan([], newest=200)] == ["merged"]


def test_a_day_that_does_not_fit_whole_has_an_archive() -> None:
    documents = plan([(WEDNESDAY, 3), (TUESDAY, 2), (MONDAY, 4)], newest=4)

    assert [document.name for document in documents] == [
        "merged",
        "merged-2026-11-24",
        "merged-2026-11-23",
    ]


def test_a_single_day_with_too_many_stories_has_an_archive() -> None:
    assert [document.day for document in plan([(MONDAY, 201)], newest=200)] == [None, MONDAY]


def test_archives_are_chained_both_ways_and_to_the_current_document() -> None:
    current, newer, older = plan([(TUESDAY, 2), (MONDAY, 2)], newest=0)

    assert current.previous == newer.name
    assert (newer.next, newer.previous) == (None, older.name)
    assert (older.next, older.previous) == (newer.name, None)
    assert newer.current == older.current == "merged"


def test_a_sealed_document_can_be_unzipped_to_itself() -> None:
    rendered = Rendered.of("merged.rss", b"<rss/>" * 50, media_type="application/rss+xml")

    assert gzip.decompress(rendered.gzip) == rendered.body


@pytest.mark.parametrize("at", [None, datetime(2026, 11, 24, tzinfo=UTC)])
def test_the_entity_tag_follows_from_the_content_alone(at: datetime | None) -> None:
    one = Rendered.of("merged.rss", b"same", media_type="text/plain", last_modified_at=at)
    other = Rendered.of("merged.atom", b"same", media_type="text/html")

    assert one.etag == other.etag
    assert one.etag.startswith('"')
    assert Rendered.of("merged.rss", b"else", media_type="text/plain").etag != one.etag
