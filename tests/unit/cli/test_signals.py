"""What signals ask for before, within and between the runs of a daemon."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack

import pytest

from aggregator.cli.signals import Signals
from aggregator.daemon import Ending

STOPPED, RELOAD = Ending.STOPPED, Ending.RELOAD


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([signal.SIGTERM], [STOPPED]),
        ([signal.SIGINT], [STOPPED]),
        ([signal.SIGHUP], [RELOAD]),
        ([signal.SIGHUP, signal.SIGTERM], [RELOAD, STOPPED]),
    ],
)
def test_a_run_is_told_at_once(sent: list[signal.Signals], told: list[Ending]) -> None:
    signals, heard = Signals(), list[Ending]()
    with signals.handled(), signals.sent_to(heard.append):
        for number in sent:
            os.kill(os.getpid(), number)
    assert heard == told
    assert signals.pending is None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], []),
        ([signal.SIGHUP], [RELOAD]),
        ([signal.SIGTERM], [STOPPED]),
        ([signal.SIGTERM, signal.SIGHUP], [STOPPED]),
        ([signal.SIGHUP, signal.SIGINT], [STOPPED]),
    ],
)
def test_what_comes_between_two_runs_is_kept_for_the_next(
    sent: list[signal.Signals], told: list[Ending]
) -> None:
    signals, heard = Signals(), list[Ending]()
    with signals.handled():
        with signals.sent_to(heard.append):
            pass
        for number in sent:
            os.kill(os.getpid(), number)
        assert signals.pending is (told[0] if told else None)
        with signals.sent_to(heard.append):
            pass
    assert heard == told


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)]
)
def test_before_the_first_run_a_stop_ends_the_process(
    number: signal.Signals, raised: type[BaseException]
) -> None:
    with ExitStack() as held:
        held.enter_context(Signals().handled())
        with pytest.raises(raised) as ended:
            os.kill(os.getpid(), number)
    assert getattr(ended.value, "code", None) in {0, None}


def test_before_the_first_run_a_reload_is_kept() -> None:
    signals, heard = Signals(), list[Ending]()
    with signals.handled():
        os.kill(os.getpid(), signal.SIGHUP)
        with signals.sent_to(heard.append):
            assert heard == [RELOAD]


def test_the_handlers_that_were_there_come_back() -> None:
    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    with Signals().handled():
        assert signal.getsignal(signal.SIGTERM) != former[signal.SIGTERM]
    assert {number: signal.getsignal(number) for number in former} == former
