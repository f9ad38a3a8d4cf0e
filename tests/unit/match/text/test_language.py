"""The language of a text: the feed's word first, and near languages kept apart."""

import pytest

from aggregator.match.text.language import language


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("mk", "Претседателката на државата денеска ќе се сретне со градоначалниците во Охрид, соопшти нејзиниот кабинет."),
        ("sr", "Председник владе је изјавио да ће нови мост бити отворен у уторак, а радови су трајали две године."),
        ("ky", "Өкмөт башчысы бүгүн жаңы мектептин ачылышына катышып, мугалимдерге ыраазычылык билдирди."),
        ("uk", "Міністерка повідомила, що нову лікарню відкриють наступного тижня, а лікарі вже переїхали."),
        ("bg", "Министърът съобщи, че новата болница ще бъде открита следващата седмица, а лекарите вече са се преместили."),
        ("ru", "Министр сообщил, что новую больницу откроют на следующей неделе, а врачи уже переехали."),
        ("kk", "Министр жаңа аурухананың келесі аптада ашылатынын, дәрігерлердің көшіп барғанын хабарлады."),
        ("uz", "Vazir yangi shifoxona kelgusi haftada ochilishini, shifokorlar esa koʻchib oʻtganini maʼlum qildi."),
        ("zh", "部长说,新医院将于下周开业,医生们已经搬了进去。"),
        ("en", "The minister said the new hospital would open next week and the doctors had already moved in."),
    ],
    ids=lambda value: value if len(value) == 2 else "",
)  # fmt: skip
def test_a_language_is_told_from_its_neighbours(expected: str, text: str) -> None:
    assert language(None, text) == expected


@pytest.mark.parametrize(
    ("declared", "code"), [("bg", "bg"), ("ru-RU", "ru"), ("zh_CN", "zh"), ("EN", "en")]
)
def test_what_the_feed_declares_goes_first(declared: str, code: str) -> None:
    assert language(declared, "Министр сообщил, что больницу откроют на следующей неделе.") == code


@pytest.mark.parametrize("text", ["", "5:3", "🙂🙂🙂", "Да"])
def test_too_little_to_read(text: str) -> None:
    assert language(None, text) == "und"


def test_a_declaration_that_names_no_language_is_not_believed() -> None:
    assert language("12", "The minister said the new hospital would open next week.") == "en"
