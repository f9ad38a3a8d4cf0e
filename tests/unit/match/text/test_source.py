"""Whether a text names any source of news, configured or not, in six languages."""

import pytest

from tests.unit.match.text.test_credit import CREDITED, read


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "Мостът е отворен, съобщи ДПА."),
        ("en", "The bridge is open, according to local media."),
        ("en", "The bridge is open, Reuters reports."),
        ("en", "The bridge is open, the newspaper Zarya wrote."),
        ("en", "The bridge is open, the agency said."),
        ("bg", "По информация на медиите мостът е отворен."),
        ("en", "The bridge is open, a pool report said."),
        ("en", "The bridge is open.\n(DPA)"),
        ("en", "The bridge is open. (DPA)"),
        ("en", "This item is distributed by agreement between Sudpress and Westnews."),
        ("ru", "Мост открыт, сообщают местные СМИ."),
        ("ru", "Мост открыт, пишет газета «Заря»."),
        ("ru", "Мост открыт, сообщает ТАСС."),
        ("kk", "Көпір ашылды, деп хабарлайды жергілікті БАҚ."),
        ("kk", "Көпір ашылды, деп жазады «Заря» газеті."),
        ("uz", "Koʻprik ochildi, deb xabar bermoqda mahalliy OAV."),
        ("zh", "据当地媒体报道,大桥已通车。"),
        ("zh", "据新华社报道,大桥已通车。"),
        ("en", "VELMORA, Nov 4 (Reuters) – The bridge is open."),
    ],
)
def test_an_agency_or_a_medium_is_a_source(language: str, text: str) -> None:
    assert read(text, language).names_source


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge is open, the ministry said."),
        ("en", "The bridge is open, the press service reports."),
        ("en", "The bridge is open, Mira Kestrel said."),
        ("en", "The mayor told the media that the bridge is open."),
        ("bg", "Мостът е отворен, съобщиха от пресслужбата."),
        ("bg", "Мостът е отворен, каза кметът пред медиите."),
        ("ru", "Мост открыт, сообщает МЧС."),
        ("ru", "Мост открыт, сообщила пресс-служба."),
        ("kk", "Көпір ашылды, деп хабарлады министрлік."),
        ("uz", "Koʻprik ochildi, deb xabar berdi vazirlik."),
        ("zh", "市长说,大桥已通车。"),
        ("en", "VELMORA, Nov 4 (Norvest) – The bridge is open."),
        ("en", "Norvest reports that the bridge is open."),
        ("ru", "Мост открыт, сообщает Norvest."),
        ("bg", "Мостът е отворен, съобщи МВР."),
        ("en", "The bridge is open, the International Atomic Energy Agency said."),
    ],
)
def test_a_ministry_a_person_and_its_own_name_are_none(language: str, text: str) -> None:
    assert not read(text, language).names_source


@pytest.mark.parametrize("title", ["DPA: Bridge opened", "Bridge opened (Reuters)"])
def test_a_title_may_name_a_source(title: str) -> None:
    assert read("It was closed.", "en", title=title).names_source


@pytest.mark.parametrize(("language", "text", "credited"), CREDITED)
def test_whoever_is_credited_is_a_source(language: str, text: str, credited: str) -> None:
    assert read(text, language).names_source


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge is open.\nAs BTA reported earlier, it cost more."),
        ("bg", "Мостът е отворен.\nПо-рано БТА съобщи, че той ще струва повече."),
        ("ru", "Мост открыт.\nРанее Казинформ сообщал, что он подорожает."),
        ("kk", "Көпір ашылды.\nБұған дейін ҚазАқпарат хабарлағандай, ол қымбаттаған."),
        ("zh", "大桥已通车。\n此前保通社曾报道,大桥造价上涨。"),
    ],
)
def test_what_was_reported_earlier_may_be_the_same_report(language: str, text: str) -> None:
    assert read(text, language).names_source


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge is open.\nLast year BTA wrote that the bridge would cost more."),
        ("en", "The bridge is open.\nKazinform reported in March that it would cost more."),
        ("en", "The bridge is open.\nEarlier this month BTA reported a delay."),
        ("bg", "Мостът е отворен.\nНапомняме, че по-рано БТА съобщи за забавяне."),
        ("bg", "Мостът е отворен.\nМиналата година Казинформ писа, че той ще струва повече."),
        ("ru", "Мост открыт.\nНапомним, в прошлом году Казинформ сообщал, что он подорожает."),
        ("ru", "Мост открыт.\nВ марте Казинформ писал, что он подорожает."),
        ("kk", "Көпір ашылды.\nЕске салсақ, бұған дейін ҚазАқпарат оның қымбаттағанын хабарлаған."),
        ("kk", "Көпір ашылды.\nБылтыр ҚазАқпарат хабарлағандай, ол қымбаттаған."),
        (
            "uz",
            "Koʻprik ochildi.\nEslatib oʻtamiz, avvalroq UzA xabar berganidek, u qimmatlashgan.",
        ),
        ("uz", "Koʻprik ochildi.\nOʻtgan yili UzA xabar berganidek, u qimmatlashgan."),
        ("zh", "大桥已通车。\n去年哈通社报道,大桥造价上涨。"),
    ],
)
def test_another_report_is_no_source_of_this(language: str, text: str) -> None:
    assert not read(text, language).names_source
