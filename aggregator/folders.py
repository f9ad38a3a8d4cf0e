"""The address of a folder, `file:///var/spool/wire/`: which folder it names, and whether that may be read.

Only by name: what the disk says of it (symbolic links) is seen when it is read (`ingest.spool`).
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SCHEME = "file:"
_FORM = "write it as file:///var/spool/wire/"


def is_folder(url: str) -> bool:
    """Whether an address is of a folder on this machine."""
    return url[: len(_SCHEME)].lower() == _SCHEME


def folder_of(url: str) -> Path:
    """The folder that a `file:` address names (RFC 8089).

    Raises ValueError, whose message says how to write one, for another machine's or a relative path.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc not in {"", "localhost"} or not path.startswith("/"):
        raise ValueError(f"'{url}' does not name a folder of this machine; {_FORM}")
    if parts.query or parts.fragment or "\0" in path or ".." in path.split("/"):
        raise ValueError(f"'{url}' does not name a folder plainly; {_FORM}")
    return Path(os.path.normpath(path))


def is_allowed(folder: Path, roots: Iterable[Path]) -> bool:
    """Whether a folder is one of the roots, or below one."""
    return any(folder.is_relative_to(root) for root in roots)
