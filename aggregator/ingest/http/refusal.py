"""Whether an answer without a feed refuses us, and how that is told. Pure.

Agencies' servers and the networks before them refuse programs by their name with 400, 403 or 406, ask
for proof of a browser with 403, 503 or a page of its own, and hide nothing with 404 and 410: those say
that the feed is not there.
"""

from __future__ import annotations

import re

from aggregator.model import Fetched

_CREDENTIALS = {401, 407}
_TOO_OFTEN = 429
# Besides RFC 9110: 418 and 999 are what some sites send to programs, 451 is RFC 7725.
_REFUSALS = {400, 402, 403, 405, 406, 418, 451, 999, _TOO_OFTEN} | _CREDENTIALS
_BY_NAME = {400, 403, 405, 406, 418, 999}
# https://developers.cloudflare.com/cloudflare-challenges/ and
# https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge.html
_CHALLENGE_HEADERS = ("cf-mitigated", "x-amzn-waf-action")
# What such a page has and no ordinary one: a form with a captcha, or Cloudflare's own script, prove nothing.
_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required! \| cloudflare|ddos-guard|security checkpoint|"
    rb"checking your browser|one moment, please|are you a robot|access denied)|cf_chl_opt|_incapsula_resource|"
    rb"px-captcha|awswafcaptcha|captcha-delivery\.com|sucuri website firewall|/showcaptcha|"
    rb"checking your browser before|enable javascript and cookies to continue",
    re.IGNORECASE,
)
_PAGE = (b"<!doctype html", b"<html", b"<head")
_BEGINNING = 64 * 1024  # bytes; a test for browsers is a short page


def is_challenge(fetched: Fetched) -> bool:
    """Whether the answer is a test that only browsers, and people, can pass."""
    if any(name in fetched.headers for name in _CHALLENGE_HEADERS):
        return True
    page = fetched.body[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    return page[:20].lower().startswith(_PAGE) and _CHALLENGE.search(page) is not None


def is_success(fetched: Fetched) -> bool:
    """Whether the answer is what was asked for, as far as status and form tell."""
    return 200 <= fetched.status < 300 and not is_challenge(fetched)


def is_refusal(fetched: Fetched) -> bool:
    """Whether the server answered, and would not give us what may well be there."""
    return fetched.status in _REFUSALS or is_challenge(fetched)


def may_be_by_name(fetched: Fetched) -> bool:
    """Whether it is worth asking once more under another name."""
    return fetched.status in _BY_NAME or is_challenge(fetched)


def problem(fetched: Fetched) -> str:
    """What the answer was, in a few words: "answered 403"."""
    test = " with a test for browsers" if is_challenge(fetched) else ""
    return f"answered {fetched.status}{test}"


def told(fetched: Fetched) -> str:
    """The error of a poll: what the answer was, and of a refusal what it means."""
    if fetched.status in _CREDENTIALS:
        return f"{problem(fetched)}: it wants a user name and a password"
    if fetched.status == _TOO_OFTEN:
        return f"{problem(fetched)}: it wants to be asked more rarely"
    if not is_refusal(fetched):
        return problem(fetched)
    return f"{problem(fetched)}: it refuses us, perhaps by our name; `aggregator feeds check` tells more"
