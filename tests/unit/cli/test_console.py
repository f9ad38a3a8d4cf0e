"""What commands print beside their results."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.progress import Progress

from aggregator.cli.console import ProgressBar, print_json, print_json_list


def test_a_stage_of_unknown_length_does_not_keep_the_length_of_the_one_before() -> None:
    progress = Progress(console=Console(file=StringIO(), force_terminal=True))
    bar = ProgressBar(progress)

    bar.update("polling", 16, 16)
    bar.update("matching", 0)

    (task,) = progress.tasks
    assert (task.description, task.completed, task.total) == ("matching", 0, None)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, max_size=4))
def test_a_list_printed_value_by_value_is_the_document_it_would_be_at_once(
    capsys: pytest.CaptureFixture[str], values: list[object]
) -> None:
    print_json({"stories": values})
    at_once = capsys.readouterr().out
    print_json_list("stories", iter(values))
    one_by_one = capsys.readouterr().out

    assert one_by_one == at_once
    assert json.loads(one_by_one) == {"stories": values}


def test_each_value_of_a_list_is_printed_before_the_next_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed: list[str] = []

    def values() -> Iterator[str]:
        yield "first"
        printed.append(capsys.readouterr().out)
        yield "second"
        printed.append(capsys.readouterr().out)

    print_json_list("stories", values())

    assert ["first" in printed[0], "second" in printed[1]] == [True, True]
