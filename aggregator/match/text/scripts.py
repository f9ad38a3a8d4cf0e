"""Which script a text is in, and in which scripts a language is written.

A script is named by its code in ISO 15924. Where CLDR gives a language one script, the languages that are
written in several are listed here.
"""

from __future__ import annotations

import re
from functools import cache

_HAN = r"\u3400-\u9fff"
_RANGES = {
    "Latn": r"A-Za-z\u00aa-\u024f\u1e00-\u1eff",
    "Cyrl": r"\u0400-\u052f",
    "Grek": r"\u0370-\u03ff\u1f00-\u1fff",
    "Armn": r"\u0530-\u058f",
    "Hebr": r"\u0590-\u05ff",
    "Arab": r"\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Thaa": r"\u0780-\u07bf",
    "Deva": r"\u0900-\u097f",
    "Beng": r"\u0980-\u09ff",
    "Guru": r"\u0a00-\u0a7f",
    "Gujr": r"\u0a80-\u0aff",
    "Orya": r"\u0b00-\u0b7f",
    "Taml": r"\u0b80-\u0bff",
    "Telu": r"\u0c00-\u0c7f",
    "Knda": r"\u0c80-\u0cff",
    "Mlym": r"\u0d00-\u0d7f",
    "Sinh": r"\u0d80-\u0dff",
    "Thai": r"\u0e00-\u0e7f",
    "Laoo": r"\u0e80-\u0eff",
    "Tibt": r"\u0f00-\u0fff",
    "Mymr": r"\u1000-\u109f",
    "Geor": r"\u10a0-\u10ff\u1c90-\u1cbf",
    "Ethi": r"\u1200-\u137f",
    "Khmr": r"\u1780-\u17ff",
    "Jpan": r"\u3040-\u30ff",
    "Kore": r"\u1100-\u11ff\uac00-\ud7a3",
    "Hans": _HAN,
}
_IN_SCRIPT = {script: re.compile(f"[{letters}]+") for script, letters in _RANGES.items()}
_LETTERS = re.compile(r"[^\W\d_]+")
_SYLLABIC = frozenset({"Hans", "Jpan", "Kore"})
_SYLLABLE = re.compile("[" + "".join(_RANGES[script] for script in sorted(_SYLLABIC)) + "]+")
_WITH_HAN = frozenset({"Jpan", "Kore"})
_SEVERAL = {
    "az": "Latn Cyrl", "bs": "Latn Cyrl", "cnr": "Latn Cyrl", "crh": "Latn Cyrl", "kaa": "Latn Cyrl", "kk": "Cyrl Latn Arab",
    "ku": "Latn Arab Cyrl", "ky": "Cyrl Latn Arab", "me": "Latn Cyrl", "mn": "Cyrl Latn", "pa": "Guru Arab",
    "sd": "Arab Deva", "sh": "Latn Cyrl", "sr": "Cyrl Latn", "tg": "Cyrl Latn", "tk": "Latn Cyrl",
    "tt": "Cyrl Latn", "ug": "Arab Cyrl Latn", "uz": "Latn Cyrl",
}  # fmt: skip
# Set by hand. An abbreviation or a name stands in any text: beside other letters, fewer of its own are enough for
# a language whose letters no other text would have than for one in Latin letters.
_OWN = 0.25
_OWN_LATIN = 0.5
_KANA = 0.1  # a Chinese text may quote a Japanese name


def weight_in(text: str) -> int:
    """How many letters a text has, of any script; signs that are a syllable or a word count twice."""
    return _count(_LETTERS, text) + _count(_SYLLABLE, text)


def main_script(text: str) -> str | None:
    """The script that most of a text is in; None for a text without letters. Han with kana is Japanese."""
    shares = {script: _weight(script, text) for script in _RANGES}
    for script in _WITH_HAN:
        if shares[script]:
            shares[script] += shares["Hans"]
    best = max(shares, key=lambda script: shares[script])
    return best if shares[best] else None


def is_in_script_of(language: str, text: str) -> bool:
    """Whether a text may be in a language (ISO 639) by its letters; so where the language's scripts are unknown."""
    scripts = scripts_of(language)
    if not scripts or ("Latn" in scripts and text.isascii()):
        return True
    own = sum(_weight(script, text) for script in scripts)
    if scripts == {"Hans"} and _weight("Jpan", text) >= _KANA * weight_in(text) > 0:
        return False
    needed = _OWN_LATIN if scripts == {"Latn"} else _OWN
    return own >= needed * weight_in(text)


@cache
def letters_beyond(alphabet: str) -> re.Pattern[str]:
    """What finds a letter of an alphabet's script that is none of the alphabet's."""
    script = main_script(alphabet)
    return re.compile(f"(?![{alphabet}])[{_RANGES[script]}]" if script else r"(?!)")


@cache
def shortest_code(language: str) -> str:
    """The code that a language is known by here ("bg" for "bul"); "" for what CLDR does not know as a language."""
    from babel.core import get_global

    if language in _SEVERAL:
        return language
    if language == "und":
        return ""
    shorter = get_global("language_aliases").get(language, language)
    return shorter if shorter in get_global("likely_subtags") and shorter.isalpha() else ""


@cache
def scripts_of(language: str) -> frozenset[str]:
    """The scripts a language (ISO 639) is written in; none where that is not known."""
    from babel.core import get_global

    if language in _SEVERAL:
        return frozenset(_SEVERAL[language].split())
    tag = get_global("likely_subtags").get(language, "")
    script = tag.split("_")[1] if tag.count("_") == 2 else ""
    if script in {"Hans", "Hant", "Jpan"}:
        return frozenset({"Hans"} if script != "Jpan" else {"Hans", "Jpan"})
    if script == "Kore":
        return frozenset({"Hans", "Kore"})
    return frozenset({script} & _RANGES.keys())


def _weight(script: str, text: str) -> int:
    letters = _count(_IN_SCRIPT[script], text)
    return 2 * letters if script in _SYLLABIC else letters


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))
