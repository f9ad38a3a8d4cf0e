"""One page in its many addresses: what of an address tells pages apart, and what sites and readers add. Pure.

address -- normal_link --> the address as it compares -- link_key --> what items with it answer to
address as a person gives it -- spellings --> the addresses to look for, the likeliest first
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

_MAX_KEY_LENGTH = 200  # a longer one is stored as its digest: an index row, not a document
# Parameters that say where a reader comes from, or who it is; never which page is meant.
# What they are called: https://github.com/ClearURLs/Rules, and the sites' own documentation.
_TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|piwik_|matomo_|ga_|hsa_|oly_|itm_|at_(?:medium|campaign|custom|link|ptr|bbc))\w*|"
    r"_openstat|fbclid|gclid|gbraid|wbraid|dclid|yclid|ysclid|yadclid|msclkid|ttclid|twclid|li_fat_id|"
    r"srsltid|mc_cid|mc_eid|mkt_tok|igshid|igsh|wickedid|_ga|_gl|_hsenc|_hsmi|_branch_match_id|ref_src|"
    r"ref_url|cmpid|xtor|wt_mc|wtrid|echobox|ns_(?:campaign|mchannel|source|linkname|fee)|"
    r"__twitter_impression|guccounter|guce_referrer(?:_sig)?|fb_(?:action_ids|action_types|source|ref)|rss|"
    r"(?:php|j|asp)?sess(?:ion)?_?id|sid|cfid|cftoken|_=|nocache|rnd|rand|cachebuster",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_TEXT_DIRECTIVE = re.compile(r":~:.*", re.DOTALL)  # https://wicg.github.io/scroll-to-text-fragment/
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_IN_PATH = "".join(set(map(chr, range(0x21, 0x7F))) - {"?", "#"})
# With a scheme, or as a browser shows it: a host whose last label has no digits, and a path.
_ADDRESS = re.compile(r"(?:https?:)?//\S+|(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?/\S*", re.IGNORECASE)


def normal_link(link: str) -> str:
    """`link` as it compares: no tracking parameters or sessions, one scheme, one host name."""
    try:
        parts = urlsplit(link)
        host = _host(parts)
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return link
    query = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(pair[0])
    ]
    path = _quoted(_PATH_SESSION.sub("", parts.path)).rstrip("/") or "/"
    kept = urlencode(query, errors="replace")
    return urlunsplit(("http", host + port, path, kept, _fragment(parts.fragment)))


def link_key(link: str | None) -> str | None:
    """The key that items with this link answer to; None without one, and for a home page."""
    return f"link:{bounded(normal_link(link))}" if link and not is_home(link) else None


def is_home(address: str) -> bool:
    """A site's home page, which feeds give as the link of everything."""
    if not address.startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def bounded(value: str) -> str:
    """`value`, or its digest where it is too long for the row of an index."""
    if len(value) <= _MAX_KEY_LENGTH:
        return value
    return digest_of(value)


def digest_of(value: str) -> str:
    """40 hexadecimal digits that stand for `value`: for the rows of an index, which are kept."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:40]


def is_address(text: str) -> bool:
    """Whether a person who writes `text` means a page, and not words."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def spellings(address: str) -> tuple[str, ...]:
    """The addresses under which the page may be known that a person gives as `address`; none for other text.

    As it is given, then without its fragment: a place within the page; each with its escapes in capitals
    (RFC 3986, section 6.2.2.1) and in small letters, as WordPress writes them.
    """
    if not is_address(address):
        return ()
    given = address.strip()
    whole = given if given.lower().startswith("http") else f"http://{given.removeprefix('//')}"
    forms = (whole, whole.partition("#")[0])
    cases = (str, _with_capital_escapes, _with_small_escapes)
    return tuple(dict.fromkeys(case(form) for form in forms for case in cases))


def usual_forms(link: str) -> tuple[str, ...]:
    """The addresses that sites give a page which compares as `link` does; none for a broken one."""
    try:
        parts = urlsplit(normal_link(link))
    except ValueError:
        return ()
    paths = dict.fromkeys((parts.path, f"{parts.path.rstrip('/')}/"))
    return tuple(
        urlunsplit((scheme, f"{www}{parts.netloc}", path, parts.query, parts.fragment))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for path in paths
    )


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if not host.isascii():
        return host.encode("idna").decode()  # UnicodeError is a ValueError
    return f"[{host}]" if ":" in host else host


def _quoted(path: str) -> str:
    return path if path.isascii() else quote(path, safe=_IN_PATH, errors="replace")


def _fragment(fragment: str) -> str:
    """A place or an item within the page; not a passage to be marked, nor where the reader came from."""
    place = _TEXT_DIRECTIVE.sub("", fragment)
    pairs = parse_qsl(place, keep_blank_values=True)
    is_tracking = "=" in place and all(_TRACKING.fullmatch(name) for name, _ in pairs)
    return "" if is_tracking else place


def _with_capital_escapes(address: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].upper(), address)


def _with_small_escapes(address: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].lower(), _quoted(address))
