"""How a feed is doing, in the reader's language: what its last poll met, what that means, what can be done. Pure.

A poll leaves one line behind, in English and for the log. Its beginnings and ends are this project's own
(`ingest.http`, `ingest.parse`), so that it can be told from them what happened.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from aggregator.folders import is_folder
from aggregator.i18n import Translator
from aggregator.lengths import LEAST_WORDS
from aggregator.model import Feed, FeedState, FeedStatus, LeftOut

TROUBLE_FIRST = (
    FeedStatus.GONE,
    FeedStatus.FAILING,
    FeedStatus.STALE,
    FeedStatus.NEW,
    FeedStatus.OK,
)
_JITTER = 1.11  # a poll is at most a tenth of its interval late, so that feeds spread


class Trouble(NamedTuple):
    """What is wrong with a feed: `said` by its poll, what that means, and what to do."""

    said: str
    meaning: str
    mend: str


def status_of(state: FeedState | None) -> FeedStatus:
    """How a feed's last poll ended."""
    return state.status if state else FeedStatus.NEW


def status_in_words(status: FeedStatus, speech: Translator) -> str:
    """One word or two, for a table."""
    _ = speech.gettext
    return {
        FeedStatus.OK: _("ok"),
        FeedStatus.NEW: _("never polled"),
        FeedStatus.STALE: _("without news"),
        FeedStatus.FAILING: _("failing"),
        FeedStatus.GONE: _("gone"),
    }[status]


def summary(statuses: Iterable[FeedStatus], speech: Translator) -> str:
    """All feeds in a line: "38 feeds: 35 ok, 2 failing, 1 never polled"."""
    counts = Counter(statuses)
    total = counts.total()
    parts = [
        f"{speech.number(counts[status])} {status_in_words(status, speech)}"
        for status in reversed(TROUBLE_FIRST)
        if counts[status]
    ]
    feeds = speech.ngettext("%(num)s feed", "%(num)s feeds", total)
    return f"{feeds}: {', '.join(parts)}" if parts else feeds


def trouble(state: FeedState | None, speech: Translator) -> Trouble | None:
    """What is wrong with a feed; None where its last poll went well, or there was none."""
    if state is None or not state.error:
        return None
    for pattern, told in _TROUBLES:
        if pattern.search(state.error):
            return Trouble(state.error, *told(speech.gettext))
    if is_folder(state.url):
        return Trouble(state.error, *_folder(speech.gettext))
    told = _unreadable if state.status is FeedStatus.STALE else _unanswered
    return Trouble(state.error, *told(speech.gettext))


def next_poll_reason(feed: Feed, state: FeedState | None, speech: Translator) -> str:
    """Why the next poll is when it is, in a clause: "every 15 min, as configured"."""
    _ = speech.gettext
    if state is None or state.polled_at is None:
        return _("at once: it was never polled")
    if state.status is FeedStatus.GONE:
        return _("never: the server says that it is gone")
    if state.failures:
        return _("the wait grows with every poll that fails")
    if is_folder(feed.url):
        return _("a folder is looked into again and again")
    if feed.interval:
        return _("every %(time)s, as configured", time=speech.duration(feed.interval))
    return _adapted(state, speech)


def _adapted(state: FeedState, speech: Translator) -> str:
    """Why a feed waits whose interval nobody wrote: by its news, its own wish, or its server's."""
    _ = speech.gettext
    interval, ttl = state.interval or timedelta(0), state.ttl or timedelta(0)
    wait = state.next_due_at - state.polled_at if state.polled_at else interval
    if wait > max(interval, ttl) * _JITTER:
        if state.skip_hours or state.skip_days:
            return _("the feed asks not to be polled at certain hours")
        return _("the server says how long its answer stays true")
    if ttl > interval:
        return _("the feed asks to be left alone for %(time)s", time=speech.duration(ttl))
    if wait < interval:
        return _("every %(time)s, as configured", time=speech.duration(wait))
    return _("every %(time)s, by how often it has news", time=speech.duration(interval))


