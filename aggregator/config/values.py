"""The types of values: durations, sizes, addresses, ids, languages, as people write them.

Each type takes the text of the file, or the value itself when built in code. Its message says in one sentence
what is wrong and what would be right.
"""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, SecretStr

from aggregator import i18n
from aggregator.folders import folder_of, is_folder
from aggregator.model import Fulltext

MIB = 1024 * 1024

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SIZES = {"KiB": 1024, "MiB": MIB, "GiB": 1024 * MIB}
MIN_TOKEN = 16  # characters of a token that a person may write
_MAX_DURATION = timedelta(days=3660)  # set by hand: no setting makes sense beyond it

# Country codes that are often written for language codes (ISO 3166-1 -> ISO 639-1); none of them is a language
# code itself. Chosen by hand.
LANGUAGE_OF_COUNTRY = {
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "jp": "ja",
    "kz": "kk",
    "rs": "sr",
    "ua": "uk",
}


def duration(text: str) -> timedelta:
    """A duration as people write it: 90s, 15m, 2h, 7d. Raises ValueError, whose message shows the form."""
    parts = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    if not parts:
        raise ValueError(f"'{text}' is not a duration; write it with a unit: 90s, 15m, 2h or 7d")
    length = timedelta(**{_UNITS[parts[2]]: int(parts[1])})
    if length > _MAX_DURATION:
        raise ValueError(f"'{text}' is longer than ten years")
    return length


def _duration(value: object) -> object:
    return duration(value) if isinstance(value, str) else value


def _positive(duration: timedelta) -> timedelta:
    if not duration:
        raise ValueError("must be longer than 0s")
    return duration


