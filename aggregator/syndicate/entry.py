"""A story as an entry of a merged feed, the same for every format.

The HTML content is the text of the item that is preferred, the origin's headline where that is another, then
every item of the story below the one it was taken from, with agency, language, time, address, kind, lag and
credit, then the stories it is related to.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape

from aggregator import provenance
from aggregator.model import Agency, Enclosure, Item, Kind, Related, Story
from aggregator.preference import original, preferred
from aggregator.provenance import Appearance
from aggregator.syndicate import safe
from aggregator.syndicate.document import MergedDocument

SUMMARY_CHARACTERS = 400
UNKNOWN_TYPE = "application/octet-stream"  # RFC 2046, section 4.5.1


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedLink:
    """Another item of the story, for `link rel="related"`."""

    url: str
    title: str  # "Kazinform: its headline"
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """A story as an entry, ready to be written in a format. `story` is led by the item that is shown.

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
    origin: str  # the agency's name
    feed_title: str
    feed_url: str | None  # None when the lead's feed is no longer configured
    published_at: datetime
    updated_at: datetime
    others: tuple[RelatedLink, ...]  # every item but the lead that has an address
    enclosures: tuple[Enclosure, ...] = ()  # of the lead; each has a media type


def entry_id(story_id: str) -> str:
    """The lasting id of a story's entry, the same in every format.

    It must survive a change of `output.base_url` and of the lead, so no address can be part of it, nor
    a `tag:` URI, whose authority would have to be a domain of the operator (RFC 4151). The W3C validator accepts
    this URN, and its last part is the story's id, which every command takes.
    """
    return f"urn:x-aggregator:story:{story_id}"


def entries(document: MergedDocument, agencies: Mapping[str, Agency]) -> tuple[StoryEntry, ...]:
    """An entry for each story of the document, in its order."""
    return tuple(entry_of(story, document, agencies) for story in document.stories)


def entry_of(story: Story, document: MergedDocument, agencies: Mapping[str, Agency]) -> StoryEntry:
    """One story of the document as an entry, shown as the document prefers; the same for every format.

    Which item is shown changes neither id nor dates: no reader is shown the entry anew for it.
    """
    story = preferred(story, document.preference)
    lead, page = story.lead, document.story_url(story.id)
    agency = agencies.get(lead.agency_id)
    name = provenance.agency_name(agencies, lead.agency_id)
    return StoryEntry(
        id=entry_id(story.id),
        story=story,
        title=_title(lead),
        link=safe.address(lead.link) or page,
        page=page,
        html=_content_html(story, document, agencies),
        summary=_summary(lead),
        language=safe.language(lead.language),
        agency=name,
        agency_home=safe.address(agency.home) if agency else None,
        origin=provenance.agency_name(agencies, story.origin_id),
        feed_title=f"{name} ({lead.feed_id})",
        feed_url=safe.address(document.feeds.get(lead.feed_id)),
        published_at=story.published_at,
        updated_at=_distinct_updated_at(story),
        others=tuple(_related_links(story, agencies)),
        enclosures=tuple(_enclosures(lead)),
    )


def _title(item: Item) -> str:
    return " ".join(item.title.split()) or "(no headline)"


