"""A body's bytes become text, whatever their server says of them. Pure.

    byte order mark | UTF-16 by its zeros | valid UTF-8 | UTF-8 with a few bad bytes
                    | Cyrillic by its letters | a declared charset that fits | another script by its letters | cp1252
    of two charsets in one body each passage between two tags is read in its own

What the bytes show goes before what was declared: agencies' servers declare what their authors never
sent. A charset declared in the document goes before the one in the header, which is often a default, and a
Latin one is believed only of letters among Latin ones. A damaged byte costs its own character.
"""

from __future__ import annotations

import codecs
import re

from aggregator.ingest.parse import charset_guess, multibyte
from aggregator.ingest.parse.charset_labels import ESCAPED, declared

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNICODE = ("utf-8", "utf-16", "utf-32")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MULTIBYTE = re.compile(  # no overlong forms, no surrogates: RFC 3629, section 4
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_PASSAGE = re.compile(rb"[^<>]+")
_DAMAGE = "\ufffd"
# Of a text's characters outside ASCII, the share that may be damaged; set by hand: the wrong charset damages
# a fifth or more, and one bad byte in a short title is a tenth.
_MAX_DAMAGE = 0.1


def to_text(body: bytes, content_type: str = "") -> str:
    """`body` as text; never fails. Bytes that mean nothing become U+FFFD."""
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(_without_mark(name, mark), "replace")
    wide = _utf16_or_32(body)
    if wide is not None:
        return body.decode(wide, "replace")
    for errors in ("strict", "surrogatepass"):
        try:
            text = body.decode("utf-8", errors)
        except UnicodeDecodeError:
            continue
        return _escaped(body, content_type) or (
            text if errors == "strict" else _with_surrogates_joined(text)
        )
    return _not_utf8(body, content_type)


def _with_surrogates_joined(text: str) -> str:
    """`text` with its surrogates in pairs: CESU-8 (UTR #26), as some databases write emoji."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _without_mark(name: str, mark: bytes) -> str:
    if name == "utf-8":
        return name
    return f"{name}-le" if mark[0] == 0xFF else f"{name}-be"


def _utf16_or_32(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: a document begins with `<` or `{`, then zeros."""
    start = body[:4]
    if start[:1] in {b"<", b"{"} and start[1:2] == b"\0":
        return "utf-32-le" if start[2:4] == b"\0\0" else "utf-16-le"
    if start[:1] == b"\0" and start[-1:] in {b"<", b"{"} and start[:3] == b"\0\0\0":
        return "utf-32-be"
    return "utf-16-be" if start[:2] in {b"\0<", b"\0{"} else None


def _escaped(body: bytes, content_type: str) -> str | None:
    """ASCII bytes that a declared charset reads otherwise, such as ISO-2022-JP."""
    if b"\x1b" not in body and b"~{" not in body:
        return None
    for name in declared(body, content_type):
        if name.startswith(ESCAPED):
            return _decoded(body, name)
    return None


def _not_utf8(body: bytes, content_type: str) -> str:
    """Passage by passage: what is UTF-8, if with bad bytes, and what is in the body's other charset."""
    mostly = _is_utf8(body)
    passages = (part for part in _PASSAGE.findall(body) if not part.isascii())
    foreign = [part for part in passages if not _is_utf8(part, expected=mostly)]
    if not foreign:
        return body.decode("utf-8", "replace")
    said = [name for name in declared(body, content_type) if not name.startswith(_UNICODE)]
    other = _other_charset(foreign, said)
    if not mostly and other in multibyte.CODECS:  # two ideographs may look like one letter in UTF-8
        return _decoded(body, other)
    pieces, position = list[str](), 0
    for found in _PASSAGE.finditer(body):
        if found[0].isascii():
            continue
        charset = "utf-8" if _is_utf8(found[0], expected=mostly) else other
        pieces += (body[position : found.start()].decode(), _decoded(found[0], charset))
        position = found.end()
    return "".join((*pieces, body[position:].decode()))


def _other_charset(foreign: list[bytes], said: list[str]) -> str:
    joined = b" ".join(foreign)
    fitting = [name for name in said if _fits(joined, name)]
    if fitting and not charset_guess.is_enough(joined):
        return fitting[0]
    if by_letters := charset_guess.cyrillic(joined, said):
        return by_letters
    if fitting and not (charset_guess.is_latin(fitting[0]) and charset_guess.is_foreign(joined)):
        return fitting[0]
    return charset_guess.other_script(foreign) or next(iter(fitting), "cp1252")


def _is_utf8(passage: bytes, *, expected: bool = False) -> bool:
    """Good multi-byte sequences, with a few bad bytes among them; where `expected`, with up to half."""
    good = sum(len(found) for found in _MULTIBYTE.findall(passage))
    high = sum(len(found) for found in _HIGH_RUN.findall(passage))
    if good == high:
        return good > 2
    bad = high - good
    return bad <= (good if expected else max(1, good // 10)) and good > bad


def _fits(body: bytes, name: str) -> bool:
    """Whether what a charset has no meaning for is damage, and not the rule."""
    text = _decoded(body, name)
    outside_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text.count(_DAMAGE) <= max(1, _MAX_DAMAGE * outside_ascii)


def _decoded(body: bytes, name: str) -> str:
    return (
        multibyte.decode(body, name) if name in multibyte.CODECS else body.decode(name, "replace")
    )
