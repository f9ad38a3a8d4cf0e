"""Brings the catalogs up to the messages in templates and code; see `scripts/catalogs`."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from aggregator.i18n import LANGUAGES, SOURCE
from scripts.translation.extract import PACKAGE, messages

CATALOGS = PACKAGE / "i18n" / "catalogs"
# The header says what reads the file: no dates and names, which are the repository's to tell.
_KEPT = ("Language:", "MIME-Version:", "Content-", "Plural-Forms:")


def read(code: str) -> Catalog:
    """The catalog of a language; an empty one where it has none yet."""
    if not path(code).exists():
        return Catalog(locale=code, header_comment="", fuzzy=False)
    with path(code).open("rb") as file:
        return read_po(file, locale=code)


def path(code: str) -> Path:
    """Where the catalog of a language lies."""
    return CATALOGS / f"{code}.po"


def updated(catalog: Catalog, found: Catalog, *, prune: bool = False) -> bytes:
    """A catalog with the messages that were found, as a .po file.

    The translations of others stand behind them in comments, from which they return with their message;
    `prune` drops them.
    """
    for message in catalog.obsolete.values():
        catalog[message.id] = message
    catalog.update(found, no_fuzzy_matching=True, update_header_comment=False)
    written = io.BytesIO()
    write_po(written, catalog, width=0, ignore_obsolete=prune, include_lineno=False)
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


def main(arguments: Sequence[str]) -> int:
    """Update all catalogs; 1 where a message has no translation."""
    parser = argparse.ArgumentParser(prog="scripts/catalogs", description=__doc__)
    parser.add_argument(
        "--prune", action="store_true", help="drop the translations of messages that are gone"
    )
    prune = parser.parse_args(arguments).prune
    found = messages()
    is_whole = True
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        path(code).write_bytes(updated(read(code), found, prune=prune))
        for message in untranslated(read(code)):
            is_whole = False
            print(f"{path(code)}: no translation: {message!r}", file=sys.stderr)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
