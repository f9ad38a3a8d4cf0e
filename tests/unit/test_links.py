"""One page in its many addresses."""

from __future__ import annotations

import pytest

from aggregator.links import is_address, link_key, normal_link, spellings, usual_forms

PAGE = "https://www.wire.example/news/1"


@pytest.mark.parametrize(
    "same",
    [
        "http://wire.example/news/1",
        "https://wire.example/news/1/",
        "HTTPS://WWW.Wire.Example/news/1",
        "https://wire.example./news/1",
        "https://wire.example:443/news/1?",
        "https://wire.example/news/1?utm_source=rss&utm_medium=top",
        "https://wire.example/news/1?fbclid=a&gclid=b&_gl=c&srsltid=d&wbraid=e",
        "https://wire.example/news/1?at_medium=RSS&at_campaign=KARANGA&xtor=RSS-1",
        "https://wire.example/news/1#utm_source=telegram&utm_campaign=morning",
        "https://wire.example/news/1#xtor=RSS-12",
        "https://wire.example/news/1#Echobox=1763990000",
        "https://wire.example/news/1#:~:text=the%20bridge",
        "https://wire.example/news/1#",
    ],
)
def test_what_sites_and_readers_add_makes_no_other_page(same: str) -> None:
    assert normal_link(same) == normal_link(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://wire.example/news/11",
        "https://wire.example/News/1",
        "https://m.wire.example/news/1",
        "https://wire.example:8443/news/1",
        "https://wire.example/news/1?page=2",
        "https://wire.example/news/1?id=5",
        "https://wire.example/news/1?at_time=1",
        "https://wire.example/news/1#post-5",
        "https://wire.example/news/1#utm_source=x&post=5",
        "https://wire.example/news%2F1",
    ],
)
def test_what_may_tell_pages_apart_stays(other: str) -> None:
    assert normal_link(other) != normal_link(PAGE)


def test_a_name_in_another_alphabet_is_its_ascii_form() -> None:
    ascii_form = "https://xn--b1amarcd.example/%D0%BC%D0%BE%D1%81%D1%82?q=%D0%B0"
    assert normal_link("https://новини.example/мост?q=а") == normal_link(ascii_form)


def test_a_home_page_has_no_key_and_a_long_address_a_short_one() -> None:
    assert link_key("https://wire.example/") is None
    assert link_key(None) is None
    assert link_key(PAGE) == "link:http://wire.example/news/1"
    assert len(link_key(PAGE + "x" * 300) or "") == len("link:") + 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, True),
        (f"  {PAGE}\n", True),
        ("//wire.example/news/1", True),
        ("wire.example/news/1", True),
        ("новини.example/мост", True),
        ("wire.example:8080/", True),
        ("wire.example", False),
        ("bridge and/or tunnel", False),
        ("and/or", False),
        ("24.11/25.11", False),
        ("1.5/2", False),
        ("q7w2hx4kz5n3m6pt", False),
        ("tag:wire.example,2026:1", False),
        ("ftp://wire.example/1", False),
        ("https://wire.example/a b", False),
        ("", False),
    ],
)
def test_an_address_is_told_from_words(text: str, expected: bool) -> None:
    assert is_address(text) is expected
    assert bool(spellings(text)) is expected


def test_a_page_is_looked_for_as_it_is_given_and_then_without_its_fragment() -> None:
    assert spellings(f"{PAGE}#comments") == (f"{PAGE}#comments", PAGE)
    assert spellings("wire.example/%d0%bc#a") == (
        "http://wire.example/%d0%bc#a",
        "http://wire.example/%D0%BC#a",
        "http://wire.example/%d0%bc",
        "http://wire.example/%D0%BC",
    )


def test_letters_of_any_alphabet_are_looked_for_as_sites_write_them() -> None:
    found = {normal_link(spelling) for spelling in spellings("https://wire.example/мо")}
    assert found == {
        "http://wire.example/%D0%BC%D0%BE",
        "http://wire.example/%d0%bc%d0%be",
    }


def test_the_usual_forms_of_a_page_compare_as_one() -> None:
    forms = usual_forms(f"{PAGE}?id=2&utm_source=x#p")
    assert len(set(forms)) == 8
    assert {normal_link(form) for form in forms} == {"http://wire.example/news/1?id=2#p"}
    assert "https://www.wire.example/news/1/?id=2#p" in forms
