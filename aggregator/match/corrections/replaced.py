from aggregator.model import Replacement, Text


def replaced(before: Text, after: Text, *, is_marked: bool = False) -> tuple[Replacement, ...]:
    return ()
