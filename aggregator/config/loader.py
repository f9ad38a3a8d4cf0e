"""Reads a configuration file and checks all of it: the result is settings, or every mistake in the file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.settings import SECTIONS, ConfigFile, Settings, section_keys
from aggregator.config.yaml_document import KeyPath, YamlDocument
from aggregator.errors import ConfigError, Mistake
from aggregator.folders import folder_of, is_allowed, is_folder

# Environment variables and the settings they override.
ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "AGGREGATOR_STORE": ("store",),
    "AGGREGATOR_HOST": ("server", "host"),
    "AGGREGATOR_PORT": ("server", "port"),
    "AGGREGATOR_TOKEN": ("server", "token"),
    "AGGREGATOR_OUTPUT_DIRECTORY": ("output", "directory"),
    "AGGREGATOR_BASE_URL": ("output", "base_url"),
}


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read a configuration file; relative paths in it are relative to the working directory.

    `environ` overrides the settings in `ENVIRONMENT`; an empty variable overrides nothing.
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
        raise _unreadable(path, "is a directory; name a file in it") from error
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}") from error
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "is not UTF-8; save the file as UTF-8", line) from error


def _unreadable(path: Path, message: str, line: int = 0) -> ConfigError:
    return ConfigError(str(path), [Mistake(line, "", message)])


def parse(text: str, *, file: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in the text of a configuration; `file` is its name in messages.

    Raises ConfigError with every mistake found.
    """
    document = YamlDocument(text, file=file)
    for variable, path in ENVIRONMENT.items():
        if value := (environ or {}).get(variable):
            document.override(path, value, label=variable)
    _check_unique(document, "each agency needs an id of its own", ("agencies", None, "id"))
    _check_unique(
        document, "each feed needs an id of its own", ("agencies", None, "feeds", None, "id")
    )
    _check_unique(
        document, "each user needs a name of their own", ("server", "users", None, "name")
    )
    _check_unique(document, "poll it once", ("agencies", None, "feeds", None, "url"))
    _check_folders(document)
    _check_preferred(document)
    try:
        config = ConfigFile.model_validate(document.values, by_alias=True, by_name=False)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.add_mistake(*_describe(detail))
    if document.mistakes:
        raise ConfigError(file, document.mistakes)
    return config.settings()


# --------------------------------------------------------------------------------------- mistakes


def _check_unique(document: YamlDocument, rule: str, pattern: tuple[str | None, ...]) -> None:
    """Add a mistake for each value that occurred before; `pattern` is as in `YamlDocument.find`."""
    first: dict[str, KeyPath] = {}
    for path, value in document.find(*pattern):
        if not isinstance(value, str):
            continue
        key = normal_url(value) if pattern[-1] == "url" else value
        if key in first:
            line = document.line(first[key])
            document.add_mistake(path, f"'{value}' is used on line {line} already; {rule}")
        first.setdefault(key, path)


def _check_folders(document: YamlDocument) -> None:
    """Add a mistake for each feed that is a folder outside those that may be read."""
    listed = document.find("fetch", "allow_directories", None)
    allowed = [Path(root) for _, root in listed if isinstance(root, str)]
    for path, url in document.find("agencies", None, "feeds", None, "url"):
        with suppress(ValueError):  # an address that is wrong is told as such
            if isinstance(url, str) and is_folder(url) and not is_allowed(folder_of(url), allowed):
                document.add_mistake(
                    path,
                    f"{folder_of(url)} may not be read; if files are dropped there for you, "
                    "put it, or a folder above it, into fetch.allow_directories",
                )


def _check_preferred(document: YamlDocument) -> None:
    """Add a mistake for each agency that is preferred, and is none."""
    known = [str(agency_id) for _, agency_id in document.find("agencies", None, "id")]
    for path, agency_id in document.find("output", "prefer", None):
        if not isinstance(agency_id, str) or agency_id in known:
            continue
        near = difflib.get_close_matches(agency_id, known, n=1)
        others = f"known: {', '.join(known) or 'none'} (languages go into output.languages)"
        hint = f"did you mean '{near[0]}'?" if near else others
        document.add_mistake(path, f"there is no agency '{agency_id}'; {hint}")


def normal_url(url: str) -> str:
    """The normal form of an address: different spellings of one address give the same (RFC 3986, 6.2)."""
    try:
        if is_folder(url):
            return f"file://{folder_of(url)}"
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    default_port = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"{parts.hostname}:{port or default_port}"
    return f"{parts.scheme}://{host}{parts.path or '/'}?{parts.query}"


# Pydantic's error types (https://docs.pydantic.dev/latest/errors/validation_errors/) and our messages.
_MESSAGES = {
    "missing": "is missing",
    "value_error": "{error}",
    "literal_error": "'{given}' is not allowed; use {expected}",
    "greater_than_equal": "'{given}' is too small; the minimum is {ge}",
    "less_than_equal": "'{given}' is too large; the maximum is {le}",
    "int_parsing": "'{given}' is not a whole number",
    "int_parsing_size": "'{given}' is too large",
    "tuple_type": "must be a list: [one, two]",
    "model_type": "must contain keys, `key: value` each",
}


def _describe(detail: ErrorDetails) -> tuple[KeyPath, str]:
    """The path of a mistake that Pydantic found, and its message."""
    path, kind, given = detail["loc"], detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return path, _unknown_key(path)
    if given is None:
        return path, "has no value; write one or remove the line"
    message = _MESSAGES.get(kind, "must be a single value")
    return path, message.format(given=given, **detail.get("ctx", {}))


def _unknown_key(path: KeyPath) -> str:
    """Names the nearest known key, or the section the key belongs to, or else all keys of this section."""
    key = str(path[-1])
    section = tuple(step for step in path[:-1] if isinstance(step, str))
    known = section_keys(SECTIONS[section])
    if near := difflib.get_close_matches(key.lower().replace("-", "_"), known, n=1):
        return f"unknown key; did you mean '{near[0]}'?"
    for other, model in SECTIONS.items():
        if other and key in section_keys(model):
            return f"unknown key; it belongs under '{'.'.join(other)}'"
    return f"unknown key; the keys here are {', '.join(known)}"
