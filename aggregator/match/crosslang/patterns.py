"""Which phrases of the lexicon a word may begin, and which patterns of their further words it fits.

A pattern is a whole word or a stem. `Patterns` is filled once a language, then asked once for each new
word: the answers are kept in the table of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_HEAD = 3  # letters by which stems are looked up
_NOTHING: tuple[list[int], list[int]] = ([], [])


class Patterns:
    """Whole words and beginnings of words: the phrases that begin so, and a number of their own."""

    def __init__(self) -> None:
        self._whole: dict[str, tuple[list[int], list[int]]] = {}
        self._stems: dict[str, tuple[list[int], list[int]]] = {}
        self._by_head: dict[str, list[str]] = {}
        self._sizes: Sequence[int] = ()
        self._numbers = 0

    def begin(self, pattern: str, stem: bool, phrases: Iterable[int]) -> None:
        """The phrases whose first word fits a pattern."""
        self._entry(pattern, stem)[0].extend(phrases)

    def number(self, pattern: str, stem: bool) -> int:
        """The number of the pattern of a further word, given at first sight."""
        numbers = self._entry(pattern, stem)[1]
        if not numbers:
            numbers.append(self._numbers)
            self._numbers += 1
        return numbers[0]

    def finish(self, sizes: Sequence[int]) -> None:
        """To be called once all are known: the stems by their first letters, the longest first."""
        self._sizes = sizes
        for stem in sorted(self._stems, key=len, reverse=True):
            self._by_head.setdefault(stem[:_HEAD], []).append(stem)

    def fitting(self, word: str) -> tuple[list[int], list[int]]:
        """The phrases a word begins, those of most words first, then of the longest stem; its patterns."""
        begun, fitted = self._whole.get(word, _NOTHING)
        begun, fitted = begun.copy(), fitted.copy()
        for length in range(min(_HEAD, len(word)), 0, -1):
            for stem in self._by_head.get(word[:length], ()):
                if word.startswith(stem):
                    begun += self._stems[stem][0]
                    fitted += self._stems[stem][1]
        if len(begun) > 1:
            begun.sort(key=lambda phrase: -self._sizes[phrase])
        return begun, fitted

    def _entry(self, pattern: str, stem: bool) -> tuple[list[int], list[int]]:
        return (self._stems if stem else self._whole).setdefault(pattern, ([], []))
