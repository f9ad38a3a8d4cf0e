"""How far from UTC the clock of a date is, by what stands around its clock time. Pure.

    +0300, UTC+3, МСК+2 --> as it says
    Europe/Sofia, PST8PDT, ET, ALMT, "по московскому времени" --> the IANA zone at that moment
    AEST, WIB, EET … --> its offset
    any other name of a zone, and names that mean several --> unknown
    none --> UTC

Agencies name their zones in many ways, and a wrong one makes a report hours older than its copy: so what is not
known for sure is told as unknown. Offsets are those of https://www.iana.org/time-zones, of names that the United
States share with others those of RFC 5322, section 4.3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_OFFSET = re.compile(
    r"(?:utc|gmt|[\d\sz(])\s*([-+−])\s*(\d{1,2})(?::?(\d\d))?(?![\d:])", re.IGNORECASE
)
_FROM_MOSCOW = re.compile(r"(?:msk|мск)\s*([-+−])\s*(\d{1,2})(?![\d:])", re.IGNORECASE)
_IANA = re.compile(
    r"(?<![\w/])(?:[A-Z][A-Za-z]+(?:/[A-Za-z][\w+-]*){1,2}|[A-Z]{3}\d[A-Z]{3})(?!\w)"
)
_WORD = re.compile(r"[^\W\d_]+")

_HOURS = {
    -10: "hst", -9: "akst hdt", -8: "pst akdt", -7: "mst pdt", -6: "cst mdt galt", -5: "est cdt cot pet",
    -4: "edt bot clt vet gyt", -3: "adt art brt clst uyt gft srt rott", -2: "brst fnt", -1: "cvt azot",
    0: "utc gmt ut uct z wet azost", 1: "cet west met mez wat bmt", 2: "eet cest mest mesz cat sast",
    3: "eest msk мск trt fet eat idt syot", 4: "msd azt get amt samt mut ret sct gst",
    5: "uzt tmt tjt yekt pkt aqtt oral orat mvt екб", 6: "almt kgt omst qyzt btt iot омск", 7: "novt krat ict wib hovt davt",
    8: "hkt irkt sgt myt wita awst pht ulat bnt chot irk", 9: "jst kst yakt wit awdt tlt pwt", 10: "aest vlat chst pgt",
    11: "aedt sakt magt sret sbt nct vut nft", 12: "nzst fjt pett anat mht tvt wakt gilt", 13: "nzdt tot phot fjst tkt",
    14: "lint",
}  # fmt: skip
_MINUTES = {
    "nst": -210, "ndt": -150, "irst": 210, "irdt": 270, "aft": 270, "npt": 345, "mmt": 390, "acst": 570, "acdt": 630,
    "lhst": 630, "lhdt": 660, "chast": 765, "chadt": 825,
}  # fmt: skip
_ZONES = {name: 60 * hours for hours, names in _HOURS.items() for name in names.split()} | _MINUTES
# Not here are names of zones hours apart: IST is India's, Ireland's and Israel's, BST Britain's and Bangladesh's, AST
# Arabia's and the Atlantic's; likewise ACT, BDT, ECT, PYT, SST and WST.
_OF_MAIL = "cst"  # the United States' in dates as mail has them, China's or Cuba's elsewhere
_AMERICAN = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip
# Clocks that were set to UTC+5 under their old names, in 2024 and 2018.
_MOVED = {"almt": "Asia/Almaty", "qyzt": "Asia/Qyzylorda"}
_BY_PLACE = _AMERICAN | _MOVED
# Beginnings of what places, countries and regions are called; `_` is a space.
_PLACES = """
UTC: гринвич greenwich universal coordinated zulu всемирн
Europe/Moscow: моск moscow mosk moskova
Europe/Kyiv: київ киев kyiv kiev
Europe/Minsk: минск мінск minsk
Europe/Sofia: софи sofia българск bulgar
Europe/Istanbul: istanbul turkiye turkey turkish стамбул турецк
Europe/Athens: athens αθην ελλαδ greek greece
Europe/Bucharest: bucur bucharest roman
Europe/Belgrade: belgrad beograd београд србиј
Europe/Skopje: скопј skopje
Europe/London: london british лондон
Europe/Paris: paris francais central_europe среднеевроп centroeurop mitteleurop centraleurop
Europe/Kyiv: eastern_europe восточноевроп източноевроп osteurop
Europe/Berlin: berlin deutsch
Europe/Madrid: madrid espana peninsular
Europe/Rome: rome roma italia
Europe/Warsaw: warsaw warszaw polski
Europe/Prague: prague praha pražsk
Europe/Helsinki: helsinki suomen
Asia/Almaty: алмат астан almaty astana қазақстан
Asia/Tashkent: ташкент тошкент tashkent toshkent
Asia/Bishkek: бишкек bishkek
Asia/Dushanbe: душанбе dushanbe
Asia/Ashgabat: ашхабад asgabat ashgabat
Asia/Baku: баку бакин baku baki
Asia/Yerevan: ереван yerevan երևան
Asia/Tbilisi: тбилис tbilisi თბილის
Asia/Tehran: tehran تهران
Asia/Riyadh: riyadh mecca makkah مكة السعودية
Asia/Dubai: dubai gulf الامارات
Asia/Jerusalem: jerusalem israel ירושלים
Africa/Cairo: cairo القاهرة
Asia/Kabul: kabul کابل
Asia/Karachi: karachi pakistan islamabad
Asia/Kolkata: delhi india kolkata भारतीय
Asia/Kathmandu: kathmandu nepal
Asia/Colombo: colombo lanka
Asia/Dhaka: dhaka bangladesh ঢাকা
Asia/Yangon: yangon myanmar
Asia/Bangkok: bangkok thai
Asia/Ho_Chi_Minh: hanoi vietnam
Asia/Jakarta: jakarta indonesia
Asia/Singapore: singapore
Asia/Kuala_Lumpur: kuala malaysia
Asia/Manila: manila philippine
Asia/Hong_Kong: hong_kong 香港
Asia/Taipei: taipei 台北 臺北 台灣 臺灣
Asia/Shanghai: beijing peking china chinese 北京 пекин
Asia/Tokyo: tokyo japan 日本 東京
Asia/Seoul: seoul korea 서울 한국
Asia/Ulaanbaatar: ulaanbaatar улаанбаатар
Australia/Sydney: sydney melbourne canberra australian_eastern
Pacific/Auckland: auckland wellington zealand
Africa/Nairobi: nairobi
Africa/Lagos: lagos nigeria
Africa/Johannesburg: johannesburg pretoria
America/New_York: eastern_time eastern_standard eastern_daylight new_york washington
America/Chicago: chicago central_time central_standard central_daylight
America/Denver: mountain_time mountain_standard mountain_daylight
America/Los_Angeles: pacific_time pacific_standard pacific_daylight
America/Sao_Paulo: brasilia
America/Argentina/Buenos_Aires: buenos argentin
America/Mexico_City: mexico
America/Bogota: bogota colombia
America/Havana: havana habana
"""


def _plain(text: str) -> str:
    """`text` in small letters without accents."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in marked if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain)


