"""What an item says it is at its head: the correction or the withdrawal (kill) of an earlier one.

    CORRECTED-Bridge opened · Мост открыт (ИСПРАВЛЕНО) · ПОПРАВКА: …   a mark, apart from what follows
    (Corrects figure in para 2) · Просим аннулировать новость «…»      a form, where a sentence begins

A report about something corrected or cancelled has such words within its sentences. A mark of correction
is believed before any colon: nothing is lost by it. A kill takes a report away, so its mark must be in
capitals among words that are not, or in brackets; in doubt it is none. The words are those of the
languages' files (`[notices]`), all languages together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from aggregator.languages import languages
from aggregator.match.text.rules import any_of, bare_title, dateline
from aggregator.model import Notice

# Set by hand: notices stand in the first lines, and are said in their first sentences.
_HEAD_LINES = 3
_HEAD, _SUSPECTED = 240, 160  # characters of a line that are read, and that are searched for words
_LONGEST_KILL = 900  # characters: what says more of itself than that is no mere notice
_HAN_WEIGHT = 3  # letters that an ideograph is worth
_LONGEST_TAIL = 120  # characters of a mark at the end of a title
_CLOSING = ")]）】/"
_MOST_MARKS = 3  # before a title: "UPDATE 1-CORRECTED (OFFICIAL)-"

_EVERY_WORD = {word for language in languages().values() for word in language.notices.words}
_WORDS = sorted(
    word for word in _EVERY_WORD if not any(part in word for part in _EVERY_WORD - {word})
)
_LEAD_IN = rf"[\s*!#=_•–—-]*(?:{any_of(lambda language: language.notices.address)}[\s:,!.–—-]+)?(?:[\s*!#]*)"
_MARKS = {
    Notice.KILL: any_of(lambda language: language.notices.kill),
    Notice.CORRECTION: any_of(lambda language: language.notices.correction),
}
_FORMS = {
    Notice.KILL: any_of(lambda language: language.notices.kill_forms),
    Notice.CORRECTION: any_of(lambda language: language.notices.correction_forms),
}
# The mark, what may belong to it (a number, a bracket), and what parts it from the rest: a colon, a dash
# or the end of the line; where there is none of them, a space.
_PARTED = (r"\s*[:：.!]+\s*|\s+[-–—|]+\s+|[-–—](?=\S)|\s*$", r"\s+")
_AT_HEAD = {
    kind: [
        re.compile(
            rf"{_LEAD_IN}(?P<mark>{marks})(?!\w)(?:[\s-]?\d{{1,2}}(?!\d))?(?:\s?\([^()]{{1,20}}\))?"
            rf"(?P<parted>{parted})",
            re.IGNORECASE,
        )
        for parted in _PARTED
    ]
    for kind, marks in _MARKS.items()
}
# "(Correction of a name)" is a correction; "(Cancellation of the flight)" is no kill.
_REST = {Notice.KILL: r"\s*[:,.–—]", Notice.CORRECTION: r"[\s:,.–—-]"}
_IN_BRACKETS = {
    kind: re.compile(
        rf"{_LEAD_IN}[(\[（【/]\s*(?P<mark>{marks})(?!\w)(?:{_REST[kind]}[^()\[\]（）【】/]{{0,90}})?\s*[)\]）】/]"
        r"\s*[:：.–—-]*\s*",
        re.IGNORECASE,
    )
    for kind, marks in _MARKS.items()
}
_AT_END = {
    kind: re.compile(
        rf"\s*(?:[(\[（【/]\s*(?:{marks})\s*[)\]）】/]|[(\[（]\s*(?:{_FORMS[kind]})[^()]{{0,90}}[)\]）])\s*$",
        re.IGNORECASE,
    )
    for kind, marks in _MARKS.items()
}
_BEHIND_DASH = {
    kind: re.compile(rf"\s[-–—]\s?(?P<mark>{marks})\s*$", re.IGNORECASE)
    for kind, marks in _MARKS.items()
}
_AS_FORM = {
    kind: re.compile(rf"{_LEAD_IN}[(\[（【]?\s*(?:{_LEAD_IN})(?:{forms})", re.IGNORECASE)
    for kind, forms in _FORMS.items()
}
_SENTENCE_BEGINS = re.compile(r"[.!?:。!?:]\s*|[(\[（【]")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？]")
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]{1,300}[)\]）】]\s*[.:–—-]*\s*")
_DASH = re.compile(r"[-–—]{1,3}\s")
_STRONG = re.compile(r"\s*[:：.!]|\s+[-–—|]+\s")
_HAN = re.compile(r"[\u3400-\u9fff]")
_QUOTED_WHOLE = re.compile(r"[\"«„“「《](?P<title>[^\"«»„“”「」《》]+)[\"»“”」》]\.?$")


def notice(title: str, lines: Sequence[str], own_names: Collection[str] = ()) -> Notice | None:
    """What an item says it is, by its title and the lines of its text (no markup); None for a report.

    `own_names` are those of its agency, which may stand before a mark or a form ("BTA withdraws …").
    """
    title, *lines = (_without_name(line, own_names) for line in (title, *lines))
    heads = [title, *lines[:_HEAD_LINES]]
    if _is_suspected("\n".join([line[:_SUSPECTED] for line in heads])):
        each = dict.fromkeys(line[:_HEAD] for line in (title, bare_title(title), *heads[1:]))
        heads = [line for line in each if _is_suspected(line)]
        if found := _first(_mark_of, heads) or _mark_at_end(title):
            return found
        found = _first(_form_of, heads)
        if found is Notice.KILL and _length(lines) > _LONGEST_KILL:
            return Notice.CORRECTION  # it brings a report of its own
        if found:
            return found
    last = lines[-1][:_HEAD] if len(lines) > _HEAD_LINES else ""
    is_corrected = _is_suspected(last) and _form_of(last) is Notice.CORRECTION
    return Notice.CORRECTION if is_corrected else None


def _without_name(line: str, names: Collection[str]) -> str:
    """A line without the name it begins with."""
    for name in names:
        rest = line[len(name) :]
        if line[: len(name)].casefold() == name.casefold() and not rest[:1].islower():
            return rest.lstrip()
    return line


def bare(title: str) -> str:
    """A title without the marks of its version: that of what a notice is about."""
    for _ in range(_MOST_MARKS):
        shorter = _without_mark(bare_title(title))
        if shorter == title:
            break
        title = shorter
    return title


def take_notes(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of a corrected report, and what only says what was corrected in it.

    A note holds the old fact beside the new one, so it is no part of the report; where it is followed by
    the report it alone is cut. A text that is nothing but notes is left as it is.
    """
    kept, notes = [], []
    for at, line in enumerate(lines):
        start, end = _note(line) if at < _HEAD_LINES or at == len(lines) - 1 else (0, 0)
        rest = f"{line[:start]}{line[end:].lstrip()}".strip()
        if end > start:
            notes.append(line[start:end].strip())
        if rest:
            kept.append(rest)
    return (kept, notes) if kept else (list(lines), [])


