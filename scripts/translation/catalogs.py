"""Brings the catalogs up to the messages in templates and code; see `scripts/catalogs`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from aggregator.i18n import LANGUAGES, SOURCE
from scripts.translation.extract import PACKAGE, messages

CATALOGS = PACKAGE / "i18n" / "catalogs"
# The header says what reads the file: no dates and names, which are the repository's to tell.
_KEPT = ("Language:", "MIME-Version:", "Content-", "Plural-Forms:")


def read(code: str) -> Catalog:
    """The catalog of a language."""
    with path(code).open("rb") as file:
        return read_po(file, locale=code)


def path(code: str) -> Path:
    """Where the catalog of a language lies."""
    return CATALOGS / f"{code}.po"


def updated(catalog: Catalog, found: Catalog) -> bytes:
    """A catalog with exactly the messages that were found, as a .po file."""
    catalog.update(found, no_fuzzy_matching=True, update_header_comment=False)
    written = io.BytesIO()
    write_po(written, catalog, width=0, ignore_obsolete=True, include_lineno=False)
    head, _, rest = written.getvalue().decode().lstrip().partition("\n\n")
    kept = [line for line in head.splitlines() if line[:1] != '"' or line[1:].startswith(_KEPT)]
    return "\n".join([*kept, "", rest.rstrip(), ""]).encode()


def untranslated(catalog: Catalog) -> list[str]:
    """The messages without a translation, or without one of its forms."""
    return [source_of(message) for message in catalog if message.id and not all(forms(message))]


def source_of(message: Message) -> str:
    """The English text, of two forms that of one."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    """The translation in each of its forms; "" for one that is missing."""
    string = message.string or ""
    return [string] if isinstance(string, str) else [*string]


def main() -> int:
    """Update all catalogs."""
    found = messages()
    missing = 0
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        path(code).write_bytes(updated(read(code), found))
        for message in untranslated(read(code)):
            missing += 1
            print(f"{path(code)}: no translation: {message!r}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
