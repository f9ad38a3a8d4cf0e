"""The language of the interface that a request asks for (RFC 9110, 12.5.4; lookup as in RFC 4647, 3.4)."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.i18n.languages import LANGUAGES, SOURCE

_LONGEST = 1000  # characters; browsers send a tenth
_ANY = "*"
_RANGE = re.compile(
    r"[ \t]*([a-z]{1,8}|\*)((?:-[a-z0-9]{1,8})*)[ \t]*(?:;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?",
    re.ASCII | re.IGNORECASE,
)


def negotiate(accept_language: str) -> str:
    """The language of `LANGUAGES` that an Accept-Language header prefers; English where it names none.

    "bg-BG" asks for "bg". Of equal weights the first counts; what is no language range is passed over.
    """
    return SOURCE if len(accept_language) > _LONGEST else _negotiated(accept_language)


@lru_cache(maxsize=512)
def _negotiated(accept_language: str) -> str:
    weights = _weights(accept_language)
    rest = [code for code in LANGUAGES if code not in weights]
    for code in sorted(weights, key=lambda each: -weights[each]):
        if weights[code] == 0:
            break
        if code in LANGUAGES:
            return code
        if code == _ANY and rest:
            return rest[0]
    return SOURCE


def _weights(accept_language: str) -> dict[str, float]:
    """The weight of each language, in [0, 1], in the order of the header; "*" is any other one."""
    weights: dict[str, float] = {}
    for part in accept_language.split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            continue
        code, region, weight = found[1].lower(), found[2], float(found[3] or 1)
        if weight > 0 or not region:  # "en-GB;q=0" leaves the English of others
            weights[code] = max(weight, weights.get(code, 0.0))
    return weights
