"""What every page is made with: the store, the settings, the templates, the clock, and who compares and decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from starlette.types import Scope

from aggregator.config import Settings
from aggregator.filters import Known
from aggregator.i18n import SOURCE, Translator, negotiate
from aggregator.model import Agency, Match
from aggregator.store.store import Store
from aggregator.web.access.forms import DecisionRequest
from aggregator.web.templates import Templates

Explain = Callable[[str, str], Match]
Decide = Callable[[DecisionRequest], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of the pages. `explain` compares two items, given by id, in full; None where nothing does.

    `form_token` stands in the forms; None where nothing can be decided on pages.
    """

    store: Store
    settings: Settings
    templates: Templates
    clock: Callable[[], datetime]
    explain: Explain | None
    form_token: str | None
    known: Known
    agencies: dict[str, Agency]

    @classmethod
    def of(
        cls,
        store: Store,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        explain: Explain | None,
        form_token: str | None = None,
    ) -> Site:
        """The parts, with what follows from the settings."""
        return cls(
            store=store,
            settings=settings,
            templates=Templates(settings, form_token=form_token),
            clock=clock,
            explain=explain,
            form_token=form_token,
            known=Known.of(settings),
            agencies={agency.id: agency for agency in settings.agencies},
        )

    def language_for(self, scope: Scope) -> str:
        """The language in which the interface speaks to a request: the configured one, or what it asks for."""
        if self.settings.server.language:
            return self.settings.server.language
        for name, value in scope["headers"]:
            if name == b"accept-language":
                return negotiate(value.decode("latin-1"))
        return SOURCE


def root_of(settings: Settings) -> str:
    """The path below which the site stands, "" or as in "/wire": that of `output.base_url`."""
    return urlsplit(settings.output.base_url).path.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request for a page: its parameters, and the language the interface speaks to whoever asks."""

    path: dict[str, str]  # what stands for the names in the route
    query: tuple[tuple[str, str], ...]
    speech: Translator
