"""The names we go by at servers: honest ones, which say what the program is and whom to ask. Pure.

robots.txt addresses us by the product token `aggregator` under each of them (RFC 9309, section 2.2.1).
"""

from __future__ import annotations

from aggregator import __version__
from aggregator.config import FetchSettings

_PRODUCT = f"aggregator/{__version__}"


def user_agent(settings: FetchSettings, own_name: str = "") -> str:
    """The name a feed is asked under: its own, else that of `fetch`, else `usual_name`."""
    return own_name or settings.user_agent or usual_name(settings)


def usual_name(settings: FetchSettings) -> str:
    """The form that search engines use (RFC 9110, section 10.1.5): several agencies refuse a bare product."""
    contact = f"; +{settings.contact}" if settings.contact else ""
    return f"Mozilla/5.0 (compatible; {_PRODUCT}{contact})"


def other_name(settings: FetchSettings, own_name: str = "") -> str:
    """Another honest name, to see whether a server refuses the one a feed is asked under."""
    usual = usual_name(settings)
    if user_agent(settings, own_name) != usual:
        return usual
    return f"{_PRODUCT} (+{settings.contact})" if settings.contact else _PRODUCT
