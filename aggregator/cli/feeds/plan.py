"""New subscriptions are planned: which agencies and feeds, with which ids, the configuration will get.

address or OPML outline -> FeedRequest -> SubscriptionPlan(new agencies, new feeds) -> yaml_edit -> text
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from aggregator.cli.feeds import naming, yaml_edit
from aggregator.cli.feeds.probe import Probe, find_feed
from aggregator.cli.feeds.verdict import Verdict
from aggregator.config import Settings, read
from aggregator.errors import AggregatorError, UsageError
from aggregator.folders import folder_of, is_allowed, is_folder
from aggregator.model import Agency, Feed
from aggregator.syndicate.opml import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRequest:
    """A feed somebody wants to add. `plan` chooses what is None; `title` becomes the name of a new agency."""

    url: str
    agency_id: str | None = None
    feed_id: str | None = None
    language: str | None = None
    title: str | None = None
    agency: Agency | None = None  # to be made, where there is none of its id yet
    feed: Feed | None = None  # with all that it is to have, but for an id that is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionPlan:
    """The agencies and feeds the configuration will get."""

    agencies: list[Agency] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)


def probe_request(request: FeedRequest, settings: Settings) -> Probe:
    """Fetch the requested address, and the feed a page there links to.

    Raises UsageError when the address is not valid or subscribed to already, AggregatorError when there is no
    feed.
    """
    _check_address(request.url, settings)
    new = Feed(id="new", url=request.url, agency_id=request.agency_id or "")
    probe = find_feed(new, settings)
    if probe.problem:
        advice = f": {probe.mend}" if probe.verdict is Verdict.REFUSED else ""
        raise AggregatorError(
            f"{probe.feed.url}: {probe.problem}{advice}. Use --no-check to add it anyway."
        )
    return probe


def complete(request: FeedRequest, probe: Probe | None) -> FeedRequest:
    """The request, with address, language and title of the feed that was found."""
    if probe is None or probe.parsed is None:
        return request
    language = request.language or naming.primary_language(probe.parsed.language)
    return replace(request, url=probe.feed.url, language=language, title=probe.parsed.title)


def request_from_opml(subscription: Subscription, *, by_folder: bool) -> FeedRequest:
    """The request for an outline of an OPML file; a title that is a valid id may be one of our own exports."""
    if subscription.agency and subscription.feed:
        return FeedRequest(
            url=subscription.url,
            agency_id=subscription.agency.id,
            feed_id=subscription.feed.id,
            language=subscription.feed.language,
            agency=subscription.agency,
            feed=subscription.feed,
        )
    title, folder = subscription.title, subscription.group
    return FeedRequest(
        url=subscription.url,
        agency_id=naming.slug(folder) or None if by_folder else None,
        feed_id=title if naming.is_id(title) else None,
        language=naming.primary_language(subscription.language),
        title=folder if by_folder and folder else title,
    )


def plan(requests: Iterable[FeedRequest], settings: Settings) -> SubscriptionPlan:
    """Agencies and ids for all requests; an id that is taken gets a number. Raises UsageError."""
    planned = SubscriptionPlan()
    for request in requests:
        _check_address(request.url, settings)
        agencies = [*settings.agencies, *planned.agencies]
        feeds = [*settings.feeds, *planned.feeds]
        if is_folder(request.url) and not request.agency_id:
            raise UsageError("A folder does not say whose it is; name the agency with --agency ID.")
        agency_id = request.agency_id or naming.agency_of(request.url, agencies, feeds)
        taken = {agency.id for agency in agencies}
        if agency_id not in taken:
            agency = _new_agency(request, agency_id or naming.agency_id(request.url, taken))
            planned.agencies.append(agency)
            agency_id = agency.id
        planned.feeds.append(_new_feed(request, agency_id, {feed.id for feed in feeds}))
    return planned


def may_be_asked(url: str, settings: Settings) -> bool:
    """Whether the configuration lets an address be asked: of folders some."""
    return not is_folder(url) or is_allowed(folder_of(url), settings.fetch.allow_directories)


def edited_config(path: Path, planned: SubscriptionPlan) -> str:
    """The text of the configuration with the planned feeds. Raises ConfigError, UsageError."""
    return yaml_edit.add(read(path), planned.agencies, planned.feeds, file=str(path))


def _new_agency(request: FeedRequest, agency_id: str) -> Agency:
    if request.agency:
        return request.agency
    title = " ".join((request.title or "").split())
    home = None if is_folder(request.url) else naming.home(request.url)
    return Agency(id=agency_id, name=title or agency_id, home=home)


def _new_feed(request: FeedRequest, agency_id: str, taken: set[str]) -> Feed:
    if request.feed_id:
        feed_id = naming.free_id(request.feed_id, taken)
    else:
        feed_id = naming.feed_id(agency_id, request.language, taken)
    if request.feed:
        return replace(request.feed, id=feed_id)
    return Feed(
        id=feed_id,
        url=request.url,
        agency_id=agency_id,
        language=request.language,
    )


def _check_address(url: str, settings: Settings) -> None:
    if is_folder(url):
        _check_folder(url, settings)
    elif not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"'{url}' is not a web address; it must begin with http:// or https://")
    for feed in settings.feeds:
        if feed.url == url:
            raise UsageError(f"{url} is already configured as {feed.id}")


def _check_folder(url: str, settings: Settings) -> None:
    try:
        folder = folder_of(url)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if not may_be_asked(url, settings):
        raise UsageError(
            f"{folder} may not be read; if files are dropped there for you, "
            "put it, or a folder above it, into fetch.allow_directories"
        )
