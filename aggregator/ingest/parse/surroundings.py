"""What stands around the article on its page, by the marks of HTML and ARIA: taken out before the text is found. Pure.

    <aside> <dialog> <footer> <nav> <template>, <header> of the page --+
    hidden, aria-hidden="true" ----------------------------------------+--> out
    role="banner", "contentinfo", "navigation", "search" … ------------+
    one of these that holds the article -------------------------------> a plain container

A site may put its whole page into what is marked so: hidden until a script has run, behind a dialog, in an
`<aside>`. `<form>` is not here: trafilatura weighs its words itself, for ASP.NET puts every page into one.

https://html.spec.whatwg.org/multipage/sections.html, https://www.w3.org/TR/wai-aria-1.2/#role_definitions
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml.etree import XPath
from lxml.html import HtmlElement

_TAGS = {"aside", "dialog", "footer", "nav", "template"}
_LANDMARKS = {"banner", "complementary", "contentinfo", "navigation", "search"}
_WINDOWS = {"alert", "alertdialog", "dialog", "menu", "menubar", "status", "toolbar", "tooltip"}
_ROLES = _LANDMARKS | _WINDOWS
_PLACES = {"article", "main"}  # elements and roles by which a page says where its article is
_WITH_HEADERS = _PLACES | {"section"}  # whose headers are not the page's
_SENTENCE = 80  # characters; a place with fewer is empty, or waits for a script. Set by hand
_MOST = 0.75  # of the page's own words; set by hand: all that a site says of itself is less
# A menu is no text, however long: words of links are not counted.
_OWN_WORDS = XPath(".//text()[not(ancestor::a or ancestor::script or ancestor::style)]")


def without_surroundings(page: HtmlElement) -> HtmlElement:
    """A copy of a page, or of a part of one, without what is marked as none of its article."""
    page = deepcopy(page)
    page.tail = None
    marked = [each for each in page.iterdescendants() if is_marked(each)]
    holders = () if _has_place(page, frozenset(marked)) else _holders(page, marked)
    for element in marked:
        if element in holders:
            _unmark(element)
        else:
            element.drop_tree()
    return page


def is_marked(element: HtmlElement) -> bool:
    """Whether an element is marked as none of the article that its page is about."""
    if not isinstance(element.tag, str) or element.tag == "body":
        return False
    return (
        element.tag in _TAGS
        or role(element) in _ROLES
        or element.get("hidden", "until-found").strip().lower() != "until-found"
        or element.get("aria-hidden", "").strip().lower() == "true"
        or _is_header_of_the_page(element)
    )


def role(element: HtmlElement) -> str:
    """The role that an element names first, in small letters; "" for none."""
    return next(iter(element.get("role", "").lower().split()), "")


def _is_header_of_the_page(element: HtmlElement) -> bool:
    return element.tag == "header" and not any(
        around.tag in _WITH_HEADERS for around in element.iterancestors()
    )


def _has_place(page: HtmlElement, marked: frozenset[HtmlElement]) -> bool:
    """Whether a page says, outside of what is marked, where its article is, and something stands there."""
    return any(
        _is_place(each)
        and marked.isdisjoint((each, *each.iterancestors()))
        and _length(each) >= _SENTENCE
        for each in page.iter()
    )


def _is_place(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and not _PLACES.isdisjoint((element.tag, role(element)))


def _holders(page: HtmlElement, marked: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those of the marked in which the article must stand: the page's main part, else most of its words."""
    with_main = [each for each in marked if next(each.iter("main"), None) is not None]
    least = _MOST * _length(page)
    return with_main or [each for each in marked if _length(each) > least]


def _unmark(element: HtmlElement) -> None:
    if element.tag in _TAGS or element.tag == "header":
        element.tag = "div"
    for name in ("hidden", "aria-hidden", "role"):
        element.attrib.pop(name, None)


def _length(element: HtmlElement) -> int:
    """The characters of an element's own words."""
    return sum(len(text.strip()) for text in _OWN_WORDS(element))