def _note(line: str) -> tuple[int, int]:
    """Where a note begins and ends in a line, at its head or behind its dateline; (0, 0) for none."""
    if not _is_suspected(line[:_SUSPECTED]):
        return 0, 0
    for start in _heads(line):
        bracketed = _BRACKETS.match(line, start)
        is_form = _AS_FORM[Notice.CORRECTION].match(line, start)
        if bracketed and (is_form or _IN_BRACKETS[Notice.CORRECTION].match(line, start)):
            return start, bracketed.end()
        if is_form and not bracketed:
            return start, _end_of_sentence(line, is_form.end())
    return 0, 0


def _end_of_sentence(line: str, start: int) -> int:
    end = _SENTENCE_END.search(line, start)
    return end.end() if end else len(line)


def _first(read: Callable[[str], Notice | None], lines: Sequence[str]) -> Notice | None:
    """What the first of some lines says that says anything."""
    return next(filter(None, map(read, lines)), None)


def _is_suspected(text: str) -> bool:
    folded = text.casefold()
    return any(word in folded for word in _WORDS)


def _mark_of(line: str) -> Notice | None:
    """What the mark at the head of a line, or behind its dateline, says."""
    for start in _heads(line):
        for kind in _MARKS:
            if _end_of_mark(line, start, kind):
                return kind
    return None


def _mark_at_end(title: str) -> Notice | None:
    return next((kind for kind in _MARKS if _start_of_mark(title, kind) < len(title)), None)


def _end_of_mark(line: str, start: int, kind: Notice) -> int:
    """Where a mark at the head of a line ends; 0 where there is none that stands apart."""
    bracketed = _IN_BRACKETS[kind].match(line, start)
    if bracketed:
        return bracketed.end()
    for pattern in _AT_HEAD[kind]:
        match = pattern.match(line, start)
        if match and _stands_apart(match, kind):
            return match.end()
    return 0


def _start_of_mark(line: str, kind: Notice) -> int:
    """Where a mark at the end of a title begins: in brackets, or in capitals behind a dash."""
    tail = max(0, len(line) - _LONGEST_TAIL)
    match = _AT_END[kind].search(line, tail) if line[-1:] in _CLOSING else None
    if match:
        return match.start()
    match = _BEHIND_DASH[kind].search(line, tail)
    if match and match["mark"].isupper() and not line[: match.start()].isupper():
        return match.start()
    return len(line)


def _heads(line: str) -> list[int]:
    """Where a line begins: its first character, and what follows its dateline."""
    cut = dateline(line)
    return [0, *(dash.end() for dash in _DASH.finditer(line, 0, cut)), cut] if cut else [0]


def _stands_apart(match: re.Match[str], kind: Notice) -> bool:
    """Whether a mark is told from the words after it: by capitals, or by what parts them."""
    mark, parted, rest = match["mark"], match["parted"], match.string[match.end() :]
    is_cased = mark.lower() != mark.upper()
    in_capitals = is_cased and mark.split()[0].isupper()
    shouts = len(rest) > 1 and rest.isupper()
    is_one_word = " " not in mark
    if kind is Notice.KILL and is_cased and (not in_capitals or (shouts and is_one_word)):
        return False
    if not rest or _STRONG.match(parted):
        return True
    begins_anew = not rest[:1].islower()
    if not parted.isspace():  # a dash that joins
        return begins_anew and (in_capitals or not is_cased)
    if kind is Notice.KILL and (not is_cased or is_one_word):
        return False
    return begins_anew and not shouts and (in_capitals or not is_cased)


def _form_of(line: str) -> Notice | None:
    for start in _beginnings(line):
        for kind, pattern in _AS_FORM.items():
            if pattern.match(line, start):
                return kind
    return None


def _beginnings(line: str) -> Iterator[int]:
    """Where the sentences of a line begin."""
    yield from _heads(line)
    yield from (match.end() for match in _SENTENCE_BEGINS.finditer(line))


def _length(lines: Sequence[str]) -> int:
    """How long a text is, in letters."""
    return sum(len(line) + _HAN_WEIGHT * len(_HAN.findall(line)) for line in lines)


def _without_mark(title: str) -> str:
    for kind in _MARKS:
        title = title[_end_of_mark(title, 0, kind) :]
        title = title[: _start_of_mark(title, kind)]
    whole = _QUOTED_WHOLE.match(title)
    return whole["title"] if whole else title
