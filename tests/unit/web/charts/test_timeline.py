"""The time line of a story: where each item stands, and by which sign."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import CreditState, Lineage, Member, Notice, Replacement
from aggregator.web.charts.timeline import Mark, Sign, Timeline, timeline
from tests.told import first, report, story_of, taken

ORIGIN = report("kz", "kazinform")
DAY = 24 * 60


def copy(item_id: str, agency_id: str, minutes: int, **changes: object) -> Member:
    return taken(report(item_id, agency_id, minutes, **changes), ORIGIN)


def with_lineage(member: Member, **changes: object) -> Member:
    return replace(member, lineage=replace(member.lineage, **changes))  # type: ignore[arg-type]


def places(drawn: Timeline) -> dict[str, float]:
    return {dot.copy.item.id: dot.x for dot in drawn.dots}


def test_the_first_report_stands_at_the_beginning_and_the_last_at_the_end() -> None:
    drawn = timeline(story_of(first(ORIGIN), copy("bg", "bta", 30), copy("ro", "agerpres", 60)))

    assert places(drawn) == {"kz": 0, "bg": 50, "ro": 100}
    assert not drawn.is_logarithmic


def test_minutes_and_then_days_stand_on_a_logarithmic_scale() -> None:
    copies = [copy(f"c{n}", "bta", n) for n in (1, 3, 10, 30)]
    drawn = timeline(story_of(first(ORIGIN), *copies, copy("late", "mia", 3 * DAY)))

    assert drawn.is_logarithmic
    xs = [dot.x for dot in drawn.dots]
    assert xs == sorted(xs)
    assert xs[1] > 5, "a minute can be told from the first report"
    assert xs[-1] == 100


def test_the_agency_of_origin_has_the_first_lane_and_the_others_follow_as_they_came() -> None:
    bta = first(report("bg", "bta"))
    late_origin = first(report("kz", "kazinform", 10))
    story = replace(story_of(bta, copy("mk", "mia", 5), late_origin), origin_id="kazinform")

    assert [lane.agency_id for lane in timeline(story).lanes] == ["kazinform", "bta", "mia"]


def test_a_line_leads_from_a_copy_to_what_it_was_taken_from() -> None:
    bulgarian = report("bg", "bta", 30)
    story = story_of(
        first(ORIGIN), taken(bulgarian, ORIGIN), taken(report("mk", "mia", 40), bulgarian)
    )

    ties = [(tie.copy.copy.item.id, tie.parent.copy.item.id) for tie in timeline(story).ties]

    assert ties == [("bg", "kz"), ("mk", "bg")]


def test_a_line_says_where_the_times_do_not_tell_which_was_first() -> None:
    timed = copy("en", "sta", 5)
    undecided = with_lineage(copy("bg", "bta", 0), is_undecided=True)
    undated = replace(timed, item=replace(timed.item, published_at=None))

    def untimed(*copies: Member) -> list[bool]:
        return [tie.is_untimed for tie in timeline(story_of(first(ORIGIN), *copies)).ties]

    assert untimed(timed) == [False]
    assert untimed(undecided) == [True]
    assert untimed(undated) == [True]


@pytest.mark.parametrize(
    ("credit", "sign"),
    [
        (CreditState.ORIGIN, Sign.ORIGIN),
        (CreditState.OTHER, Sign.OTHER),
        (CreditState.NONE, Sign.NONE),
        (CreditState.UNKNOWN, Sign.UNKNOWN),
        (None, Sign.UNKNOWN),
    ],
)
def test_the_sign_of_a_copy_says_whom_it_credits(credit: CreditState | None, sign: Sign) -> None:
    carried = with_lineage(copy("bg", "bta", 5), credit=credit)

    assert [dot.sign for dot in timeline(story_of(first(ORIGIN), carried)).dots] == [Sign.OWN, sign]


@pytest.mark.parametrize(
    ("lineage", "mark"),
    [
        (Lineage(is_stale=True), Mark.STALE),
        (Lineage(corrects=(Replacement(old="12", new="14"),)), Mark.CORRECTS),
        (Lineage(superseded_by="kz"), Mark.REPLACED),
        (Lineage(), None),
    ],
)
def test_a_mark_says_what_became_of_an_item(lineage: Lineage, mark: Mark | None) -> None:
    marked = replace(first(report("k2", "kazinform", 5)), lineage=lineage)

    assert timeline(story_of(first(ORIGIN), marked)).dots[-1].mark is mark


def test_a_withdrawal_is_marked() -> None:
    kill = first(report("k2", "kazinform", 5, notice=Notice.KILL))

    assert timeline(story_of(first(ORIGIN), kill)).dots[-1].mark is Mark.WITHDRAWS


def test_ticks_are_times_that_are_easily_named() -> None:
    drawn = timeline(story_of(first(ORIGIN), copy("bg", "bta", 100)))

    assert [tick.elapsed for tick in drawn.ticks] == [timedelta(minutes=15 * n) for n in range(7)]
    assert drawn.ticks[2].at == ORIGIN.reported_at + timedelta(minutes=30)


def test_items_of_one_moment_have_a_time_line_too() -> None:
    drawn = timeline(story_of(first(ORIGIN), copy("bg", "bta", 0), copy("en", "bta", 0)))

    assert set(places(drawn).values()) == {0}
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == 3


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 30 * DAY)), min_size=1, max_size=60)
)
def test_no_dot_covers_another_and_each_lies_in_the_lane_of_its_agency(
    carried: list[tuple[str, int]],
) -> None:
    in_time = sorted(carried, key=lambda each: each[1])
    copies = [copy(f"c{n}", agency, minutes) for n, (agency, minutes) in enumerate(in_time)]
    drawn = timeline(story_of(first(ORIGIN), *copies))

    lanes = {lane.agency_id: lane for lane in drawn.lanes}
    for dot in drawn.dots:
        lane = lanes[dot.copy.item.agency_id]
        assert lane.y < dot.y < lane.y + lane.height
        assert 0 <= dot.x <= 100
    by_row: dict[int, list[float]] = {}
    for dot in drawn.dots:
        by_row.setdefault(dot.y, []).append(dot.x)
    for row in by_row.values():
        assert all(later - earlier >= 4.5 for earlier, later in itertools.pairwise(row))
    assert drawn.height == sum(lane.height for lane in drawn.lanes)


@given(st.lists(st.integers(0, 400 * DAY), min_size=1, max_size=20))
def test_ticks_rise_stand_apart_and_never_behind_the_last_item(minutes: list[int]) -> None:
    copies = [copy(f"c{n}", "bta", late) for n, late in enumerate(sorted(minutes))]
    drawn = timeline(story_of(first(ORIGIN), *copies))

    xs = [tick.x for tick in drawn.ticks]
    assert xs[0] == 0
    assert all(0 <= x <= 100 for x in xs)
    assert all(later - earlier >= 12 for earlier, later in itertools.pairwise(xs))
    assert drawn.ticks[-1].at <= copies[-1].item.reported_at
