"""The templates, and the words they may use beside their values.

Everything is escaped, no page holds a script, and only addresses that pass `safe.address` become links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator import provenance
from aggregator.config import Settings
from aggregator.model import Kind
from aggregator.syndicate import safe
from aggregator.syndicate.document import Rendered
from aggregator.web.response import Answer, Header

_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
SECURITY: tuple[Header, ...] = (
    (b"content-security-policy", _POLICY),
    (b"referrer-policy", b"no-referrer"),
)
_KINDS = MappingProxyType(
    {
        Kind.IDENTICAL: "identical",
        Kind.NEAR: "edited copy",
        Kind.EXCERPT: "excerpt",
        Kind.TRANSLATION: "translation",
        Kind.REVISION: "later version",
        Kind.RELATED: "related",
        Kind.MANUAL: "joined by a person",
    }
)


class Templates:
    """Turns a template and its values into an answer. May be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        self._environment = Environment(
            loader=PackageLoader("aggregator.web.templates", ""),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        names = {agency.id: agency.name for agency in settings.agencies}
        self._environment.filters |= {
            "address": safe.address,
            "agency": lambda agency_id: names.get(agency_id, agency_id),
            "iso": provenance.rfc3339,
            "kind": _KINDS.__getitem__,
            "lag": provenance.lag_in_words,
            "language": language_name,
            "lang": safe.language,
            "span": span_in_words,
            "utc": utc,
        }
        self._environment.globals |= {
            "site": settings.output.title,
            "copies": provenance.appearances,
        }

    def page(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        status: int = 200,
        headers: Iterable[Header] = (),
    ) -> Answer:
        """A page as an answer, with the headers that keep it harmless."""
        body = self._environment.get_template(template).render(values).encode("utf-8", "replace")
        rendered = Rendered.of(template, body, media_type="text/html; charset=utf-8")
        return Answer(rendered, status=status, headers=(*SECURITY, *headers))


def plain(
    body: bytes, media_type: str, *, status: int = 200, headers: Iterable[Header] = ()
) -> Answer:
    """An answer for programs: JSON, metrics, OPML, an error in a sentence."""
    return Answer(Rendered.of("", body, media_type=media_type), status=status, headers=headers)


def utc(at: datetime) -> str:
    """A time for people: "24 Nov 2026, 05:10 UTC"."""
    return at.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


def span_in_words(span: timedelta) -> str:
    """A duration for people: "90 s", "15 min", "2 h", "1 d"."""
    seconds = round(span.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{round(seconds / 60)} min" if seconds > 120 else f"{seconds} s"


@lru_cache(maxsize=512)
def language_name(code: str | None) -> str:
    """A language's English name, or its code when it has none."""
    if not code or code == "und":
        return "language unknown"
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
