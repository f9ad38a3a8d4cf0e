"""Which phrases of the lexicon a word may begin, and which patterns of their further words it fits.

A pattern is a whole word or a stem. `Patterns` is filled once a language, then asked once for each new
word: the answers are kept in the table of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_HEAD = 3  # letters by which stems are looked up


class Patterns:
    """Whole words and beginnings of words: the phrases that begin so, and a number of their own."""

    def __init__(self) -> None:
        self._whole, self._stems = _OneSort(), _OneSort()
        self._by_head: dict[str, list[str]] = {}
        self._sizes: Sequence[int] = ()

    def begin(self, pattern: str, stem: bool, phrases: Iterable[int]) -> None:
        """The phrases whose first word fits a pattern."""
        those = self._of(stem)
        those.begun[pattern] = (*those.begun.get(pattern, ()), *phrases)

    def number(self, pattern: str, stem: bool) -> int:
        """The number of the pattern of a further word, given at first sight."""
        given = len(self._whole.numbers) + len(self._stems.numbers)
        return self._of(stem).numbers.setdefault(pattern, given)

    def finish(self, sizes: Sequence[int]) -> None:
        """To be called once all are known: the stems by their first letters, the longest first."""
        self._sizes = sizes
        for stem in sorted({**self._stems.begun, **self._stems.numbers}, key=len, reverse=True):
            self._by_head.setdefault(stem[:_HEAD], []).append(stem)

    def fitting(self, word: str) -> tuple[list[int], list[int]]:
        """The phrases a word begins, those of most words first, then of the longest stem; its patterns."""
        begun, fitted = list[int](), list[int]()
        self._whole.put(word, begun, fitted)
        for length in range(min(_HEAD, len(word)), 0, -1):
            for stem in self._by_head.get(word[:length], ()):
                if word.startswith(stem):
                    self._stems.put(stem, begun, fitted)
        if len(begun) > 1:
            begun.sort(key=lambda phrase: -self._sizes[phrase])
        return begun, fitted

    def _of(self, stem: bool) -> _OneSort:
        return self._stems if stem else self._whole


class _OneSort:
    """Patterns of one sort; most begin phrases or have a number, so that those have tables of their own."""

    def __init__(self) -> None:
        self.begun: dict[str, tuple[int, ...]] = {}
        self.numbers: dict[str, int] = {}

    def put(self, pattern: str, begun: list[int], fitted: list[int]) -> None:
        """Append what a pattern begins, and its number."""
        begun += self.begun.get(pattern, ())
        number = self.numbers.get(pattern)
        if number is not None:
            fitted.append(number)