def _size(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = re.fullmatch(r"([1-9][0-9]{0,8})([KMG]iB)", value)
    if not parts:
        raise ValueError(f"'{value}' is not a size; write it with a unit: 512KiB, 15MiB or 1GiB")
    return int(parts[1]) * _SIZES[parts[2]]


def _network(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ip_network(value)
    except ValueError as error:
        raise ValueError(
            f"'{value}' is not a network; write it as 127.0.0.1/32 or 10.0.0.0/8"
            + (", without host bits" if "host bits" in str(error) else "")
        ) from error


def checked_id(value: str) -> str:
    """An id as people write it. Raises ValueError, whose message names the letters it may have."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", value):
        raise ValueError(
            f"'{value}' is not a valid id; use the letters a to z, digits, '.', '_' and '-'"
        )
    return value


def web_address(value: str) -> str:
    """An address as people write it. Raises ValueError for one that is none of the web."""
    if not re.match(r"https?://", value, re.IGNORECASE):
        raise ValueError(f"'{value}' is not a web address; it must begin with http:// or https://")
    if re.search(r"\s", value):
        raise ValueError(f"'{value}' is not a web address; it contains a space")
    try:
        parts = urlsplit(value)
        has_host = parts.hostname and (parts.port is None or parts.port)
    except ValueError as error:
        raise ValueError(f"'{value}' is not a web address: {error}") from error
    if not has_host:
        raise ValueError(f"'{value}' is not a web address; it has no host name")
    return value


def _site_address(value: str) -> str:
    """An address to which pages' own are added; what follows a "?" or two slashes would lead elsewhere."""
    if re.search(r"[?#\\]|//", value.rstrip("/").partition("://")[2]):
        raise ValueError(
            f"'{value}' is not the address of a site; write it without ?, #, \\ and //"
        )
    return value.rstrip("/")


def _host_name(value: str) -> str:
    """A name as it stands in a Host header: ASCII (RFC 5890), lower-case; may begin with "*."."""
    try:
        name = value.strip().removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not re.fullmatch(r"\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", name):
        raise ValueError(
            f"'{value}' is not a host name; write it as news.example.org, without http:// and port, "
            "*.example.org for all names below it, or * for any"
        )
    return name


def _feed_url(value: str) -> str:
    if is_folder(value):
        folder_of(value)
        return value
    return web_address(value)


def _directory(value: object) -> object:
    path = Path(value) if isinstance(value, str) else value
    if isinstance(path, Path) and (not path.is_absolute() or ".." in path.parts):
        raise ValueError(f"'{path}' is not an absolute path; write it as /var/spool/wire")
    return path


def _language(value: str) -> str:
    code, *rest = value.split("-")
    code = code.lower()
    if code in LANGUAGE_OF_COUNTRY:
        raise ValueError(
            f"'{value}' is a country code; the language code is '{LANGUAGE_OF_COUNTRY[code]}'"
        )
    if not re.fullmatch(r"[a-z]{2,3}", code) or not all(
        re.fullmatch(r"[A-Za-z0-9]{2,8}", part) for part in rest
    ):
        raise ValueError(f"'{value}' is not a language code; write it as bg, en or zh-Hans")
    return "-".join((code, *rest))


def _database(value: str) -> str:
    if not re.match(r"sqlite:///.|postgresql\+psycopg://.", value):
        raise ValueError(
            f"'{value}' is not a database; write sqlite:///var/aggregator.db "
            "or postgresql+psycopg://HOST/NAME"
        )
    return value


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"'{value}' is not a time zone; write it as Europe/Sofia or Asia/Almaty"
        ) from error


def _interface(value: str) -> str:
    if value not in i18n.LANGUAGES:
        raise ValueError(
            f"'{value}' is no language of the pages; write one of {', '.join(i18n.LANGUAGES)}"
        )
    return value


def _secret(value: SecretStr) -> SecretStr:
    """Long enough not to be guessed, and of what a header can carry; the message never shows it."""
    if not re.fullmatch(rf"[!-~]{{{MIN_TOKEN},}}", value.get_secret_value()):
        raise ValueError(
            f"must have at least {MIN_TOKEN} characters: ASCII letters, digits and signs, no spaces; "
            "`aggregator token` makes one"
        )
    return value


def _token_hash(value: str) -> str:
    found = re.fullmatch(r"sha256:([0-9a-f]{64})", value, re.IGNORECASE)
    if not found:
        raise ValueError(
            "is not the hash of a token, sha256:… with 64 digits; "
            "`aggregator token NAME` makes a token and prints this line"
        )
    return found[1].lower()


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _header_value(value: str) -> str:
    if not re.fullmatch(r"[ -~]*", value):
        raise ValueError("must be one line of ASCII letters, digits and signs: servers read it")
    return value.strip()


def _fulltext(value: object) -> object:
    """Read `true` and `false` too, which earlier versions wrote."""
    choices = {"true": Fulltext.ALWAYS, "false": Fulltext.NEVER, True: "always", False: "never"}
    if isinstance(value, (str, bool)):
        value = choices.get(value, value)
    if value not in list(Fulltext):
        raise ValueError(f"'{value}' is none of {', '.join(Fulltext)}")
    return value


def _list(value: object) -> object:
    return () if value is None else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
Size = Annotated[int, BeforeValidator(_size)]  # bytes
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Text = Annotated[str, AfterValidator(_text)]
Id = Annotated[str, AfterValidator(checked_id)]
HeaderValue = Annotated[str, AfterValidator(_header_value)]
Url = Annotated[str, AfterValidator(web_address)]
FeedUrl = Annotated[str, AfterValidator(_feed_url)]  # http, https, or a folder's
Directory = Annotated[Path, BeforeValidator(_directory)]  # absolute
BaseUrl = Annotated[Url, AfterValidator(_site_address)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Interface = Annotated[str, AfterValidator(_interface)]  # one of `i18n.LANGUAGES`
Secret = Annotated[SecretStr, AfterValidator(_secret)]  # no log and no message shows it
TokenHash = Annotated[str, AfterValidator(_token_hash)]  # SHA-256, 64 hexadecimal digits
HostName = Annotated[str, AfterValidator(_host_name)]
Language = Annotated[str, AfterValidator(_language)]  # BCP 47 (RFC 5646), its first part lower-case
FulltextChoice = Annotated[Fulltext, BeforeValidator(_fulltext)]
Database = Annotated[str, AfterValidator(_database)]
EMPTY_LIST = BeforeValidator(_list)  # a key without a value means an empty list
