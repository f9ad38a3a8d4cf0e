"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aggregator.errors import OutputError
from aggregator.files import replacing, replacing_text

HINT = "Choose another folder."


def write(
    path: Path, content: bytes, *, in_place: bool = False, unless_equal: bool = False
) -> bool:
    with replacing(path, hint=HINT, in_place=in_place, unless_equal=unless_equal) as new:
        new.file.write(content)
    return new.is_done


def interrupted(path: Path) -> None:
    with replacing(path, hint=HINT) as new:
        new.file.write(b"half of")
        raise KeyboardInterrupt


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "made" / "on the way" / "merged.rss"

    assert write(path, b"one")
    assert write(path, b"another")

    assert path.read_bytes() == b"another"
    assert [each.name for each in path.parent.iterdir()] == ["merged.rss"]


def test_the_old_content_is_there_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / "merged.rss"
    path.write_bytes(b"old")

    with replacing(path, hint=HINT) as new:
        new.file.write(b"new")
        new.file.flush()
        assert path.read_bytes() == b"old"
        assert not new.is_done

    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("there", [None, b"old"])
def test_a_failure_leaves_what_was_there_and_nothing_beside(
    tmp_path: Path, there: bytes | None
) -> None:
    path = tmp_path / "merged.rss"
    if there is not None:
        path.write_bytes(there)

    with pytest.raises(KeyboardInterrupt):
        interrupted(path)

    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == (
        {} if there is None else {"merged.rss": there}
    )


@pytest.mark.parametrize("unless_equal", [False, True])
def test_equal_content_is_left_untouched_where_that_is_asked_for(
    tmp_path: Path, unless_equal: bool
) -> None:
    path = tmp_path / "merged.rss"
    write(path, b"same")
    os.utime(path, (1, 1))
    number = path.stat().st_ino

    assert write(path, b"same", unless_equal=unless_equal) is not unless_equal

    assert (path.stat().st_mtime == 1) is unless_equal
    assert (path.stat().st_ino == number) is unless_equal
    assert [each.name for each in tmp_path.iterdir()] == ["merged.rss"]


def test_other_content_of_the_same_length_and_time_is_not_equal(tmp_path: Path) -> None:
    path = tmp_path / "merged.rss"
    write(path, b"abc")

    assert write(path, b"abd", unless_equal=True)

    assert path.read_bytes() == b"abd"


def test_in_place_the_link_and_the_permissions_are_kept(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere" / "feeds.yaml", tmp_path / "feeds.yaml"
    file.write_bytes(b"old")
    file.chmod(0o600)
    link.symlink_to(file)

    assert write(link, b"new", in_place=True)

    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert mode_of(file) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["feeds.yaml"]


def test_what_is_not_in_place_has_its_own_permissions_and_replaces_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "merged.rss"
    file.write_bytes(b"old")
    file.chmod(0o600)
    link.symlink_to(file)

    assert write(link, b"new")

    assert not link.is_symlink()
    assert link.read_bytes() == b"new"
    assert mode_of(link) == 0o644
    assert file.read_bytes() == b"old"


def test_a_new_file_in_place_may_be_read_by_all(tmp_path: Path) -> None:
    write(tmp_path / "new.opml", b"<opml/>", in_place=True)

    assert mode_of(tmp_path / "new.opml") == 0o644


def test_a_library_may_write_to_the_path(tmp_path: Path) -> None:
    path = tmp_path / "copy.db"

    with replacing(path, hint=HINT, mode=0o640) as new:
        new.path.write_bytes(b"written by a library")

    assert path.read_bytes() == b"written by a library"
    assert mode_of(path) == 0o640


def test_what_cannot_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"not a folder")
    path = tmp_path / "file" / "merged.rss"

    with pytest.raises(OutputError) as caught:
        write(path, b"")

    assert str(caught.value).startswith(f"Cannot write {path}: ")
    assert str(caught.value).endswith(HINT)


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "merged.rss").mkdir()

    with pytest.raises(OutputError, match="Cannot write"):
        write(tmp_path / "merged.rss", b"")

    assert [each.name for each in tmp_path.iterdir()] == ["merged.rss"]


def test_a_folder_is_not_made_for_a_file_that_a_person_named(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="Name a file in a folder that exists"),
        replacing_text(tmp_path / "none" / "out.jsonl") as file,
    ):
        file.write("never")

    assert list(tmp_path.iterdir()) == []


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    with replacing_text(tmp_path / "feeds.yaml") as file:
        file.write("id: БТА\r\nname: 'x'\n")

    assert (tmp_path / "feeds.yaml").read_bytes() == "id: БТА\r\nname: 'x'\n".encode()
