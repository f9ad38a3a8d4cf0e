from collections.abc import Sequence

import pytest

from aggregator.match.words.cache import token_cache
from aggregator.match.words.minhash import WordsPrint, fingerprint, unpack_tokens
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text


def prints(body: str) -> WordsPrint:
    return fingerprint(Text(title="", body=body, language="en"))


def test_known_tokens_are_asked_for_once_and_dropped_when_least_used() -> None:
    asked: list[list[str]] = []

    def answer(ids: Sequence[str]) -> dict[str, WordsPrint]:
        asked.append(list(ids))
        return {item: prints(f"Report {item} of the day") for item in ids if item != "none"}

    known = token_cache(answer, capacity=2)

    assert set(known.of(["1", "2", "none"])) == {"1", "2"}
    assert set(known.of(["2"])) == {"2"}
    known.of(["3"])
    known.of(["2", "3"])
    known.drop("3")
    known.of(["1", "3"])
    assert asked == [["1", "2", "none"], ["3"], ["1", "3"]]


@pytest.mark.parametrize("body", ["Report of the day", ""])
def test_tokens_come_unpacked(body: str) -> None:
    known = token_cache(lambda ids: {item: prints(body) for item in ids})

    (tokens,) = known.of(["1"]).values()

    read = tokenise(body).values
    assert tokens.tolist()[: 2 + read.size] == [0, read.size, *read.tolist()]
    assert tokens.tolist() == unpack_tokens(prints(body).tokens).tolist()
