from collections.abc import Sequence

from aggregator.model import Replacement, Text


def is_stale(text: Text, corrected: Text, replacements: Sequence[Replacement]) -> bool:
    return False
