"""The entries remembered of a feed's last body, and the name of how they were read."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import aggregator
from aggregator.ingest import seen
from aggregator.model import SeenEntry

PACKAGE = Path(aggregator.__file__).parent
# What the room uses for other things than to read an entry: settings, transport, article pages, logs.
OTHER_FLOOR = {"allocation", "config", "errors"}
OTHER_LIBRARIES = {"httpcore", "httpx", "lxml", "pydantic", "structlog", "trafilatura"}


def test_of_a_long_body_the_first_entries_are_remembered() -> None:
    digests = [str(n) for n in range(seen.MAX_ENTRIES + 5)]

    remembered = seen.remembered("bta", dict.fromkeys(digests, SeenEntry(item_id="a")))

    assert list(remembered.entries) == digests[: seen.MAX_ENTRIES]
    assert (remembered.feed_id, remembered.scheme) == ("bta", seen.scheme())


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that reads entries in one file, and zones from another."""
    for folder in ("ingest/parse", "languages", "web"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "ingest/parse/xml.py").write_text("strict = True")
    (tmp_path / "languages/bg.toml").write_text("name = 'bg'")
    (tmp_path / "web/app.py").write_text("pages = 1")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "is_read_by"),
    [
        ("ingest/parse/xml.py", True),
        ("ingest/identity.py", True),
        ("languages/bg.toml", True),
        ("links.py", True),
        ("web/app.py", False),
    ],
)
def test_the_scheme_is_another_where_an_entry_may_be_read_otherwise(
    package: Path, file: str, is_read_by: bool
) -> None:
    before = seen.scheme_of(package)
    assert seen.scheme_of(package) == before

    (package / file).write_text("changed = True")

    assert (seen.scheme_of(package) != before) is is_read_by


def test_the_scheme_is_another_with_another_release_of_a_library(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen.scheme_of(package)

    monkeypatch.setattr(seen, "version", lambda name: "99" if name == "nh3" else "1")
    changed = seen.scheme_of(package)
    monkeypatch.setattr(seen, "version", lambda name: "1")

    assert len({before, changed, seen.scheme_of(package)}) == 3


def test_the_scheme_knows_all_by_which_entries_are_read() -> None:
    """What the room imports beyond Python is in the digest, unless it reads no entry."""
    files = (PACKAGE / "ingest").rglob("*.py")
    modules = {module for file in files for module in imported(file)}
    own = {module.split(".")[1] for module in modules if module.startswith("aggregator.")}
    others = {module.split(".")[0] for module in modules} - {"aggregator"}
    covered = {Path(pattern.partition("/")[0]).stem for pattern in seen._SOURCES}

    assert own - OTHER_FLOOR == covered
    libraries = others - sys.stdlib_module_names - OTHER_LIBRARIES
    assert libraries == set(seen._LIBRARIES)


def imported(file: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    plain = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    return plain + [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