def _summary(item: Item) -> str:
    words = " ".join(item.text.split())
    if len(words) <= SUMMARY_CHARACTERS:
        return words or _title(item)
    return words[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _distinct_updated_at(story: Story) -> datetime:
    """The time of the last correction, its fraction of a second taken from the story's id.

    Stories of one poll change in the same instant, and the W3C validator warns of two entries with the
    same atom:updated. Nothing is lost: feeds give times to the second.
    """
    microsecond = zlib.crc32(story.id.encode()) % 1_000_000
    return provenance.updated_at(story).replace(microsecond=microsecond)


def _enclosures(lead: Item) -> Iterator[Enclosure]:
    """The lead's files as every format can carry them: RSS and JSON Feed demand a media type."""
    for file in lead.enclosures:
        url = safe.address(file.url)
        if url:
            yield replace(file, url=url, media_type=file.media_type or UNKNOWN_TYPE)


def _related_links(story: Story, agencies: Mapping[str, Agency]) -> Iterator[RelatedLink]:
    for member in story.members:
        item, url = member.item, safe.address(member.item.link)
        if url and item.id != story.lead_id:
            name = provenance.agency_name(agencies, item.agency_id)
            yield RelatedLink(
                url=url, title=f"{name}: {_title(item)}", language=safe.language(item.language)
            )


def _content_html(story: Story, document: MergedDocument, agencies: Mapping[str, Agency]) -> str:
    parts = [
        _lead_html(story.lead),
        _original_html(story, agencies),
        f"<hr><p><strong>{escape(provenance.summary_line(story, agencies))}</strong></p>",
        _tree_html(provenance.tree(story), story, agencies),
    ]
    if story.related:
        parts += ["<p>Related, not merged:</p><ul>"]
        parts += [_related_html(related, document, agencies) for related in story.related]
        parts += ["</ul>"]
    parts.append(_page_html(story, document))
    return "".join(parts)


def _original_html(story: Story, agencies: Mapping[str, Agency]) -> str:
    """The headline under which the origin reported what is shown from another item; "" where it is its own."""
    item = original(story)
    if item is None:
        return ""
    name = escape(provenance.item_in_words(item, agencies))
    return f"<p>Original, {name}: {_title_html(item)}</p>"


def _page_html(story: Story, document: MergedDocument) -> str:
    """Where the story is explained, and where a person can part it."""
    page = escape(document.story_url(story.id))
    why = f'<a href="{page}">Why these are one story</a>'
    if len(story.members) == 1:
        return f"<p>{why}</p>"
    return f'<p>{why} · <a href="{page}#decide">Wrongly merged? Say so</a></p>'


def _tree_html(tree: Sequence[Appearance], story: Story, agencies: Mapping[str, Agency]) -> str:
    """The items, each in a list below the one it was taken from."""
    parts, depth = ["<ul>"], 0
    for at, appearance in enumerate(tree):
        if appearance.depth > depth:
            parts.append("<ul>")
        elif at:
            parts.append("</li>" + "</ul></li>" * (depth - appearance.depth))
        depth = appearance.depth
        parts.append(f"<li>{_appearance_html(appearance, story, agencies)}")
    parts.append("</li>" + "</ul></li>" * depth + "</ul>")
    return "".join(parts)


def _lead_html(lead: Item) -> str:
    body = safe.markup(lead.html) if lead.html else ""
    if not body.strip():
        body = "".join(
            f"<p>{escape(block)}</p>" for block in lead.text.split("\n\n") if block.strip()
        )
    return f"<div{_lang_attribute(lead.language)}>{body}</div>" if body else ""


def _appearance_html(appearance: Appearance, story: Story, agencies: Mapping[str, Agency]) -> str:
    item = appearance.item
    name = escape(provenance.item_in_words(item, agencies))
    said = "".join(f", {escape(remark)}" for remark in _remarks(appearance, story, agencies))
    return f"{name}, {_time_html(item.reported_at)}{said}: {_title_html(item)}"


def _remarks(appearance: Appearance, story: Story, agencies: Mapping[str, Agency]) -> list[str]:
    """What is noted beside agency, language and time: lag, kind, credit, corrections, lead."""
    noted = []
    if appearance.known_lag is not None:
        noted.append(provenance.lag_in_words(appearance.known_lag))
    if appearance.match and appearance.parent:
        parent = provenance.item_in_words(appearance.parent, agencies)
        kind = provenance.kind_in_words(appearance)
        joins = "with" if appearance.kind is Kind.MANUAL else "of"
        noted.append(f"{kind} {joins} {parent} ({appearance.match.score:.2f})")
    noted.append(provenance.credit_in_words(appearance, story, agencies))
    noted += [provenance.decision_in_words(appearance), *provenance.remarks(appearance, story)]
    if appearance.item.id == story.lead_id and len(story.members) > 1:
        noted.append("shown above")
    return [remark for remark in noted if remark]


def _title_html(item: Item) -> str:
    title, link = escape(_title(item)), safe.address(item.link)
    if not link:
        return f"<span{_lang_attribute(item.language)}>{title}</span>"
    code = safe.language(item.language)
    hreflang = f' hreflang="{code}"' if code else ""
    return f'<a href="{escape(link)}"{hreflang}{_lang_attribute(item.language)}>{title}</a>'


def _related_html(
    related: Related, document: MergedDocument, agencies: Mapping[str, Agency]
) -> str:
    page = escape(document.story_url(related.story_id))
    agency = escape(provenance.agency_name(agencies, related.agency_id))
    reason = escape(related.match.evidence.reason)
    at = _time_html(related.reported_at)
    return f'<li>{agency}, {at}: <a href="{page}">{escape(related.title)}</a>. {reason}</li>'


def _lang_attribute(language: str | None) -> str:
    code = safe.language(language)
    return f' lang="{code}"' if code else ""


def _time_html(at: datetime) -> str:
    shown = at.astimezone(UTC).strftime("%-d %b %Y %H:%M UTC")
    return f'<time datetime="{provenance.rfc3339(at)}">{shown}</time>'
