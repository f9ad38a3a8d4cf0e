"""Placeholders: items found by their text; those stored before theirs was known are marked, and parted where it joined them."""

from dataclasses import replace

from aggregator.model import Evidence, Item, Kind, Match, Move
from aggregator.store.placement import Placed
from aggregator.store.store import Store
from tests.contract.samples import (
    HOUR,
    NOON,
    fingerprint,
    founding,
    item,
    match,
    place,
    save,
    summarise,
)

KEY = "0011223344556677"


def measured(a: str, b: str, kind: Kind = Kind.NEAR) -> Match:
    """A match that a comparison of texts gave."""
    return replace(match(a, b, kind), evidence=Evidence(rule="r", reason="w", features={"x": 1.0}))


def test_items_are_found_by_their_text(store: Store) -> None:
    save(
        store,
        item("a", text_key=KEY, seen_at=NOON),
        item("b", text_key=KEY, seen_at=NOON + HOUR),
        item("c", text_key=KEY, seen_at=NOON - HOUR, is_placeholder=True),
        item("d", text_key="other"),
        item("e"),
    )

    assert {
        key: [one.id for one in found]
        for key, found in store.items_with_text([KEY, "none"], limit=2).items()
    } == {KEY: ["c", "b"]}
    assert store.items_with_text([], limit=2) == {}
    assert [one.id for one in store.unmarked_placeholders()] == ["a", "b"]


def test_what_is_marked_is_awaited_and_parted_where_a_comparison_joined_it(store: Store) -> None:
    ids = ("a", "b", "c", "d")
    save(store, *(item(id_, text_key=KEY) for id_ in ids), item("report"))
    place(store, founding(item("a")), founding(item("report")))
    place(store, *map(_joining, [measured("b", "a"), match("c", "a"), measured("d", "report")]))

    moved = _mark(store, *(store.item(id_) for id_ in ids))

    assert [item_id for item_id, _ in moved] == ["b"]
    assert store.story_of("b").id == dict(moved)["b"] != store.story_of("a").id
    assert store.story_of("c").id == store.story_of("a").id, "no comparison joined it"
    assert store.story_of("d").id == store.story_of("report").id, "its match is a report"
    assert [awaited.id for awaited, _, _ in store.awaited()] == [*ids]
    assert all(store.item(id_).is_placeholder for id_ in ids)
    assert store.unmarked_placeholders() == []
    assert store.fingerprints(["b"])["b"] == fingerprint("without")


def test_a_story_of_its_own_never_takes_an_id_that_was_given(store: Store) -> None:
    save(store, item("a", text_key=KEY), item("b", text_key=KEY))
    place(store, founding(item("a")))
    place(store, _joining(measured("b", "a")))

    moved = _mark(store, store.item("a"), store.item("b"), started="a")

    assert moved == [("b", "sa-2")]


def _joining(pair: Match) -> Placed:
    """The placement of an item into the story that the other item of its match founded."""
    return Move(item_id=pair.a, story_id=f"s{pair.b}", match=pair), ()


def _mark(store: Store, *items: Item, started: str = "") -> list[tuple[str, str]]:
    return store.mark_placeholders(
        [(replace(one, is_placeholder=True), fingerprint("without")) for one in items],
        started_by=lambda one: f"s{started or one.id}",
        summarise=summarise,
    )
