"""The language of a text: the feed's word, unless the text denies it; near languages kept apart."""

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


RUSSIAN = "Министр сообщил, что больницу откроют на следующей неделе."
LONGER = {
    "bg": (
        "Министърът съобщи, че новата болница ще бъде открита следващата седмица, а лекарите вече са се"
        " преместили. Сградата край реката е строена две години и струва повече, отколкото беше планирано,"
        " защото пролетното наводнение отнесе първите основи и строежът започна отначало."
    ),
    "ru": (
        "Министр сообщил, что новую больницу откроют на следующей неделе, а врачи уже переехали. Здание у"
        " реки строили два года, и обошлось оно дороже, чем было задумано: весенний паводок унёс первые"
        " опоры, и стройку пришлось начинать заново, рассказали в управлении."
    ),
    "uz": (
        "Vazir yangi shifoxona kelgusi haftada ochilishini, shifokorlar esa koʻchib oʻtganini maʼlum qildi."
        " Daryo boʻyidagi bino ikki yil davomida qurildi va rejalashtirilganidan qimmatga tushdi, chunki bahorgi"
        " toshqin birinchi poydevorni yuvib ketgan edi."
    ),
    "en": (
        "The minister said the new hospital would open next week and the doctors had already moved in. The"
        " building by the river took two years and cost more than had been planned, because the flood of the"
        " spring carried away the first foundations and the work began anew."
    ),
}


@pytest.mark.parametrize(
    ("declared", "code"), [("ru-RU", "ru"), ("bg", "bg"), ("MK", "mk"), ("sr_Cyrl", "sr"), ("cv", "cv")]
)  # fmt: skip
def test_what_the_feed_declares_goes_first(declared: str, code: str) -> None:
    assert language(declared, RUSSIAN) == code


@pytest.mark.parametrize("declared", ["en", "zh_CN", "uk-Latn", "el", "tr"])
def test_a_language_of_another_script_is_not_believed(declared: str) -> None:
    expected = "uk" if declared.startswith("uk") else "ru"
    assert language(declared, RUSSIAN) == expected


def test_a_name_in_another_script_denies_nothing() -> None:
    assert language("en", "The newspaper Известия writes of the new hospital") == "en"
    assert language("en", "Да") == "en"


@pytest.mark.parametrize("declared", list(LONGER))
@pytest.mark.parametrize("spoken", list(LONGER))
def test_a_longer_text_denies_a_label(declared: str, spoken: str) -> None:
    assert language(declared, LONGER[spoken]) == spoken


KAZAKH_OF_2021 = (
    "Auyl şaruaşylyğy ministrlıgı biylğy astyq jinau nauqanynyñ qorytyndysyn şyğardy. Solttüstık oblystarda egın orağy"
    " bır apta büryn aiaqtaldy, elevatorlarğa on segız million tonnadan astam däñ tüstı. Ministrdıñ aituynşa,"
    " önımnıñ jartysy eksportqa jıberıledı."
)
TURKISH = (
    "Ulaştırma bakanlığı köprünün pazar gününden itibaren yeniden trafiğe açılacağını duyurdu. Onarım çalışmaları"
    " iki yıl sürdü ve planlanandan daha pahalıya mal oldu; bakan, üç ayrı şirketin görev aldığını söyledi. Kamyonlar"
    " yaz sonuna kadar çevre yolunu kullanmaya devam edecek, otobüsler ise pazartesi eski güzergâhına dönecek."
)


def test_a_label_is_believed_of_a_text_in_the_languages_other_script() -> None:
    assert language("kk", KAZAKH_OF_2021) == "kk"
    assert language("kk", TURKISH) == "tr", "whose letters are nearly the same"


def test_a_commonest_word_of_the_other_script_is_enough() -> None:
    """With hardly a letter that Turkish lacks."""
    told = "Qarsy qalasynda kópir ashyldy jáne jol jóndeldi. " * 6
    assert language("kk", told) == "kk"
    assert language("kk", told.replace("jáne", "men")) != "kk"


def test_neighbours_and_languages_without_a_file_are_believed() -> None:
    assert language("mk", LONGER["bg"]) == "mk"
    assert language("hr", LONGER["en"]) == "hr"


@pytest.mark.parametrize("text", ["", "5:3", "🙂🙂🙂", "Да"])
def test_too_little_to_read(text: str) -> None:
    assert language(None, text) == "und"


def test_a_declaration_that_names_no_language_is_not_believed() -> None:
    assert language("12", "The minister said the new hospital would open next week.") == "en"
