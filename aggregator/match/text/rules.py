"""What agencies and sites write around a report: datelines, bylines, footers, known by their form.

A rule looks at one line, is anchored at its start, and reads a bounded piece of it, so that no text
can make it slow. The words come from the files of the languages (`aggregator/languages`), all languages
together; the forms (place, date, agency in brackets, dash) are common to wires everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from aggregator.languages import Language, languages

_LONGEST_DATELINE = 110  # characters of a line in which a dateline ends
_LONGEST_BYLINE = 160  # characters
_WORD = re.compile(r"[^\W_]+(?:[-.’'‘ʻ][^\W_]+)*")
_DATELINE_END = re.compile(
    r"\s[-–—]{1,3}\s|(?<=[)/\]])\s?[-–—:.]*\s|(?<=\w)[:–—]\s|(?<=\w)--\s?|\.\s"
)
_IN_BRACKETS = re.compile(r"[(/\[]\s*[^()/\[\]]{2,40}\s*[)/\]]")
_AGENCY_SENTENCE = re.compile(
    r"(?:[A-ZА-ЯҚҒҰІҢӨҺӘЎ«\"][\w‘’'ʻ»\".-]{1,20}\s?){1,3}[.:]\s+|/[^/]{2,30}/\s*[-–—]?\s*"
)
_CHINESE_DATELINE = re.compile(
    r"[（(【\[]?(?:[\u4e00-\u9fff]{2,6}社|[\u4e00-\u9fff]{2,6}网)[/／ ]?[\u4e00-\u9fff·/／]{0,16}"
    r"\d{0,4}年?\d{0,2}月?\d{0,2}日?[电讯消息】]{1,3}\s*"
    r"(?:[（(][^（()）]{1,40}[）)])?\s*[】\])）:：—–-]*\s*"
)
# Beginnings of months that are as often another word: Senators, сепаратисты.
_NO_MONTHS = frozenset({"sen", "сеп"})
_MONTHS = {
    name[:3].casefold()
    for language in languages().values()
    for names in language.months
    for name in names
} - _NO_MONTHS
_DATELINE_WORDS = {word for language in languages().values() for word in language.dateline_words}


def any_of(key: Callable[[Language], Iterable[str]]) -> str:
    """A pattern that fits what any language has under a key; where none has any, it fits nothing."""
    found = dict.fromkeys(one for language in languages().values() for one in key(language))
    return f"(?:{'|'.join(found)})" if found else "(?!)"


def _footers() -> dict[str, re.Pattern[str]]:
    """First words of lines that are no part of a report, each with how the line may go on."""
    rests: dict[str, list[str]] = {}
    for language in languages().values():
        for word, rest in language.footers.items():
            rests.setdefault(word, []).append(rest)
    return {word: re.compile(f"(?:{'|'.join(those)})") for word, those in rests.items()}


_FOOTERS = _footers()
_FIRST_WORD = re.compile(r"[\s\-–—*>»•|\[(]*([\w’'-]+)\s{0,3}")
_DECORATION = re.compile(
    r"[-\s.…\[\]()*_=#]*$"  # […], ---, ***
    r"|[\[(]?\+\d+ chars[\])]?$"
    r"|[-\s]*(?:©|\(c\)|\(с\))"
    r"|[/(\[]?\s*[a-zа-яөүқңғұіһәў]{1,4}(?:\s?[/,-]\s?[a-zа-яөүқңғұіһәў]{1,4}){0,3}\s*[/)\]]$"  # /АЯ/, (ab/cd)
    rf"|{any_of(lambda language: language.footer_lines)}"
)
_BYLINE = re.compile(
    rf"{any_of(lambda language: language.bylines)}\s+[A-ZА-Я][\w.’'-]+"
    rf"(?:\s+(?:{any_of(lambda language: language.conjunctions)}\s+)?[A-ZА-Я][\w.’'-]+){{1,5}}\s*"
    r"(?:[,|/].{0,40})?$",
    re.IGNORECASE,
)
_AGREEMENT = re.compile(any_of(lambda language: language.agreement))
_AGREEMENT_WORDS = [word for language in languages().values() for word in language.agreement_words]
_TITLE_HEAD = re.compile(
    rf"{any_of(lambda language: language.title_marks)}\s?(?:\(.{{1,20}}?\))?\s?[-:：–—|]\s?",
    re.IGNORECASE,
)
_INNER_DOT = re.compile(r"[a-z0-9-][.][a-z0-9]", re.IGNORECASE)
_NUMBER = re.compile(r"[^A-Za-z]*")
_FILE_NAME = re.compile(
    r"[.](?:mp3|m4a|aac|og[agv]|opus|wav|flac|mp4|m4v|mov|webm|jpe?g|png|gif|webp|avif|svg|pdf)$",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s\|\s[^|]{2,40}$")


def is_name_of_file(title: str) -> bool:
    """Whether a title is an address or a file's name, which items without words are called by."""
    is_one_word = title.isascii() and len(title.split()) == 1
    is_address = is_one_word and not _NUMBER.fullmatch(title) and _INNER_DOT.search(title)
    return bool(is_address or _FILE_NAME.search(title))


