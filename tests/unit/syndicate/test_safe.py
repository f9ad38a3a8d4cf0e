"""What may leave the house."""

import pytest

from aggregator.syndicate import safe


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://bta.example/bg/1", "https://bta.example/bg/1"),
        ("  http://bta.example:8080/a?b=c#d ", "http://bta.example:8080/a?b=c#d"),
        ("HTTPS://bta.example/", "https://bta.example/"),
        ("https://bta.example/новини", "https://bta.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"),
        ("https://новини.example:81/x", "https://xn--b1amarcd.example:81/x"),
        ("https://bta.example/a%20b", "https://bta.example/a%20b"),
        ('https://bta.example/"><script>', "https://bta.example/%22%3E%3Cscript%3E"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_an_address_is_absolute_and_in_ascii(given: str, expected: str) -> None:
    assert safe.address(given) == expected


@pytest.mark.parametrize("user", ["desk:secret", "desk", "a%40b:c", "a@b"])
def test_the_name_and_password_of_a_feed_are_not_published(user: str) -> None:
    assert safe.address(f"https://{user}@bta.example:8443/1") == "https://bta.example:8443/1"


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "/bg/1",
        "//bta.example/1",
        "javascript:alert(1)",
        " jAvAsCrIpT:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "http://[::1",
        "https://bta.example:port/",
        "https://" + "я" * 70 + ".example/",
    ],
)
def test_no_other_address_leaves(given: str | None) -> None:
    assert safe.address(given) is None


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)'>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='https://elsewhere.example'></iframe>",
        "<form action='https://elsewhere.example'><input name=a></form>",
        "<p style='position:fixed'>x</p>",
        "<img src='data:image/svg+xml,x' onerror='alert(1)'>",
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    ],
)
def test_no_active_content_leaves(html: str) -> None:
    cleaned = safe.markup(html).lower()

    for forbidden in ("script", "onclick", "onerror", "iframe", "form", "style", "data:", "svg"):
        assert forbidden not in cleaned


@pytest.mark.parametrize("html", ["<a href='/bg/2'>x</a>", "<img src='pic.jpg'>"])
def test_no_relative_address_leaves_in_markup(html: str) -> None:
    assert "href" not in safe.markup(html)
    assert "src" not in safe.markup(html)


def test_unclosed_markup_is_closed_so_that_it_swallows_nothing() -> None:
    assert safe.markup("<blockquote><b>open") == "<blockquote><b>open</b></blockquote>"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("bg", "bg"), ("KK", "kk"), ("zh_Hans", "zh-Hans"), ("en-GB", "en-GB")],
)
def test_a_known_language_is_a_tag(given: str, expected: str) -> None:
    assert safe.language(given) == expected


@pytest.mark.parametrize("given", [None, "", "und", "zz", "english", "en-<b>"])
def test_an_unknown_language_is_left_out(given: str | None) -> None:
    assert safe.language(given) is None


def test_characters_that_xml_cannot_carry_are_dropped_and_their_neighbours_stay() -> None:
    assert safe.encode("Ж\x00\x0bъ\x9f\ufffe\ud800ж\n\t😀\ufffd") == "Жъж\n\t😀?".encode()


def test_markup_with_half_a_character_loses_just_that() -> None:
    assert safe.markup("<p>a\ud800b\x00c</p>") == "<p>abc</p>"
