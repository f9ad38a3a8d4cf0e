"""Bytes of Chinese, Japanese and Korean charsets become text as browsers read it; damage stays small. Pure.

    a byte Python's codec has no meaning for --> what the Encoding Standard says it means
                                             --> else U+FFFD for one character, and on at the next

Python's codecs are of the national standards, the web's charsets of what Windows made of them
(https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified)-encodings and after). Characters of
two bytes fall out of step at a damaged byte: of going on one byte later or two, what gives more of the
common characters before the next ASCII byte was meant.
"""

from __future__ import annotations

import re

CODECS = frozenset({"cp932", "cp949", "cp950", "big5hkscs", "gb18030", "euc_jp", "iso2022_jp"})

_DAMAGE = "\ufffd"
_MAX_DAMAGE = 50  # places in a part; set by hand: what has more is read without care for the rest
_LOOK_AHEAD = 40  # bytes
# First bytes of the characters that make up most of any text: kana, hangul, the first level of ideographs.
_COMMON = {
    "cp932": (0x82, 0x97), "cp949": (0xB0, 0xC8), "cp950": (0xA4, 0xC6), "big5hkscs": (0xA4, 0xC6),
    "gb18030": (0xB0, 0xD7), "euc_jp": (0xA4, 0xCF),
}  # fmt: skip
_BETWEEN_CHARACTERS = re.compile(rb"([\x00-\x2f:-?]+)")  # bytes that are in no character of two
# Bytes that are nothing on the web, as Python reads them (0xA0 and 0xFD to 0xFF in cp932).
_NO_CHARACTER = re.compile("[\x80-\xa0\uf8f0-\uf8f3]")
_PAIR = 2  # bytes
# Where the standard's tables and Python's have other characters for one code.
_OF_THE_WEB = {
    "big5hkscs": str.maketrans("•､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡"),
    "euc_jp": str.maketrans("〜‖−¢£¬", "～∥－￠￡￢"),
}
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJI])")
# Of a part of ISO-2022-JP its characters, and what goes before each of them in EUC-JP.
_TO_EUC = {
    b"$@": (re.compile(rb"[\x80-\xff]{2}"), b""),
    b"$B": (re.compile(rb"[\x80-\xff]{2}"), b""),
    b"(I": (re.compile(rb"[\x80-\xff]"), b"\x8e"),
    b"$(D": (re.compile(rb"[\x80-\xff]{2}"), b"\x8f"),
}


def decode(body: bytes, codec: str) -> str:
    """`body` as text, by one of `CODECS`, under Python's names; never fails."""
    if codec == "iso2022_jp":
        body, codec = _as_euc(body), "euc_jp"
    text, damaged_at = _sound_part(body, codec)
    if damaged_at is not None:
        text = "".join(_mended(part, codec) for part in _BETWEEN_CHARACTERS.split(body))
    return text.translate(_OF_THE_WEB.get(codec, {}))


def _sound_part(body: bytes, codec: str) -> tuple[str, int | None]:
    """The text before the first damage, and where that is; None where there is none."""
    try:
        text, end = body.decode(codec), None
    except UnicodeDecodeError as error:
        text, end = body[: error.start].decode(codec), error.start
    found = _NO_CHARACTER.search(text)
    if found:
        text = text[: found.start()]
        end = len(text.encode(codec))
    return text, end


def _mended(part: bytes, codec: str) -> str:
    pieces = list[str]()
    for _ in range(_MAX_DAMAGE):
        text, at = _sound_part(part, codec)
        pieces.append(text)
        if at is None:
            return "".join(pieces)
        char, size = _meant(part[at : at + _PAIR], codec) or (_DAMAGE, _step(part, at, codec))
        pieces.append(char)
        part = part[at + size :]
    return "".join((*pieces, part.decode(codec, "replace")))


def _meant(found: bytes, codec: str) -> tuple[str, int] | None:
    """What a code that Python's codec lacks means on the web, and its size."""
    if codec == "gb18030" and found[:1] == b"\x80":
        return "€", 1
    if codec == "big5hkscs" and len(found) == _PAIR:
        return _by("cp950", found)
    if codec == "euc_jp" and len(found) == _PAIR and min(found) >= 0xA1 and max(found) <= 0xFE:
        return _by("cp932", _as_shift_jis(*found))
    return None


def _by(codec: str, found: bytes) -> tuple[str, int] | None:
    text = found.decode(codec, "replace")
    return (text, _PAIR) if len(text) == 1 and text != _DAMAGE else None


def _as_shift_jis(lead: int, trail: int) -> bytes:
    """A cell of JIS X 0208 in the rows and columns of Shift_JIS."""
    row, cell = lead - 0xA1, trail - 0xA1
    high, low = row // 2 + (0x81 if row < 62 else 0xC1), cell + (0x40 if row % 2 == 0 else 0x9F)
    return bytes((high, low + (1 if row % 2 == 0 and low >= 0x7F else 0)))


def _step(part: bytes, at: int, codec: str) -> int:
    """How many bytes the damage at `at` takes: one, or two where one of a pair was replaced."""
    ahead = part[at + 1 : at + 1 + _LOOK_AHEAD]
    if not ahead or ahead[0] < 0x40:
        return 1  # no second byte of a pair
    return max((1, _PAIR), key=lambda size: _commonness(ahead[size - 1 :], codec))


def _commonness(run: bytes, codec: str) -> float:
    """The share of common characters in a run of bytes, in [-1, 1]: what cannot be read counts against it."""
    text = run.decode(codec, "replace")
    low, high = _COMMON[codec]
    leads = (char.encode(codec, "replace")[0] for char in text if char != _DAMAGE)
    common = sum(low <= lead <= high for lead in leads)
    return (common - text.count(_DAMAGE)) / len(text) if text else 0.0


def _as_euc(body: bytes) -> bytes:
    """ISO-2022-JP (RFC 1468) in the bytes of EUC-JP, which has the same characters."""
    first, *parts = _ESCAPE.split(body)
    return b"".join((first, *map(_part_as_euc, parts[::2], parts[1::2])))


def _part_as_euc(charset: bytes, part: bytes) -> bytes:
    if charset not in _TO_EUC:
        return part
    characters, mark = _TO_EUC[charset]
    return characters.sub(lambda found: mark + found[0], _high(part))


def _high(part: bytes) -> bytes:
    return bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in part)
