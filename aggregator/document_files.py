"""The files of the merged documents: written entry by entry, and read back as they are served."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from aggregator.files import Replacement, replacing
from aggregator.syndicate import safe
from aggregator.syndicate.document import CURRENT, MergedDocument, Rendered
from aggregator.syndicate.entry import StoryEntry
from aggregator.syndicate.formats import FORMATS, Format

FILE_NAME = re.compile(rf"{CURRENT}(-\d{{4}}-\d\d-\d\d)?\.(rss|atom|json)")
HINT = "The file that was there is unchanged; see output.directory in the configuration."


def file_names(name: str) -> list[str]:
    """The files of a document, one for each format: "merged.rss", "merged.atom", "merged.json"."""
    return [f"{name}.{extension}" for extension in FORMATS]


class DocumentCache(Mapping[str, Rendered]):
    """The merged documents by file name: the current ones from memory, archives from their files.

    May be read from any thread while another loads.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._current: dict[str, Rendered] = {}

    def load(self, name: str) -> None:
        """Read a current document from its file into memory. Raises KeyError when there is none."""
        self._current[name] = self._read(name)

    def __getitem__(self, name: str) -> Rendered:
        if name in self._current:
            return self._current[name]
        if not FILE_NAME.fullmatch(name):
            raise KeyError(name)
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self._directory.glob(f"{CURRENT}*"))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read(self, name: str) -> Rendered:
        path = self._directory / name
        try:
            body = path.read_bytes()
            modified_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        except OSError as error:
            raise KeyError(name) from error
        media_type = FORMATS[name.rpartition(".")[2]].media_type
        return Rendered.of(name, body, media_type=media_type, last_modified_at=modified_at)


class DocumentWriter:
    """One document in all formats, entry by entry: a day may hold more stories than memory does."""

    def __init__(self, writers: Mapping[str, _FormatWriter]) -> None:
        self._writers = writers

    def write(self, entry: StoryEntry) -> None:
        """Append an entry to the document in each format."""
        for writer in self._writers.values():
            writer.write(entry)

    def close(self) -> None:
        """End the document in each format."""
        for writer in self._writers.values():
            writer.close()

    def replaced(self) -> list[str]:
        """The names of the files that have new content, once all are written."""
        return [name for name, writer in self._writers.items() if writer.replacement.is_done]


@contextmanager
def writing(directory: Path, document: MergedDocument) -> Iterator[DocumentWriter]:
    """Write a document, its head and tail included; the block writes the entries.

    The files are replaced when the block ends without an exception, each unless it would be the same.
    Raises OutputError when one cannot be written; no part of a file is ever seen.
    """
    with ExitStack() as files:
        writer = DocumentWriter(
            {
                name: _FormatWriter(
                    files.enter_context(replacing(directory / name, hint=HINT, unless_equal=True)),
                    form,
                    document,
                )
                for name, form in zip(file_names(document.plan.name), FORMATS.values(), strict=True)
            }
        )
        yield writer
        writer.close()


class _FormatWriter:
    """One document in one format."""

    def __init__(self, replacement: Replacement, form: Format, document: MergedDocument) -> None:
        self.replacement = replacement
        self._form = form
        self._envelope = form.envelope(document)
        self._separator = ""
        self._append(self._envelope.head)

    def write(self, entry: StoryEntry) -> None:
        written = self._form.write(entry)
        if written:
            self._append(self._separator + written)
            self._separator = self._envelope.separator

    def close(self) -> None:
        self._append(self._envelope.tail)

    def _append(self, text: str) -> None:
        self.replacement.file.write(safe.encode(text))
