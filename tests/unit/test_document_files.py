"""The files of the merged documents: written by entries, read back as they are served."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.document_files import DocumentCache, file_names, writing
from aggregator.errors import OutputError
from aggregator.syndicate.document import DocumentPlan, MergedDocument
from aggregator.syndicate.entry import entries
from aggregator.syndicate.formats import FORMATS
from tests.told import first, report, story_of

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
NAMES = ["merged.rss", "merged.atom", "merged.json"]


def document(title: str = "Merged") -> MergedDocument:
    return MergedDocument(
        plan=DocumentPlan(name="merged"),
        title=title,
        description="Each report once",
        base_url="https://wire.example",
        updated_at=NOON,
        stories=(),
    )


def test_a_document_has_a_file_in_each_format() -> None:
    assert file_names("merged") == NAMES


def test_a_document_without_entries_is_what_its_format_renders(tmp_path: Path) -> None:
    with writing(tmp_path, document()) as writer:
        pass

    assert writer.replaced() == NAMES
    for name, form in zip(NAMES, FORMATS.values(), strict=True):
        assert (tmp_path / name).read_bytes() == form.render(document(), {})


@pytest.mark.parametrize("killed", [(0,), (2,), (0, 1), (1, 2), (0, 1, 2)])
def test_a_document_written_by_entries_is_what_its_format_renders_wherever_one_was_withdrawn(
    tmp_path: Path, killed: tuple[int, ...]
) -> None:
    stories = [
        story_of(first(report(f"i{number}", "bta")), killed_at=NOON if number in killed else None)
        for number in range(3)
    ]
    whole = replace(document(), stories=stories)

    with writing(tmp_path, whole) as writer:
        for entry in entries(whole, {}):
            writer.write(entry)

    for name, form in zip(NAMES, FORMATS.values(), strict=True):
        assert (tmp_path / name).read_bytes() == form.render(whole, {})
    left = json.loads((tmp_path / "merged.json").read_text())["items"]
    assert len(left) == 3 - len(killed)


def test_only_what_is_different_is_replaced(tmp_path: Path) -> None:
    with writing(tmp_path, document()):
        pass
    (tmp_path / "merged.atom").write_bytes(b"changed by another hand")

    with writing(tmp_path, document()) as writer:
        pass

    assert writer.replaced() == ["merged.atom"]


def test_a_document_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writing(tmp_path, document()):
        raise KeyError

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_bytes(b"a file where the directory should be")

    with pytest.raises(OutputError, match=r"merged\.rss.*see output\.directory"):
        writing(tmp_path / "feeds", document()).__enter__()


def test_the_current_documents_are_served_from_memory(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path)
    (tmp_path / "merged.rss").write_bytes(b"<rss/>")
    cache.load("merged.rss")
    (tmp_path / "merged.rss").write_bytes(b"<rss>newer</rss>")

    assert cache["merged.rss"].body == b"<rss/>"

    cache.load("merged.rss")
    assert cache["merged.rss"].body == b"<rss>newer</rss>"
    assert cache["merged.rss"].media_type == FORMATS["rss"].media_type


def test_archives_are_served_from_their_files(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path)
    (tmp_path / "merged-2026-11-04.atom").write_bytes(b"<feed/>")

    assert cache["merged-2026-11-04.atom"].body == b"<feed/>"
    assert list(cache) == ["merged-2026-11-04.atom"]
    assert len(cache) == 1


@pytest.mark.parametrize(
    "name",
    ["merged-2026-11-05.atom", "merged.xml", "../merged.rss", ".published.json", "notes.rss"],
)
def test_nothing_else_is_served(tmp_path: Path, name: str) -> None:
    (tmp_path / ".published.json").write_bytes(b"{}")
    (tmp_path / "notes.rss").write_bytes(b"<rss/>")

    assert DocumentCache(tmp_path).get(name) is None
