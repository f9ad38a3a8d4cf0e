"""Searches, on both engines: by the index where few items fit, item by item where many do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aggregator.errors import UsageError
from aggregator.model import Item, Order, StoryQuery
from aggregator.search_words import Term, marks, parse, words
from aggregator.store import stories
from aggregator.store.fulltext import MOST_WORDS
from aggregator.store.store import Store
from tests.contract.samples import HOUR, NOON, found, item, joining, place, save

ANY_NUMBER = settings(  # of examples in one store
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture(params=["by the index", "item by item"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "item by item":
        monkeypatch.setattr(stories, "FEW", -1)


def hits(store: Store, search: str, **conditions: object) -> str:
    query = StoryQuery(search=search, **conditions)  # type: ignore[arg-type]
    listed = [story.lead_id for story in store.stories(query)]
    assert store.count_stories(query) == len(listed)
    return "".join(sorted(listed))


TEXTS = {
    "a": ("Railways of Kazakhstan", "The high speed line opens in May 2026."),
    "b": ("Пътят към Казахстан", "Министърът откри пътя. Линията е с висока скорост."),
    "c": ("Қазақстанның жаңа жолы", "Ёлка стоит у Straße."),
    "d": ("哈通社报道", "新铁路开通。"),
    "e": ("Speed, high", "COVID-19: a 100% rise; the line of rail."),
}


@pytest.fixture
def texts(store: Store) -> Store:
    found(store, *(item(name, title=title, text=text) for name, (title, text) in TEXTS.items()))
    return store


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("line", "ae"),
        ("LINES", "ae"),
        ("rail", "ae"),
        ("railway", "a"),
        ("kazakh line", "a"),
        ("казахстана", "b"),
        ("Қазақстанда", ""),
        ("қазақстан", "c"),
        ("елка strasse", "c"),
        ('"high speed"', "a"),
        ('"speed high"', "e"),
        ('"high spee"', ""),
        ('"kazakhstan the"', ""),  # the end of the title, the beginning of the text
        ("line -rail", ""),
        ("line -railways", "e"),
        ('line -"high speed"', "e"),
        ("铁路", "d"),
        ("路铁", ""),
        ("covid-19", "e"),
        ("covid-20", ""),
        ("100%", "e"),
        ("10", ""),
        ("202", ""),
        ("2026", "a"),
        ("of", "ae"),
        ("o", ""),
    ],
)
def test_all_words_and_phrases_of_a_search_are_in_one_item(
    texts: Store, search: str, expected: str
) -> None:
    assert hits(texts, search) == expected


def test_the_words_of_a_search_are_in_one_item_of_a_story(store: Store) -> None:
    one, other = item("a", title="Rail", text="line"), item("b", title="Ferry", text="quay")
    save(store, one, other)
    found(store, one)
    place(store, joining(other, one))

    assert hits(store, "rail line") == "a"
    assert hits(store, "ferry") == "a"
    assert hits(store, "rail ferry") == ""
    assert hits(store, "rail -ferry") == "a"  # there is an item with the one and without the other


def test_a_search_is_one_condition_of_several_in_any_order_and_page(store: Store) -> None:
    found(
        store,
        *(
            item(name, title="Rail" if name != "c" else "Ferry", seen_at=NOON + at * HOUR)
            for at, name in enumerate("abcde")
        ),
    )
    query = StoryQuery(search="rail", since_at=NOON + HOUR, limit=2)

    for order in (Order.SEEN, Order.CARRIED, Order.SPREAD):
        first = [story.id for story in store.stories(replace(query, order=order))]
        assert first == ["se", "sd"]
        second = store.stories(replace(query, order=order, after="sd"))
        assert [story.id for story in second] == ["sb"]


def test_a_revision_is_found_by_its_present_words(store: Store) -> None:
    found(store, item("a", title="ferry"))
    save(store, item("a", title="quay", revision=2, revised_at=NOON + HOUR))

    assert hits(store, "quay") == "a"
    assert hits(store, "ferry") == ""
    assert store.check() == []


def test_an_address_finds_the_item_at_it(texts: Store) -> None:
    assert hits(texts, "https://bta-bg.example/b") == "b"


@pytest.mark.parametrize("search", ["%", "-rail", '"'])
def test_a_search_that_says_nothing_to_look_for_is_refused(texts: Store, search: str) -> None:
    with pytest.raises(UsageError, match="search"):
        texts.stories(StoryQuery(search=search))


def test_a_very_long_item_is_stored_and_found_by_its_first_words(store: Store) -> None:
    many = " ".join(f"w{number}x" for number in range(2 * MOST_WORDS))
    endless = "щ" * 3_000_000
    found(
        store,
        item("a", title="first", text=many),
        item("b", title="second", text=f"{endless} after"),
        item("c", title="third", text="тӨңіз 𠀀𠀁 " * 100_000),
    )

    assert hits(store, "first w100x") == "a"
    assert hits(store, "second after") == "b"
    assert hits(store, "third 𠀀") == "c"


def fits(one: Item, search: str) -> bool:
    """Whether an item fits, by what would be marked in its title and its text."""
    sought = parse(search)
    both = (one.title, one.text)

    def has(term: Term) -> bool:
        return any(marks(text, replace(sought, wanted=(term,))) for text in both)

    return all(map(has, sought.wanted)) and not any(map(has, sought.unwanted))


WORDS = st.sampled_from(
    sorted({word for texts in TEXTS.values() for text in texts for word in text.split()})
)
PHRASES = st.lists(WORDS, min_size=1, max_size=2).map(lambda said: f'"{" ".join(said)}"')
TERMS = WORDS | PHRASES
SEARCHES = st.tuples(
    st.lists(TERMS, min_size=1, max_size=2), st.lists(TERMS.map("-{}".format), max_size=2)
).map(lambda both: " ".join((*both[0], *both[1])))


@settings(ANY_NUMBER)
@given(SEARCHES)
def test_what_is_found_is_what_would_be_marked(texts: Store, search: str) -> None:
    held = [story.lead for story in texts.stories(StoryQuery())]
    expected = {one.id for one in held if fits(one, search)}

    assert {story.lead_id for story in texts.stories(StoryQuery(search=search))} == expected


@settings(ANY_NUMBER)
@given(st.text() | st.text(alphabet="\"-*^:()&|!<>'\\%_ aж哈\0\ud800"))
def test_no_text_is_a_mistake_in_the_language_of_an_engine(texts: Store, text: str) -> None:
    try:
        texts.stories(StoryQuery(search=text))
    except UsageError:
        with pytest.raises(UsageError):
            parse(text)


@settings(ANY_NUMBER)
@given(st.text(st.characters(exclude_characters='\0"', exclude_categories=["Cs"]), min_size=1))
def test_an_item_is_found_by_its_title_as_a_phrase(store: Store, title: str) -> None:
    assume(any(words(title)))
    number = store.count_stories(StoryQuery())
    found(store, item(f"i{number}", title=title))

    listed = {story.lead_id for story in store.stories(StoryQuery(search=f'"{title}"'))}
    assert f"i{number}" in listed
