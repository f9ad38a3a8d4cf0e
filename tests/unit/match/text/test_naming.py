"""Where a text names agencies, in the forms that languages give their names."""

import pytest

from aggregator.match.text.naming import FILL, Names
from aggregator.model import Agency

NAMES = Names(
    (
        Agency(
            id="bta",
            name="BTA",
            aliases=("БТА", "Болгарское телеграфное агентство", "Българска телеграфна агенция"),
        ),
        Agency(id="kazinform", name="Kazinform", aliases=("Казинформ", "ҚазАқпарат", "哈通社")),
        Agency(id="focus", name="Focus", aliases=("Фокус", "агенция „Фокус“")),
        Agency(id="kabar", name="Kabar", aliases=("Кабар",)),
    )
)


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in NAMES.find(text)]


@pytest.mark.parametrize(
    "name",
    [
        "Казинформ", "Казинформа", "Казинформу", "Казинформом", "КАЗИНФОРМ", "ҚазАқпаратқа", "ҚазАқпараттың",
        "БТА", "БТА-ға", "БТА-ның", "Kazinformga", "Kazinform’ning", "Болгарского телеграфного агентства",
        "Българската телеграфна агенция", "БЪЛГАРСКА ТЕЛЕГРАФНА АГЕНЦИЯ", "哈通社",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "«{}»", "({})", "„{}“", "/{}/", "а {} б", "{}, {}."])
def test_a_name_is_found_in_every_form(name: str, around: str) -> None:
    text = around.format(name, name)
    assert found(text) == [name] * text.count(name)


@pytest.mark.parametrize(
    "text",
    ["bta", "БТАХ", "Казинформбюро", "в фокусе внимания", "Кабардино-Балкария", "focus group", "телеграфное агентство"],
)  # fmt: skip
def test_another_word_is_no_name(text: str) -> None:
    assert found(text) == []


def test_of_names_within_one_another_the_longer_is_found() -> None:
    assert found("агенция „Фокус“ съобщи") == ["агенция „Фокус“"]


def test_a_text_with_its_own_names_alone_has_none() -> None:
    assert NAMES.find("БТА и BTA", own_id="bta") == []
    assert len(NAMES.find("БТА и Казинформ", own_id="bta")) == 2


def test_a_mark_stands_for_a_name_and_the_nouns_beside_it() -> None:
    line = "съобщи словенската агенция „Кабар“, като"
    marked = NAMES.marked(line, NAMES.find(line))

    assert len(marked) == len(line)
    assert NAMES.agency_of(marked[7]) == "kabar"
    assert marked[8:].rstrip(FILL).endswith(", като")
    assert marked[:7] == "съобщи "


def test_letters_of_private_use_are_no_marks() -> None:
    line = "\ue001 reports, Kazinform said"
    marked = NAMES.marked(line, NAMES.find(line))

    assert NAMES.agency_of(marked[0]) is None