def dateline(line: str) -> int:
    """How many characters of a line are its dateline; 0 when it has none."""
    chinese = _CHINESE_DATELINE.match(line)
    if chinese:
        return chinese.end()
    ends = 0
    for mark in _DATELINE_END.finditer(line[:_LONGEST_DATELINE]):
        if line.count("(", 0, mark.start()) > line.count(")", 0, mark.start()):
            continue  # a dash between two agencies: "(Kazinform – BTA)"
        if _is_dateline(line[: mark.start()], mark.group().strip()):
            ends = mark.end()
        if mark.group().strip()[:1] in {"-", "–", "—", ":"}:
            break
    return ends + _agency_sentence(line, ends) if ends else 0


def _is_dateline(head: str, mark: str) -> bool:
    """Whether the words before a mark name a place, a date, an agency, and nothing else."""
    words = _WORD.findall(head)
    if not words or len(words) > 10 or not all(map(_fits_dateline, words)):
        return False
    if _is_date(words) or (_IN_BRACKETS.search(head) and mark != "."):
        return True
    if mark in {".", ""} or len(words) > 4 or len(head) <= 3:
        return False
    city, _, agency = head.partition(". ")
    return city.isupper() and (head.isupper() or len(agency.split()) == 1)


def _fits_dateline(word: str) -> bool:
    return (
        word[0].isupper()
        or word[0].isdigit()
        or word.lower() in _DATELINE_WORDS
        or word[:3].lower() in _MONTHS
    )


def _is_date(words: list[str]) -> bool:
    parts = [part.lower() for word in words for part in word.split("-")]
    months = any(part[:3] in _MONTHS for part in parts)
    return months and any(word[0].isdigit() for word in words)


def _agency_sentence(line: str, start: int) -> int:
    """The agency that stands alone behind a date: "МОСКВА, 4 ноя - РИА Новости. …"."""
    if not any(character.isdigit() for character in line[:start]):
        return 0
    agency = _AGENCY_SENTENCE.match(line, start, start + 40)
    return agency.end() - start if agency else 0


def is_footer(line: str) -> bool:
    """Whether a line is none of the report's: a footer, a byline, a link onward, an advertisement."""
    lowered = line[:_LONGEST_BYLINE].lower()
    if _DECORATION.match(lowered):
        return len(line) <= 40 or "©" in lowered[:4] or "(c)" in lowered[:6]
    first = _FIRST_WORD.match(lowered)
    if first and first.group(1) in _FOOTERS:
        return bool(_FOOTERS[first.group(1)].match(lowered, first.end()))
    return len(line) <= 80 and bool(_BYLINE.match(line))


def is_agreement(line: str) -> bool:
    """Whether a line says that the report is distributed by agreement between agencies."""
    if len(line) > 300:
        return False
    lowered = line.lower()
    # Looking for a plain word first costs a fiftieth of trying every alternative at every letter.
    return any(word in lowered for word in _AGREEMENT_WORDS) and bool(_AGREEMENT.search(lowered))


def bare_title(title: str) -> str:
    """A title without the marks of its version and the name of the site."""
    head = _TITLE_HEAD.match(title)
    return _TITLE_TAIL.sub("", title[head.end() :] if head else title)
