"""What may be published: characters XML can carry, http(s) addresses, markup without active content.

Ingest has cleaned every item already; this second check is for what an older version let into the
store, and for what the configuration says. Every document passes `encode`, every address `address`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import nh3

# Outside the Char production of XML 1.0 (section 2.2), and the C1 controls, which the W3C validator
# reports as bad characters. U+FFFD is reported too, but means "a letter is missing here": it becomes "?".
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

_CLEANER = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS - {"area", "map", "rtc"},
    url_schemes={"http", "https"},
    url_relative="deny",
)

# ISO 639-1, as the W3C validator knows it; a longer or unknown code is left out rather than reported.
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia "
    "id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
    "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk "
    "tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_LANGUAGES = frozenset(_ISO_639_1.split())
_URL_SAFE = "!#$%&'()*+,/:;=?@~"


def encode(document: str) -> bytes:
    """The UTF-8 bytes of a finished document, without the characters XML 1.0 forbids."""
    return _FORBIDDEN.sub("", document).replace("\ufffd", "?").encode()


@lru_cache(maxsize=4096)  # an entry repeats its addresses, a document those of its feeds
def address(url: str | None) -> str | None:
    """An absolute http(s) URL in ASCII (RFC 3986; RSS readers do not take IRIs), or None.

    Without user-info: the name and password by which a feed is asked are nobody else's.
    """
    try:
        parts = urlsplit((url or "").strip())
        host = _host(parts)
    except ValueError:  # a bad port or bracket, or (UnicodeError) not a valid host name
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    rest = (quote(part, safe=_URL_SAFE) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, *rest))


def _host(parts: SplitResult) -> str:
    port = f":{parts.port}" if parts.port else ""  # raises ValueError for a bad port
    if parts.netloc.isascii():
        return quote(parts.netloc.rpartition("@")[2], safe="[]:%")
    return (parts.hostname or "").encode("idna").decode() + port


def markup(html: str) -> str:
    """Balanced markup with no script, style, form or frame, and only absolute http(s) addresses."""
    return _CLEANER.clean(_FORBIDDEN.sub("", html))


@lru_cache(maxsize=256)
def language(code: str | None) -> str | None:
    """A language tag (RFC 5646) that validators know, or None."""
    if not code:
        return None
    primary, *rest = code.replace("_", "-").split("-")
    if primary.lower() not in _LANGUAGES or not all(part.isalnum() for part in rest):
        return None
    return "-".join((primary.lower(), *rest))