_ZONE_OF_PLACE = {
    _plain(beginning.replace("_", " ")): zone
    for zone, _, beginnings in (line.partition(": ") for line in _PLACES.strip().split("\n"))
    for beginning in beginnings.split()
}
_PLACE = re.compile(rf"(?:(?<![^\W\d_])|(?=[⺀-퟿]))(?:{'|'.join(map(re.escape, _ZONE_OF_PLACE))})")
# Words that say whose the clock is. With those of the first row and no place known it is of an unknown one.
_SOMEWHERE = re.compile(
    r"(?<!\w)(?:time|zeit|времени|времето|часом|часу|уақыт\w*|убакыт\w*|saati|vaqti|waktu)(?!\w)|时间|時間|시간|시각|بتوقيت|التوقيت"
)
_OF_A_PLACE = re.compile(
    rf"{_SOMEWHERE.pattern}|(?<!\w)(?:время|време|час|ora|hora|heure|orario|ωρα|uhr|por)(?!\w)"
)
_LOCAL = re.compile(
    r"(?<!\w)(?:local|местн\w*|мясцов\w*|місцев\w*|жергілікті|lokal\w*|yerel|ortszeit|locale)(?!\w)|当地|當地|現地|现地|현지"
)
_FEW = 2  # words behind a clock time that may be a place's name
_NAME = re.compile(r"(?<![\w/])(?:[A-ZА-ЯЁІЇҚҒ]{2,5}|[A-IK-Y])(?![\w/])")
_SMALL_TOO = frozenset("utc gmt z msk мск".split())


