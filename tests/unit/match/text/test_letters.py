"""Two scripts of one language become one; other texts stay as they are."""

import pytest

from aggregator.match.text.letters import one_script


@pytest.mark.parametrize(
    ("language", "written", "compared"),
    [
        ("sr", "Његош, Љубљана и Џон су ћутали.", "Njegoš, Ljubljana i Džon su ćutali."),
        ("bs", "Мост је отворен", "Most je otvoren"),
        ("uz", "Ғарбий кўприк эълон қилинди", "Gʻarbiy koʻprik eʼlon qilindi"),
        ("uz", "Европа лицейи, цирк ва еттита шаҳар", "Yevropa litseyi, sirk va yettita shahar"),
        ("uz", "сентябрь ойида", "sentabr oyida"),
        ("kk", "Qala mańyndaǵy kópir ashyldy, qoıan, munaı", "Қала маңындағы көпір ашылды, қоян, мұнай"),
        ("kk", "Köpirdi äkim aştı, kezdesw ötti", "Көпірді әкім ашты, кездесу өтті"),
        ("kk", "Qūrylys jürıp jatyr", "Құрылыс жүріп жатыр"),
        ("kk", "sáýirde 9 mıllıard teńge", "сәуірде 9 миллиард теңге"),
        ("kk", "keıin úlken elevator salyndy, ekonomıka ósti, eki el, demokratıalyq", "кейін үлкен элеватор салынды, экономика өсті, екі ел, демократиялық"),
        ("kk", "9 milliard teñge, eksport, material, aviasia, dialog, elder", "9 миллиард теңге, экспорт, материал, авиасия, диалог, елдер"),
        ("kk", "Eksport ösdi, añ, wälayat, energetïka, materïal", "Экспорт өсді, аң, уәлаят, энергетика, материал"),
    ],
)  # fmt: skip
def test_a_text_is_turned_into_the_script_of_its_language(
    language: str, written: str, compared: str
) -> None:
    assert one_script(language, written) == (compared,)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sr", "Most je otvoren kod Љига, rekao je ministar"),
        ("uz", "Koʻprik ochildi, dedi hokim Москва shahrida"),
        ("kk", "Көпір ашылды, деп жазды Facebook желісінде әкім"),
        ("bg", "Мостът е отворен"),
        ("mk", "Мостот е отворен"),
        ("kk", "The bridge is open"),
        ("sr", ""),
    ],
)
def test_other_texts_stay_as_they_are(language: str, text: str) -> None:
    assert one_script(language, text) == (text,)


def test_title_and_body_are_of_one_alphabet() -> None:
    assert one_script("sr", "Tanjug", "Мост је отворен у Велмори.") == (
        "Tanjug",
        "Most je otvoren u Velmori.",
    )
