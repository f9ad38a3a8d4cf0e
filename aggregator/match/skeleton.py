"""The consonants of a word, the same in whichever alphabet it is written.

Кошербаев, Kosherbayev, Қошербаев all become KSRBF: letters fold to a few classes of sound, vowels go,
doubles fold. An initial vowel leaves the mark A. Chinese writes foreign names with a small set of
syllable characters (卡萨诺 ~ Casanova); their sounds, folded further (`coarse`), meet the coarse form
of the other alphabets' names.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

CLASSES = "ABDFKLMNPRST"
LONGEST = 12  # classes kept of a word

_CYRILLIC = {
    "B": "бԓ", "P": "п", "F": "вфѳ", "K": "гґғкққҝхһҳѓќ", "S": "зсжшщчцџѕћђҷә́җ", "D": "д", "T": "т", "L": "лљ",
    "M": "м", "N": "нңњ", "R": "р",
    "A": "аеёиоуыэюяіїєәөұүйјўӯӣ",
}  # fmt: skip
_LATIN = {
    "B": "b", "P": "p", "F": "fvw", "K": "kgqh", "S": "szj", "D": "d", "T": "t", "L": "l", "M": "m", "N": "n",
    "R": "r", "A": "aeiouyəıøæœ",
}  # fmt: skip
_FOLD = str.maketrans(
    {
        letter: sound
        for table in (_CYRILLIC, _LATIN)
        for sound, letters in table.items()
        for letter in letters
    }
)
_KEPT = str.maketrans({"й": "A", "ё": "A", "ї": "A", "ў": "A", "ң": "N", "č": "S", "ć": "S", "ç": "S", "ş": "S", "ș": "S", "š": "S", "ž": "S", "ż": "S", "ź": "S", "ś": "S", "ğ": "A", "ł": "L", "ð": "D", "đ": "D", "þ": "T", "ß": "S", "ţ": "S", "ț": "S", "ř": "R", "ќ": "K", "ѓ": "K"})  # fmt: skip

_CYRILLIC_PAIRS = (("дж", "S"), ("дз", "S"), ("тч", "S"), ("тс", "S"), ("тц", "S"))
_LATIN_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"tsch|tch|sch|shch|sh|zh|ch|ts|tz|cz|dzh|dz|dj", "S"),
        (r"ph", "F"),
        (r"th", "T"),
        (r"kh|gh|ck|qu", "K"),
        (r"^x", "S"),
        (r"x", "KS"),
        (r"c(?=[eiyéèíî])", "S"),
        (r"c", "K"),
        (r"(?<=[a-zA-Z])h(?![aeiouy])|(?<=[bcdfgjklmnpqrstvwxzSFTK])h", ""),
    )
)
_UZBEK_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in ((r"sh|ch|ts|dj|j", "S"), (r"x", "K"), (r"c", "S"))
)
_KAZAKH = (
    r"(?<=\w{3})(?:лар|лер|дар|дер|тар|тер)?"
    r"(?:[ндт][ыі]ң|[ғқ]а|[гк]е|[ндт][ыі]|[дт][ае]н?|н[ае]н|[мбп]ен|[дт]ағы|[дт]егі)$"
)
_UZBEK = r"(?<=\w{3})(?:lar)?(?:ning|ga|ka|qa|ni|dan|da|dagi|day)$"
_ENDINGS = {
    "kk": re.compile(_KAZAKH),
    "ky": re.compile(r"(?<=\w{3})(?:[ндт][ыиуү]н|[гк][ае]|[ндт][ыиуү]|[дт][ае]н?)$"),
    "uz": re.compile(_UZBEK),
}
_APOSTROPHES = re.compile(r"['’‘ʻʼ`ъь]")


@cache
def _doubles() -> re.Pattern[str]:
    return re.compile(r"(.)\1+")


def skeleton(word: str, language: str = "") -> str:
    """The consonant classes of a word, at most `LONGEST` of them; "" when it has no known letter.

    Only Uzbek is read by rules of its own (x is kh there); the other languages that write in Latin
    letters share one reading, near to that of English.
    """
    letters = _APOSTROPHES.sub("", word.casefold())
    if letters.isascii() or _is_latin(letters):
        letters = _latin(letters, language)
    else:
        for pair, sound in _CYRILLIC_PAIRS:
            letters = letters.replace(pair, sound)
    sounds = _plain(letters.translate(_KEPT)).translate(_FOLD)
    return _consonants(sounds)


def alternative(word: str, language: str = "") -> str:
    """A second reading of a name where there are two, else "".

    Spelling leaves two for j (Fajon ~ Файон), w at the beginning (William) and ch (Michael); in the
    languages whose case endings are syllables of their own, the second reading is without them.
    """
    other = word.casefold()
    if language in _ENDINGS:
        other = _ENDINGS[language].sub("", other)
    if language not in {"uz", "tr", "az"}:
        other = re.sub(r"^w", "u", other.replace("j", "y"))
    if other == word.casefold():
        other = other.replace("ch", "k")
    reading = skeleton(other, language)
    return reading if reading != skeleton(word, language) else ""


def coarse(sounds: str) -> str:
    """A skeleton as Chinese syllables can tell it: no r (l), no m apart from n, no initial vowel."""
    folded = sounds.lstrip("A").replace("R", "L").replace("M", "N")
    return _doubles().sub(r"\1", folded)


def _is_latin(letters: str) -> bool:
    return "a" <= unicodedata.normalize("NFD", letters[:1])[:1] <= "z"


def _latin(letters: str, language: str) -> str:
    for pattern, sound in _UZBEK_RULES if language == "uz" else _LATIN_RULES:
        letters = pattern.sub(sound, letters)
    return letters


def _plain(letters: str) -> str:
    if letters.isascii():
        return letters
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", letters)
        if unicodedata.category(letter) != "Mn"
    )


def _consonants(sounds: str) -> str:
    known = "".join(sound for sound in sounds if sound in CLASSES)
    if not known:
        return ""
    initial = "A" if known[0] == "A" else ""
    return (initial + _doubles().sub(r"\1", known).replace("A", ""))[:LONGEST]