def left_out_in_words(left_out: LeftOut, speech: Translator) -> str:
    """What of the last body was left out: "7 left out: 4 too old, 3 broken"; "" for nothing."""
    if not left_out.total:
        return ""
    _ = speech.gettext
    reasons = (
        (left_out.over_limit, _("older than the newest that are read")),
        (left_out.broken, _("broken")),
        (left_out.empty, _("empty")),
    )
    told = ", ".join(f"{speech.number(number)} {reason}" for number, reason in reasons if number)
    return _("%(n)s left out: %(reasons)s", n=speech.number(left_out.total), reasons=told)


def shortness_in_words(words: int, speech: Translator) -> str:
    """That the items of a feed, of so many words, are too short for translations of them to be found."""
    return speech.ngettext(
        "Translations cannot be found here: title, text and page have %(num)s word an item, "
        "%(least)s are needed.",
        "Translations cannot be found here: title, text and page have %(num)s words an item, "
        "%(least)s are needed.",
        words,
        least=LEAST_WORDS,
    )


# ------------------------------------------------------------------------- what happened, what it means

_Told = Callable[[Callable[[str], str]], tuple[str, str]]


def _gone(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server says that the feed is gone for good, so it is no longer polled."),
        _("Look for its new address at the agency, and write it into the configuration."),
    )


def _not_there(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("There is nothing at this address, or no longer."),
        _("Look for its new address at the agency; “aggregator feeds check” helps."),
    )


def _password(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server wants a user name and a password."),
        _("Write them into the feed's address: https://NAME:PASSWORD@…"),
    )


def _too_often(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server wants to be asked more rarely."),
        _("Nothing: it is. A longer “interval” of the feed keeps it so."),
    )


def _refused(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server refuses this program, perhaps by its name."),
        _("Ask the agency, or try another “user_agent”; “aggregator feeds check” tells more."),
    )


def _server_fault(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The agency's server has a fault of its own."),
        _("Nothing: it is asked again."),
    )


def _no_name(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server's name leads nowhere: it does not exist, or no name server answers here."),
        _("Where other feeds fail likewise, look at this machine's network, else at the address."),
    )


def _too_slow(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server did not answer in full within the time it has."),
        _("Nothing if it passes; else give the feed a longer “timeout”."),
    )


def _private(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The address leads into a private network, which is refused unless you allow it."),
        _("If it is meant, name the network in “fetch.allow_networks”."),
    )


def _web_page(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The address is answered with a page for people, not with a feed."),
        _("Find the feed's own address there; “aggregator feeds add” takes it from the page."),
    )


def _too_large(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The feed is larger than is allowed."),
        _("Give the feed a greater “max_body”."),
    )


def _certificate(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server's certificate is not valid, so it may be another server."),
        _("Look at this machine's clock; else tell the agency."),
    )


def _folder(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The folder, or a file in it, cannot be read."),
        _("Look at its path and permissions; it is tried again."),
    )


def _unreadable(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server answers, but with nothing that can be read as news."),
        _("Look at the address in a browser; “aggregator feeds check” tells what comes."),
    )


def _unanswered(_: Callable[[str], str]) -> tuple[str, str]:
    return (
        _("The server could not be asked, or broke off."),
        _("Nothing if it passes: it is asked again. “aggregator feeds check” tells more."),
    )


_TROUBLES: tuple[tuple[re.Pattern[str], _Told], ...] = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"answered 410\b", _gone),
        (r"answered 404\b", _not_there),
        (r"answered 40[17]\b", _password),
        (r"answered 429\b", _too_often),
        (r"answered [49]\d\d\b|with a test for browsers", _refused),
        (r"answered 5\d\d\b", _server_fault),
        (r"the name cannot be resolved", _no_name),
        (r"no whole answer in the time allowed", _too_slow),
        (r"is not public; fetch\.allow_networks", _private),
        (r"the body is an HTML page|it begins '<(?i:!doctype html|html)", _web_page),
        (r"is larger than \d+ bytes|bytes, allowed are \d+", _too_large),
        (r"certificate verify failed|CERTIFICATE_VERIFY_FAILED", _certificate),
    )
)
