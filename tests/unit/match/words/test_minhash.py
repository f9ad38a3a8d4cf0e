import numpy as np
from datasketch import LeanMinHash, MinHash

from aggregator.match.words.minhash import (
    BODY_PERMUTATIONS,
    LEAD_PERMUTATIONS,
    LEAD_TOKENS,
    fingerprint,
    minhash,
    shingles,
    unpack_tokens,
)
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text

BODY = "The harbour of Velmora will stay closed for 12 days while divers look for the lost anchor."
TEXT = Text(title="Harbour closed", body=BODY, language="en")


def row(of: np.ndarray, values: int) -> np.ndarray:
    """The same signature as datasketch makes it, one hash at a time."""
    made = MinHash(num_perm=values, scheme="affine32", hashfunc=lambda value: value)
    for value in of.tolist():
        made.update(value)
    return np.asarray(made.hashvalues)


def test_signatures_are_datasketchs_own() -> None:
    hashes = shingles(tokenise(BODY).values, 3)

    ours = minhash(hashes, BODY_PERMUTATIONS)

    assert ours.dtype == np.uint32
    assert ours.tolist() == row(hashes, BODY_PERMUTATIONS).tolist()


def test_a_stored_row_is_compared_by_datasketch_itself() -> None:
    one = shingles(tokenise(BODY).values, 3)
    other = shingles(tokenise(BODY.replace("12", "30")).values, 3)
    lean = [
        LeanMinHash(seed=1, hashvalues=minhash(hashes, BODY_PERMUTATIONS), scheme="affine32")
        for hashes in (one, other)
    ]

    true = len(np.intersect1d(one, other)) / len(np.union1d(one, other))

    assert abs(lean[0].jaccard(lean[1]) - true) < 0.15


def test_a_fingerprint_holds_both_rows_and_the_tokens() -> None:
    made = fingerprint(TEXT)
    body, lead = np.split(np.frombuffer(made.signature, dtype="<u4"), [BODY_PERMUTATIONS])

    tokens = tokenise(BODY).values

    assert body.tolist() == row(shingles(tokens, 3), BODY_PERMUTATIONS).tolist()
    title = tokenise("Harbour closed").values.tolist()
    of_lead = np.array([*title, *tokens[:LEAD_TOKENS]], dtype=np.uint32)
    assert lead.tolist() == row(shingles(of_lead, 2), LEAD_PERMUTATIONS).tolist()
    packed = unpack_tokens(made.tokens).tolist()
    assert packed[: 2 + len(title) + tokens.size] == [
        len(title),
        tokens.size,
        *title,
        *tokens.tolist(),
    ]


def test_equal_texts_have_equal_fingerprints() -> None:
    assert fingerprint(TEXT) == fingerprint(TEXT)


def test_a_text_without_words_has_an_empty_signature() -> None:
    made = fingerprint(Text(title="", body=" … ", language="und"))

    assert made.signature == b""
    assert unpack_tokens(made.tokens).tolist()[:2] == [0, 0]


def test_a_title_stands_in_for_a_body_that_is_too_short() -> None:
    made = fingerprint(Text(title="Harbour of Velmora closed", body="More soon.", language="en"))

    assert unpack_tokens(made.tokens)[1] == 6
