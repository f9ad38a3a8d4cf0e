"""A report's spread as a line of ticks: only of what is known, on one scale for all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Item, Lineage, Member, Story
from aggregator.web.charts.spread import LONGEST, WIDTH, place, spread

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LAGS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))


def member(agency_id: str, lag: timedelta, lineage: Lineage | None = None) -> Member:
    at = NOON + lag
    item = Item(
        id=f"{agency_id}-{lag}",
        feed_id=agency_id,
        agency_id=agency_id,
        title="Wheat harvest begins",
        text="",
        seen_at=at,
        reported_at=at,
        published_at=at,
    )
    return Member(item=item, lineage=lineage or Lineage())


def story(*members: Member) -> Story:
    return Story(
        id="s1",
        members=members,
        lead_id=members[0].item.id,
        origin_id="kazinform",
        first_seen_at=NOON,
        updated_at=NOON,
        published_at=NOON,
    )


def undated(one: Member) -> Member:
    return replace(one, item=replace(one.item, published_at=None))


FIRST = member("kazinform", timedelta(0))


def test_a_report_that_nobody_carried_has_no_spread() -> None:
    own_edition = member("kazinform", timedelta(minutes=20))

    assert spread(story(FIRST, own_edition)) is None


def test_the_line_ends_at_the_latest_copy() -> None:
    found = spread(
        story(FIRST, member("bta", timedelta(minutes=5)), member("trend", timedelta(hours=3)))
    )

    assert found is not None
    assert found.latest == timedelta(hours=3)
    assert found.ticks == (place(timedelta(minutes=5)), place(timedelta(hours=3)))
    assert found.end == found.ticks[-1]


def test_a_copy_whose_time_is_not_known_is_left_out() -> None:
    late = undated(member("bta", timedelta(hours=9)))
    perhaps_first = member("trend", timedelta(hours=8), Lineage(is_undecided=True))
    known = member("belta", timedelta(hours=1))

    assert spread(story(FIRST, late, perhaps_first)) is None
    found = spread(story(FIRST, known, perhaps_first, late))
    assert found is not None
    assert found.latest == timedelta(hours=1)


def test_nothing_is_said_where_the_first_report_has_no_time() -> None:
    assert spread(story(undated(FIRST), member("bta", timedelta(hours=1)))) is None


@given(LAGS, LAGS)
def test_what_is_later_never_stands_before_what_is_earlier(
    one: timedelta, other: timedelta
) -> None:
    earlier, later = sorted((one, other))

    assert 0 <= place(earlier) <= place(later) <= WIDTH


def test_the_line_is_full_after_a_week() -> None:
    assert (place(timedelta(0)), place(LONGEST), place(LONGEST * 2)) == (0, WIDTH, WIDTH)


@given(st.lists(LAGS, min_size=1, max_size=40))
def test_ticks_rise_whatever_the_copies(lags: list[timedelta]) -> None:
    copies = (member(f"agency{number}", lag) for number, lag in enumerate(sorted(lags)))
    found = spread(story(FIRST, *copies))

    assert found is not None
    assert list(found.ticks) == sorted(set(found.ticks))
    assert found.latest == max(lags)
