"""What of a feed's body was left out, and why: in words for `poll` and `feeds`, and as JSON."""

from __future__ import annotations

from aggregator.model import LeftOut


def in_words(left_out: LeftOut) -> str:
    """Such as "407 left out (400 older than the newest that are read, 7 broken)"; "" for nothing."""
    reasons = [
        (left_out.over_limit, "older than the newest that are read"),
        (left_out.broken, "broken"),
        (left_out.empty, "empty"),
    ]
    told = ", ".join(f"{number:,} {reason}" for number, reason in reasons if number)
    return f"{left_out.total:,} left out ({told})" if told else ""


def as_json(left_out: LeftOut) -> dict[str, int]:
    """The number for each reason, 0 among them."""
    return {
        "broken": left_out.broken,
        "over_limit": left_out.over_limit,
        "empty": left_out.empty,
    }
