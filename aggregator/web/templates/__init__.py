"""The Jinja2 templates, with the filters and globals they use.

Everything is escaped, no page has a script, and only addresses that pass `safe.address` become links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache, partial

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator import provenance
from aggregator.config import Settings
from aggregator.model import Agency, Story
from aggregator.provenance import Appearance
from aggregator.syndicate import safe
from aggregator.syndicate.document import Rendered
from aggregator.web.response import DocumentResponse, Header

_CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", _CONTENT_SECURITY_POLICY),
    (b"referrer-policy", b"no-referrer"),
)


class Templates:
    """Renders a template with its values into a response. May be called from any thread."""

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
            "kind": provenance.kind_in_words,
            "credit": partial(
                _credit, agencies={agency.id: agency for agency in settings.agencies}
            ),
            "lag": provenance.lag_in_words,
            "language": language_name,
            "lang": safe.language,
            "duration": format_duration,
            "utc": provenance.day_and_time,
        }
        self._environment.globals |= {
            "site": settings.output.title,
            "copies": provenance.tree,
            "credits_of": provenance.credits_of,
            "remarks": provenance.remarks,
        }

    def page(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        status: int = 200,
        headers: Iterable[Header] = (),
    ) -> DocumentResponse:
        """A page as a response, with security headers."""
        body = self._environment.get_template(template).render(values).encode("utf-8", "replace")
        rendered = Rendered.of(template, body, media_type="text/html; charset=utf-8")
        return DocumentResponse(rendered, status=status, headers=(*SECURITY_HEADERS, *headers))


def plain_response(
    body: bytes, media_type: str, *, status: int = 200, headers: Iterable[Header] = ()
) -> DocumentResponse:
    """A response for programs: JSON, metrics, OPML, an error in a sentence."""
    return DocumentResponse(
        Rendered.of("", body, media_type=media_type), status=status, headers=headers
    )


def _credit(copy: Appearance, story: Story, *, agencies: Mapping[str, Agency]) -> str:
    return provenance.credit_in_words(copy, story, agencies)


def format_duration(duration: timedelta) -> str:
    """A duration for people: "90 s", "15 min", "2 h", "1 d"."""
    seconds = round(duration.total_seconds())
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
