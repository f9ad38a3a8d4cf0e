"""What a text states of a fact written in any language, and which copies of a corrected report are stale."""

import pytest

from aggregator.match.corrections.carried import carries, is_stale
from aggregator.model import Replacement, Text
from tests.unit.match.corrections.texts import text_of

TEXTS = {
    text.language: text
    for text in (
        text_of("en", "Ivanov said twelve people and 365 cars crossed the bridge on November 4, a Wednesday. It cost $2.3 billion and opens at 10:30."),
        text_of("bg", "Иванов каза, че 12 души и 365 коли са минали по моста на 4 ноември, сряда. Той струва 2,3 млрд. долара и отваря в 10.30 ч."),
        text_of("ru", "По словам Иванова, двенадцать человек и 365 машин проехали по мосту 4 ноября, в среду. Он стоит 2,3 млрд долларов и откроется в 10:30."),
        text_of("kk", "Ивановтың айтуынша, көпірден он екі адам мен 365 көлік 4 қарашада, сәрсенбі күні өтті. Оның құны 2,3 млрд доллар, сағат 10:30-да ашылады."),
        text_of("uz", "Ivanovning aytishicha, koʻprikdan oʻn ikki kishi va 365 mashina 4-noyabrda, chorshanba kuni oʻtdi. U 2,3 milliard dollar turadi, soat 10:30 da ochiladi."),
        text_of("zh", "伊万诺夫说,十二人和365辆车于11月4日星期三过桥。大桥耗资23亿美元,10:30开放。"),
    )
}  # fmt: skip
FACTS = {
    "en": ["12", "365", "Ivanov", "November 4", "Wednesday", "$2.3 billion", "10:30"],
    "bg": ["дванадесет", "365", "Иванов", "4 ноември", "сряда", "2,3 млрд. долара", "10.30 ч."],
    "ru": ["12", "365", "Ивановым", "4 ноября", "среду", "2,3 миллиарда долларов", "10:30"],
    "kk": ["12", "365", "Иванов", "4 қараша", "сәрсенбі", "2,3 млрд доллар", "10:30"],
    "uz": ["12", "365", "Ivanov", "4-noyabr", "chorshanba", "2,3 milliard dollar", "10:30"],
    "zh": ["12", "365", "伊万诺夫", "11月4日", "星期三", "23亿美元", "10:30"],
}
NOT_STATED = [
    "14", "4", "2", "30", "11", "10", "Petrov", "November 5", "Tuesday", "$2.4 billion", "€2.3 billion", "11:30",
]  # fmt: skip


@pytest.mark.parametrize("language", FACTS)
@pytest.mark.parametrize("of_text", TEXTS)
def test_a_text_carries_a_fact_whatever_the_language_of_either(language: str, of_text: str) -> None:
    assert [one for one in FACTS[language] if not carries(TEXTS[of_text], one, language)] == []


@pytest.mark.parametrize("of_text", TEXTS)
def test_a_text_does_not_carry_what_it_does_not_state(of_text: str) -> None:
    assert [one for one in NOT_STATED if carries(TEXTS[of_text], one, "en")] == []


@pytest.mark.parametrize(
    ("language", "body", "fact"),
    [
        ("en", "The talks begin on December 12.", "12 people"),
        ("en", "The rate is 12%.", "12"),
        ("bg", "На 12 декември ще има преговори.", "12"),
        ("ru", "Ставка равна 12 процентам.", "12"),
        ("en", "The company was founded in 2024.", "2,024"),
        ("zh", "会议将于12月12日举行。", "12"),
        ("en", "Dostan won 12-4 in the final.", "12"),
    ],
)
def test_a_number_is_not_a_day_a_share_a_year_or_a_score(
    language: str, body: str, fact: str
) -> None:
    assert not carries(text_of(language, body), fact, "en")


def test_other_words_count_within_a_language_only() -> None:
    text = text_of("en", "The bridge is made of granite.")

    assert carries(text, "made of granite", "en")
    assert not carries(text, "made of gran", "en")
    assert not carries(text, "made of granite", "bg")


CORRECTED = text_of(
    "en",
    "Police said 12 people were injured in the fire near Dostan on Tuesday. The mayor, Petrov, came 2 hours later.",
)


