"""The web's charsets: labels, damage, and what is read where nobody declares anything."""

from __future__ import annotations

import pytest

from aggregator.ingest.parse import multibyte
from aggregator.ingest.parse.charset import to_text
from aggregator.ingest.parse.charset_labels import codec_of

SENTENCES = {
    "el": "Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για τα λιμάνια και τους σιδηροδρόμους",
    "he": "הממשלה הודיעה היום על תוכנית חדשה לבניית גשרים ומסילות ברזל בצפון הארץ",
    "ar": "أعلنت الحكومة اليوم خطة جديدة لبناء الجسور والسكك الحديدية في شمال البلاد",
    "th": "รัฐบาลประกาศแผนใหม่ในวันนี้เพื่อสร้างสะพานและทางรถไฟในภาคเหนือ",
    "ja": "政府は本日、北部の橋と鉄道を建設する新しい計画を発表しました",
    "zh": "政府今天公布了在北部地区修建桥梁和铁路的新计划，工程明年开始",
    "tw": "政府今天公布在北部地區興建橋樑和鐵路的新計畫，工程明年開始",
    "ko": "정부는 오늘 북부 지역에 다리와 철도를 건설하는 새 계획을 발표했다",
    "tr": "Hükümet bugün kuzeyde köprü ve demiryolu yapımı için yeni bir plan açıkladı, İstanbul şaşkın",
    "pl": "Rząd ogłosił dziś nowy plan budowy mostów i kolei, żółta łódź płynie w śniegu",
    "ru": "Правительство объявило сегодня новый план строительства мостов и железных дорог",
    "uk": "Уряд оголосив сьогодні новий план будівництва мостів і залізниць на півночі країни",
    "kk": "Қазақстан үкіметі бүгін солтүстікте көпірлер мен темір жол салудың жаңа жоспарын жариялады",
}
CHARSETS = [  # the label, Python's codec, the sentence
    ("windows-1253", "cp1253", "el"), ("iso-8859-7", "iso8859-7", "el"), ("windows-1255", "cp1255", "he"),
    ("iso-8859-8-i", "iso8859-8", "he"), ("windows-1256", "cp1256", "ar"), ("iso-8859-6", "iso8859-6", "ar"),
    ("tis-620", "cp874", "th"), ("iso-8859-11", "cp874", "th"), ("Shift_JIS", "cp932", "ja"),
    ("x-sjis", "cp932", "ja"), ("euc-jp", "euc_jp", "ja"), ("gb2312", "gb18030", "zh"), ("GBK", "gb18030", "zh"),
    ("gb_2312-80", "gb18030", "zh"), ("big5", "big5hkscs", "tw"), ("big5-hkscs", "big5hkscs", "tw"),
    ("euc-kr", "cp949", "ko"), ("ks_c_5601-1987", "cp949", "ko"), ("windows-949", "cp949", "ko"),
    ("iso-8859-9", "cp1254", "tr"), ("latin5", "cp1254", "tr"), ("iso-8859-2", "iso8859-2", "pl"),
    ("windows-1250", "cp1250", "pl"), ("x-mac-cyrillic", "mac-cyrillic", "ru"), ("ibm866", "cp866", "ru"),
    ("koi8-u", "koi8-u", "uk"), ("kz-1048", "kz1048", "kk"), ("windows-1251", "cp1251", "uk"),
]  # fmt: skip
GUESSED = [
    ("cp1253", "el"), ("cp1255", "he"), ("iso8859-8", "he"), ("cp1256", "ar"), ("iso8859-6", "ar"), ("cp874", "th"),
    ("cp932", "ja"), ("euc_jp", "ja"), ("gb18030", "zh"), ("big5hkscs", "tw"), ("cp949", "ko"), ("cp1251", "ru"),
    ("koi8-u", "uk"), ("kz1048", "kk"), ("mac-cyrillic", "ru"),
]  # fmt: skip
TWO_BYTES = [
    ("cp932", "ja"),
    ("euc_jp", "ja"),
    ("gb18030", "zh"),
    ("big5hkscs", "tw"),
    ("cp949", "ko"),
]


def document(title: bytes, declared: str | None) -> bytes:
    declaration = f" encoding='{declared}'" if declared else ""
    head = f"<?xml version='1.0'{declaration}?><rss><item><title>".encode()
    return head + title + b"</title><link>https://post.example/1</link></item></rss>"


def title_of(body: bytes, content_type: str = "") -> str:
    return to_text(body, content_type).split("<title>")[1].split("</title>")[0]


@pytest.mark.parametrize(("label", "codec", "language"), CHARSETS)
def test_a_label_means_what_browsers_mean_by_it(label: str, codec: str, language: str) -> None:
    sentence = SENTENCES[language]
    body = sentence.encode(codec)
    assert title_of(document(body, label)) == sentence
    assert title_of(document(body, None), f"text/xml; charset={label}") == sentence
    page = f"<html><meta charset={label}><title>".encode() + body + b"</title></html>"
    assert title_of(page) == sentence


