"""What a site says, in robots.txt or in the headers of a page, of the uses its pages may be put to. Pure.

    Content-Signal: search=yes, ai-input=no     robots.txt, headers (https://contentsignals.org)
    X-Robots-Tag: noindex                       headers, and the same words in a page's <meta name="robots">
    TDM-Reservation: 1                          headers (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/)

We read a page to compare its words with those of other reports, keep them for that alone, and link to the
page. Of the uses that the signals name this is nearest to `search`, an index that leads to the page; a
reader may call it `ai-input` where a model weighs the words. So a "no" to either binds us, `ai-train` does
not: nothing is trained on what was read. A site that says nothing has reserved nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ROBOT = "aggregator"  # the name that robots.txt and robots tags may address us by
BINDING_SIGNALS = ("search", "ai-input")
_SIGNAL = re.compile(r"([a-z-]+)\s*=\s*(yes|no)\b", re.IGNORECASE)
# Of robots' rules: what forbids an index, or a machine to read. `noarchive` and `nosnippet` forbid showing.
_FORBIDDING = {"noindex", "none", "noai"}
_VALUED = {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}


def read_signals(value: str) -> dict[str, bool]:
    """The signals of one line, by name: whether each use is granted."""
    return {name.lower(): answer.lower() == "yes" for name, answer in _SIGNAL.findall(value)}


def denied_signal(signals: Mapping[str, bool]) -> str | None:
    """The first signal that keeps a page from us, as it is written; None where none does."""
    denied = (name for name in BINDING_SIGNALS if signals.get(name) is False)
    return next((f"Content-Signal: {name}=no" for name in denied), None)


def denied_by_headers(headers: Mapping[str, str]) -> str | None:
    """What in a page's headers (lower-case names) keeps it from us; None where nothing does."""
    if denied := denied_signal(read_signals(headers.get("content-signal", ""))):
        return denied
    if headers.get("tdm-reservation", "").strip() == "1":
        return "TDM-Reservation: 1"
    return denied_by_robots_tag(headers.get("x-robots-tag", ""), source="X-Robots-Tag")


def denied_by_robots_tag(value: str, *, source: str) -> str | None:
    """The rule of a robots tag that keeps a page from us; `source` is where it stands.

    Rules behind `name:` are for the robot of that name, until the next name or line.
    """
    for line in value.lower().splitlines():
        addressed = True
        for part in line.split(","):
            name, colon, rest = (piece.strip() for piece in part.partition(":"))
            if colon and name not in _VALUED:
                addressed = name in {ROBOT, "*", "robots"}
            rule = rest if colon else name
            if addressed and rule in _FORBIDDING:
                return f"{source}: {rule}"
    return None