def offset(
    before: str, after: str, moment: datetime, *, is_mail: bool, no_zones: Container[str]
) -> timedelta:
    """How far east of Greenwich the clock is that shows `moment`, by the words before and after it.

    `is_mail` says that the date is written as in RFC 5322, `no_zones` are words in small letters that
    stand beside clock times and name no zone. Raises ValueError where a zone is named and not known.
    """
    named = _IANA.search(f"{before} {after}")
    numeric = None if named and named[0].startswith("Etc/") else _numeric(after)
    if numeric is not None:
        return numeric
    if named:
        return _of_iana(named[0], moment)
    short = [
        _abbreviated(word, moment, is_mail=is_mail)
        for word in _names(after)
        if word not in no_zones
    ] or [_abbreviated(word, moment, is_mail=is_mail) for word in _names(before) if word in _ZONES]
    if len(set(short)) > 1:
        raise ValueError(f"{after} names several zones")
    return short[0] if short else _by_place(before, after, moment)


def _names(text: str) -> list[str]:
    """What may abbreviate a zone's name, in small letters."""
    words = _WORD.findall(text)
    small = [word for word in words if word in _SMALL_TOO or (len(words) == 1 and word in _ZONES)]
    return [word.lower() for word in (*_NAME.findall(text), *small)]


def _numeric(after: str) -> timedelta | None:
    from_moscow = _FROM_MOSCOW.search(after)
    found = from_moscow or _OFFSET.search(f" {after}")
    if found is None:
        return None
    hours, minutes = int(found[2]), 0 if from_moscow else int(found[3] or 0)
    if hours > 15 or minutes > 59:
        raise ValueError(f"{found[0]} is no offset")
    east = timedelta(hours=hours, minutes=minutes) * (1 if found[1] == "+" else -1)
    return east + timedelta(hours=3) if from_moscow else east


def _of_iana(name: str, moment: datetime) -> timedelta:
    try:
        east = moment.replace(tzinfo=ZoneInfo(name)).utcoffset()
    except (KeyError, OSError) as error:  # a name that is none, or only of a region
        raise ValueError(f"{name} is no zone") from error
    return east or timedelta(0)


def _abbreviated(word: str, moment: datetime, *, is_mail: bool) -> timedelta:
    if word in _BY_PLACE:
        return _of_iana(_BY_PLACE[word], moment)
    if word not in _ZONES or (word == _OF_MAIL and not is_mail):
        raise ValueError(f"{word.upper()} is no zone that is known, or is several")
    return timedelta(minutes=_ZONES[word])


def _by_place(before: str, after: str, moment: datetime) -> timedelta:
    """By the name of a place; UTC where none is named and the clock is not said to be somebody's."""
    behind, around = _plain(after), _plain(f"{before} {after}")
    is_of_a_place = _OF_A_PLACE.search(around) or len(_WORD.findall(behind)) <= _FEW
    found = _PLACE.search(behind) or _PLACE.search(around) if is_of_a_place else None
    if found and (_OF_A_PLACE.search(around) or _PLACE.search(behind)):
        return _of_iana(_ZONE_OF_PLACE[found[0]], moment)
    if _SOMEWHERE.search(behind) or _LOCAL.search(around):
        raise ValueError(f"{after} is the time of an unknown place")
    return timedelta(0)
