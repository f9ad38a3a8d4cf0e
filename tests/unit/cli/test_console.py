"""What commands print beside their results."""

from io import StringIO

from rich.console import Console
from rich.progress import Progress

from aggregator.cli.console import ProgressBar


def test_a_stage_of_unknown_length_does_not_keep_the_length_of_the_one_before() -> None:
    progress = Progress(console=Console(file=StringIO(), force_terminal=True))
    bar = ProgressBar(progress)

    bar.update("polling", 16, 16)
    bar.update("matching", 0)

    (task,) = progress.tasks
    assert (task.description, task.completed, task.total) == ("matching", 0, None)
