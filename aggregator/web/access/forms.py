"""A form as a page of ours sends it, and the decision that stands in it.

    request --from_our_page--> sent by a page of this site, in this run of the program; else 403
            --read--> fields, of a body within bounds --decision_of--> DecisionRequest

A browser says where a form was sent from, and that no page can forge (the algorithm is that of Go's
CrossOriginProtection, https://words.filippo.io/csrf/). The token in the form speaks where it says nothing.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from aggregator.decision_file import printable
from aggregator.errors import RequestError, UsageError
from aggregator.model import Action

MEDIA_TYPE = "application/x-www-form-urlencoded"
MAX_BODY = 64 * 1024  # bytes
MAX_FIELDS = 20
MAX_REASON = 500  # characters, as below
MAX_REFERENCE = 4096  # as a link of a feed may have
TOKEN, UNDO = "form_token", "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRequest:
    """What a person decides on a page. Items are named as they were written: an id, an address, a story's id."""

    action: Action | None  # None: undo `decision`
    item: str = ""
    story: str = ""  # the one in which the person saw the item; "" where that does not matter
    other: str = ""  # of a join
    decision: int | None = None  # the last one, as the person saw it
    reason: str = ""
    by: str | None = None  # None: whoever sits at this computer


async def read(request: Request) -> dict[str, str]:
    """The fields of a form. Raises RequestError: 413, 415, 400."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise RequestError(415, "A form is sent as %(media_type)s.", media_type=MEDIA_TYPE)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise RequestError(
                    413, "A form has at most %(kibibytes)s KiB.", kibibytes=MAX_BODY >> 10
                )
    except ClientDisconnect as error:
        raise RequestError(400, "The form did not arrive whole.") from error
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise RequestError(400, "The form has too many fields.") from error
    return {name: printable(value) for name, value in pairs}


def refuse_strangers(scope: Scope, base_url: str) -> None:
    """Raise RequestError (403) for a form that another site's page sent."""
    headers = Headers(scope=scope)
    sender, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if sender is not None:
        is_ours = sender in {"same-origin", "none"}
    else:
        ours = {headers.get("host", "").lower(), urlsplit(base_url).netloc.lower()} - {""}
        is_ours = origin is None or origin.lower().partition("://")[2] in ours
    if not is_ours:
        raise RequestError(
            403, "The form was sent by another site's page. Open the story here, and decide there."
        )


def refuse_forgery(fields: Mapping[str, str], token: str) -> None:
    """Raise RequestError (403) for a form that has not the token of this run's pages."""
    if not hmac.compare_digest(fields.get(TOKEN, "").encode(), token.encode()):
        raise RequestError(
            403,
            "The page is too old: the program was started anew. Load it again, and decide then.",
        )


def decision_of(fields: Mapping[str, str], *, by: str | None) -> DecisionRequest:
    """The decision in a form's fields. Raises UsageError for one that is incomplete or unknown."""
    action = fields.get("action", "")
    if action != UNDO and action not in {each.value for each in Action}:
        raise UsageError('There is no such decision: "%(action)s".', action=action[:40])
    found = DecisionRequest(
        action=None if action == UNDO else Action(action),
        item=_short(fields, "item", MAX_REFERENCE),
        story=_short(fields, "story", MAX_REFERENCE),
        other=_short(fields, "other", MAX_REFERENCE),
        decision=_number(fields.get("decision", "")),
        reason=_short(fields, "reason", MAX_REASON),
        by=by,
    )
    if found.action is None and found.decision is None:
        raise UsageError("The form does not say which decision is to be undone.")
    if found.action is not None and not found.item:
        raise UsageError("The form does not say which item is meant.")
    if found.action is Action.JOIN and not found.other:
        raise UsageError("Write the address or the id of the report that is the same.")
    return found


def _short(fields: Mapping[str, str], name: str, most: int) -> str:
    value = fields.get(name, "")
    if len(value) > most:
        raise UsageError('"%(name)s" may have at most %(most)s characters.', name=name, most=most)
    return value


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None
