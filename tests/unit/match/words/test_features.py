import numpy as np
import pytest

from aggregator.match.words.align import align, names_replaced
from aggregator.match.words.classifier import classify, kind_of_match, named_features
from aggregator.match.words.features import FEATURES, pair_features
from aggregator.match.words.idf import DocumentFrequency, idf
from aggregator.match.words.minhash import WordsPrint, fingerprint, unpack_tokens
from aggregator.match.words.tokens import tokenise
from aggregator.model import Kind, Text

LONG = (
    "The northern bridge of Velmora will stay closed until 12 March, the port authority said. "
    "Divers found 5 cracks in the second pier, and Arvid Tonnesk called for a new survey. "
    "Lorries must take the road through Karsk, which adds 40 kilometres to every journey. "
    "Traders in the old town fear for their spring season and have asked the council for help."
)


def prints(body: str, title: str = "") -> WordsPrint:
    return fingerprint(Text(title=title, body=body, language="en"))


def tokens(body: str, title: str = "") -> np.ndarray:
    return unpack_tokens(prints(body, title).tokens)


def features(a: np.ndarray, b: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURES, pair_features(a, [b], DocumentFrequency())[0].tolist(), strict=True))


def rule(a: np.ndarray, b: np.ndarray) -> str:
    return classify(pair_features(a, [b], DocumentFrequency()))[0].rule


def test_equal_texts_have_everything_in_common() -> None:
    same = features(tokens(LONG), tokens(LONG))

    assert same["overlap"] == same["containment"] == same["rare_overlap"] == same["covered"] == 1.0
    assert same["replaced"] == 0.0
    assert round(np.expm1(same["numbers"])) == 3


def test_a_cut_copy_is_contained_but_does_not_overlap_wholly() -> None:
    cut = features(tokens(LONG), tokens(LONG[: LONG.index(" Lorries")]))

    assert cut["containment"] == 1.0
    assert cut["overlap"] < 0.6
    assert cut["numbers_kept"] == 1.0
    assert cut["numbers_known"] == 2 / 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 March", "14 March"),
        ("12 March", "12 May"),
        ("Velmora", "Orlitsa"),
        ("Arvid Tonnesk", "Mira Dolcane"),
        ("The northern bridge of Velmora", "The northern bridge of Karsk Hill"),
    ],
)
def test_a_fact_in_the_place_of_another_is_counted(old: str, new: str) -> None:
    changed = features(tokens(LONG), tokens(LONG.replace(old, new)))

    assert round(np.expm1(changed["replaced"])) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 March", "12 March 2026"),
        ("said", "announced"),
        ("40 kilometres", "40 kilometres (25 miles)"),
    ],
)
def test_a_fact_more_or_another_word_replaces_nothing(old: str, new: str) -> None:
    assert features(tokens(LONG), tokens(LONG.replace(old, new)))["replaced"] == 0.0


@pytest.mark.parametrize(
    ("exact", "rounded", "replaced"),
    [
        ("9,729,000 bags", "9.7 mln bags", 0),
        ("9,729,000 bags", "9.8 mln bags", 1),
        ("at 4.50 p.m. today", "at 16:50 today", 0),
        ("at 6-5/16 percent", "at 6-1/8 percent", 1),
    ],
)
def test_a_rounding_replaces_nothing(exact: str, rounded: str, replaced: int) -> None:
    body = f"{LONG} The mill in Karsk lists {{}} for the whole of its last season on the river."
    changed = features(tokens(body.format(exact)), tokens(body.format(rounded)))

    assert round(np.expm1(changed["replaced"])) == replaced
    assert (changed["numbers_kept"] == 1.0) is (replaced == 0)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("in Karsk today", "in Tesk today", True),
        ("Police in Karsk", "Police in Tesk", True),
        ("the minister", "Minister Kelmen", False),
        ("President Arvid Tonnesk", "Arvid Tonnesk", False),
        ("Karsk", "Tesk", True),
        ("However it", "But it", False),
        ("в среду", "в пятницу", True),
        ("октомври", "януари", True),
    ],
)
def test_names_are_replaced_when_each_side_has_its_own(a: str, b: str, expected: bool) -> None:
    assert names_replaced(tokenise(a).values, tokenise(b).values) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Weather in Karsk", "Weather in Tesk", 1.0),
        ("Official rates for 12 May", "Official rates for 13 May", 1.0),
        ("Weather in Karsk", "Weather in Karsk", 0.0),
        ("Bridge closed in Karsk", "Karsk closes its bridge", 0.0),
        ("Bridge reopens at last", "Bridge closes at last", 0.0),
    ],
)
def test_titles_of_one_form_with_other_facts_are_seen(a: str, b: str, expected: float) -> None:
    assert features(tokens(LONG, a), tokens(LONG, b))["new_title"] == expected


