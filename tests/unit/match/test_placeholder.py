"""A notice in a text's place is known by its titles; a report that recurs under headlines of its own is a report."""

from datetime import UTC, datetime

import pytest

from aggregator.match.placeholder import LONGEST, is_placeholder, text_key
from aggregator.model import Item

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def item(title: str, text: str, *, spoken: str = "en", feed: str = "f", page: str = "") -> Item:
    return Item(
        id=title, feed_id=feed, agency_id=feed, title=title, text=text, full_text=page,
        language=spoken, seen_at=NOON, reported_at=NOON,
    )  # fmt: skip


TITLES = {
    "bg": ("Кметът на Дорен подаде оставка", "Земеделците прибраха реколтата"),
    "ru": ("Жители посёлка вернулись домой", "Сборная сыграла вничью с соседями"),
    "kk": ("Әкім жаңа көпірді ашты", "Солтүстікте егін жиналды"),
    "en": ("Mayor opens tram line", "Wheat harvest ends in the north"),
    "zh": ("市长为新桥剪彩", "北方小麦收割结束"),
    "uz": ("Hokim yangi koʻprikni ochdi", "Shimolda bugʻdoy oʻrib olindi"),
    "de": ("Bürgermeister eröffnet Brücke", "Ernte im Norden beendet"),
    "el": ("Ο δήμαρχος άνοιξε τη γέφυρα", "Τέλος στον θερισμό του σιταριού"),
    "tr": ("Başkan köprüyü hizmete açtı", "Kuzeyde buğday hasadı bitti"),
    "ja": ("市長が新しい橋を開通", "北部で小麦の収穫終わる"),
    "ko": ("시장이 다리를 개통했다", "북부에서 밀 수확 끝나"),
    "ar": ("رئيس البلدية يفتتح الجسر", "انتهاء حصاد القمح شمالا"),
    "th": ("นายกเทศมนตรีเปิดสะพาน", "เก็บเกี่ยวข้าวสาลีเสร็จ"),
}
NOTICES = [
    ("bg", "Целият материал се чете с абонамент."),
    ("bg", "Тази новина е за клиенти на платената емисия. Ако искате достъп, пишете на отдел „Разпространение“."),
    ("ru", "Полностью публикация открыта по подписке."),
    ("ru", "Чтобы читать дальше, войдите в личный кабинет или оформите доступ на 30 дней."),
    ("kk", "Хабардың толық нұсқасы жазылушыларға ғана беріледі."),
    ("en", "Sign in to continue."),
    ("en", "We and our 214 partners store cookies on your device. Choose what you accept, or reject all."),
    ("en", "Details follow."),
    ("zh", "请登录后阅读全文。"),
    ("uz", "Toʻliq matn faqat obunachilar uchun."),
    ("de", "Dieser Artikel ist nur mit einem Abonnement lesbar."),
    ("el", "Το άρθρο διατίθεται μόνο σε συνδρομητές."),
    ("tr", "Haberin devamı abonelere özeldir."),
    ("ja", "続きを読むには会員登録が必要です。"),
    ("ko", "전체 기사는 구독자만 볼 수 있습니다."),
    ("ar", "النص الكامل للمشتركين فقط."),
    ("th", "อ่านต่อได้เฉพาะสมาชิก"),
]  # fmt: skip


@pytest.mark.parametrize(("spoken", "notice"), NOTICES)
def test_a_text_that_says_nothing_of_two_titles_is_a_placeholder(spoken: str, notice: str) -> None:
    items = [item(title, notice, spoken=spoken) for title in TITLES[spoken]]

    assert len({text_key(one) for one in items}) == 1
    assert is_placeholder(items)


def test_of_several_feeds_it_takes_three() -> None:
    """A site may give a text the headline of another report by mistake."""
    titles = (*TITLES["en"], "Chess: Levan takes the cup")
    items = [item(title, "Sign in to continue.", feed=title) for title in titles]

    assert is_placeholder(items)
    assert not is_placeholder(items[:2])
    assert is_placeholder([*items[:2], item(titles[2], "Sign in to continue.", feed=titles[0])])


