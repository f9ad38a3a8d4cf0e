"""A story as an entry of a feed, before it is written in any format.

The HTML content is the lead's own, then a section that names every item of the story with agency,
language, time, address, kind, lag and credit, then the stories it is related to.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from aggregator import provenance
from aggregator.model import Agency, Item, Related, Story
from aggregator.provenance import Copy
from aggregator.syndicate import safe
from aggregator.syndicate.document import Document

SUMMARY_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where another item of the story is to be read, for `link rel="related"`."""

    url: str
    title: str  # "Kazinform: its headline"
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A story, ready to be written.

    Addresses are absolute http(s) in ASCII; `html` has no active content; `updated_at` is never before
    `published_at`, and no two entries of a document are likely to share it.
    """

    id: str
    story: Story
    title: str
    link: str
    page: str  # the story's own page
    html: str
    summary: str  # plain text
    language: str | None
    agency: str
    agency_home: str | None
    feed_title: str
    feed_url: str | None  # None when the lead's feed is no longer configured
    published_at: datetime
    updated_at: datetime
    others: tuple[Pointer, ...]  # every item but the lead that has an address


def entry_id(story_id: str) -> str:
    """The lasting id of a story's entry, the same in every format.

    It must outlive a change of `output.base_url` and of the lead, so no address can be part of it, nor
    a `tag:` URI, whose authority would have to be a name we own (RFC 4151). This URN is what the W3C
    validator takes as valid, and whoever reads it can paste the story's id into the command line.
    """
    return f"urn:x-aggregator:story:{story_id}"


def entries(document: Document, agencies: Mapping[str, Agency]) -> tuple[Entry, ...]:
    """An entry for each story of the document, in its order."""
    return tuple(entry_of(story, document, agencies) for story in document.stories)


def entry_of(story: Story, document: Document, agencies: Mapping[str, Agency]) -> Entry:
    """One story of the document as an entry; the same for every format."""
    lead, page = story.lead, document.story_url(story.id)
    copies = provenance.copies(story)
    agency = agencies.get(lead.agency_id)
    name = provenance.agency_name(agencies, lead.agency_id)
    return Entry(
        id=entry_id(story.id),
        story=story,
        title=_title(lead),
        link=safe.address(lead.link) or page,
        page=page,
        html=_html(story, copies, document, agencies),
        summary=_summary(lead),
        language=safe.language(lead.language),
        agency=name,
        agency_home=safe.address(agency.home) if agency else None,
        feed_title=f"{name} ({lead.feed_id})",
        feed_url=safe.address(document.feeds.get(lead.feed_id)),
        published_at=provenance.published_at(story),
        updated_at=_told_apart(story),
        others=tuple(_pointers(story, agencies)),
    )


def _title(item: Item) -> str:
    return " ".join(item.title.split()) or "(no headline)"


def _summary(item: Item) -> str:
    words = " ".join(item.text.split())
    if len(words) <= SUMMARY_CHARACTERS:
        return words or _title(item)
    return words[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _told_apart(story: Story) -> datetime:
    """The time of the last correction, its fraction of a second taken from the story's id.

    Stories of one poll change in the same instant, and the W3C validator warns of two entries with the
    same atom:updated. Nothing is lost: no feed tells time finer than a second.
    """
    microsecond = zlib.crc32(story.id.encode()) % 1_000_000
    return provenance.updated_at(story).replace(microsecond=microsecond)


def _pointers(story: Story, agencies: Mapping[str, Agency]) -> Iterator[Pointer]:
    for member in story.members:
        item, url = member.item, safe.address(member.item.link)
        if url and item.id != story.lead_id:
            name = provenance.agency_name(agencies, item.agency_id)
            yield Pointer(
                url=url, title=f"{name}: {_title(item)}", language=safe.language(item.language)
            )


def _html(
    story: Story, copies: tuple[Copy, ...], document: Document, agencies: Mapping[str, Agency]
) -> str:
    parts = [
        _body(story.lead),
        f"<hr><p><strong>{escape(provenance.headline(story, agencies))}</strong></p>",
        "<ul>",
        *(_told(copy, story, agencies) for copy in copies),
        "</ul>",
    ]
    if story.related:
        parts += ["<p>Related, not merged:</p><ul>"]
        parts += [_related(related, document) for related in story.related]
        parts += ["</ul>"]
    page = escape(document.story_url(story.id))
    parts.append(f'<p><a href="{page}">Why these are one story</a></p>')
    return "".join(parts)


def _body(lead: Item) -> str:
    body = safe.markup(lead.html) if lead.html else ""
    if not body.strip():
        body = "".join(
            f"<p>{escape(block)}</p>" for block in lead.text.split("\n\n") if block.strip()
        )
    return f"<div{_lang(lead.language)}>{body}</div>" if body else ""


def _told(copy: Copy, story: Story, agencies: Mapping[str, Agency]) -> str:
    item = copy.item
    name = escape(provenance.agency_name(agencies, item.agency_id))
    language = f" ({escape(item.language)})" if item.language else ""
    remarks = "".join(f", {remark}" for remark in _remarks(copy, story))
    return f"<li>{name}{language}, {_time(item.reported_at)}{remarks}: {_linked(item)}</li>"


def _remarks(copy: Copy, story: Story) -> list[str]:
    """What there is to say of a copy beside where and when: lag, kind, credit, lead."""
    remarks = []
    if copy.match:
        remarks += [
            provenance.lag_in_words(copy.lag),
            f"{copy.match.kind} ({copy.match.score:.2f})",
        ]
    if copy.credited is not None:
        remarks.append("credited" if copy.credited else "not credited")
    if copy.item.id == story.lead_id and len(story.members) > 1:
        remarks.append("shown above")
    return remarks


def _linked(item: Item) -> str:
    title, link = escape(_title(item)), safe.address(item.link)
    if not link:
        return f"<span{_lang(item.language)}>{title}</span>"
    code = safe.language(item.language)
    hreflang = f' hreflang="{code}"' if code else ""
    return f'<a href="{escape(link)}"{hreflang}{_lang(item.language)}>{title}</a>'


def _related(related: Related, document: Document) -> str:
    page = escape(document.story_url(related.story_id))
    reason = escape(related.match.evidence.reason)
    return f'<li><a href="{page}">{escape(related.title)}</a>: {reason}</li>'


def _lang(language: str | None) -> str:
    code = safe.language(language)
    return f' lang="{code}"' if code else ""


def _time(at: datetime) -> str:
    shown = at.astimezone(UTC).strftime("%-d %b %Y %H:%M UTC")
    return f'<time datetime="{provenance.rfc3339(at)}">{shown}</time>'
