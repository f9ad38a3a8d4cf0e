"""Bytes become the very text their author wrote, whatever was declared."""

from __future__ import annotations

import pytest

from aggregator.ingest.parse.charset import to_text

TEXTS = {
    "bg": "Министърът обяви нови мерки за пътната безопасност във Варна и Бургас",
    "ru": "В Алматы открылась международная выставка вооружений, сообщили организаторы",
    "caps": "ПОЖАР В АЛМАТЫ УНИЧТОЖИЛ ВЕЩЕВОЙ РЫНОК НА ОКРАИНЕ",
}


def document(text: str, declared: str | None) -> str:
    declaration = f" encoding='{declared}'" if declared else ""
    return f"<?xml version='1.0'{declaration}?><rss><title>{text}</title></rss>"


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "iso-8859-5", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "nonsense", "base64"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_undeclared_and_wrongly_declared_charsets_are_seen_through(
    charset: str, declared: str | None, text: str
) -> None:
    written = document(text, declared)
    assert to_text(written.encode(charset), "text/xml; charset=utf-8") == written


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("kz1048", "Қазақстан Президенті Астанада кездесу өткізді"),
        ("gb18030", "中国新闻社消息，会议在北京举行"),
        ("shift_jis", "日本のニュース速報です"),
        ("iso-2022-jp", "日本のニュース速報です"),
        ("euc-kr", "한국 뉴스 속보"),
        ("windows-1253", "Ελληνικά νέα"),
        ("windows-1256", "أخبار العالم العربي"),
        ("windows-1254", "Türkiye'nin ajansı İstanbul"),
        ("iso-8859-2", "Zażółć gęślą jaźń"),
        ("windows-1252", "Café – “naïve”"),
    ],
)
def test_a_declared_charset_that_fits_is_believed(charset: str, text: str) -> None:
    assert text in to_text(document(text, charset).encode(charset))
    assert text in to_text(document(text, None).encode(charset), f"text/xml;charset={charset}")


def test_surrogates_written_as_utf8_are_the_character_they_mean() -> None:
    body = document(TEXTS["bg"] + "|", None).encode()
    joined = body.replace(b"|", b"\xed\xa0\xbd\xed\xb8\x80")
    assert to_text(joined) == document(TEXTS["bg"] + "\U0001f600", None)
    assert to_text(body.replace(b"|", b"\xed\xa0\xbd")) == document(TEXTS["bg"] + "\ufffd", None)


@pytest.mark.parametrize("bad", [b"\x98", b"\xc0\x80", b"\xf5\x80\x80\x80"])
def test_a_few_bad_bytes_spoil_no_other_character(bad: bytes) -> None:
    body = document(TEXTS["bg"], None).encode().replace("Варна".encode(), bad + "Варна".encode())
    expected = document(TEXTS["bg"].replace("Варна", "\ufffd" * len(bad) + "Варна"), None)
    assert to_text(body) == expected


@pytest.mark.parametrize(("most", "one"), [("utf-8", "windows-1251"), ("windows-1251", "utf-8")])
def test_of_two_charsets_in_one_body_each_passage_is_read_in_its_own(most: str, one: str) -> None:
    parts = [f"<item>{TEXTS['bg']} {number}</item>" for number in range(8)]
    body = b"".join(part.encode(one if n == 3 else most) for n, part in enumerate(parts))
    assert to_text(body) == "".join(parts)


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"\xfe\xff", b"\xff\xfe\0", b"\x00<", bytes(range(256))]
)
def test_never_fails(body: bytes) -> None:
    assert isinstance(to_text(body, "text/xml; charset=\xff"), str)
