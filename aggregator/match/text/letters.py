"""One script for a language that is written in two: its texts are compared letter by letter.

Serbian and Uzbek Cyrillic become Latin, Kazakh Latin becomes Cyrillic: the script of the language's file
and words, where it has any. The alphabets are in `letters.toml` beside this file. A text of one alphabet
that only quotes the other is left alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any, NamedTuple

_SCRIPTS = {
    "Latin": re.compile(r"[A-Za-z\u00c0-\u024f]+"),
    "Cyrillic": re.compile(r"[\u0400-\u052f]+"),
}
_READ = 400  # characters that tell the script of a text
# Stands for ı while groups are looked for: to a pattern that ignores case ı, i and I are one letter.
_DOTLESS = "\ue000"


class _Alphabet(NamedTuple):
    """One way of writing a language, and how it becomes the other."""

    script: str
    marks: re.Pattern[str]
    groups: tuple[tuple[re.Pattern[str], str], ...]
    letters: dict[int, str]


def one_script(language: str, *texts: str) -> tuple[str, ...]:
    """The texts of one report (title, body), in the script in which its language is compared."""
    alphabet = _alphabet_of(language, " ".join(texts))
    return tuple(_rewritten(text, alphabet) for text in texts) if alphabet else texts


def _alphabet_of(language: str, text: str) -> _Alphabet | None:
    known = _alphabets().get(language)
    if not known:
        return None
    script = _script_of(text[:_READ])
    folded = text[:_READ].lower()
    return next((one for one in known if one.script == script and one.marks.search(folded)), None)


def _script_of(head: str) -> str:
    return max(_SCRIPTS, key=lambda script: sum(map(len, _SCRIPTS[script].findall(head))))


def _rewritten(text: str, alphabet: _Alphabet) -> str:
    text = text.replace("ı", _DOTLESS)
    for pattern, letters in alphabet.groups:
        text = pattern.sub(partial(_cased, letters), text)
    return text.translate(alphabet.letters)


def _cased(letters: str, match: re.Match[str]) -> str:
    return letters.capitalize() if match.group()[0].isupper() else letters


@cache
def _alphabets() -> dict[str, list[_Alphabet]]:
    """The alphabets of each language."""
    read = files("aggregator.match.text").joinpath("letters.toml").read_text("utf-8")
    found: dict[str, list[_Alphabet]] = {}
    tables = tomllib.loads(read)
    for table in tables["alphabet"]:
        for language in table["languages"]:
            groups = [*tables["loanwords"].get(language, ()), *table["groups"]]
            found.setdefault(language, []).append(_alphabet(table, groups))
    return found


def _alphabet(table: dict[str, Any], groups: Sequence[tuple[str, str]]) -> _Alphabet:
    letters = dict(pair.split("=") for pair in table["letters"].split())
    dotless = {_DOTLESS: letters.get("ı", "ı")}
    capitals = {letter.upper(): other.capitalize() for letter, other in letters.items()}
    return _Alphabet(
        table["script"],
        re.compile(table["marks"], re.DOTALL),
        tuple(
            (re.compile(pattern.replace("ı", _DOTLESS), re.IGNORECASE), to)
            for pattern, to in groups
        ),
        {ord(letter): other for letter, other in (capitals | letters | dotless).items()},
    )
