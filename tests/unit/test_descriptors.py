"""Who gets the descriptors there are, and how a lack of them is known."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator import descriptors
from aggregator.errors import FetchError


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    former = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield former
    resource.setrlimit(resource.RLIMIT_NOFILE, former)


@pytest.mark.parametrize("limit", [64, 162, 256, 1024, 4096, 1_048_576])
def test_shares_and_reserve_are_no_more_than_there_are(limit: int) -> None:
    shares = descriptors.shares(limit)
    assert shares.exchanges >= 1
    assert shares.connections >= 1
    if limit > 162:
        assert shares.exchanges + shares.connections + 160 <= limit
    assert shares.exchanges <= descriptors.MAX_EXCHANGES


def test_polling_comes_first_where_descriptors_are_few() -> None:
    few, usual = descriptors.shares(256), descriptors.shares(1024)
    assert few.exchanges >= few.connections
    assert usual.exchanges == descriptors.MAX_EXCHANGES


def test_the_soft_limit_is_raised_as_far_as_the_hard_one_allows(limits: tuple[int, int]) -> None:
    _, hard = limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    allowed = descriptors.raise_limit()
    assert allowed > 200
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (allowed, hard)
    assert descriptors.raise_limit() == allowed


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_short"),
    [
        (OSError(errno.EMFILE, "Too many open files"), True),
        (OSError(errno.ENFILE, "Too many open files in system"), True),
        (caused(FetchError("x"), caused(RuntimeError(), OSError(errno.EMFILE, ""))), True),
        (OSError(errno.ECONNREFUSED, "refused"), False),
        (caused(FetchError("x"), OSError(errno.EHOSTUNREACH, "")), False),
        (FetchError("too many open files"), False),
        (None, False),
    ],
)
def test_a_shortage_is_known_by_its_number_however_deep(
    error: BaseException | None, is_short: bool
) -> None:
    assert descriptors.is_short(error) is is_short


def test_exhaustion_is_seen_by_trying(limits: tuple[int, int]) -> None:
    assert not descriptors.are_exhausted()
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (len(list(Path("/dev/fd").iterdir())) + 20, limits[1])
    )
    opened = []
    try:
        while True:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        exhausted = descriptors.are_exhausted()
    finally:
        for number in opened:
            os.close(number)
    assert exhausted
