"""`token`: what it prints lets the user in, and nobody else."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from aggregator.config import parse
from tests.unit.cli.conftest import Run


def test_the_line_for_the_configuration_has_the_hash_of_the_token(aggregator: Run) -> None:
    done = aggregator("token", "nadia")
    settings = parse(done.out[done.out.index("server:") :] + "agencies: []", file="feeds.yaml")
    (user,) = settings.server.users
    shown = re.search(r"^  (\S{32})$", done.out, re.MULTILINE)

    assert done.code == 0
    assert user.name == "nadia"
    assert shown
    assert sha256(shown[1].encode()).hexdigest() == user.token


def test_each_token_is_another(aggregator: Run) -> None:
    assert aggregator("token", "nadia").out != aggregator("token", "nadia").out


@pytest.mark.parametrize("name", ["na dia", "на:дя", "", '"'])
def test_a_name_that_a_browser_cannot_send_is_refused(aggregator: Run, name: str) -> None:
    done = aggregator("token", name)

    assert done.code == 2
    assert "is not a valid id" in done.err
    assert not done.out
