"""Pick-up: who carried whose reports, by origin, by carrier, in a span and in the one before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from aggregator.match import story
from aggregator.model import Action, CreditState, Kind, Move, Notice, Replacement
from aggregator.pickup import Copy, Counted, Earlier, Headline, Report, Span
from aggregator.store.store import Store
from tests.wire_copy import DAY, HOUR, MINUTE, NOON, item, relate, save, tell

WEEK = Span(since_at=NOON - 7 * DAY, until_at=NOON)
AT = NOON - 2 * DAY  # when the reports of most tests came
TOLL = Replacement(old="12", new="14")


def ours(store: Store, agency: str = "bta", **asked: Any) -> list[Report]:
    return list(store.pickup(agency, WEEK, **asked).ours.reports)


def only(reports: list[Report]) -> tuple[Copy, ...]:
    assert len(reports) == 1
    return reports[0].copies


def test_a_copy_has_its_lag_behind_its_parent_and_behind_the_first_report(store: Store) -> None:
    first = item("a", "bta", AT)
    between = item("b", "focus", AT + 10 * MINUTE, "bta")
    last = item("c", "kazinform", AT + HOUR, "focus", language="ru")
    tell(store, first, between, last)

    near, translated = only(ours(store))

    assert near == Copy(
        item_id="b",
        agency_id="focus",
        language="en",
        reported_at=AT + 10 * MINUTE,
        kind=Kind.NEAR,
        lag=10 * MINUTE,
        since_first=10 * MINUTE,
        credit=CreditState.ORIGIN,
    )
    assert (translated.item_id, translated.kind) == ("c", Kind.TRANSLATION)
    assert (translated.lag, translated.since_first) == (50 * MINUTE, HOUR)
    assert translated.credit is CreditState.OTHER


def test_a_report_nobody_carried_has_no_copies(store: Store) -> None:
    tell(store, item("a", "bta", AT), item("b", "bta", AT + MINUTE, language="bg"))

    assert ours(store) == [Report("sa", "bta", "a", AT)]
    assert store.pickup("bta", WEEK).theirs.reports == ()


def test_reports_belong_to_the_span_they_were_published_in_latest_first(store: Store) -> None:
    times = {
        "a": WEEK.since_at,
        "b": WEEK.until_at - MINUTE,
        "c": WEEK.until_at,
        "d": WEEK.since_at - MINUTE,
        "e": WEEK.before.since_at,
        "f": WEEK.before.since_at - MINUTE,
    }
    for name, at in times.items():
        tell(store, item(name, "bta", at))

    found = store.pickup("bta", WEEK).ours

    assert [report.story_id for report in found.reports] == ["sb", "sa"]
    assert found.earlier.reports == 2


def test_a_copy_counts_for_its_report_however_late_it_came(store: Store) -> None:
    tell(store, item("a", "bta", WEEK.until_at - HOUR), item("b", "focus", NOON + HOUR, "bta"))

    assert [copy.item_id for copy in only(ours(store))] == ["b"]


def test_what_was_withdrawn_is_listed_only_where_it_was_carried(store: Store) -> None:
    tell(store, item("a", "bta", AT), killed_at=AT + HOUR)
    tell(store, item("b", "bta", AT), item("c", "focus", AT + MINUTE, "bta"), killed_at=AT + HOUR)

    assert [(report.story_id, report.killed_at) for report in ours(store)] == [("sb", AT + HOUR)]
    assert ours(store, partner_id="kazinform") == []


def test_a_carriers_notice_that_it_withdraws_its_copy_is_no_copy(store: Store) -> None:
    killed = item("c", "focus", AT + HOUR, "bta", notice=Notice.KILL)
    tell(store, item("a", "bta", AT), item("b", "focus", AT + MINUTE, "bta"), killed)

    assert [copy.item_id for copy in only(ours(store))] == ["b"]


def test_a_later_version_of_a_copy_is_a_revision(store: Store) -> None:
    versions = [item(name, "focus", AT + n * HOUR, "bta") for n, name in enumerate("bc", 1)]
    tell(store, item("a", "bta", AT), *versions)

    assert [copy.kind for copy in only(ours(store))] == [Kind.NEAR, Kind.REVISION]


@pytest.mark.parametrize(
    "changes",
    [
        {"published_at": None},  # its feed gives no time, so we know when we saw it
        {"published_at": AT - DAY},  # what it gives was not believed
    ],
)
def test_a_time_that_its_feed_did_not_give_makes_no_lag_since_the_first(
    store: Store, changes: dict[str, Any]
) -> None:
    tell(store, item("a", "bta", AT), item("b", "focus", AT + HOUR, "bta", **changes))

    (copy,) = only(ours(store))
    assert copy.since_first is None
    assert copy.lag == HOUR


def test_undecided_times_are_marked_and_make_no_lag_since_the_first(store: Store) -> None:
    tell(store, item("a", "bta", AT), item("b", "focus", AT))

    (copy,) = only(ours(store))
    assert (copy.is_undecided, copy.since_first) == (True, None)


def test_of_a_copy_that_may_have_been_the_first_no_credit_is_missing(store: Store) -> None:
    tell(store, item("a", "bta", AT), item("b", "focus", AT))

    found = store.pickup("bta", WEEK)
    (copy,) = only(list(found.ours.reports))
    now = found.ours.totals().now
    by_pair = store.carriers(WEEK).figures["bta", "focus"]
    assert (copy.credit, copy.is_undecided) == (CreditState.NONE, True)
    assert (now.copies, now.credit_known, now.credited_share) == (1, 0, None)
    assert (by_pair.copies, by_pair.credit_known, by_pair.credited_share) == (1, 0, None)


def test_a_copy_before_the_first_report_we_hold_has_no_lag(store: Store) -> None:
    tell(store, item("a", "focus", AT, "bta"), item("b", "bta", AT + HOUR))

    (copy,) = only(ours(store))
    assert (copy.item_id, copy.kind, copy.lag, copy.since_first) == ("a", None, None, None)


def test_an_origin_by_credit_alone_has_the_report(store: Store) -> None:
    tell(store, item("a", "focus", AT, "bta"))

    (copy,) = only(ours(store))
    assert (copy.agency_id, copy.credit, copy.since_first) == ("focus", CreditState.ORIGIN, None)


@pytest.mark.parametrize(
    ("is_whole", "credit"), [(True, CreditState.NONE), (False, CreditState.UNKNOWN)]
)
def test_nobody_is_uncredited_by_a_summary(
    store: Store, is_whole: bool, credit: CreditState
) -> None:
    tell(store, item("a", "bta", AT), item("b", "focus", AT + HOUR, is_whole=is_whole))

    assert [copy.credit for copy in only(ours(store))] == [credit]


def test_a_stale_copy_has_the_facts_that_its_sources_corrected(store: Store) -> None:
    tell(
        store,
        item("a", "bta", AT),
        item("b", "focus", AT + MINUTE, "bta"),
        item("c", "kazinform", AT + HOUR, "bta", language="ru"),
        lineages={
            "a": {"corrects": (TOLL,)},
            "b": {"is_stale": True},
            "c": {"corrects": (Replacement(old="Lone", new="Lonne"),)},
        },
    )

    stale, fresh = only(ours(store))
    assert (stale.is_stale, stale.facts) == (True, (TOLL,))  # of its source, not of another copy
    assert (fresh.is_stale, fresh.facts) == (False, ())


def test_a_copy_of_a_copy_is_stale_by_what_that_one_corrected(store: Store) -> None:
    tell(
        store,
        item("a", "bta", AT),
        item("b", "focus", AT + MINUTE, "bta"),
        item("c", "kazinform", AT + HOUR, "focus"),
        lineages={"b": {"corrects": (TOLL,)}, "c": {"is_stale": True, "corrects": (TOLL,)}},
    )

    assert [copy.facts for copy in only(ours(store))] == [(), (TOLL,)]


def test_a_corrected_copy_names_its_correction(store: Store) -> None:
    lineages = {"b": {"superseded_by": "c"}}
    copies = [item(name, "focus", AT + n * HOUR, "bta") for n, name in enumerate("bc", 1)]
    tell(store, item("a", "bta", AT), *copies, lineages=lineages)

    assert [copy.superseded_by for copy in only(ours(store))] == ["c", None]


def test_what_an_agency_carried_belongs_to_the_span_it_did_so_in(store: Store) -> None:
    begin = WEEK.since_at
    tell(store, item("a", "kazinform", begin - HOUR), item("b", "bta", begin, "kazinform"))
    tell(store, item("c", "focus", begin - 2 * HOUR), item("d", "bta", begin - MINUTE, "focus"))
    tell(store, item("e", "kazinform", AT), item("f", "focus", AT + HOUR, "kazinform"))

    theirs = store.pickup("bta", WEEK).theirs

    assert [(r.origin_id, [c.item_id for c in r.copies]) for r in theirs.reports] == [
        ("kazinform", ["b"])
    ]
    assert theirs.earlier == Earlier(
        reports=None, copies=(Counted("sc", "focus", "bta", "en", False, 7140, "origin", False),)
    )


def test_a_ledger_has_the_reports_of_both_with_the_copies_of_the_other(store: Store) -> None:
    tell(
        store,
        item("a", "bta", AT),
        item("b", "kazinform", AT + HOUR, "bta"),
        item("c", "focus", AT + HOUR, "bta"),
    )
    tell(store, item("d", "kazinform", AT), item("e", "focus", AT + HOUR, "kazinform"))

    ledger = store.pickup("bta", WEEK, "kazinform")

    assert [copy.item_id for copy in only(list(ledger.ours.reports))] == ["b"]
    assert [(r.story_id, r.copies) for r in ledger.theirs.reports] == [("sd", ())]
    assert (ledger.ours.earlier, ledger.theirs.earlier) == (Earlier(reports=0),) * 2


def test_of_the_span_before_what_the_figures_need_is_known(store: Store) -> None:
    before = AT - 7 * DAY
    versions = [item(name, "focus", before + n * HOUR, "bta") for n, name in enumerate("bc", 1)]
    tell(store, item("a", "bta", before), *versions, lineages={"c": {"is_stale": True}})
    tell(store, item("d", "bta", before), killed_at=before + HOUR)
    tell(
        store,
        item("e", "bta", before),
        item("f", "kazinform", before + HOUR, "bta"),
        killed_at=before + HOUR,
    )

    everybody = store.pickup("bta", WEEK).ours.earlier
    partner = store.pickup("bta", WEEK, "focus").ours.earlier

    of_focus = (
        Counted("sa", "bta", "focus", "en", False, 3600, "origin", False),
        Counted("sa", "bta", "focus", "en", True, 7200, "origin", True),
    )
    assert everybody.reports == 2  # what was withdrawn counts where it was carried
    assert {copy for copy in everybody.copies if copy.agency_id == "focus"} == set(of_focus)
    assert len(everybody.copies) == 3
    assert partner.reports == 1
    assert set(partner.copies) == set(of_focus)


def test_a_copy_that_a_person_moves_is_a_copy_of_the_other_report(store: Store) -> None:
    def summarise(members: Any, story_id: str) -> Any:
        return story.summarise(members, story_id, relate=relate)

    copy, other = item("b", "focus", AT + HOUR), item("c", "kazinform", AT)
    tell(store, item("a", "bta", AT), copy)
    tell(store, other)

    move = Move(item_id="b", story_id="sc", match=relate(copy, other))
    store.decide(
        Action.JOIN, item_id="b", other_id="c", moves=[move], summarise=summarise, now=NOON
    )
    moved = (only(ours(store)), [c.item_id for c in only(ours(store, "kazinform"))])
    store.undo(NOON, summarise=summarise)

    assert moved == ((), ["b"])
    assert [c.item_id for c in only(ours(store))] == ["b"]
    assert only(ours(store, "kazinform")) == ()


def test_a_report_joined_into_another_is_none_of_its_own(store: Store) -> None:
    a, b = item("a", "bta", AT), item("b", "bta", AT + HOUR)
    tell(store, a)
    tell(store, b)

    store.place(
        (), united=[relate(b, a)], summarise=lambda m, s: story.summarise(m, s, relate=relate)
    )

    assert [report.story_id for report in ours(store)] == ["sa"]


def test_items_are_shown_by_title_and_link(store: Store) -> None:
    save(store, item("a", "bta", AT, title="Ferry sails", link=None))

    assert store.headlines(["a", "nothing"]) == {"a": Headline(title="Ferry sails", link=None)}


# ----------------------------------------------------------------------------------- how it is found


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    yield asked
    event.remove(store._engine, "before_cursor_execute", note)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("partner", [None, "kazinform"])
def test_it_is_found_by_index_in_four_queries_a_direction(
    store: Store, partner: str | None
) -> None:
    with statements(store) as asked:
        store.pickup("bta", WEEK, partner)

    assert len(asked) == (7 if partner is None else 8)
    with store._reading() as connection:
        for statement, parameters in asked:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = [row.detail for row in rows]
            assert any(step.startswith("SEARCH") for step in plan)
            assert not [step for step in plan if step.startswith("SCAN")]
