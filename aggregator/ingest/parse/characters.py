"""Characters that XML 1.0 may not hold, and references that name none, are removed. Pure.

XML 1.0, section 2.2, forbids control characters, surrogates, U+FFFE and U+FFFF; the other
non-characters (Unicode, section 23.7) are allowed but mean nothing, and go too.
"""

from __future__ import annotations

import re

# Two patterns: `re` looks up a set within the first plane in a table, and walks along any other.
_WRONG = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_WRONG_BEYOND = re.compile(
    "["
    + "".join(
        chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,9})|([0-9]{1,9}));?")
_TOO_LONG = re.compile(r"&#(?:[xX][0-9a-fA-F]{10,}|[0-9]{10,});?")
_PAIR = re.compile(
    r"&#(?:[xX]([dD][89abAB][0-9a-fA-F]{2})|(5[56][0-9]{3}));"
    r"&#(?:[xX]([dD][c-fC-F][0-9a-fA-F]{2})|(5[67][0-9]{3}));"
)


def remove_invalid(text: str) -> str:
    """`text` without the characters XML output may not hold; line ends become newlines."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _WRONG.sub("", text)
    return _WRONG_BEYOND.sub("", text) if _BEYOND.search(text) else text


def repair_references(text: str) -> str:
    """`text` in which every numeric character reference names a character that XML may hold.

    Surrogate pairs become the character they mean, 128-159 what Windows means by them (as HTML
    reads them); references to anything else that is no character are dropped.
    """
    if "&#" not in text:
        return text
    text = _PAIR.sub(_joined, text)
    return _REFERENCE.sub(_repaired, _TOO_LONG.sub("", text))


def _joined(found: re.Match[str]) -> str:
    high = int(found[1], 16) if found[1] else int(found[2])
    low = int(found[3], 16) if found[3] else int(found[4])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return f"&#{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)};"
    return found[0]


def _repaired(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    if 0x80 <= code < 0xA0:
        code = ord(bytes([code]).decode("cp1252", "replace"))
    if code > 0x10FFFF or code == 0xFFFD or not remove_invalid(chr(code)):
        return ""
    return f"&#{code};"
