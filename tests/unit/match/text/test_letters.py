"""Two scripts of one language become one; other texts stay as they are."""

import pytest

from aggregator.match.text.letters import one_script
from aggregator.match.words.tokens import tokenise


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


def compared(language: str, text: str) -> list[int]:
    """The words of a text as they are compared: accents and apostrophes are no part of them."""
    (written,) = one_script(language, text)
    return [int(value) >> 2 for value in tokenise(written.casefold()).values]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("sr", "Ђорђе је рођен у Ђердапу, код Ниша", "Đorđe je rođen u Đerdapu, kod Niša"),
        ("sr", "Ђорђе је рођен у Ђердапу, код Ниша", "Djordje je rodjen u Djerdapu, kod Nisa"),
        ("sr", "Љубав, њива, џак, чекић", "Ljubav, njiva, dzak, cekic"),
        ("sh", "ЉУБЉАНА, ЂАКОВО", "LJUBLJANA, ĐAKOVO"),
        ("cnr", "Ђаци су отишли код с́едишта", "Đaci su otišli kod śedišta"),
        ("bs", "Предсједништво усвојило буџет, међутим", "Predsjedništvo usvojilo budžet, međutim"),
        ("uz", "Сентябрда ғалаба, октябрда тўй", "Sentyabrda gʻalaba, oktyabrda toʻy"),
        ("uz", "Чорва, шаҳар ва ўрмон", "Çorva, şahar va oʻrmon"),
        ("uz", "Чорва, шаҳар ва ўрмон", "CHORVA, SHAHAR VA O`RMON"),
        ("uz", "Маъно, шеър, эълон, объект", "Ma'no, she’r, e‘lon, obyekt"),
        ("az", "Шәһәр ҹәмијјәти мәктәб үчүн ҝөрүш кечириб", "Şəhər cəmiyyəti məktəb üçün görüş keçirib"),
        ("az", "Гарабағ, Ҝәнҹә, өлкә, ыш", "QARABAĞ, GƏNCƏ, ÖLKƏ, IŞ"),
        ("tt", "Авыл хуҗалыгы, елга, тау, дәүләт, карар", "Awıl xucalığı, yılğa, taw, däwlät, qarar"),
        ("tt", "Тәэмин, югары, яңа", "Tä'min, yuğarı, yaña"),
        ("tk", "Җемгыет, ер, үчин, ягны", "Jemgyýet, ýer, üçin, ýagny"),
        ("crh", "Халкънынъ гъалебеси, джемаат, ерли", "Halqnıñ ğalebesi, cemaat, yerli"),
        ("kaa", "Жаңа ўәкил, ҳәм үй, ғалаба", "Jańa wákil, hám úy, ǵalaba"),
    ],
)  # fmt: skip
def test_letter_for_letter_the_same_in_either_script(language: str, one: str, other: str) -> None:
    assert compared(language, one) == compared(language, other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("sr", "Реч", "Реш"),
        ("uz", "Тош", "Toʻy"),
        ("az", "Гара", "Gara"),
        ("tt", "Ут", "Öt"),
        ("hr", "Мост", "Most"),
    ],
)
def test_other_words_stay_other_words(language: str, one: str, other: str) -> None:
    assert compared(language, one) != compared(language, other)
