"""`feeds check`: what a request to a feed's address came to, in a word, and what to do about it."""

from __future__ import annotations

from enum import StrEnum

from aggregator.ingest.http import refusal
from aggregator.model import Fetched

_GONE = {404, 410}


class Verdict(StrEnum):
    """What is at a feed's address."""

    OK = "ok"  # a feed with items
    EMPTY = "empty"  # a feed without items
    REFUSED = "refused"  # a server that gives us nothing, by our name or for another reason
    DEAD = "dead"  # nothing: 404, 410, or a name that does not exist
    PAGE = "page"  # an HTML page where a feed was
    NOT_A_FEED = "not-a-feed"  # something else, or a feed too broken to be read
    FAILING = "failing"  # no answer, or an error of the server


ADVICE = {
    Verdict.OK: "",
    Verdict.EMPTY: "wait for an item; if none comes, look at the address in a browser",
    Verdict.DEAD: "the feed has moved or ended: find its new address on the agency's page, or remove it",
    Verdict.PAGE: "find the feed's address on that page; `aggregator feeds add` does so by itself",
    Verdict.NOT_A_FEED: "look at the address in a browser, and at what the agency's page says of its feeds",
    Verdict.FAILING: "wait; if it lasts for days, look for a new address",
}
_REFUSED = {
    401: "write the user name and password the agency gave you into the address: https://NAME:PASSWORD@…",
    429: "poll it more rarely, with an `interval` of its own",
}


def of_answer(fetched: Fetched) -> Verdict:
    """The verdict on an answer that is no success."""
    if refusal.is_refusal(fetched):
        return Verdict.REFUSED
    return Verdict.DEAD if fetched.status in _GONE else Verdict.FAILING


def advice_on_refusal(fetched: Fetched, *, name: str, other: str, answers_to_other: bool) -> str:
    """What to do about a refusal of `name`, after the server was asked under the name `other` too."""
    if fetched.status in _REFUSED:
        return _REFUSED[fetched.status]
    if answers_to_other:
        return f"it refuses the name '{name}' and answers to '{other}': write that as this feed's `user_agent`"
    return (
        "it refuses programs, this machine's network, or the address is wrong: if a browser shows the feed, "
        "ask the agency to let us in by name; `fetch.contact` tells them who we are"
    )
