"""Every error this project raises, as one tree.

    AggregatorError
      +-- UsageError        the call is wrong: exit code 2
      |     +-- ConfigError     the configuration is wrong; carries every mistake found
      +-- FetchError        a feed could not be fetched; affects that feed alone
      |     +-- RefusedError    the address may not be requested (scheme, network)
      |     +-- UnresolvedError the name of its server leads nowhere
      |     +-- TooLargeError   the response is larger than the feed's limit
      |     +-- ShortageError   this computer has no descriptor left: nobody's fault but ours
      +-- ParseError        the bytes are not a feed; affects that feed alone
      +-- StoreError        the database failed: exit code 1
      |     +-- StoreBusyError      another process polls this database, or keeps it locked
      |     +-- StoreSchemaError    another version wrote the database
      |     +-- StoreFullError      the disk is full or read-only
      +-- OverloadedError   more is asked of the web at once than it can do; later it can
      +-- RequestError      a request to the web is refused, with the status of HTTP that says so
      +-- NotFoundError     nothing has that id, link or guid: exit code 1
      +-- ListenError       the address to listen on is taken: exit code 1, another try may do
      +-- OutputError       an output could not be written: exit code 1
      +-- LanguageError     a language's file, the lexicon or a learned table is wrong: exit code 1
      +-- ChildError        a child process that works on many items died: exit code 1

A message is written for the person who can fix the problem: it names the thing, the reason and the remedy. One
that a page may show is given with its values apart, so that it can be said in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


class AggregatorError(Exception):
    """The root; the command line prints its message and exits with `exit_code`.

    `AggregatorError("There is no item %(asked)s.", asked="b7")` says in English "There is no item b7.".
    """

    exit_code = 1

    def __init__(self, message: str = "", **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(message % values if values else message)

    def said(self, gettext: Callable[..., str]) -> str:
        """The message as `gettext` has it (`Translator.gettext`): in the reader's language, where it is known."""
        return gettext(self.message, **self.values)


class UsageError(AggregatorError):
    """The call itself is wrong: an argument, an option or the configuration."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a configuration file; `line` counts from 1, 0 means the whole file."""

    line: int
    key: str
    message: str


class ConfigError(UsageError):
    """The configuration cannot be used; `mistakes` has all of them, in the order of their lines."""

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
    """The request to a feed's server failed (name, connection, time-out, protocol)."""


class RefusedError(FetchError):
    """The address may not be requested: its scheme is not HTTP, or its network is not public."""


class UnresolvedError(FetchError):
    """The name of the feed's server cannot be resolved: it does not exist, or no name server answers here."""


class TooLargeError(FetchError):
    """Headers or body, raw or decoded, are larger than allowed."""


class ShortageError(FetchError):
    """This process or machine has no descriptor or thread left for the request; the feed is not to blame."""


class ParseError(AggregatorError):
    """The bytes are not a feed of a known format, or parsing them took too much time or memory."""


class StoreError(AggregatorError):
    """The database failed; nothing of the failed transaction remains."""


class StoreBusyError(StoreError):
    """Another process polls this database, or kept it locked for too long."""


class StoreSchemaError(StoreError):
    """The database's schema is older or newer than the one this version works with."""


class StoreFullError(StoreError):
    """The disk is full, or the database is read-only."""


class OverloadedError(AggregatorError):
    """More pages are asked for at once than can be made; one asked for a moment later can."""


class RequestError(AggregatorError):
    """A request to the web is refused; `status` is that of the response (RFC 9110, 15.5)."""

    def __init__(self, status: int, message: str, **values: object) -> None:
        self.status = status
        super().__init__(message, **values)


class NotFoundError(AggregatorError):
    """No item or story has that id, link or guid."""


class ListenError(AggregatorError):
    """The address to listen on is taken, or not this machine's (yet)."""


class OutputError(AggregatorError):
    """A file could not be written whole; the one that was there remains."""


class LanguageError(AggregatorError):
    """A language's file, the lexicon or a learned table is wrong, or they do not fit each other."""


class ChildError(AggregatorError):
    """A child process that works on many items died."""


def unexpected(error: BaseException, where: str, *, log_line: str) -> str:
    """The message of an error nobody foresaw: where it happened, what it is, and what to report.

    `where` completes "Unexpected error while", as "polling bta-bg" does; `log_line` is the event under
    which the caller logged the traceback.
    """
    return (
        f"Unexpected error while {where}: {error!r}. "
        f"Please report it together with the log line {log_line!r}, which has the traceback."
    )