def test_alignment_follows_a_run_through_repeated_words() -> None:
    a, b = tokens("x y z a b c x y z d e f"), tokens("q x y z a b c x y z d e f")

    assert align(a, b).tolist() == list(range(1, 11))


def test_nothing_aligns_with_an_empty_text() -> None:
    assert set(align(tokens(LONG), tokens("")).tolist()) == {-1}


def test_comparing_with_none_gives_no_rows() -> None:
    assert pair_features(tokens(LONG), [], DocumentFrequency()).shape == (0, len(FEATURES))


# ------------------------------------------------------------------------------------ the verdict

BRIEF = "Police in Karsk detained 287 people during a protest on Thursday over the tram depot."


@pytest.mark.parametrize(
    ("old", "new"),
    [("Karsk", "Bravna"), ("287", "278"), ("Thursday", "Friday")],
)
def test_a_short_text_with_one_other_fact_is_another_report(old: str, new: str) -> None:
    (verdict,) = classify(
        pair_features(tokens(BRIEF), [tokens(BRIEF.replace(old, new))], DocumentFrequency())
    )

    assert verdict.score <= 0.3


def test_a_short_text_with_all_its_facts_is_a_copy_under_any_headline() -> None:
    copy = BRIEF.replace("protest", "rally")

    assert rule(tokens(BRIEF, "Police act"), tokens(copy, "Depot in the news")) == "facts-agree"
    assert rule(tokens(BRIEF, "Police act"), tokens(BRIEF, "Depot in the news")) == "equal-words"


def test_equal_words_without_a_subject_need_their_title() -> None:
    body = "The price rose again today, the office said."

    assert rule(tokens(body, "Bread"), tokens(body, "Milk")) != "equal-words"
    assert rule(tokens(body, "Bread dearer"), tokens(body, "Bread dearer")) == "equal-words"


def test_too_few_words_are_not_compared() -> None:
    assert rule(tokens("Velmora waits"), tokens("Karsk waits too")) == "too-short"


def test_kinds() -> None:
    own = tokens(LONG)
    same, cut, edited = (
        pair_features(own, [tokens(body)], DocumentFrequency())[0]
        for body in (LONG, LONG[:90], LONG.replace("Divers", "Swimmers"))
    )

    assert kind_of_match(same, same_agency=True) is Kind.IDENTICAL
    assert kind_of_match(cut, same_agency=False) is Kind.EXCERPT
    assert kind_of_match(edited, same_agency=False) is Kind.NEAR
    assert kind_of_match(edited, same_agency=True) is Kind.REVISION
    assert list(named_features(same)) == list(FEATURES)


# ------------------------------------------------------------------------------------- rarity


def rarity(frequency: DocumentFrequency, shingle: int) -> float:
    return idf(frequency.frequencies(), np.uint32(shingle))


def test_what_many_stories_use_weighs_little() -> None:
    frequency, common, rare = DocumentFrequency(), tokens("a b c"), tokens("d e f")
    gram = {name: int(of) for name, of in (("common", _gram(common)), ("rare", _gram(rare)))}
    for _ in range(2000):
        frequency.add(common)
    frequency.add(rare)

    assert rarity(frequency, gram["common"]) < 0.1
    assert rarity(frequency, gram["rare"]) > 4.0


def test_a_story_counts_a_shingle_once_and_ages() -> None:
    frequency, text = DocumentFrequency(), tokens("a b c a b c a b c")
    for _ in range(4):
        frequency.add(text)
    cell = _gram(text) & np.uint32(frequency.counts.size - 1)
    assert frequency.counts[cell] == 4

    frequency.shrink(0.5)

    assert frequency.counts[cell] == 2
    assert frequency.stories == 2.0


def _gram(of: np.ndarray) -> np.uint32:
    from aggregator.match.words.minhash import shingles

    return np.uint32(shingles(of[2:], 3)[0])
