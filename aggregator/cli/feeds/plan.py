"""What a person wishes to subscribe to becomes feeds with ids, of agencies, in the configuration.

address or OPML outline -> Wish -> Plan(new agencies, new feeds) -> edit -> text
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from aggregator.cli.feeds import naming, yaml_edit
from aggregator.cli.feeds.probe import Probe, find_feed
from aggregator.config import Settings, read
from aggregator.errors import AggregatorError, UsageError
from aggregator.model import Agency, Feed
from aggregator.syndicate.opml import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A feed to be added. What is None is decided by `plan`; `title` names an agency that is new."""

    url: str
    agency_id: str | None = None
    feed_id: str | None = None
    language: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the configuration will have besides."""

    agencies: list[Agency] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)


def look_at(wish: Wish, settings: Settings) -> Probe:
    """What is at the address wished for.

    Raises UsageError for none, or one we have already, AggregatorError when there is no feed.
    """
    _refuse(wish.url, settings)
    found = find_feed(Feed(id="new", url=wish.url, agency_id=""), settings.fetch)
    if found.problem:
        raise AggregatorError(f"{found.feed.url}: {found.problem}. --no-check adds it all the same")
    return found


def named(wish: Wish, found: Probe | None) -> Wish:
    """The wish, with what the feed says of itself where nothing else was said."""
    if found is None or found.parsed is None:
        return wish
    language = wish.language or naming.primary_language(found.parsed.language)
    return replace(wish, url=found.feed.url, language=language, title=found.parsed.title)


def of_opml(subscription: Subscription, *, by_folder: bool) -> Wish:
    """The wish an outline of an OPML file stands for; titles that can be ids are ours, exported."""
    title, folder = subscription.title, subscription.group
    return Wish(
        url=subscription.url,
        agency_id=naming.slug(folder) or None if by_folder else None,
        feed_id=title if naming.is_id(title) else None,
        language=naming.primary_language(subscription.language),
        title=folder if by_folder and folder else title,
    )


def plan(wishes: Iterable[Wish], settings: Settings) -> Plan:
    """Agencies and ids for all wishes; an id that is taken gets a number. Raises UsageError."""
    planned = Plan()
    for wish in wishes:
        _refuse(wish.url, settings)
        agencies = [*settings.agencies, *planned.agencies]
        feeds = [*settings.feeds, *planned.feeds]
        agency_id = wish.agency_id or naming.agency_of(wish.url, agencies, feeds)
        taken = {agency.id for agency in agencies}
        if agency_id not in taken:
            agency = _new_agency(wish, agency_id or naming.agency_id(wish.url, taken))
            planned.agencies.append(agency)
            agency_id = agency.id
        planned.feeds.append(_new_feed(wish, agency_id, {feed.id for feed in feeds}))
    return planned


def written(path: Path, planned: Plan) -> str:
    """The text of the configuration with what is planned. Raises ConfigError, UsageError."""
    return yaml_edit.add(read(path), planned.agencies, planned.feeds, file=str(path))


def _new_agency(wish: Wish, agency_id: str) -> Agency:
    title = " ".join((wish.title or "").split())
    return Agency(id=agency_id, name=title or agency_id, home=naming.home(wish.url))


def _new_feed(wish: Wish, agency_id: str, taken: set[str]) -> Feed:
    wanted = wish.feed_id
    return Feed(
        id=naming.free_id(wanted, taken)
        if wanted
        else naming.feed_id(agency_id, wish.language, taken),
        url=wish.url,
        agency_id=agency_id,
        language=wish.language,
    )


def _refuse(url: str, settings: Settings) -> None:
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"'{url}' is no web address; it begins with http:// or https://")
    for feed in settings.feeds:
        if feed.url == url:
            raise UsageError(f"{url} is subscribed to already, as {feed.id}")
