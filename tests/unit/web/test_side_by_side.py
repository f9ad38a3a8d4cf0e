"""Sentences of two texts beside each other, in the order of both."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.marked_text import Mark, MarkedText, Segment, Sort
from aggregator.web.side_by_side import rows


def beside(left: str, right: str, *shared: tuple[str, str]) -> list[tuple[str, str]]:
    """The rows of two texts in which words are marked as the same."""
    one, other = MarkedText(left), MarkedText(right)
    for label, pair in enumerate(shared, start=1):
        for marked, words in zip((one, other), pair, strict=True):
            at = marked.text.index(words)
            marked.marks.append(
                Mark(start=at, end=at + len(words), sort=Sort.FACT, label=label, is_first=True)
            )
    return [(written(row.left), written(row.right)) for row in rows(one, other)]


def written(segments: tuple[Segment, ...]) -> str:
    return " ".join("".join(each.text for each in segments).split())


def test_headlines_stand_beside_each_other_and_equal_sentences_too() -> None:
    found = beside(
        "Port opens\nIt cost 12 million. Wagons pass.", "New port\nWagons pass. Nobody came."
    )

    assert found[0] == ("Port opens", "New port")
    assert ("Wagons pass.", "Wagons pass.") in found


def test_translated_sentences_stand_beside_each_other_by_what_they_name() -> None:
    found = beside(
        "Port opens\nThe minister spoke. Forty wagons a day pass Saryagash. Ivanov was there.",
        "Пристанище\nПрез Саръагаш минават четиридесет вагона. Там беше Иванов.",
        ("Saryagash", "Саръагаш"),
        ("Ivanov", "Иванов"),
    )

    assert found[1:] == [
        ("The minister spoke.", ""),
        ("Forty wagons a day pass Saryagash.", "През Саръагаш минават четиридесет вагона."),
        ("Ivanov was there.", "Там беше Иванов."),
    ]


def test_a_sentence_that_was_cut_in_two_stands_beside_both() -> None:
    found = beside(
        "Port\nForty wagons pass Saryagash and Ivanov came.",
        "Порт\nЧерез Сарыагаш идут вагоны. Приехал Иванов.",
        ("Saryagash", "Сарыагаш"),
        ("Ivanov", "Иванов"),
    )

    assert found[1:] == [
        (
            "Forty wagons pass Saryagash and Ivanov came.",
            "Через Сарыагаш идут вагоны. Приехал Иванов.",
        )
    ]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    found = beside("Порт\nВ г. Алматы дождь. И. Иванов приехал.", "Port\n")

    assert [left for left, _ in found] == ["Порт", "В г. Алматы дождь.", "И. Иванов приехал."]


def test_texts_without_a_word_have_a_row_for_their_headlines() -> None:
    assert beside("\n", "Port") == [("", "Port")]


TEXTS = st.text(alphabet="ab. \n!Ж。", max_size=80)


@given(TEXTS, TEXTS)
def test_the_rows_have_every_word_of_both_texts_in_order(left: str, right: str) -> None:
    found = beside(left, right)

    for side, text in enumerate((left, right)):
        assert "".join("".join(row[side].split()) for row in found) == "".join(text.split())
