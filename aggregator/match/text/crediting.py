"""Clauses that say which agency a report was taken from: no facts of the report, so they are cut.

    "The bridge is open, Kazinform reports."        ->  "The bridge is open."
    "As BTA reported, the bridge is open."          ->  "the bridge is open."
    "The bridge is open. This was reported by BTA." ->  "The bridge is open."

A clause stands behind a comma or a dash, at the beginning of a sentence, or is a sentence. It names an
agency beside a word of reporting and nothing else. Who the agency itself heard it from ("the press
service of the ministry") is a fact of the report and stays, and so does a sentence in which the agency
does something ("Reuters said it would cut 200 jobs"). The patterns are in the files of the languages
(`crediting`), where `{agency}` stands for an agency and `{wire}` for anything that is written as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, partial
from typing import NamedTuple

from aggregator.languages import Crediting, languages
from aggregator.match.lexicon import rows
from aggregator.model import Agency

# Set by hand: reports credit their source in the first paragraphs, or in the last words.
_FIRST_LINES, _LAST_LINES = 3, 2
_READ_FIRST = 900  # characters of a line that are looked at from its start …
_READ_LAST = 240  # … and up to its end
NAME_WHOLE = r"(?!\w)"  # a name ends with its last letter
_AROUND = " ,-–—"  # marks that part a clause from its sentence
LINGUA_FRANCA = (
    "en"  # what agencies call themselves in every language, besides its own names for them
)
_SHORT = 4  # letters: a name of so few is only taken as it is written (ТАСС, AP)

CAPITAL = r"[^\W\d_a-zß-öø-ÿа-яёђ-џқҳўғәіңүұһөҷӣӯ]"
_NAME = rf"{CAPITAL}[\w.&’'ʻ-]*(?:\s{CAPITAL}[\w.&’'ʻ-]*){{0,3}}"
_QUOTED = r"[\"“„«][^\"“”„«»\n]{2,30}[\"”“»]"
_WITH_CAPITALS = rf"{CAPITAL}[\w-]*{CAPITAL}[\w-]*(?:\.\w+)?"  # AZERTAC, SalamNews, УзА
# What ends the sentence before, and what parts a clause: both begin with one of a few marks, for which the
# search leaps ahead.
_START = re.compile(r"[.!?…»\"”]\s|[。!?]")
_BREAK = r"[,–—-]\s?(?:[-–—]\s?)?"
_GOES_ON = r"(?:\s?[,:]\s*|(?<=[\s,:]))"
NAME_ENDS = r"(?=\s?[.,;!?)。]|\s[-–—]\s|\s*$)"
_APART = re.compile(r":\s|\s[-–—(]")  # what parts an agency from a title, wherever it has one
_SPACES = re.compile(r"[ \t]+(?=[ \t.,;!?)]|$)")


class _Compiled(NamedTuple):
    """What a language's clauses look like."""

    opening: re.Pattern[str]  # at the beginning of a line, or of a sentence
    clause: re.Pattern[str]  # behind a comma or a dash


class _Patterns:
    """The patterns of one language, and plain words of which one is in every such clause.

    They are compiled when a text first needs them: that of one language takes a third of a second.
    """

    def __init__(self, crediting: Crediting, known: str, *, has_spaces: bool) -> None:
        self.words = crediting.words
        self._source = partial(_compiled, crediting, known, has_spaces=has_spaces)

    @cached_property
    def compiled(self) -> _Compiled:
        """The patterns."""
        return self._source()


