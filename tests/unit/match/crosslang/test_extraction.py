"""What is kept of how a text is written, and where its names stand first."""

from __future__ import annotations

import pytest

from aggregator.match.crosslang.extraction import extract
from aggregator.match.crosslang.packed import IS_COMPLETE, TITLE_IS_SENTENCE, Features, pack, unpack
from aggregator.model import Text

BODY = "The bridge of Karsk is closed for twelve days, the transport ministry of Velmar said"


def features(
    title: str = "Karsk bridge closed", body: str = BODY, language: str = "en"
) -> Features:
    found = unpack(pack(extract(Text(title=title, body=body, language=language))))
    assert found is not None
    return found


@pytest.mark.parametrize("end", [".", "!", "?", ".”", ".»", " (Reuters).", ".\n"])
def test_a_text_that_ends_as_a_sentence_does_is_complete(end: str) -> None:
    assert features(body=BODY + end).flags & IS_COMPLETE


@pytest.mark.parametrize("end", ["", "…", "...", ". . .", " […]", " [...]", ",", ":"])
def test_a_text_that_stops_short_was_cut(end: str) -> None:
    assert not features(body=BODY + end).flags & IS_COMPLETE


def test_an_item_of_a_title_alone_has_nothing_that_is_complete() -> None:
    assert not features(title=f"{BODY}.", body="").flags & IS_COMPLETE


@pytest.mark.parametrize(
    ("title", "is_sentence"),
    [
        ("Karsk bridge closed", False),
        ("Karsk bridge closed?", False),
        ("Karsk bridge closed...", False),
        ("The bridge of Karsk was closed.", True),
        ("“The bridge of Karsk is closed.”", True),
    ],
)
def test_a_title_with_a_full_stop_is_a_sentence(title: str, is_sentence: bool) -> None:
    assert bool(features(title).flags & TITLE_IS_SENTENCE) is is_sentence


def test_chinese_sentences_end_with_their_own_marks() -> None:
    body = "卡尔斯克大桥因洪水关闭十二天，交通部星期一宣布，司机必须绕行四十公里"
    assert features("卡尔斯克大桥关闭", f"{body}。", "zh").flags & IS_COMPLETE
    assert not features("卡尔斯克大桥关闭", body, "zh").flags & IS_COMPLETE


def test_a_name_has_the_place_where_it_stands_first() -> None:
    """In words, about: Velmar is the fifteenth word of the body, after three of the title."""
    found = features(body=f"{BODY}. Karsk and Velmar are {'very ' * 60}far apart.")
    assert found.name_places.min() == 0
    assert any(abs(place - 16) <= 3 for place in found.name_places.tolist())
    assert found.name_places.max() < 25
