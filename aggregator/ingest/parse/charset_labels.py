"""Which codec a declared charset means: what browsers mean by its label. Pure.

    label -- Encoding Standard --> codec of Windows' charset  (https://encoding.spec.whatwg.org/#names-and-labels)
          -- not in it ---------> Python's codec of that name (KZ-1048, CP949)

Servers write "shift_jis", "gb2312", "euc-kr" or "iso-8859-9" and send what Windows made of them. The standard
refuses HZ and ISO-2022-KR, which hide markup from who does not decode them; what we read is sanitised, so they stay.
"""

from __future__ import annotations

import codecs
import re

import webencodings  # type: ignore[import-untyped]  # it has no types

UTF7 = re.compile(r"utf[-_]?7|unicode-1-1-utf-7", re.IGNORECASE)
ESCAPED = ("iso2022", "hz")  # codecs whose bytes look like ASCII

_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_IN_DOCUMENT = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:+-]+)|<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]+)",
    re.IGNORECASE,
)
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}
_REFUSED = {"replacement", "x-user-defined"}


def declared(body: bytes, content_type: str) -> list[str]:
    """Python's names of the codecs declared, the document's own first; unknown ones left out."""
    found = _IN_DOCUMENT.search(body[:2048])
    labels = [(found[1] or found[2]).decode("ascii", "ignore")] if found else []
    in_header = _IN_HEADER.search(content_type)
    labels += [in_header[1]] if in_header else []
    named = (codec_of(label) for label in labels)
    return list(dict.fromkeys(name for name in named if name))


def codec_of(label: str) -> str | None:
    """Python's name of the codec that a label means; None where it means none that is of text."""
    if UTF7.fullmatch(label):
        return None  # in it, ASCII is markup that a sanitiser does not see
    known = webencodings.lookup(label)
    if known is not None and known.name not in _REFUSED:
        name = str(known.codec_info.name)
        return _WIDER.get(name, name)
    for name in (label.lower(), label.lower().removeprefix("x-")):
        try:
            found = codecs.lookup(name).name
            bytes(range(256)).decode(found, "replace")  # not every codec is of text
        except (LookupError, ValueError):
            continue
        return _WIDER.get(found, found)
    return None
