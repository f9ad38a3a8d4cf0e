"""Reports of the same people and places that tell of different acts."""

from typing import Any

import pytest

from aggregator.match.crosslang import extraction
from aggregator.match.crosslang.acts import acts_differ
from aggregator.match.crosslang.packed import Features, pack, unpack
from aggregator.model import Text

PHONED = {
    "en": ("Velmar's president telephones Karsk's leader", "President Orlin Tevet spoke by phone with Karsk's leader Davor Ilich about the border bridge on Sunday."),
    "ru": ("Президент Велмара позвонил лидеру Карска", "Президент Орлин Тевет по телефону обсудил с лидером Карска Давором Иличем мост на границе."),
    "bg": ("Президентът на Велмар говори по телефона с лидера на Карск", "Орлин Тевет обсъди по телефона с Давор Илич моста на границата в неделя."),
    "kk": ("Велмар президенті Карск басшысымен телефон арқылы сөйлесті", "Орлин Тевет Давор Иличпен шекарадағы көпір туралы телефон арқылы сөйлесті."),
    "uz": ("Velmar prezidenti Karsk rahbari bilan telefon orqali gaplashdi", "Orlin Tevet Davor Ilich bilan chegaradagi ko‘prik haqida telefon orqali gaplashdi."),
    "zh": ("维尔马总统同卡尔斯克领导人通电话", "奥尔林·特维特与达沃尔·伊利奇就边境大桥通电话。双方在星期日讨论了道路与贸易。"),
}  # fmt: skip
WROTE = {
    "en": ("Velmar's president sends a telegram to Karsk's leader", "President Orlin Tevet sent a telegram to Karsk's leader Davor Ilich after the flood at the border bridge."),
    "ru": ("Президент Велмара направил телеграмму лидеру Карска", "Президент Орлин Тевет направил телеграмму лидеру Карска Давору Иличу после наводнения."),
    "bg": ("Президентът на Велмар изпрати телеграма до лидера на Карск", "Орлин Тевет изпрати телеграма до Давор Илич след наводнението край моста."),
    "kk": ("Велмар президенті Карск басшысына жеделхат жолдады", "Орлин Тевет Давор Иличке су тасқынынан кейін жеделхат жолдады."),
    "uz": ("Velmar prezidenti Karsk rahbariga telegramma yo‘lladi", "Orlin Tevet Davor Ilichga suv toshqinidan keyin telegramma yo‘lladi."),
    "zh": ("维尔马总统向卡尔斯克领导人发去慰问电", "奥尔林·特维特在边境大桥洪灾之后向达沃尔·伊利奇发去慰问电。双方关系友好。"),
}  # fmt: skip


def read(language: str, title: str, body: str) -> Features:
    fields: dict[str, Any] = {"title": title, "body": body, "language": language}
    features = unpack(pack(extraction.extract(Text(**fields))))
    assert features is not None
    return features


@pytest.mark.parametrize("one", PHONED)
@pytest.mark.parametrize("other", WROTE)
def test_a_call_and_a_telegram_are_two_reports(one: str, other: str) -> None:
    a, b = read(one, *PHONED[one]), read(other, *WROTE[other])
    assert acts_differ(a, b)
    assert acts_differ(b, a)


@pytest.mark.parametrize(
    "said", ["spoke by telephone with", "telephoned", "held a telephone conversation with"]
)
def test_a_call_is_told_in_many_words(said: str) -> None:
    body = f"President Orlin Tevet {said} Karsk's leader Davor Ilich on Sunday about the bridge."
    assert acts_differ(
        read("en", "Velmar's president phones leader", body), read("ru", *WROTE["ru"])
    )


def test_a_sentence_in_place_of_a_title_does_not_tell_what_a_report_is_about() -> None:
    sentence = (
        "The grandson of the miller who signed the old treaty of the two towns said that it was a good thing"
        " for the bridge to be shown to the public on Sunday."
    )
    more = "The people of both towns came in great numbers with bread, salt, wine and songs. " * 5
    other = (
        "Внук мельника сказал, что рад открытию моста в воскресенье, сообщает газета обоих городов."
    )
    assert not acts_differ(read("en", sentence, more), read("ru", "Открытие моста", other))


@pytest.mark.parametrize("reports", [PHONED, WROTE], ids=["phoned", "wrote"])
def test_a_translation_tells_of_the_same_act(reports: dict[str, tuple[str, str]]) -> None:
    read_all = [read(language, *report) for language, report in reports.items()]
    assert not any(acts_differ(a, b) for a in read_all for b in read_all)


def test_what_one_text_leaves_out_is_no_other_act() -> None:
    brief = read(
        "ru",
        "Президент Велмара о мосте",
        "Орлин Тевет назвал мост на границе Карска важным для людей и дорог.",
    )
    assert not acts_differ(read("en", *PHONED["en"]), brief)


def test_an_act_that_the_other_text_tells_later_is_not_missing() -> None:
    later = "Davor Ilich thanked the people of Velmar for bread and tents. " * 5
    title, body = WROTE["en"]
    both = read("en", title, f"{body} {later} They also spoke by phone.")
    assert not acts_differ(both, read("ru", *PHONED["ru"]))


def test_words_of_one_family_stand_for_one_another() -> None:
    opened = read(
        "en",
        "Karsk opens its northern power line",
        "The northern power line of Karsk was opened on Monday by minister Davor Ilich.",
    )
    launched = read(
        "ru",
        "В Карске запустили северную линию",
        "Северную линию электропередачи Карска запустил в понедельник министр Давор Илич.",
    )
    signed = read(
        "ru",
        "В Карске подписали договор о линии",
        "Договор о северной линии подписал в понедельник в Карске министр Давор Илич.",
    )
    assert not acts_differ(opened, launched)
    assert acts_differ(opened, signed)