@pytest.mark.parametrize(
    ("spoken", "text", "titles"),
    [
        (
            "en",
            "The mayor of Doren opened a tram line to the harbour on Wednesday.",
            ["Mayor opens tram line", "Harbour of Doren gets its tram"],
        ),
        (
            "en",
            "The mayor of Doren opened a tram line to the harbour on Wednesday.",
            ["UPDATE 1: Doren mayor opens tram line", "Tram line opens", "New rails by the sea"],
        ),
        (
            "bg",
            "Кметът на Дорен откри в сряда трамвайна линия до пристанището.",
            ["Кметът откри линия", "Трамвай до пристанището на Дорен"],
        ),
        (
            "ru",
            "Мэр Дорена открыл в среду трамвайную линию до порта.",
            ["Мэр открыл линию", "Трамвай до порта Дорена"],
        ),
        (
            "zh",
            "多伦市长周三为通往港口的电车线路剪彩。",
            ["市长为电车线路剪彩", "港口电车线路开通"],
        ),
        ("en", "Full text for subscribers.", ["Mayor opens tram line", "MAYOR OPENS TRAM LINE"]),
        ("en", "Full text for subscribers.", ["Mayor opens tram line", "Mayor opens tram stop"]),
        ("en", "Full text for subscribers.", ["Mayor opens tram line", ""]),
        ("en", "Full text for subscribers.", ["Mayor opens tram line"]),
        ("en", "Rain, 8 degrees.", ["Weather: Doren", "Weather: Karsk"]),
    ],
)
def test_a_report_under_headlines_of_its_own_is_none(
    spoken: str, text: str, titles: list[str]
) -> None:
    """Nor what stands under one title, or under titles that have something in common."""
    assert not is_placeholder([item(title, text, spoken=spoken) for title in titles])


NOTICE = (
    "Press customers find the text of the harvest and of the tram in the video bank of the desk."
)
STRANGE = ("Tram customers fall", "Harvest text of the year", "Video of bank robbery")


def test_one_feed_gives_no_report_three_headlines_that_have_nothing_in_common() -> None:
    assert is_placeholder([item(title, NOTICE) for title in STRANGE])
    assert not is_placeholder([item(title, NOTICE) for title in STRANGE[:2]])
    assert not is_placeholder([item(title, NOTICE, feed=title) for title in STRANGE])
    assert not is_placeholder([item(title, NOTICE, feed="") for title in STRANGE])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Full text for subscribers", "FULL TEXT  for\nsubscribers."),
        ("“First title”: full text for subscribers", "“Second title”: full text for subscribers"),
    ],
)
def test_the_key_knows_a_text_in_spite_of_signs_and_the_title(one: str, other: str) -> None:
    assert text_key(item("First title", one)) == text_key(item("Second title", other))


def test_other_words_have_another_key_and_long_texts_have_none() -> None:
    assert text_key(item("T", "Full text here")) != text_key(item("T", "Full text there"))
    assert text_key(item("T", "word " * LONGEST)) is None
    assert text_key(item("T", "")) is None
    assert text_key(item("T", "5:3")) != text_key(item("T", "4:3"))
    assert text_key(item("T", "– * –")) is None


def test_a_summary_that_begins_with_its_title_is_more_than_what_is_left_without_it() -> None:
    one = item("Mayor opens tram line", "DOREN – Mayor opens tram line to the")
    other = item("Wheat harvest ends", "DOREN – Wheat harvest ends to the")

    assert text_key(one) != text_key(other)


def test_the_text_of_the_page_is_looked_at_where_it_is_the_longer() -> None:
    notice = "You have read all free articles of this month; sign in to go on."
    read = item("Mayor opens tram line", "The tram runs again.", page=notice)

    assert text_key(read) == text_key(item("Other title", notice))
