"""The consonants of a word, the same in whichever alphabet it is written.

Кошербаев, Kosherbayev, Қошербаев all become KSRBF: letters fold to a few classes of sound, vowels go,
doubles fold. An initial vowel leaves the mark A. Chinese writes foreign names with a small set of
syllable characters (卡萨诺 ~ Casanova); their sounds, folded further (`coarse`), meet the coarse form
of the other alphabets' names.
"""

from __future__ import annotations

import re
import unicodedata

CLASSES = "ABDFKLMNPRST"
LONGEST = 12  # classes kept of a word

_CYRILLIC = {
    "B": "бԓ", "P": "п", "F": "вфѳ", "K": "гґғкққҝхһҳѓќ", "S": "зсжшщчцџѕћђҷҗ", "D": "д", "T": "т", "L": "лљ",
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
_HISSED = re.compile(r"tsch|tch|sch|shch|sh|zh|ch|ts|tz|cz|dzh|dz|dj")
_LATIN_PAIRS = (("ph", "F"), ("th", "T"), ("ck", "K"), ("kh", "K"), ("gh", "K"), ("qu", "K"))
_SOFT_C = (
    ("ce", "Se"),
    ("ci", "Si"),
    ("cy", "Sy"),
    ("cé", "Sé"),
    ("cè", "Sè"),
    ("cí", "Sí"),
    ("cî", "Sî"),
)
_SILENT_H = re.compile(r"(?<=[a-zA-Z])h(?![aeiouy])|(?<=[bcdfgjklmnpqrstvwxzSFTK])h")
_UZBEK_HISSED = re.compile(r"sh|ch|ts|dj|j")
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
_READ_AS_WRITTEN = frozenset({"uz", "tr", "az"})  # j and w have one sound
_APOSTROPHES = re.compile(r"['’‘ʻʼ`ъь]")
_BEFORE_ITSELF = re.compile(r"(.)(?=\1)")


class _Sounds(dict[int, str]):
    """The class of each letter, as `str.translate` asks for it: what is no letter goes."""

    def __missing__(self, letter: int) -> None:
        return None


_SOUNDS = _Sounds(_FOLD | {ord(sound): sound for sound in CLASSES})


def skeleton(word: str, language: str = "") -> str:
    """The consonant classes of a word, at most `LONGEST` of them; "" when it has no known letter.

    Only Uzbek is read by rules of its own (x is kh there); the other languages that write in Latin
    letters share one reading, near to that of English.
    """
    letters = word.casefold()
    if letters.isascii():
        if "'" in letters or "`" in letters:
            letters = _APOSTROPHES.sub("", letters)
        return _consonants(_latin(letters, language))
    letters = _APOSTROPHES.sub("", letters)
    if _is_latin(letters):
        letters = _latin(letters, language)
    else:
        for pair, sound in _CYRILLIC_PAIRS:
            letters = letters.replace(pair, sound)
    return _consonants(_plain(letters.translate(_KEPT)))


def readings(word: str, language: str = "") -> tuple[str, str]:
    """The skeleton of a word, and a second reading of a name where there are two, else "".

    Spelling leaves two for j (Fajon ~ Файон), w at the beginning (William) and ch (Michael); in the
    languages whose case endings are syllables of their own, the second reading is without them.
    """
    first, folded = skeleton(word, language), word.casefold()
    other = folded
    if language in _ENDINGS:
        other = _ENDINGS[language].sub("", other)
    if language not in _READ_AS_WRITTEN:
        other = other.replace("j", "y")
        other = "u" + other[1:] if other.startswith("w") else other
    if other == folded:
        other = other.replace("ch", "k")
    second = skeleton(other, language) if other != folded else first
    return first, second if second != first else ""


def coarse(sounds: str) -> str:
    """A skeleton as Chinese syllables can tell it: no r (l), no m apart from n, no initial vowel."""
    return _BEFORE_ITSELF.sub("", sounds.lstrip("A").replace("R", "L").replace("M", "N"))


def _is_latin(letters: str) -> bool:
    return "a" <= unicodedata.normalize("NFD", letters[:1])[:1] <= "z"


def _latin(letters: str, language: str) -> str:
    """Sounds that take more than a letter, or depend on the next, as classes; each rule after the other."""
    if language == "uz":
        return _UZBEK_HISSED.sub("S", letters).replace("x", "K").replace("c", "S")
    if "h" in letters or "z" in letters or "ts" in letters or "dj" in letters:
        letters = _HISSED.sub("S", letters)
    for pair, sound in _LATIN_PAIRS:
        letters = letters.replace(pair, sound)
    if "x" in letters:
        letters = ("S" + letters[1:] if letters[0] == "x" else letters).replace("x", "KS")
    if "c" in letters:
        for pair, sound in _SOFT_C:
            letters = letters.replace(pair, sound)
        letters = letters.replace("c", "K")
    return _SILENT_H.sub("", letters) if "h" in letters else letters


def _plain(letters: str) -> str:
    """Letters without accents."""
    apart = unicodedata.normalize("NFD", letters)
    if apart == letters:
        return letters
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def _consonants(letters: str) -> str:
    known = letters.translate(_SOUNDS)
    single = _BEFORE_ITSELF.sub("", known).replace("A", "")
    return ("A" + single if known[:1] == "A" else single)[:LONGEST]
