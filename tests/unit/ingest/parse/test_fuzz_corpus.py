"""Everything fuzzing found is read again: whatever was wrong with it once stays mended."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from aggregator.errors import ParseError
from aggregator.ingest.parse.article import article_text
from aggregator.ingest.parse.detect import parse

CORPUS = sorted((Path(__file__).parents[3] / "data/fuzz").iterdir())


def test_every_input_gives_a_feed_or_a_parse_error() -> None:
    assert CORPUS
    for path in CORPUS:
        with suppress(ParseError):
            parse(path.read_bytes(), url="https://bta.example/rss", headers={})


def test_every_input_gives_the_text_of_a_page_or_a_parse_error() -> None:
    for path in CORPUS:
        with suppress(ParseError):
            assert article_text(
                path.read_bytes()[1:], url="https://bta.example/1", content_type="text/html"
            )