class CreditingClauses:
    """Cuts clauses that credit one of the configured agencies, or any that the languages know."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        names = {name for agency in agencies for name in (agency.name, *agency.aliases)}
        configured = [name for name in sorted(names) if len(name) > 1]
        self._languages = [
            _Patterns(
                language.crediting,
                any_name((*configured, *of_lexicon(code, LINGUA_FRANCA))),
                has_spaces=language.has_spaces,
            )
            for code, language in languages().items()
            if language.crediting.words
        ]
        self._configured = configured

    def take_from(self, lines: list[str]) -> list[str]:
        """Cut the clauses from the first and the last lines of a report; what was cut."""
        places = sorted({*range(len(lines))[:_FIRST_LINES], *range(len(lines))[-_LAST_LINES:]})
        pieces = [_pieces(lines[at]) for at in places]
        looked_at = "\n".join(piece for first, _, last in pieces for piece in (first, last)).lower()
        spoken = [one for one in self._languages if any(word in looked_at for word in one.words)]
        found = list[str]()
        if not spoken:
            return found
        for at, (first, middle, last) in zip(places, pieces, strict=True):
            before = len(found)
            line = f"{_cut(first, spoken, found)}{middle}{_cut(last, spoken, found)}"
            if len(found) > before:
                lines[at] = _SPACES.sub("", line)
        return found

    def bare_title(self, title: str) -> str:
        """A title without the agency before its colon or behind its last dash."""
        return (_APART.search(title) and self._agency_at_its_ends.sub("", title)) or title

    @cached_property
    def _agency_at_its_ends(self) -> re.Pattern[str]:
        """The pattern for `bare_title`, compiled when a title first may have one."""
        known = any_name((*self._configured, *of_lexicon(*languages())))
        return re.compile(rf"^{known}\s?:\s+(?=\S)|\s[-–—]\s{known}\s*$|\s\({known}\)\s*$")


def _pieces(line: str) -> tuple[str, str, str]:
    """The pieces of a line: the first and the last, which are looked at, and what is between them."""
    if len(line) <= _READ_FIRST + _READ_LAST:
        return line, "", ""
    return line[:_READ_FIRST], line[_READ_FIRST:-_READ_LAST], line[-_READ_LAST:]


def _cut(piece: str, spoken: Sequence[_Patterns], found: list[str]) -> str:
    """A piece of a line without its clauses, which are added to those that were found."""
    lowered = piece.lower()
    for patterns in spoken:
        if not any(word in lowered for word in patterns.words):
            continue
        opening, clause = patterns.compiled
        if first := opening.match(piece):
            found.append(first.group().strip(_AROUND))
            piece = piece[first.end() :]
        behind = [match.group().strip(_AROUND) for match in clause.finditer(piece)]
        if behind:
            found += behind
            piece = clause.sub("", piece)
        piece = _cut_openings(piece, opening, found)
    return piece


def _cut_openings(piece: str, opening: re.Pattern[str], found: list[str]) -> str:
    """A piece of a line without the clauses at the beginnings of sentences within it.

    A pattern for both would take as long to compile as the one for the clause.
    """
    kept, end = [], 0
    for start in _START.finditer(piece):
        if start.start() >= end and (clause := opening.match(piece, start.end())):
            found.append(clause.group().strip(_AROUND))
            kept.append(piece[end : start.end()])
            end = clause.end()
    return "".join((*kept, piece[end:]))


@cache
def of_lexicon(*codes: str) -> tuple[str, ...]:
    """The agencies' names in the lexicon, in some languages; `*` ends a stem."""
    return tuple(
        name
        for row in rows()
        if row.domain == "agencies"
        for code in codes
        for name in row.alternatives(code)
        if len(name) > 1
    )


def any_name(names: Iterable[str]) -> str:
    """A pattern for any of some names; short ones must be written with a capital, or in capitals.

    Names stand together by their first letter: to try them all at every comma costs ten times as much.
    """
    by_first: dict[str, list[str]] = {}
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        short = len(name) <= _SHORT and name.isalpha()
        first = name[0].upper() if short else f"{name[0].lower()}{name[0].upper()}"
        rest = name[1:].upper() if short and len(name) == 2 else name[1:]
        pattern = re.escape(rest).replace(r"\*", r"\w*").replace("'", "['’‘ʻʼ`]?")
        by_first.setdefault(re.escape(first), []).append(
            pattern if short and len(name) == 2 else f"(?i:{pattern})"
        )
    either = "|".join(
        # neighbours in any case become one group: less to compile
        f"[{first}](?:{'|'.join(rests).replace(')|(?i:', '|')})"
        for first, rests in by_first.items()
    )
    return rf"[\"“„«]?(?:{either})[\"”“»]?{NAME_WHOLE}"


def _compiled(crediting: Crediting, known: str, *, has_spaces: bool) -> _Compiled:
    """The patterns of a language with the names of agencies in their places."""
    agency = _agency(crediting, known, has_spaces=has_spaces)
    wire = f"(?:{agency}|{_QUOTED}|{_WITH_CAPITALS})"
    references = _either(crediting.references)
    further = rf"(?:,?\s?{references}\s?{wire})*"

    def filled(patterns: Sequence[str]) -> str:
        return (
            _either(patterns)
            .replace("{agency}", f"(?-i:{agency})")
            .replace("{wire}", f"(?-i:{wire})")
        )

    opening = (
        rf"(?:{filled(crediting.openings)}{further}{_GOES_ON}"
        rf"|{filled(crediting.sentences)}{further}\s?[.。]\s*)"
    )
    clause = (
        rf"{_BREAK}{filled(crediting.clauses)}{further}(?:{NAME_ENDS}|(?=,?\s?{references}))"
        r"(?:,(?=\s?\w))?"
    )
    return _Compiled(re.compile(opening), re.compile(clause))


def _agency(crediting: Crediting, known: str, *, has_spaces: bool) -> str:
    """A pattern for an agency in a language: one that is known, or a name beside an outlet's noun."""
    outlets = _either((*crediting.outlets, *crediting.reporters))
    if not has_spaces:
        return f"(?:{known.removesuffix(NAME_WHOLE)}|{outlets})"
    named = rf"(?:{outlets}\s+)+(?:{_QUOTED}|{_NAME})|{_NAME}\s{outlets}"
    return rf"(?:(?:{outlets}\s+)*{known}(?:\s{outlets})?|{named})"


def _either(patterns: Sequence[str]) -> str:
    """A pattern for any of some patterns, in any case; where there are none, it fits nothing."""
    return f"(?i:{'|'.join(patterns)})" if patterns else "(?!)"
