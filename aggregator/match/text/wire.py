"""Headers and tails that wires put around a report, known by their form: they carry no facts of it.

    "NF 01:48:31 09-11-2018 NN0148NF.003 Velmora - bridge - opening The bridge …"   time, date, code, slug
    "r i BC-VELMORA-BRIDGE 11-09 0450"      priority, category, slug, date, words (IPTC 7901, ANPA 1312)
    "… was opened on Monday. /ДИ/ /НН/"     initials, the agency, signs of the end

A header stands in the first lines, which it fills or begins; a tail in the last. Only short pieces of a
line are looked at. A date or a time alone is none: a report may begin with one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aggregator.match.text.rules import any_of

# Set by hand: headers of real wires have one to three lines, tails one or two.
_HEAD_LINES = 3
_TAIL_LINES = 3
_TAILS = 4  # of one line: initials of several editors, and the agency
_HEADER = 120  # characters of a line in which a header ends
_STAMP = 90  # characters of a line that only says when the report was published
_TAIL = 60  # characters of a line in which a tail begins
_STAMP_WORDS = 4  # words of a stamp besides its date and time ("Updated", "Editor: A. Vale")

_TIME = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?(?:[aApP]\.?[mM]\.?|[A-Z]{3,4}|ч\.?))?(?!\d|%|[./-]\d)"
_DATE = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{4}[./-]\d\d[./-]\d\d)(?!\d)(?:\s?г\.?)?"
_CODE = r"(?=[A-Z\d.-]*\d)[A-Z]{1,6}\d[A-Z\d]{2,12}(?:\.\d{1,4})?"
_LETTERS = r"[A-Z]{1,4}(?=\s)"
_MARK = r"[.,|•·-](?=\s|$)"
_RUN = re.compile(rf"(?:(?:{_TIME}|{_DATE}|{_CODE}|{_LETTERS}|{_MARK})(?:\s+|$))+")
_HAS_TIME, _HAS_DATE = re.compile(rf"(?<!\S){_TIME}"), re.compile(rf"(?<!\S){_DATE}")
_DAY = re.compile(
    rf"{_DATE}|\b\d{{1,2}}\.?,? [^\W\d_]{{3,10}}\.?,? \d{{4}}\b|[^\W\d_]{{3,10}}\.? \d{{1,2}}, \d{{4}}\b"
)
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?]$")
_WORD = re.compile(r"[^\W\d_]+")
_HAS_CODE = re.compile(rf"(?<!\S){_CODE}")
# The subjects that a coded header goes on with, joined by dashes; the last ends before a capital.
_SUBJECTS = re.compile(
    r"(?:[^\W_][^\n.!?:–—\"„«]{0,30} [-–] ){2,}[\w-]+(?: [^\W\d_A-ZА-Я]\w*){0,3}\s+(?=[\"„“«]?[^\W\d_a-zа-я])"
)
_SLUG = re.compile(
    r"\^?(?:[a-zA-Z] [a-zA-Z] )?(?:BC|AM|PM|AP|bc|am|pm)-[\w’'&./-]+(?:,\s?[\w\s()’'-]{0,40}?)??"
    r"(?:[,\s]\s?(?:\d\d-\d\d\s)?\d{2,5}|[\^<]|$)+\s*"
    r"|[a-z\d] [a-z] [\w’'&./-]+(?: \d\d-\d\d)? \d{3,5}(?:\s+|$)"
    r"|ZCZC\b.{0,40}$|[A-Z]{3}\d{3,4}\s+(?:\d\s)?[a-z] [a-z] \d{2,5}\b.{0,40}$"
)
_EDITORS = re.compile(r"\(?(?:Eds?|Editors|EDS|EDITORS)(?:['’]? [Nn]ote)?:.{0,300}?(?:\)|$)\s*")
_PRIORITY = re.compile(
    rf"[\s*!(\[]*(?:{any_of(lambda language: language.title_marks)}"
    rf"|{any_of(lambda language: language.notices.correction)}|bulletin|flash|newsalert)[\s*!)\].:–—-]*$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:[-–—*(\[]\s*)?(?:-0-|-30-|ENDS?|NNNN|MORE|more|Ends|[Ii]tem ends|mf|mtf)\s*(?:[-–—*)\]]\s*)?"
    r"|\s*#{2,}\s*|\s*[(\[]\d{2,4} words[)\]]\s*|\s*\d{2,4} words\s*"
    r"|\s*[A-Z]{2,4}-[A-Z]{2,4}-\d\d-\d\d-\d\d \d{4}[A-Z]*\S?\s*"
)
# Behind the last sentence: initials, an agency in brackets, between strokes or behind a dash.
_SIGNED = re.compile(
    r"(?<=[.!?…\"”“»)/])\s*(?:"
    r"/[\w .,+-]{1,24}/?[.+]?(?:\s?[^\W\d_]\w{2,8}\+)?"
    r"|\([A-ZА-ЯҚӘӨҮҰҒ][\w.-]{1,12}\)|\([^\W\d_]{2,4}(?:[/-][^\W\d_]{2,4}){1,3}\)"
    r"|\[[\w ]{2,12}\]|//\s*\w[\w ]{1,24}|-0-|-30-|#{2,}|NNNN|[-–—]\s?[A-ZА-ЯҚӘӨҮҰҒ]{2,10}"
    r")\s*$"
    r"|\s/[^\W\d_]{1,4}(?:[,/ -]\s?[^\W\d_]{1,4}){0,3}/\s*$"
)


class Bare(NamedTuple):
    """The lines of a report, and what was taken off: whole lines and pieces of lines."""

    lines: list[str]
    removed: list[str]


def take_wire(lines: list[str]) -> Bare:
    """The lines of a report (each stripped, none empty) without what a wire puts around them."""
    bare = Bare([], [])
    for at, line in enumerate(lines):
        start, end = 0, len(line)
        if at < _HEAD_LINES:
            start = end if len(lines) > 1 and is_stamp(line) else header(line)
        if len(lines) - at <= _TAIL_LINES and start < end:
            end = max(start, tail(line))
        pieces = (line[:start].strip(), line[end:].strip())
        bare.removed.extend(filter(None, pieces))
        if start < end:
            bare.lines.append(line[start:end].rstrip())
    return bare


def header(line: str) -> int:
    """How many characters at the beginning of a line are a wire's header; 0 when it has none."""
    if len(line) <= _STAMP and _PRIORITY.match(line):
        return len(line)
    slug = _SLUG.match(line[:_HEADER]) or _EDITORS.match(line)
    if slug:
        return slug.end()
    run = _RUN.match(line[:_HEADER])
    if not run:
        return 0
    times, dates, codes = (
        bool(part.search(run.group())) for part in (_HAS_TIME, _HAS_DATE, _HAS_CODE)
    )
    if times + dates + codes < 2:
        return 0
    subjects = _SUBJECTS.match(line[: run.end() + _HEADER], run.end()) if codes else None
    return subjects.end() if subjects else run.end()


def tail(line: str) -> int:
    """Where a wire's tail begins in a line; its length when it has none."""
    if len(line) <= _TAIL and _ENDS.fullmatch(line):
        return 0
    end = len(line)
    for _ in range(_TAILS):
        signed = _SIGNED.search(line, max(0, end - _TAIL), end)
        if not signed:
            break
        end = signed.start()
    return end


def is_stamp(line: str) -> bool:
    """Whether a line only says when a report was published: a date, a time and a few words."""
    if len(line) > _STAMP or _SENTENCE_END.search(line) or not _HAS_TIME.search(line):
        return False
    rest, found = _DAY.subn(" ", line)
    return bool(found) and len(_WORD.findall(_HAS_TIME.sub(" ", rest))) <= _STAMP_WORDS
