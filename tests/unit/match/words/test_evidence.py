"""What counts as agreeing, and as standing on one side only: each word as much as it is rare."""

from __future__ import annotations

import numpy as np
import pytest

from aggregator.match.words.evidence import EVIDENCE
from aggregator.match.words.features import FEATURES, pair_features
from aggregator.match.words.idf import PRIOR_STORIES, DocumentFrequency, rarity
from aggregator.match.words.minhash import fingerprint, unpack_tokens
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text

LEAD = "the harbour of Velmora was closed on Monday after a ferry struck the northern pier"


def tokens(body: str, title: str = "") -> np.ndarray:
    return unpack_tokens(fingerprint(Text(title=title, body=body, language="en")).tokens)


def evidence(a: np.ndarray, b: np.ndarray, stories: list[np.ndarray]) -> dict[str, float]:
    """The sums of rarities in a window of some stories."""
    frequency = DocumentFrequency()
    for story in stories:
        frequency.add(story)
    row = pair_features(a, [b], frequency)[0]
    counted = dict(zip(FEATURES, np.expm1(row).tolist(), strict=True))
    return {name: counted[name] for name in EVIDENCE[:11]}


def test_a_word_is_rare_by_the_stories_that_use_it() -> None:
    frequency = DocumentFrequency()
    word = tokenise("Velmora").values[0]
    assert rarity(frequency.frequencies(), word) == pytest.approx(1.0)

    for _ in range(400 - 19 - int(PRIOR_STORIES)):  # with those assumed 400, and 20 is its root
        frequency.add(tokens("words of other reports"))
    assert rarity(frequency.frequencies(), word) == pytest.approx(1.0)
    for _ in range(19):
        frequency.add(tokens("again Velmora is in the news"))

    assert rarity(frequency.frequencies(), word) == pytest.approx(0.5, abs=0.01)


def test_what_every_story_says_is_no_evidence() -> None:
    texts = tokens(LEAD), tokens(LEAD.replace("Monday", "Sunday"))

    rare = evidence(*texts, stories=[])
    common = evidence(*texts, stories=[tokens(LEAD)] * 400)

    assert rare["rare_agree"] > 5.0
    assert common["rare_agree"] == common["names_agree"] == 0.0


@pytest.mark.parametrize(
    ("old", "new", "measure"),
    [
        ("pier", "quay", "rare_only"),
        ("Velmora", "Orlitsa", "names_only"),
        ("a ferry", "12 ferries", "numbers_only"),
    ],
)
def test_what_one_side_alone_has_is_counted_for_it(old: str, new: str, measure: str) -> None:
    found = evidence(tokens(LEAD), tokens(LEAD.replace(old, new)), [])

    assert found[f"{measure}_shorter"] + found[f"{measure}_longer"] > 0.5


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "Арвид Тоннеск приехал в Велмору утром и уехал",
            "Приезд Арвида Тоннеска в Велмору и утром",
        ),
        (
            "Fajon met Karsk in the old hall on that day",
            "in that old hall Fajona met Karsk on the day",
        ),
    ],
)
def test_a_form_of_a_name_is_known(a: str, b: str) -> None:
    found = evidence(tokens(a), tokens(b), [])

    assert found["names_only_shorter"] == found["names_only_longer"] == 0.0


def test_what_the_longer_text_goes_on_to_say_is_not_held_against_a_pair() -> None:
    rest = (
        " Lorries take the road through Karsk, said Arvid Tonnesk, and 40 traders fear for spring."
    )

    found = evidence(tokens(LEAD), tokens(f"{LEAD}.{rest}"), [])

    assert found["rare_only_shorter"] == found["rare_only_longer"] == 0.0
    assert found["numbers_only_longer"] == 0.0


def test_a_title_word_that_the_other_item_lacks_altogether_is_counted() -> None:
    elsewhere = evidence(tokens(LEAD, "Ferry strikes pier"), tokens(LEAD, "Harbour closed"), [])
    nowhere = evidence(tokens(LEAD, "Ferry strikes pier"), tokens(LEAD, "Depot burns"), [])

    assert nowhere["title_only_shorter"] + nowhere["title_only_longer"] > (
        elsewhere["title_only_shorter"] + elsewhere["title_only_longer"] + 1.0
    )


@pytest.mark.parametrize(
    ("other", "same"), [("Ferry strikes pier", 1.0), ("Pier struck", 0.0), ("", 0.0)]
)
def test_equal_titles_are_told(other: str, same: float) -> None:
    row = pair_features(
        tokens(LEAD, "Ferry strikes pier"), [tokens(LEAD, other)], DocumentFrequency()
    )

    assert row[0][FEATURES.index("same_title")] == same
    assert row[0][FEATURES.index("same_lead")] == 1.0
