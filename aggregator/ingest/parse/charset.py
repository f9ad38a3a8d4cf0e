"""A body's bytes become text, whatever their server says of them. Pure.

    byte order mark | UTF-16 by its zeros | valid UTF-8 | UTF-8 with a few bad bytes
                    | a declared charset that fits | Cyrillic by its letters | cp1252
    of two charsets in one body each passage between two tags is read in its own

What the bytes show goes before what was declared: agencies' servers declare what their authors never
sent. A charset declared in the document goes before the one in the header, which is often a default.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_IN_DOCUMENT = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)",
    re.IGNORECASE,
)
# Charsets whose every byte means something never fail to decode: a label proves little.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252"}
_ESCAPED = ("iso2022", "hz", "utf-7", "utf_7")  # charsets that look like ASCII
_CYRILLIC = ("cp1251", "koi8-r", "kz1048", "iso8859-5", "cp866", "mac-cyrillic")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MULTIBYTE = re.compile(  # no overlong forms, no surrogates: RFC 3629, section 4
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_PASSAGE = re.compile(rb"[^<>]+")
_LETTER_BYTES = bytes(range(0xC0, 0x100))
_LATIN_END = "\u0250"
_SAMPLE_BYTES = 64 * 1024  # set by hand: enough words to judge by
# Set by hand, on a likeness of about 0.7 for the right charset: capitals within words show the wrong one
# (`_likeness`), and what was declared decides only where the words leave doubt.
_CAPITAL_PENALTY = 0.25
_DECLARED_BONUS = 0.05  # for the charset a body or its header names
_CYRILLIC_LIKENESS = 0.5  # below it another script that was declared may be right; set by hand
# The commonest letters of Russian, Bulgarian and Kazakh text, about three quarters of it.
_COMMON = frozenset("оеаинтсрвлкмдпыәіғқ")
_WORD = re.compile(r"[Ѐ-ӿ]+")


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
    for name in _declared(body, content_type):
        if name.startswith(_ESCAPED) and not name.startswith(("utf-7", "utf_7")):
            return body.decode(name, "replace")
    return None


def _not_utf8(body: bytes, content_type: str) -> str:
    """Passage by passage: what is UTF-8, if with bad bytes, and what is in the body's other charset."""
    mostly = _is_utf8(body)
    passages = (part for part in _PASSAGE.findall(body) if not part.isascii())
    foreign = b" ".join(part for part in passages if not _is_utf8(part, expected=mostly))
    if not foreign:
        return body.decode("utf-8", "replace")
    declared = [name for name in _declared(body, content_type) if name != "utf-8"]
    other = _other_charset(foreign, declared)
    if _is_multibyte(other):  # its characters may hold the bytes of `<` and `>`
        return body.decode(other, "replace")
    pieces, position = list[str](), 0
    for found in _PASSAGE.finditer(body):
        if found[0].isascii():
            continue
        charset = "utf-8" if _is_utf8(found[0], expected=mostly) else other
        pieces += (body[position : found.start()].decode(), found[0].decode(charset, "replace"))
        position = found.end()
    return "".join((*pieces, body[position:].decode()))


def _other_charset(body: bytes, declared: list[str]) -> str:
    if _looks_cyrillic(body):
        known = [name for name in declared if _is_cyrillic(name)]
        tried = [*known, *(name for name in _CYRILLIC if name not in known)]
        likeness = {
            name: _likeness(body, name) + (_DECLARED_BONUS if name in known else 0.0)
            for name in tried
        }
        best = max(tried, key=lambda name: likeness[name])
        # Other scripts too fill words with high bytes; theirs is believed where it fits.
        others = (name for name in declared if name not in known and not _is_latin(name))
        if likeness[best] > _CYRILLIC_LIKENESS or not any(_fits(body, name) for name in others):
            return best
    fitting = [name for name in declared if _fits(body, name)]
    return fitting[0] if fitting else "cp1252"


def _is_utf8(passage: bytes, *, expected: bool = False) -> bool:
    """Good multi-byte sequences, with a few bad bytes among them; where `expected`, with up to half."""
    good = sum(len(found) for found in _MULTIBYTE.findall(passage))
    high = sum(len(found) for found in _HIGH_RUN.findall(passage))
    if good == high:
        return good > 2
    bad = high - good
    return bad <= (good if expected else max(1, good // 10)) and good > bad


def _declared(body: bytes, content_type: str) -> list[str]:
    """Python's names of the charsets declared, the document's own first; unknown ones left out."""
    found = _IN_DOCUMENT.search(body[:2048])
    labels = [(found[1] or found[2]).decode("ascii", "ignore")] if found else []
    in_header = _IN_HEADER.search(content_type)
    labels += [in_header[1]] if in_header else []
    return list(dict.fromkeys(_codecs_named(labels)))


def _codecs_named(labels: list[str]) -> Iterator[str]:
    for label in labels:
        lower = label.lower()
        try:
            name = codecs.lookup(_WIDER.get(lower, lower)).name
            bytes(range(256)).decode(name, "replace")  # not every codec is of text
        except (LookupError, ValueError):
            continue
        yield _WIDER.get(name, name)


def _fits(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeError, ValueError):
        return False
    return True


def _is_cyrillic(name: str) -> bool:
    return any("а" <= char <= "я" for char in bytes(range(128, 256)).decode(name, "ignore")[:128])


def _is_multibyte(name: str) -> bool:
    return len(bytes(range(128, 256)).decode(name, "ignore")) < 96


def _is_latin(name: str) -> bool:
    return all(char < _LATIN_END for char in _LETTER_BYTES.decode(name, "ignore"))


def _looks_cyrillic(body: bytes) -> bool:
    """Whether letters outside ASCII form whole words, and are not single ones among Latin letters."""
    runs = _HIGH_RUN.findall(body[: 4 * _SAMPLE_BYTES])
    return bool(runs) and sum(map(len, runs)) >= 3 * len(runs)


def _likeness(body: bytes, name: str) -> float:
    """How much a decoding looks like words of Cyrillic writing, about 0.7 for the right one.

    In the wrong charset letters turn into capitals within words (koi8-r has them where cp1251 has
    the small ones) or into rare letters. Words all in capitals are read as small ones, but prove less.
    """
    sample = b" ".join(_HIGH_RUN.findall(body[: 4 * _SAMPLE_BYTES]))[:_SAMPLE_BYTES]
    text = sample.decode(name, "replace")
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if not letters:
        return 0.0
    common = sum(char in _COMMON for word in words for char in _as_written(word))
    odd = sum(char.isupper() for word in words for char in word[1:])
    strange = len(text.replace(" ", "")) - letters
    return float(common - odd * _CAPITAL_PENALTY - strange) / letters


def _as_written(word: str) -> str:
    return word.lower() if word.isupper() else word[:1].lower() + word[1:]
