"""Which charset bytes are in that are not UTF-8, where nobody says or what is said cannot be. Pure.

    words of high bytes -- as Cyrillic writing? --> Windows-1251, KOI8-R …
                        -- else charset-normalizer --> Greek, Hebrew, Arabic, Thai, Chinese, Japanese, Korean
    single high bytes among Latin letters ----------> nothing: the Latin charsets differ too little

Measured on 45 pairs of language and charset, 60 to 3,000 letters each: Cyrillic reads as 0.64 to 0.92 of itself,
Greek, Hebrew, Arabic, Thai, Chinese, Japanese and Korean read in a Cyrillic charset as 0.58 at most. charset-normalizer
names those scripts in 19 of 20 texts of 60 letters, but takes Western and Turkish texts for Central European ones.
"""

from __future__ import annotations

import re

_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")
_OTHER_SCRIPTS = [
    "cp1253", "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874", "cp932", "euc_jp", "gb18030", "big5hkscs", "cp949",
]  # fmt: skip
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LATIN_LETTER = re.compile(rb"[A-Za-z]")
_LETTER_BYTES = bytes(range(0xC0, 0x100))
_LATIN_END = "\u0250"
_SAMPLE_BYTES = 64 * 1024  # set by hand: enough words to judge by
_LIBRARY_BYTES = 16 * 1024  # charset-normalizer takes 5 ms for so many
_MAX_PASSAGES = 20  # looked at one by one where damage keeps the whole from being read
# Set by hand, on a likeness of about 0.7 for the right charset: capitals within words show the wrong one
# (`_likeness`), and what was declared decides only where the words leave doubt.
_CAPITAL_PENALTY = 0.25
_DECLARED_BONUS = 0.05  # for the charset a body or its header names
_CYRILLIC_LIKENESS = 0.6  # below it the letters are of another script: see above
_HIGH_SHARE = 0.4  # of the letters: Chinese in Big5 has 0.8, Icelandic 0.26
_ENOUGH_BYTES = 12  # set by hand: "Łódź" has three
# The commonest letters of Russian, Bulgarian and Kazakh text, about three quarters of it.
_COMMON = frozenset("оеаинтсрвлкмдпыәіғқ")
# KZ-1048 is Windows-1251 with Kazakh letters in the places of a few others. These are 6 % of Kazakh text, 1 %
# of a list of countries in Kazakh; what has their places in Macedonian and Ukrainian is 0.2 % at most.
_KAZAKH, _KAZAKH_SHARE = frozenset("қңғ"), 0.006
_WORD = re.compile(r"[Ѐ-ӿ]+")


def cyrillic(passages: bytes, declared: list[str]) -> str | None:
    """The Cyrillic charset in which bytes read as Cyrillic words; None where in none they do.

    What is `declared` goes before others that read alike.
    """
    if not _is_words(passages):
        return None
    known = [name for name in declared if is_cyrillic(name)]
    tried = [*known, *(name for name in _CYRILLIC if name not in known)]
    likeness = {
        name: _likeness(passages, name) + (_DECLARED_BONUS if name in known else 0.0)
        for name in tried
    }
    best = max(tried, key=lambda name: likeness[name])
    if likeness[best] <= _CYRILLIC_LIKENESS:
        return None
    return "kz1048" if best == "cp1251" and not known and _is_kazakh(passages) else best


def other_script(passages: list[bytes]) -> str | None:
    """The charset of another script than Latin and Cyrillic in which passages are written, or None."""
    joined = b"\n".join(passages)[:_LIBRARY_BYTES].rpartition(b"\n")
    sample = joined[0] or joined[2]
    if not is_foreign(sample):
        return None
    whole = _by_library(sample)
    if whole:
        return whole
    singly = [
        name
        for passage in passages[:_MAX_PASSAGES]
        if (name := _by_library(passage[:_LIBRARY_BYTES]))
    ]
    return max(singly, key=singly.count, default=None)


def is_enough(passages: bytes) -> bool:
    """Whether there are so many bytes outside ASCII that they may contradict what was declared."""
    return _count_high(passages) >= _ENOUGH_BYTES


def is_foreign(passages: bytes) -> bool:
    """Whether so many bytes are no ASCII that the letters are of another script than Latin."""
    high = _count_high(passages)
    letters = high + len(_LATIN_LETTER.findall(passages))
    return high >= _HIGH_SHARE * letters


def is_cyrillic(name: str) -> bool:
    """Whether a charset of one byte a character has Cyrillic letters."""
    return any("а" <= char <= "я" for char in bytes(range(128, 256)).decode(name, "ignore")[:128])


def is_latin(name: str) -> bool:
    """Whether a charset's letters are Latin only."""
    return all(char < _LATIN_END for char in _LETTER_BYTES.decode(name, "ignore"))


def _count_high(passages: bytes) -> int:
    return sum(map(len, _HIGH_RUN.findall(passages)))


def _by_library(sample: bytes) -> str | None:
    from charset_normalizer import (
        from_bytes,
    )  # where it is needed: few bodies are in such a charset

    best = from_bytes(sample, cp_isolation=_OTHER_SCRIPTS, preemptive_behaviour=False).best()
    return best.encoding if best and best.encoding in _OTHER_SCRIPTS else None


def _is_words(body: bytes) -> bool:
    """Whether letters outside ASCII form whole words, and are not single ones among Latin letters."""
    runs = _HIGH_RUN.findall(body[: 4 * _SAMPLE_BYTES])
    return bool(runs) and sum(map(len, runs)) >= 3 * len(runs)


def _is_kazakh(body: bytes) -> bool:
    letters = body[:_SAMPLE_BYTES].decode("kz1048", "ignore").lower()
    return sum(map(letters.count, _KAZAKH)) >= _KAZAKH_SHARE * len(letters)


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
