"""The Jinja2 templates, with the filters and globals they use, one environment a language of the interface.

Everything is escaped, no page has a script but those of /static, and only addresses that pass `safe.address`
become links. What a page says of itself stands in `_("…")`, `ngettext(…)` or `{% trans %}` (Jinja's i18n extension).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import cache, partial
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator import provenance
from aggregator.config import Settings
from aggregator.i18n import Translator, translator
from aggregator.syndicate import safe
from aggregator.syndicate.document import Rendered
from aggregator.web.response import DocumentResponse, Header
from aggregator.web.templates import messages

_CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", _CONTENT_SECURITY_POLICY),
    # "no-referrer" would have browsers send "Origin: null" with our own forms (Fetch, 3.2)
    (b"referrer-policy", b"same-origin"),
)


class Templates:
    """Renders a template with its values into a response. May be called from any thread."""

    def __init__(self, settings: Settings, *, form_token: str | None = None) -> None:
        self._settings = settings
        self._form_token = form_token
        self._environment_of = cache(self._environment)

    def page(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        speech: Translator,
        status: int = 200,
        headers: Iterable[Header] = (),
    ) -> DocumentResponse:
        """A page as a response, with security headers."""
        environment = self._environment_of(speech.code)
        body = environment.get_template(template).render(values).encode("utf-8", "replace")
        rendered = Rendered.of(
            template, body, media_type="text/html; charset=utf-8", is_made_on_request=True
        )
        spoken = ((b"content-language", speech.code.encode()), (b"vary", b"Accept-Language"))
        return DocumentResponse(
            rendered, status=status, headers=(*spoken, *SECURITY_HEADERS, *headers)
        )

    def _environment(self, code: str) -> Environment:
        speech = translator(code)
        environment = Environment(
            loader=PackageLoader("aggregator.web.templates", ""),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.policies["ext.i18n.trimmed"] = True
        messages.install(environment, speech)
        settings = self._settings
        agencies = {agency.id: agency for agency in settings.agencies}
        zone = settings.server.timezone or UTC
        environment.filters |= {
            "address": safe.address,
            "agency": lambda agency_id: provenance.agency_name(agencies, agency_id),
            "iso": provenance.rfc3339,
            "kind": partial(provenance.kind_in_words, speech=speech),
            "credit": partial(provenance.credit_in_words, agencies=agencies, speech=speech),
            "decision": partial(provenance.decision_in_words, speech=speech),
            "lag": partial(provenance.lag_in_words, speech=speech),
            "reason": partial(provenance.reason_in_words, speech=speech),
            "language": speech.language,
            "lang": safe.language,
            "duration": speech.duration,
            "number": speech.number,
            "percent": speech.percent,
            "short_day": speech.short_day,
            "time": lambda at: speech.time(at, zone),
            "day": lambda at: speech.day(at, zone),
            "day_and_time": lambda at: speech.day_and_time(at, zone),
        }
        environment.globals |= {
            "site": settings.output.title,
            "zone": settings.server.timezone.key if settings.server.timezone else "",
            "root": urlsplit(settings.output.base_url).path.rstrip("/"),
            "form_token": self._form_token,
            "speech": speech,
            "copies": provenance.tree,
            "credits_of": provenance.credits_of,
            "remarks": partial(provenance.remarks, speech=speech),
            "summary_line": partial(provenance.summary_line, agencies=agencies, speech=speech),
        }
        return environment


def plain_response(
    body: bytes, media_type: str, *, status: int = 200, headers: Iterable[Header] = ()
) -> DocumentResponse:
    """A response for programs: JSON, metrics, OPML, an error in a sentence."""
    return DocumentResponse(
        Rendered.of("", body, media_type=media_type), status=status, headers=headers
    )
