"""What a later version has in the place of an earlier one's words."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.provenance.differences import Piece, Version, around_changes, differences

TEXTS = st.text(alphabet="ab 1.,\n–я", max_size=60)


def test_a_replaced_figure_is_the_old_one_and_then_the_new_one() -> None:
    found = differences("In Dostan 12 people were hurt.", "In Dostan 14 people were hurt.")

    assert found == (
        Piece(Version.BOTH, "In Dostan "),
        Piece(Version.OLD, "12 "),
        Piece(Version.NEW, "14 "),
        Piece(Version.BOTH, "people were hurt."),
    )


def test_a_figure_with_a_point_is_one_word() -> None:
    found = differences("It was 5.4 strong", "It was 5.9 strong")

    assert [piece.text for piece in found if piece.version is not Version.BOTH] == ["5.4 ", "5.9 "]


def test_other_spaces_are_no_difference() -> None:
    found = differences("One report,\n\nonce.", "One report, once.")

    assert {piece.version for piece in found} == {Version.BOTH}


def test_long_texts_without_a_word_in_common_are_replaced_as_a_whole() -> None:
    old, new = (" ".join(f"{letter}{n}" for n in range(2000)) for letter in "ab")

    assert [piece.version for piece in differences(old, new)] == [Version.OLD, Version.NEW]


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_the_new_text_and_but_for_spaces_the_old_one(old: str, new: str) -> None:
    found = differences(old, new)

    assert "".join(each.text for each in found if each.version is not Version.OLD) == new
    kept = "".join(each.text for each in found if each.version is not Version.NEW)
    assert "".join(kept.split()) == "".join(old.split())


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.version is Version.BOTH for piece in differences(text, text))


def test_around_a_change_some_words_are_kept_and_the_rest_left_out() -> None:
    before = " ".join(f"b{n}" for n in range(40))
    behind = " ".join(f"a{n}" for n in range(40))
    pieces = differences(f"{before} 12 {behind}", f"{before} 14 {behind}")

    shown = "".join(piece.text for piece in around_changes(pieces))

    assert shown.startswith("… b")
    assert "b39 12 14 a0" in shown
    assert shown.rstrip().endswith("…")
    assert "b1 " not in shown
    assert "a39" not in shown


@given(TEXTS, TEXTS)
def test_no_change_is_left_out(old: str, new: str) -> None:
    pieces = differences(old, new)

    changed = [piece for piece in pieces if piece.version is not Version.BOTH]

    assert [each for each in around_changes(pieces) if each.version is not Version.BOTH] == changed
