"""What is marked in two texts: only what stands in them, and alike on both sides."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Evidence, Fact, Passage
from aggregator.web.marked_text import MarkedText, Side, Sort, mark, segments

LEFT = "Dry port opens\nMore than 40 wagons a day will pass Saryagash, Kazinform reports. It cost 12 million."
RIGHT = "New port\nMore than 40 wagons a day\nwill pass Saryagash. It cost 14 million."


def evidence(
    *,
    agree: tuple[Fact, ...] = (),
    differ: tuple[Fact, ...] = (),
    passages: tuple[Passage, ...] = (),
) -> Evidence:
    return Evidence(rule="near", reason="", agree=agree, differ=differ, passages=passages)


def marked(
    found: Evidence | None, left: str = LEFT, right: str = RIGHT
) -> tuple[list[tuple[str, str, int | None]], list[tuple[str, str, int | None]]]:
    """The marks of both sides as (sort, words, label)."""
    both = mark(Side(text=left), Side(text=right), found)
    one, other = (
        [(each.sort.value, side.text[each.start : each.end], each.label) for each in side.marks]
        for side in both
    )
    return one, other


def test_a_shared_passage_has_the_same_label_on_both_sides_however_its_lines_are_broken() -> None:
    words = "More than 40 wagons a day will pass"

    left, right = marked(evidence(passages=(Passage(a=words, b=words, same=True),)))

    assert left == [("passage", words, 1)]
    assert right == [("passage", "More than 40 wagons a day\nwill pass", 1)]


def test_a_passage_from_which_the_matcher_took_a_credit_is_marked_in_parts() -> None:
    passage = Passage(
        a="wagons a day will pass It cost 12 million",
        b="wagons a day will pass It cost 12 million",
        same=True,
    )
    shown = "Port\nForty wagons a day will pass, Kazinform reports. It cost 12 million."

    left, right = marked(evidence(passages=(passage,)), shown, shown)

    assert left == right
    assert left == [
        ("passage", "wagons a day will pass", 1),
        ("passage", "It cost 12 million", 2),
    ]


def test_words_in_the_same_place_between_passages_are_replaced() -> None:
    passages = (
        Passage(a="Saryagash. It cost", b="Saryagash. It cost", same=True),
        Passage(a="12", b="14", same=False),
        Passage(a="million.", b="million.", same=True),
    )

    left, right = marked(evidence(passages=passages), "x\nSaryagash. It cost 12 million.", RIGHT)

    assert ("replaced", "12", None) in left
    assert ("replaced", "14", None) in right


def test_words_that_stand_elsewhere_in_the_shown_text_are_not_called_replaced() -> None:
    passages = (
        Passage(a="More than 40 wagons", b="More than 40 wagons", same=True),
        Passage(a="12", b="14", same=False),
    )

    left, right = marked(evidence(passages=passages))

    assert "replaced" not in {sort for sort, _, _ in (*left, *right)}


def test_a_fact_that_both_have_is_marked_in_the_spelling_of_each() -> None:
    left, right = marked(
        evidence(agree=(Fact(a="Saryagash", b="Саръагаш"),)), LEFT, "Пристанище\nВ Саръагаш е."
    )

    assert left == [("fact", "Saryagash", 1)]
    assert right == [("fact", "Саръагаш", 1)]


def test_a_fact_that_the_shown_text_does_not_have_is_not_marked() -> None:
    left, right = marked(evidence(agree=(Fact(a="Saryagash", b="Tashkent"),)))

    assert (left, right) == ([], [])


def test_a_number_within_another_is_not_that_number() -> None:
    left, _ = marked(evidence(differ=(Fact(a="4", b=""),)))

    assert left == []


def test_what_the_other_text_says_after_all_does_not_stand_alone() -> None:
    """The matcher takes off the line that names a source before it compares."""
    found = evidence(differ=(Fact(a="Kazinform", b=""),))

    assert marked(found)[0] == [("alone", "Kazinform", None)]
    assert marked(found, right="Port\nOpened, KAZINFORM said.")[0] == []


def test_a_credit_is_marked_where_it_stands_without_any_evidence() -> None:
    side = Side(text=LEFT, quoted=((Sort.CREDIT, "Kazinform reports"),))

    left, right = mark(side, Side(text=RIGHT), None)

    assert [LEFT[each.start : each.end] for each in left.marks] == ["Kazinform reports"]
    assert right.marks == []


def test_segments_know_all_marks_that_stand_on_them() -> None:
    words = "40 wagons a day"
    both = evidence(passages=(Passage(a=words, b=words, same=True),), agree=(Fact(a="40", b="40"),))
    left, _ = mark(Side(text=LEFT), Side(text=RIGHT), both)

    found = segments(left.text, left.marks, 0, len(left.text))

    assert [(each.text, each.labels) for each in found if Sort.PASSAGE in each.sorts] == [
        ("40", (1,)),
        (" wagons a day", ()),
    ]
    assert found[1].sorts == {Sort.PASSAGE, Sort.FACT}


WORDS = st.lists(st.sampled_from(["port", "40", "Ivanov", "(", "a.b", "саръ"]), max_size=8).map(
    " ".join
)


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS, st.booleans()), max_size=5))
def test_segments_make_up_the_text_whatever_is_quoted(
    left: str, right: str, quoted: list[tuple[str, str, bool]]
) -> None:
    found = evidence(
        agree=tuple(Fact(a=a, b=b) for a, b, _ in quoted),
        differ=tuple(Fact(a=a, b="") for a, _, _ in quoted),
        passages=tuple(Passage(a=a, b=b, same=same) for a, b, same in quoted),
    )

    for side in mark(Side(text=left), Side(text=right), found):
        parts = segments(side.text, side.marks, 0, len(side.text))
        assert "".join(each.text for each in parts) == side.text


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=5))
def test_no_label_stands_on_one_side_alone(
    left: str, right: str, quoted: list[tuple[str, str]]
) -> None:
    found = evidence(
        agree=tuple(Fact(a=a, b=b) for a, b in quoted),
        passages=tuple(Passage(a=a, b=b, same=True) for a, b in quoted),
    )

    both = mark(Side(text=left), Side(text=right), found)

    one, other = (labels(side) for side in both)
    assert sorted(one) == sorted(other)
    assert len(set(one)) == len(one)


def labels(side: MarkedText) -> list[int]:
    return [each.label for each in side.marks if each.label is not None and each.is_first]
