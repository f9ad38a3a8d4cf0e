"""Questions of pages: who carried whom, stories by agency, items a day, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from aggregator.model import CreditState, Kind, Notice, Replacement
from aggregator.pickup import Matrix, Span
from aggregator.provenance import was_corrected_at
from aggregator.store.store import Store
from tests.contract.samples import found, match
from tests.contract.samples import item as plain
from tests.contract.samples import save as save_plain
from tests.wire_copy import DAY, HOUR, MINUTE, NOON, item, save, tell

WEEK = Span(since_at=NOON - 7 * DAY, until_at=NOON)
AT = NOON - 2 * DAY
TOLL = Replacement(old="12", new="14")


# ---------------------------------------------------------------------------------- who carried whom


def test_each_pair_of_agencies_has_the_figures_that_its_pick_up_has(store: Store) -> None:
    tell(
        store,
        item("a", "bta", AT),
        item("a1", "kazinform", AT + 10 * MINUTE, "bta", language="ru"),
        item("a2", "kazinform", AT + 30 * MINUTE, language="kk"),
        item("a3", "focus", AT + HOUR, published_at=None),
        lineages={"a1": {"is_stale": True}, "a2": {"credit": CreditState.UNKNOWN}},
    )
    tell(store, item("b", "bta", AT), item("b1", "kazinform", AT + 20 * MINUTE))
    tell(store, item("c", "kazinform", AT), item("c1", "bta", AT + MINUTE, "kazinform"))

    matrix = store.carriers(WEEK)

    assert set(matrix.figures) == {("bta", "kazinform"), ("bta", "focus"), ("kazinform", "bta")}
    for (origin, carrier), shown in matrix.figures.items():
        pair = store.pickup(origin, WEEK, carrier).ours.totals().now
        assert shown == replace(pair, reports=None)
    theirs = matrix.figures["bta", "kazinform"]
    assert (theirs.carried, theirs.copies, theirs.stale) == (2, 3, 1)
    assert theirs.median_lag == 20 * MINUTE
    assert theirs.credited_share == 0.5
    assert matrix.figures["bta", "focus"].median_lag is None


def test_a_later_version_of_a_copy_is_no_further_copy_but_may_be_stale(store: Store) -> None:
    tell(
        store,
        item("a", "bta", AT),
        item("a1", "focus", AT + HOUR),
        item("a2", "focus", AT + 2 * HOUR),
        lineages={"a2": {"parent": match("a2", "a1", Kind.REVISION), "is_stale": True}},
    )

    (shown,) = store.carriers(WEEK).figures.values()

    assert (shown.copies, shown.stale, shown.median_lag) == (1, 1, HOUR)


def test_a_report_belongs_to_the_span_in_which_it_was_published(store: Store) -> None:
    tell(store, item("a", "bta", NOON), item("a1", "focus", NOON + HOUR))

    assert store.carriers(WEEK) == Matrix(span=WEEK, figures={})
    assert store.carriers(Span(since_at=NOON, until_at=NOON + MINUTE)).figures


# ------------------------------------------------------------------------------- stories and items


def test_stories_are_counted_by_agency_once_however_many_items_it_has(store: Store) -> None:
    tell(
        store,
        item("a", "bta", AT),
        item("a1", "bta", AT, language="bg"),
        item("a2", "focus", AT + HOUR),
    )
    tell(store, item("b", "bta", AT))
    save(store, item("c", "kazinform", AT))  # in no story yet

    assert store.story_counts_by_agency() == {"bta": 2, "focus": 1}


def test_items_are_counted_by_feed_and_the_utc_day_on_which_they_were_seen(store: Store) -> None:
    midnight = NOON.replace(hour=0)
    save_plain(
        store,
        plain("a", seen_at=midnight - MINUTE),
        plain("b", seen_at=midnight),
        plain("c", seen_at=midnight + 23 * HOUR),
        plain("d", seen_at=midnight, feed_id="kz-kk"),
    )
    day = date(2026, 11, 24)

    assert store.items_a_day(["bta-bg", "none"], midnight - DAY) == {
        "bta-bg": {day.replace(day=23): 1, day: 2},
        "none": {},
    }
    assert store.items_a_day(["bta-bg", "kz-kk"], midnight) == {
        "bta-bg": {day: 2},
        "kz-kk": {day: 1},
    }


# ------------------------------------------------------------------------------------- corrections


def corrected(store: Store, *, limit: int = 9) -> list[str]:
    listed = store.corrections(AT, limit=limit)
    assert all(was_corrected_at(story) or story.killed_at for story in listed)
    return [story.id for story in listed]


def test_stories_that_their_origin_corrected_or_withdrew_come_by_when_it_did(store: Store) -> None:
    corrects = {"corrects": (TOLL,)}
    tell(
        store,
        item("a", "bta", AT),
        item("a1", "bta", AT + 3 * HOUR, notice=Notice.CORRECTION),
    )
    tell(
        store,
        item("b", "bta", AT, revision=2, revised_at=AT + 2 * HOUR),
        lineages={"b": corrects},
    )
    tell(store, item("c", "bta", AT), killed_at=AT + 4 * HOUR)
    tell(store, item("d", "bta", AT))
    tell(store, item("e", "bta", AT), item("e1", "focus", AT + HOUR), lineages={"e1": corrects})
    tell(store, item("f", "bta", AT - DAY), lineages={"f": corrects})

    assert corrected(store) == ["sc", "sa", "sb"]
    assert corrected(store, limit=2) == ["sc", "sa"]


def test_a_story_that_is_no_longer_corrected_is_not_among_them(store: Store) -> None:
    found(store, plain("a", notice=Notice.CORRECTION, reported_at=AT))
    assert corrected(store) == ["sa"]

    store.save_readings([plain("a", reported_at=AT)])

    assert corrected(store) == []
