"""Which earlier item a correction or a kill is about."""

import pytest

from aggregator.match.corrections.concerns import concerned
from aggregator.model import Text
from tests.unit.match.corrections.texts import text_of

BRIDGE = "The new bridge over the Ulgen was opened by the mayor of Dostan on Monday after three years of work."
EARLIER = [
    ("bridge", text_of("en", BRIDGE, "New bridge over Ulgen opened in Dostan")),
    ("fire", text_of("en", "A fire broke out in the port.", "Fire breaks out in the port of Karvik")),
    ("rate", text_of("en", "The bank kept its rate.", "Central bank keeps its key rate at 5%")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "body", "about"),
    [
        ("KILL: New bridge over Ulgen opened in Dostan", "It was sent in error.", "bridge"),
        ("CORRECTED-Fire breaks out in port of Karvik", "A fire broke out.", "fire"),
        (
            "KILL",
            'Editors: please kill the story "Fire breaks out in the port of Karvik".',
            "fire",
        ),
        (
            "MANDATORY KILL",
            "Please kill the story Central bank keeps its key rate at 5%, it was sent in error.",
            "rate",
        ),
        ("CORRECTED: Mayor opens crossing", BRIDGE.replace("Monday", "Tuesday"), "bridge"),
        ("KILL: Minister resigns in Taluma", "It was sent in error.", None),
        ("KILL", "Please kill the story; it was sent in error.", None),
    ],
)
def test_a_notice_is_about_the_item_it_names_or_repeats(
    title: str, body: str, about: str | None
) -> None:
    assert concerned(title, text_of("en", body), EARLIER) == about


def test_of_items_of_one_title_the_body_tells() -> None:
    again = ("again", text_of("en", "Trains run over it.", EARLIER[0][1].title))
    corrected = text_of("en", BRIDGE.replace("Monday", "Tuesday"))

    assert concerned(f"CORRECTED: {again[1].title}", corrected, [*EARLIER, again]) == "bridge"


def test_of_two_equally_likely_neither_is_meant() -> None:
    title = EARLIER[0][1].title

    assert concerned(f"KILL: {title}", text_of("en", ""), [*EARLIER, ("b", EARLIER[0][1])]) is None


@pytest.mark.parametrize(
    ("title", "earlier"),
    [
        ("АННУЛИРОВАНО: Новый мост открыт в Достане", text_of("ru", "", "Новый мост открыт в Достане")),
        ("АНУЛИРА: Новият мост в Достан е отворен", text_of("bg", "", "Новият мост в Достан е отворен")),
        ("КҮШІ ЖОЙЫЛДЫ: Достанда жаңа көпір ашылды", text_of("kk", "", "Достанда жаңа көпір ашылды")),
        ("BEKOR QILINDI: Dostanda yangi koʻprik ochildi", text_of("uz", "", "Dostanda yangi koʻprik ochildi")),
        ("撤稿:多斯坦新桥通车", text_of("zh", "", "多斯坦新桥通车")),
    ],
)  # fmt: skip
def test_a_kill_in_any_language_is_about_the_item_of_its_title(title: str, earlier: Text) -> None:
    other = text_of(earlier.language, "", "5 7 11")

    assert concerned(title, text_of(earlier.language, ""), [("x", other), ("a", earlier)]) == "a"


def test_without_earlier_items_it_is_about_none() -> None:
    assert concerned("KILL: Bridge opened", text_of("en", ""), []) is None