@pytest.mark.parametrize(
    ("copy", "is_old"),
    [
        (text_of("en", "Police said 14 people were injured in the fire near Dostan."), True),
        (text_of("en", "Police said 12 people were injured in the fire near Dostan."), False),
        (text_of("en", "A fire broke out near Dostan, police said."), False),
        (text_of("en", "12 people were injured in the fire, not 14, police said."), False),
        (text_of("en", "A fire broke out near Dostan. The talks begin on November 14."), False),
        (text_of("en", "A fire broke out near Dostan. The 14 ships of the port were sold."), False),
        (text_of("bg", "При пожара край Достан са ранени 14 души, съобщи полицията."), True),
        (text_of("bg", "При пожара край Достан са ранени 12 души, съобщи полицията."), False),
        (text_of("ru", "При пожаре пострадали четырнадцать человек, сообщила полиция."), True),
        (text_of("ru", "При пожаре пострадали двенадцать человек, сообщила полиция."), False),
        (text_of("kk", "Өрттен 14 адам жарақат алды, деп хабарлады полиция."), True),
        (text_of("kk", "Өрттен 12 адам жарақат алды, деп хабарлады полиция."), False),
        (text_of("uz", "Yongʻinda 14 kishi jarohat oldi, deb xabar berdi politsiya."), True),
        (text_of("uz", "Yongʻinda 12 kishi jarohat oldi, deb xabar berdi politsiya."), False),
        (text_of("zh", "警方称火灾造成14人受伤。"), True),
        (text_of("zh", "警方称火灾造成12人受伤。"), False),
    ],
)
def test_a_copy_with_the_old_figure_is_stale(copy: Text, is_old: bool) -> None:
    assert is_stale(copy, CORRECTED, [Replacement(old="14", new="12")]) is is_old


@pytest.mark.parametrize(
    ("copy", "is_old"),
    [
        (text_of("bg", "Пожар край Достан. Кметът Иванов дойде."), True),
        (text_of("bg", "Пожар край Достан. Кметът Петров дойде."), False),
        (text_of("kk", "Достан маңында өрт шықты. Әкім Иванов келді."), True),
        (text_of("zh", "多斯坦附近发生火灾。市长伊万诺夫到达现场。"), True),
        (text_of("ru", "Пожар под Достаном. Мэр приехал."), False),
    ],
)
def test_a_copy_with_the_old_name_is_stale(copy: Text, is_old: bool) -> None:
    assert is_stale(copy, CORRECTED, [Replacement(old="Ivanov", new="Petrov")]) is is_old


def test_the_note_of_a_correction_is_no_part_of_the_corrected_text() -> None:
    note = "DOSTAN, Nov 4 (Norvest) - (Corrects toll to 12 from 14 in para 1) "
    corrected = text_of("en", note + CORRECTED.body, "CORRECTED: Fire near Dostan")
    copy = text_of("bg", "При пожара край Достан са ранени 14 души.")

    assert is_stale(copy, corrected, [Replacement(old="14", new="12")])


def test_an_old_fact_that_stands_in_the_corrected_text_is_no_sign() -> None:
    copy = text_of("en", "Police said 2 people were injured in the fire near Dostan.")
    corrected = text_of("en", "Police said 12 people were injured, 2 of them badly, in the fire.")

    assert is_stale(copy, CORRECTED, [Replacement(old="2", new="12")])
    assert not is_stale(copy, corrected, [Replacement(old="2", new="12")])


def test_a_figure_without_its_unit_has_that_of_the_corrected_text() -> None:
    corrected = text_of("en", "The bridge near Dostan is 14 km long and was built by 5 firms.")
    pair = [Replacement(old="12", new="14")]

    assert is_stale(text_of("ru", "Длина моста под Достаном 12 км."), corrected, pair)
    assert not is_stale(text_of("ru", "Длина моста под Достаном 14 км."), corrected, pair)
    assert not is_stale(text_of("ru", "Мост под Достаном, 12 километров."), corrected, [])
    assert not is_stale(text_of("ru", "Мост под Достаном открыли 12 человек."), corrected, pair)


def test_one_old_fact_of_several_is_enough() -> None:
    copy = text_of("bg", "При пожара край Достан са ранени 12 души. Кметът Иванов дойде.")
    pairs = [Replacement(old="14", new="12"), Replacement(old="Ivanov", new="Petrov")]

    assert is_stale(copy, CORRECTED, pairs)
    assert not is_stale(copy, CORRECTED, [])
