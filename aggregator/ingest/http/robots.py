"""What a site's robots.txt asks of robots such as us (RFC 9309). Pure.

    text -- lines --> groups -- those that name us, else those for all, as one --> Rules
    address -- path and query -- the longest rule that fits; of equals one that allows --> allowed, or not
                              +- the longest Content-Signal that fits, for each use --> denied, or not

The standard library's parser knows neither wildcards nor the longest rule nor separate groups.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from aggregator.ingest.http.reservations import denied_signal, read_signals

_LINE = re.compile(
    r"\s*(user-agent|allow|disallow|crawl-delay|content-signal)\s*:([^#]*)", re.IGNORECASE
)
_TOKEN = re.compile(r"\*|[a-z_-]+", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of the groups that apply to us: whether each allows, and its pattern.

    `signals` are the uses the site grants or denies (`reservations`), each for paths of a pattern.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    delay_seconds: float = 0.0  # between two requests, as the site wishes; may be infinite
    signals: tuple[tuple[str, Mapping[str, bool]], ...] = ()

    def allow(self, url: str) -> bool:
        """Whether `url`, of the site the rules are from, may be asked (section 2.2.2)."""
        path = _path(url)
        fitting = ((len(pattern), allows) for allows, pattern in self.rules if _fits(pattern, path))
        return max(fitting, default=(0, True))[1]

    def denied(self, url: str) -> str | None:
        """The signal that keeps the text of `url` from us; None where none does.

        Of several lines that fit, the one with the longest pattern counts, of equals the one that denies.
        """
        path = _path(url)
        fitting = sorted(
            (len(pattern), not granted, name)
            for pattern, signals in self.signals
            if _fits(pattern, path)
            for name, granted in signals.items()
        )
        return denied_signal({name: not denied for _, denied, name in fitting})


def read(text: str, *, robot: str) -> Rules:
    """The rules of a robots.txt for `robot`, a product token such as "aggregator"."""
    specific, general = list[tuple[str, str]](), list[tuple[str, str]]()
    is_named = False
    for names, lines in _groups(text):
        if robot.lower() in names:
            is_named = True
            specific += lines
        if "*" in names:
            general += lines
    chosen = specific if is_named else general
    return Rules(
        rules=tuple(
            (key == "allow", _normal(value)) for key, value in chosen if _is_rule(key, value)
        ),
        delay_seconds=max(
            (_seconds(value) for key, value in chosen if key == "crawl-delay"), default=0
        ),
        signals=tuple(_signals(value) for key, value in chosen if key == "content-signal"),
    )


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """Names and lines of every group; names are at its beginning (section 2.1)."""
    names, lines = set[str](), list[tuple[str, str]]()
    for found in filter(None, map(_LINE.match, text.splitlines())):
        key, value = found[1].lower(), found[2].strip()
        if key == "user-agent":
            if lines:
                yield names, lines
                names, lines = set(), []
            token = _TOKEN.match(value)
            names.add(token[0].lower() if token else "")
        elif names:
            lines.append((key, value))
    yield names, lines


def _is_rule(key: str, value: str) -> bool:
    return key in {"allow", "disallow"} and value != ""


def _signals(value: str) -> tuple[str, Mapping[str, bool]]:
    """The paths a line of signals is about, all where it names none, and what it says of them."""
    pattern, _, rest = value.partition(" ") if value.startswith("/") else ("/", "", value)
    return _normal(pattern), read_signals(rest)


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return 0.0 if math.isnan(seconds) else max(0.0, seconds)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _normal(path: str) -> str:
    """`path` as it compares: what need not be escaped is not, what must be is, in capitals."""
    return quote(_ESCAPE.sub(_unescaped, path), safe=_PRINTABLE)


def _unescaped(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if _UNRESERVED.fullmatch(char) else found[0].upper()


def _fits(pattern: str, path: str) -> bool:
    """Whether `path` begins as `pattern` says; `*` is anything, `$` the end. Costs no square."""
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    for part in others:
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    if not pattern.endswith("$"):
        return True
    # the last part was found at its first place behind the others: its last one is no earlier
    return path.endswith(others[-1]) if others else position == len(path)
