"""What every format has in common: an entry's raw strings become a safe `ParsedItem`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from aggregator.ingest.parse.characters import remove_invalid
from aggregator.ingest.parse.enclosures import (
    RawEnclosure,
    clean_enclosures,
    name_without_words,
)
from aggregator.ingest.parse.html import (
    clean_html,
    clean_line,
    html_to_text,
    looks_like_markup,
    plain_text,
    text_to_html,
)
from aggregator.ingest.parse.title import Writing, clean_title
from aggregator.model import ParsedItem

# Set by hand: each far above what agencies send, and what bounds the cost of one entry.
_MAX_NAMES = 50
_MAX_NAME_LENGTH = 200
_MAX_GUID_LENGTH = 4096
_MAX_BODIES = 8
_MAX_BODY_LENGTH = 400_000  # characters of markup; what is longer is no report
_MAX_RAW_TITLE_LENGTH = 20_000
_DERIVED_TITLE_LENGTH = 120  # set by hand: a headline's length
_WHOLE_OVER_SUMMARY = 1.5  # characters of the whole text over those of the summary beside it
_LEAST_WHOLE = 200  # characters of a report of a few sentences
_CLOSING = " \n\"'”»)]"  # marks that may stand behind the last word
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]|$)")
_NO_LANGUAGES = {"und", "mul", "mis", "zxx"}  # ISO 639-2: undetermined, several, not coded, none
# Codes of countries that agencies write where a language belongs.
_MISTAKEN_LANGUAGES = {"kz": "kk", "ua": "uk", "cn": "zh", "jp": "ja", "cz": "cs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBody:
    """One of the bodies an entry carries. `is_markup` is None where the format does not say."""

    text: str
    base: str
    is_markup: bool | None = None
    is_content: bool = False  # in an element for the whole text, not one for a summary


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An entry as its format gave it: raw strings, but times read and `link` absolute already."""

    guid: str | None
    link: str | None
    title: str
    writing: Writing = Writing.HTML  # of the title
    bodies: Iterable[RawBody] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: Iterable[str] = ()
    categories: Iterable[str] = ()
    language: str | None = None  # what the entry says itself
    enclosures: Iterable[RawEnclosure] = ()
    base: str = ""  # that addresses of enclosures are relative to


def parsed_item(entry: RawEntry) -> ParsedItem | None:
    """The entry made safe, with the longest of its bodies; None when it has nothing to show or lead to.

    An entry without a time of publication goes by that of its update, one without a title takes the
    beginning of its text for one, one without words the name of its file or its address.
    """
    bodies = _cleaned_bodies(entry.bodies)
    html, text, _ = max(bodies, key=lambda body: len(body.text), default=_NO_BODY)
    enclosures = clean_enclosures(entry.enclosures, base=entry.base)
    title = clean_title(entry.title[:_MAX_RAW_TITLE_LENGTH], entry.writing) or _beginning(text)
    title = title or name_without_words(enclosures, html, entry.link)
    if not title:
        return None
    return ParsedItem(
        guid=remove_invalid(entry.guid or "").strip()[:_MAX_GUID_LENGTH] or None,
        link=entry.link,
        title=title,
        html=html,
        text=text,
        is_whole=_has_whole_text(bodies),
        published_at=entry.published_at or entry.updated_at,
        updated_at=entry.updated_at,
        authors=names(entry.authors),
        categories=names(entry.categories),
        language=entry.language,
        enclosures=enclosures,
    )


def names(raw: Iterable[str]) -> tuple[str, ...]:
    """Names as plain lines, each once, in their order."""
    cleaned = (
        clean_line(name[:_MAX_RAW_TITLE_LENGTH], limit=_MAX_NAME_LENGTH)
        for name in islice(raw, 10 * _MAX_NAMES)
    )
    return tuple(dict.fromkeys(name for name in cleaned if name))[:_MAX_NAMES]


def language(raw: str | None) -> str | None:
    """The language of a tag such as `bg-BG`, in lower case; None when it is no tag."""
    found = _LANGUAGE.match((raw or "").strip())
    if found is None:
        return None
    code = found[1].lower()
    if code in _NO_LANGUAGES:
        return None
    return _MISTAKEN_LANGUAGES.get(code, code)


class _Body(NamedTuple):
    """A body as markup and as text."""

    html: str
    text: str
    is_content: bool


_NO_BODY = _Body("", "", is_content=False)


def _cleaned_bodies(bodies: Iterable[RawBody]) -> list[_Body]:
    """The bodies of an entry, each text once."""
    found: list[_Body] = []
    seen = set[str]()
    for body in bodies:
        if body.text and body.text not in seen and len(seen) < _MAX_BODIES:
            seen.add(body.text)
            html, text = _cleaned(body)
            found.append(_Body(html, text, body.is_content))
    return found


def _has_whole_text(bodies: Sequence[_Body]) -> bool:
    """Whether a feed gives the whole text beside a summary of it.

    Many put a summary into the element for the whole text: only one that is much longer than what
    stands in the element for the summary is believed.
    """
    summaries = [len(body.text) for body in bodies if not body.is_content and body.text]
    contents = [body.text for body in bodies if body.is_content]
    longest = max(contents, key=len, default="")
    least = max(_LEAST_WHOLE, _WHOLE_OVER_SUMMARY * max(summaries, default=0))
    is_longer = bool(summaries) and len(longest) >= least
    return is_longer and not longest.rstrip(_CLOSING).endswith(("…", "..."))


def _cleaned(body: RawBody) -> tuple[str, str]:
    raw, is_markup = _cut(body.text), body.is_markup
    if is_markup is None:
        is_markup = looks_like_markup(raw)
    if not is_markup:
        text = plain_text(raw)
        return text_to_html(text), text
    html = clean_html(raw, base=body.base)
    return html, html_to_text(html)


def _cut(text: str) -> str:
    if len(text) <= _MAX_BODY_LENGTH:
        return text
    return text[:_MAX_BODY_LENGTH].rpartition(" ")[0] + " …"


def _beginning(text: str) -> str:
    line = text.split("\n", 1)[0]
    if len(line) <= _DERIVED_TITLE_LENGTH:
        return line
    return line[:_DERIVED_TITLE_LENGTH].rpartition(" ")[0] + " …"
