"""A configuration file is read, checked as a whole and told apart: settings, or every mistake in it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.settings import FORMS, File, Settings, keys_of
from aggregator.config.yaml_document import Document, Place
from aggregator.errors import ConfigError, Mistake

ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "AGGREGATOR_STORE": ("store",),
    "AGGREGATOR_HOST": ("server", "host"),
    "AGGREGATOR_PORT": ("server", "port"),
    "AGGREGATOR_OUTPUT_DIRECTORY": ("output", "directory"),
    "AGGREGATOR_BASE_URL": ("output", "base_url"),
}


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read a configuration file; relative paths in it are relative to the working directory.

    `environ` overrides the settings `ENVIRONMENT` names; an empty variable overrides nothing.
    Raises ConfigError with every mistake found.
    """
    return parse(read(path), file=str(path), environ=environ)


def read(path: Path) -> str:
    """The text of a configuration file. Raises ConfigError when it cannot be read as UTF-8."""
    try:
        body = path.read_bytes()
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file") from error
    except IsADirectoryError as error:
        raise _unreadable(path, "is a directory; name the file in it") from error
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}") from error
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "is not UTF-8 here; save the file as UTF-8", line) from error


def _unreadable(path: Path, message: str, line: int = 0) -> ConfigError:
    return ConfigError(str(path), [Mistake(line, "", message)])


def parse(text: str, *, file: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings a configuration's text means; `file` is its name in messages.

    Raises ConfigError with every mistake found.
    """
    document = Document(text, file=file)
    for variable, place in ENVIRONMENT.items():
        if value := (environ or {}).get(variable):
            document.put(place, value, label=variable)
    _forbid_repeated(document, "an agency's id is its own", ("agencies", None, "id"))
    _forbid_repeated(document, "a feed's id is its own", ("agencies", None, "feeds", None, "id"))
    _forbid_repeated(document, "poll it once", ("agencies", None, "feeds", None, "url"))
    try:
        form = File.model_validate(document.values, by_alias=True, by_name=False)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.wrong(*_in_words(detail))
    if document.mistakes:
        raise ConfigError(file, document.mistakes)
    return form.settings()


# ----------------------------------------------------------------------------- mistakes in words


def _forbid_repeated(document: Document, rule: str, path: tuple[str | None, ...]) -> None:
    first: dict[str, Place] = {}
    for place, value in document.find(*path):
        if not isinstance(value, str):
            continue
        same = _same_address(value) if path[-1] == "url" else value
        if same in first:
            line = document.line(first[same])
            document.wrong(place, f"'{value}' stands on line {line} already; {rule}")
        first.setdefault(same, place)


def _same_address(url: str) -> str:
    """A form in which two ways to write one address are equal (RFC 3986, section 6.2.2)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"{parts.hostname}:{port or usual}"
    return f"{parts.scheme}://{host}{parts.path or '/'}?{parts.query}"


_SENTENCES = {
    "missing": "is missing",
    "value_error": "{error}",
    "literal_error": "'{given}' is unknown; it may be {expected}",
    "greater_than_equal": "'{given}' is too small; it may be {ge} at least",
    "less_than_equal": "'{given}' is too large; it may be {le} at most",
    "int_parsing": "'{given}' is no whole number",
    "int_parsing_size": "'{given}' is too large",
    "tuple_type": "a list is wanted here: [one, two]",
    "model_type": "keys of its own are wanted here, `key: value` each",
}


def _in_words(detail: ErrorDetails) -> tuple[Place, str]:
    """What Pydantic found, as a place and a sentence."""
    place, kind, given = detail["loc"], detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return place, _unknown_key(place)
    if given is None:
        return place, "has no value; write one or remove the line"
    sentence = _SENTENCES.get(kind, "one plain value is wanted here")
    return place, sentence.format(given=given, **detail.get("ctx", {}))


def _unknown_key(place: Place) -> str:
    """The nearest known key; or the section the key belongs to; or all that may stand here."""
    key = str(place[-1])
    section = tuple(step for step in place[:-1] if isinstance(step, str))
    known = keys_of(FORMS[section])
    if near := difflib.get_close_matches(key.lower().replace("-", "_"), known, n=1):
        return f"is no known key; did you mean '{near[0]}'?"
    for other, form in FORMS.items():
        if other and key in keys_of(form):
            return f"is no known key here; it belongs under '{'.'.join(other)}'"
    return f"is no known key; known here: {', '.join(known)}"
