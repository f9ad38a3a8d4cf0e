"""Which entries of a feed's last body are remembered, so that those still there need not be parsed again.

Only an entry whose present text is stored is remembered; one that was ignored for a reason that may end,
such as a stale cache's, is parsed at every poll.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from aggregator import __version__
from aggregator.model import SeenEntries, SeenEntry

# Of a feed, set by hand to bound what is stored; the rest of a longer one is parsed again.
MAX_ENTRIES = 300
_PACKAGE = Path(__file__).parents[1]
_SOURCES = (
    *("ingest/**/*.py", "languages/*.py", "languages/*.toml"),
    *("folders.py", "lengths.py", "links.py", "model.py"),
)
_LIBRARIES = ("charset_normalizer", "feedparser", "nh3", "webencodings")


@cache
def scheme() -> str:
    """The name of how entries are read now."""
    return scheme_of(_PACKAGE)


def scheme_of(package: Path) -> str:
    """A digest of all that may read an entry otherwise after an update: no one has to think of it."""
    programs = [sys.version, __version__, *(f"{name} {version(name)}" for name in _LIBRARIES)]
    digest = sha256("\n".join(programs).encode())
    for pattern in _SOURCES:
        for file in sorted(package.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def remembered(feed_id: str, entries: Mapping[str, SeenEntry]) -> SeenEntries:
    """The entries of a feed's last body, by their digests; of many the first."""
    first = dict(islice(entries.items(), MAX_ENTRIES))
    return SeenEntries(feed_id=feed_id, scheme=scheme(), entries=first)
