"""Chooses ids and agencies for feeds of which only the address is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from aggregator.config.values import LANGUAGE_OF_COUNTRY
from aggregator.model import Agency, Feed

# Second-level labels below which registries register names, as in agency.co.uk. Chosen by hand: the full list
# (https://publicsuffix.org) is not worth its size, since a wrong guess only costs a less tidy id.
_REGISTRY_LABELS = {"ac", "co", "com", "edu", "gob", "gov", "info", "net", "org", "or"}


def site(url: str) -> str:
    """The registered domain of an address: "inform.kz" of https://kaz.inform.kz/rss."""
    host = (urlsplit(url).hostname or "").lower()
    labels = host.split(".")
    if labels[-1].isdecimal() or ":" in host:
        return host  # an IP address
    length = 3 if len(labels) > 2 and labels[-2] in _REGISTRY_LABELS else 2
    return ".".join(labels[-length:])


def agency_of(url: str, agencies: Iterable[Agency], feeds: Iterable[Feed]) -> str | None:
    """The id of the one agency with a feed or home on the same site; None if there is none, or several."""
    wanted = site(url)
    found = {feed.agency_id for feed in feeds if site(feed.url) == wanted}
    found |= {agency.id for agency in agencies if agency.home and site(agency.home) == wanted}
    return found.pop() if len(found) == 1 else None


def agency_id(url: str, taken: Collection[str]) -> str:
    """A free id for the agency at an address, made of its site: "bta" of https://www.bta.bg/rss."""
    domain = site(url)
    name = domain if domain.replace(".", "").isdecimal() else domain.partition(".")[0]
    return free_id(slug(name) or "agency", taken)


def feed_id(agency: str, language: str | None, taken: Collection[str]) -> str:
    """A free id for a feed: the agency's, with the language: "bta-bg"."""
    return free_id(f"{agency}-{language}" if language else agency, taken)


def free_id(wanted: str, taken: Collection[str]) -> str:
    """The wanted id, with a number appended if it is taken."""
    candidate, number = wanted, 2
    while candidate in taken:
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def slug(text: str) -> str:
    """The text reduced to lower-case characters of ids; "" if there are none."""
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-._")


def is_id(text: str) -> bool:
    """Whether a text is a valid id."""
    return re.fullmatch(r"[A-Za-z0-9._-]+", text) is not None


def home(url: str) -> str:
    """The front page of the site an address is on."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def primary_language(code: str | None) -> str | None:
    """The language of a tag a feed declares: "bg" of "bg-BG", "kk" of "kz"; None if it is not a tag."""
    primary = (code or "").replace("_", "-").partition("-")[0].lower()
    primary = LANGUAGE_OF_COUNTRY.get(primary, primary)
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else None
