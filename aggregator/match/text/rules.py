"""What agencies and sites write around a report: datelines, bylines, footers, known by their form.

A rule looks at one line, is anchored at its start, and reads a bounded piece of it, so that no text
can make it slow. The words are those agencies use in Bulgarian, Russian, Kazakh, English, Uzbek and
Chinese; the forms (place, date, agency in brackets, dash) are common to wires everywhere.
"""

from __future__ import annotations

import re

_HEAD = 110  # characters of a line in which a dateline ends
_SHORT = 160  # longest byline
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
_MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep oct nov dec"
    " янв фев мар апр май мая июн июл авг сен окт ноя дек яну юни юли ное"
    " қаң ақп нау сәу мам мау шіл там қыр қаз қар жел yan fev mart iyu avg okt noy dek".split()
)
_SMALL = frozenset("г года г. де да ди на of the de del la el al and и в ж жылғы жыл yil".split())

# First words of lines that are no part of a report, each with how the line may go on.
_FOOTERS: dict[str, str] = {
    # to read on
    "read": r"(more|also|next|full|the full)\b", "see": r"also\b", "also": r"(read|see)\b",
    "related": r"(stor|article|news|topic|link|:|$)", "more": r"(from|on|about|stories|news)\b",
    "click": r"(here|to)\b", "continue": r"reading\b", "keep": r"reading\b", "watch": r"(also|more|now|:)",
    "recommended": r"", "you": r"(may|might) also\b", "don’t": r"miss\b", "don't": r"miss\b",
    "most": r"(read|popular)\b", "editor's": r"(pick|choice|note)", "editors": r"(pick|note)",
    "читайте": r"(также|далее|ещ[её]|больше|нас|подробнее|по теме|полн|:)", "читать": r"(далее|также|полностью|ещ)",
    "подробнее": r"(на|в|о|:|$|\W)", "смотрите": r"(также|ещ)", "смотри": r"(также|ещ)",
    "см": r".{0,3}также", "еще": r"(по теме|новости)", "ещё": r"(по теме|новости)", "по": r"теме\b",
    "материалы": r"по теме", "другие": r"новости",
    "прочетете": r"(още|също|пълн|цял|повече)", "прочети": r"(още|също|цял|повече)", "вижте": r"(още|също|повече)",
    "виж": r"(още|също|повече)", "четете": r"(още|също|повече)", "още": r"(по темата|новини|от)",
    "свързани": r"", "последвайте": r"", "абонирайте": r"се\b",
    "толығырақ": r"(мына|:|\W|$)", "тағы": r"оқы", "сондай-ақ": r"(оқы|,? оқы)", "оқи": r"отыр", "жазылыңыз": r"",
    "batafsil": r"", "davomini": r"", "shuningdek": r",? (o.?qi|ko.?r)", "yana": r"o.?qi", "obuna": r"bo.?l",
    # to subscribe, to follow, to own
    "subscribe": r"", "sign": r"(up|in)\b", "follow": r"(us|our|@|.{1,30} on (twitter|facebook|x|telegram|instagram))",
    "join": r"(us|our|the conversation)\b", "download": r"(our|the)\b.{0,40}app\b", "get": r"(our|the latest|more|unlimited)\b",
    "like": r"us\b", "share": r"(this|on|via|:|$)", "copyright": r"", "all": r"rights reserved", "have": r"an? (opinion|story|tip)",
    "photo": r"(:|by|credit|courtesy)", "photos": r"(:|by|credit)", "image": r"(:|credit|source|by)", "video": r"(:|by)",
    "picture": r"(:|credit|by)", "source": r":", "tags": r":?", "advertisement": r"", "ad": r"$", "sponsored": r"", "topics": r":",
    "story": r"continues\b", "article": r"continues\b", "this": r"(story|article|report|post|content|material) "
    r"(has been|was|is|first|originally|may not|appeared|can)\b", "published": r"(by|on|in|under)\b", "updated": r"(:|on\b|at\b)",
    "first": r"published\b", "last": r"(updated|modified)\b", "written": r"by\b", "edited": r"by\b", "reporting": r"(and |by|:)",
    "compiled": r"by\b", "translated": r"(by|from)\b", "additional": r"reporting\b", "writing": r"(and |by)", "editing": r"by\b",
    "with": r"(assistance|reporting|files|inputs?|additional|contributions?) (from|by)\b", "contact": r"(us|the reporter)", "for": r"more (information|news|stories|details).{0,40}(visit|see|click|go to|follow)",
    "подписывайтесь": r"", "подпишитесь": r"", "подписаться": r"", "следите": r"за\b", "присоединяйтесь": r"", "при": r"(использовании|перепечатке|цитировании|копировании|повн)",
    "фото": r"(:|\.|с сайта|из|пресс|—|-)", "источник": r":", "реклама": r"", "редакция": r"(не|сайта)", "все": r"права", "автор": r":", "использование": r"материалов",
    "поделиться": r"", "поделитесь": r"", "новости": r"(по теме|партнер|партнёр)", "скачать": r"", "скачайте": r"",
    "следете": r"", "следвайте": r"", "снимка": r":", "снимки": r":", "всички": r"права", "копирайт": r"", "изпратете": r"", "сподели": r"", "материалът": r"е",
    "сурет": r":", "дереккөз": r":", "барлық": r"құқық", "бізге": r"жазыл", "surat": r":", "manba": r":", "foto": r":", "barcha": r"huquq", "bizni": r"kuzat",
}  # fmt: skip
_FOOTER_REST = {word: re.compile(rest) for word, rest in _FOOTERS.items()}
_FIRST = re.compile(r"[\s\-–—*>»•|\[(]*([\w’'-]+)\s{0,3}")
_MARKS = re.compile(
    r"[-\s.…\[\]()*_=#]*$"  # […], ---, ***
    r"|[\[(]?\+\d+ chars[\])]?$"
    r"|[-\s]*(?:©|\(c\)|\(с\))"
    r"|[/(\[]?\s*[a-zа-яөүқңғұіһәў]{1,4}(?:\s?[/,-]\s?[a-zа-яөүқңғұіһәў]{1,4}){0,3}\s*[/)\]]$"  # /АЯ/, (ab/cd)
    r"|(?:阅读全文|阅读更多|相关(?:阅读|新闻|链接)|延伸阅读|点击|更多(?:新闻|内容)|责任编辑|编辑[:：]|记者[:：]|来源[:：]|图片)"
)
_BYLINE = re.compile(
    r"(?:by|от|автор|тел)\s+[A-ZА-Я][\w.’'-]+(?:\s+(?:and\s+|и\s+)?[A-ZА-Я][\w.’'-]+){1,5}\s*"
    r"(?:[,|/].{0,40})?$",
    re.IGNORECASE,
)
_AGREEMENT = re.compile(
    r"по споразумение между|съгласно споразумение|по соглашению между|в рамках соглашения между"
    r"|(?:by|under) (?:an? |the )?agreement (?:between|with)|content.sharing agreement"
    r"|келісім(?:і|ге|ге сәйкес)?\s.{0,20}(?:бойынша|негізінде|сәйкес)"
    r"|(?:kelishuv|bitim)\w*.{0,20}(?:asosida|ko.?ra|muvofiq)|根据.{0,40}协议"
)
_AGREED = ("agreement", "споразумение", "соглашени", "келісім", "kelishuv", "bitim", "协议")
_TITLE_HEAD = re.compile(
    r"(?:(?:update|wrapup|rpt|refile)\s?\d*|corrected|correction|breaking|exclusive|watch|video|photo"
    r"|urgent|срочно|молния|обновлено|исправлено|видео|фото|обновена|коригирана|извънредно"
    r"|түзетілді|жедел|shoshilinch|快讯|更正)\s?(?:\(.{1,20}?\))?\s?[-:：–—|]\s?",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s\|\s[^|]{2,40}$")


def dateline(line: str) -> int:
    """How many characters of a line are its dateline; 0 when it has none."""
    chinese = _CHINESE_DATELINE.match(line)
    if chinese:
        return chinese.end()
    ends = 0
    for mark in _DATELINE_END.finditer(line[:_HEAD]):
        if _is_dateline(line[: mark.start()], mark.group().strip()):
            ends = mark.end()
        if mark.group().strip()[:1] in {"-", "–", "—", ":"}:
            break
    return ends + _agency_sentence(line, ends) if ends else 0


def _is_dateline(head: str, mark: str) -> bool:
    """Whether the words before a mark name a place, a date, an agency, and nothing else."""
    words = _WORD.findall(head)
    if not words or len(words) > 10 or not all(map(_may_stand_in_dateline, words)):
        return False
    if _is_date(words) or (_IN_BRACKETS.search(head) and mark != "."):
        return True
    return mark not in {".", ""} and len(words) <= 4 and head.isupper() and len(head) > 3


def _may_stand_in_dateline(word: str) -> bool:
    return (
        word[0].isupper()
        or word[0].isdigit()
        or word.lower() in _SMALL
        or word[:3].lower() in _MONTHS
    )


def _is_date(words: list[str]) -> bool:
    parts = [part.lower() for word in words for part in word.split("-")]
    months = any(part[:3] in _MONTHS or part[:4] in _MONTHS for part in parts)
    return months and any(word[0].isdigit() for word in words)


def _agency_sentence(line: str, start: int) -> int:
    """The agency that stands alone behind a date: "МОСКВА, 4 ноя - РИА Новости. …"."""
    if not any(character.isdigit() for character in line[:start]):
        return 0
    agency = _AGENCY_SENTENCE.match(line, start, start + 40)
    return agency.end() - start if agency else 0


def is_footer(line: str) -> bool:
    """Whether a line is none of the report's: a footer, a byline, a link onward, an advertisement."""
    lowered = line[:_SHORT].lower()
    if _MARKS.match(lowered):
        return len(line) <= 40 or "©" in lowered[:4] or "(c)" in lowered[:6]
    first = _FIRST.match(lowered)
    if first and first.group(1) in _FOOTER_REST:
        return bool(_FOOTER_REST[first.group(1)].match(lowered, first.end()))
    return len(line) <= 80 and bool(_BYLINE.match(line))


def is_agreement(line: str) -> bool:
    """Whether a line says that the report is distributed by agreement between agencies."""
    if len(line) > 300:
        return False
    lowered = line.lower()
    # Looking for a plain word first costs a fiftieth of trying every alternative at every letter.
    return any(word in lowered for word in _AGREED) and bool(_AGREEMENT.search(lowered))


def bare_title(title: str) -> str:
    """A title without the marks of its version and the name of the site."""
    head = _TITLE_HEAD.match(title)
    return _TITLE_TAIL.sub("", title[head.end() :] if head else title)