@pytest.mark.parametrize(
    ("label", "body", "text"),
    [
        ("shift_jis", b"\x87\x40\x87\x8a\x95\xb6", "①㈱文"),
        ("euc-jp", b"\xad\xa1\xad\xea\xca\xb8\xa1\xc1", "①㈱文～"),
        ("iso-2022-jp", b"\x1b$B-!-jJ8\x1b(B abc \x1b$B$\"\x1b(I1\x1b(B", "①㈱文 abc あｱ"),
        ("euc-kr", b"\x8c\x63", "똠"),
        ("gb2312", b"\x80 \xe9\x46", "€ 镕"),
        ("big5", b"\xf9\xd6\xa3\xe1\xa1\x45", "碁€‧"),
        ("us-ascii", b"\x93caf\xe9\x94 \x80", "“café” €"),
        ("iso-8859-1", b"\x93caf\xe9\x94 \x80", "“café” €"),
        ("iso-8859-9", b"\x93\xfdl\x94", "“ıl”"),
        ("iso-8859-11", b"\x85\xa1", "…ก"),
    ],
)  # fmt: skip
def test_the_characters_that_windows_added(label: str, body: bytes, text: str) -> None:
    # Python's codecs of those names lack them; https://encoding.spec.whatwg.org/#indexes
    assert title_of(document(body, label)) == text


@pytest.mark.parametrize(
    "label", ["utf-7", "unicode-1-1-utf-7", "base64", "rot13", "nonsense", "x-user-defined"]
)
def test_what_is_no_charset_of_the_web_means_nothing(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    "wrongly", [None, "utf-8", "iso-8859-1", "windows-1252", "us-ascii", "nonsense"]
)
@pytest.mark.parametrize(("codec", "language"), GUESSED)
def test_a_script_is_recognised_where_none_or_a_default_is_declared(
    codec: str, language: str, wrongly: str | None
) -> None:
    sentence = SENTENCES[language]
    assert title_of(document(sentence.encode(codec), wrongly)) == sentence


@pytest.mark.parametrize("language", ["el", "he", "ar", "th", "ja", "zh", "tw", "ko", "tr", "pl"])
def test_what_is_not_cyrillic_never_becomes_cyrillic(language: str) -> None:
    codecs = {"el": "cp1253", "he": "cp1255", "ar": "cp1256", "th": "cp874", "ja": "cp932", "zh": "gb18030",
              "tw": "big5hkscs", "ko": "cp949", "tr": "cp1254", "pl": "cp1250"}  # fmt: skip
    read = title_of(document(SENTENCES[language].encode(codecs[language]), None))
    assert not any("Ѐ" <= char <= "ӿ" for char in read)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Łódź", "cp1250"),
        ("Šiauliai ąčęėįšųūž", "cp1257"),
        ("ÇĞİŞ", "cp1254"),
        ("ČŽŠĆĐ ČŽŠĆĐ", "cp1250"),
    ],
)
def test_few_letters_do_not_contradict_a_latin_label(text: str, codec: str) -> None:
    assert title_of(document(text.encode(codec), codec)) == text


@pytest.mark.parametrize("bad", [b"\xff", b"\x81"], ids=["0xFF", "0x81"])
@pytest.mark.parametrize(("label", "codec", "language"), CHARSETS)
def test_a_damaged_byte_costs_its_character(
    label: str, codec: str, language: str, bad: bytes
) -> None:
    if bad == b"\x81" and codec in {
        "mac-cyrillic",
        "cp866",
        "koi8-u",
        "cp1256",
        "kz1048",
        "cp1251",
    }:
        return  # a character of theirs
    start, end = (
        SENTENCES[language].split(" ", 1)
        if " " in SENTENCES[language]
        else (SENTENCES[language], "")
    )
    body = start.encode(codec) + bad + b" " + end.encode(codec)
    read = title_of(document(body, label))
    if bad.decode(codec, "ignore") and codec not in multibyte.CODECS:
        bad_read = bad.decode(codec)  # a byte that means something there
        assert read == f"{start}{bad_read} {end}"
    else:
        assert read.replace("\ufffd", "") == f"{start} {end}"
        assert read.count("\ufffd") == 1


@pytest.mark.parametrize(("codec", "language"), TWO_BYTES)
@pytest.mark.parametrize("at", [2, 5, 9, 14])
def test_damage_among_characters_of_two_bytes_leaves_the_others_in_step(
    codec: str, language: str, at: int
) -> None:
    sentence = SENTENCES[language].replace(" ", "").replace("、", "").replace("，", "")
    before, char, after = sentence[:at], sentence[at].encode(codec), sentence[at + 1 :]
    damaged = f"{before}\ufffd{after}"
    assert (
        multibyte.decode(before.encode(codec) + b"\xff" + char[1:] + after.encode(codec), codec)
        == damaged
    )
    assert (
        multibyte.decode(before.encode(codec) + char[:1] + b"\xff" + after.encode(codec), codec)
        == damaged
    )
    inserted = before.encode(codec) + b"\xff" + char + after.encode(codec)
    assert multibyte.decode(inserted, codec) == f"{before}\ufffd{sentence[at:]}"


@pytest.mark.parametrize(("codec", "language"), TWO_BYTES)
def test_damage_swallows_no_tag(codec: str, language: str) -> None:
    lead = SENTENCES[language][0].encode(codec)[:1]
    assert multibyte.decode(lead + b"</b>x", codec) == "\ufffd</b>x"


@pytest.mark.parametrize(("codec", "language"), [*GUESSED[:5], *GUESSED[6:]])
def test_damage_hides_no_charset_that_nobody_declares(codec: str, language: str) -> None:
    sentence = SENTENCES[language].encode(codec)
    body = b"<rss>" + b"".join(
        b"<item>" + part + b"</item>" for part in [sentence, sentence + b"\xff", sentence]
    )
    assert SENTENCES[language] in to_text(body + b"</rss>")


def test_one_passage_in_another_charset_leaves_utf8_around_it_alone() -> None:
    parts = [f"<item>{SENTENCES['zh']}</item>"] * 6
    body = b"".join(part.encode("gb18030" if n == 3 else "utf-8") for n, part in enumerate(parts))
    assert to_text(b"<?xml version='1.0' encoding='gbk'?>" + body).endswith("".join(parts))
