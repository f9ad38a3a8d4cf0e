"""Every error this project raises, as one tree.

    AggregatorError
      +-- UsageError        the call is wrong: exit code 2
      |     +-- ConfigError     the configuration is wrong; carries every mistake found
      +-- FetchError        a feed could not be fetched; costs that feed alone
      |     +-- RefusedError    the address is one we do not ask (scheme, network)
      |     +-- TooLargeError   the answer is larger than the feed may send
      +-- ParseError        bytes that are no feed; costs that feed alone
      +-- StoreError        the database did not do its work: exit code 1
      |     +-- StoreBusyError      another process polls this database, or holds it locked
      |     +-- StoreSchemaError    the database was written by another version
      |     +-- StoreFullError      the disk is full or read-only
      +-- NotFoundError     nothing has that id, link or guid: exit code 1
      +-- OutputError       an output could not be written: exit code 1
      +-- LanguageError     a language's file, the lexicon or a learned table is wrong: exit code 1
      +-- ChildError        a process of ours that helps with many items died: exit code 1

A message is written for the person who can mend it: it names the thing, the reason and the mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class AggregatorError(Exception):
    """The root; the command line prints its message and exits with `exit_code`."""

    exit_code = 1


class UsageError(AggregatorError):
    """The call itself is wrong."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a configuration file; `line` counts from 1, 0 means the whole file."""

    line: int
    key: str
    message: str


class ConfigError(UsageError):
    """The configuration cannot be used; `mistakes` has every one, in the order of their lines."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        self.file = file
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.line))
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> list[str]:
        return [
            f"{self.file}{f':{m.line}' if m.line else ''}: {f'{m.key}: ' if m.key else ''}{m.message}"
            for m in self.mistakes
        ]


class FetchError(AggregatorError):
    """The exchange with a feed's server failed (name, connection, time, protocol)."""


class RefusedError(FetchError):
    """The address may not be asked: its scheme, or a network that is not public."""


class TooLargeError(FetchError):
    """Headers or body, raw or decoded, are larger than allowed."""


class ParseError(AggregatorError):
    """The bytes are no feed we know, or reading them took too much time or memory."""


class StoreError(AggregatorError):
    """The database did not do its work; nothing of the failed transaction remains."""


class StoreBusyError(StoreError):
    """Another process polls this database, or held it locked for too long."""


class StoreSchemaError(StoreError):
    """The database's schema is older or newer than this version's."""


class StoreFullError(StoreError):
    """The disk is full, or the database may not be written."""


class NotFoundError(AggregatorError):
    """No item or story has that id, link or guid."""


class OutputError(AggregatorError):
    """A merged feed could not be written whole; the one that was there remains."""


class LanguageError(AggregatorError):
    """A language's file, the lexicon or a learned table is wrong, or they do not fit each other."""


class ChildError(AggregatorError):
    """A process that helps with many items died."""
