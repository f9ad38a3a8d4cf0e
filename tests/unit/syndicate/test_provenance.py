"""Who had it, when, credited or not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator import provenance
from aggregator.model import Agency, Member, Story


def test_a_copy_that_names_the_origin_is_credited_and_one_that_does_not_is_not(
    story: Story,
) -> None:
    credited = {copy.item.id: copy.credited for copy in provenance.appearances(story)}

    assert credited == {"kz1": None, "kz2": None, "bg1": True, "si1": False}


def test_the_lag_is_counted_from_the_first_item(story: Story) -> None:
    assert [copy.lag for copy in provenance.appearances(story)] == [
        timedelta(0),
        timedelta(minutes=10),
        timedelta(minutes=125),
        timedelta(minutes=3000),
    ]


def test_the_summary_line_counts_agencies_once(story: Story, agencies: dict[str, Agency]) -> None:
    assert provenance.summary_line(story, agencies) == "4 items, 3 agencies; first: Kazinform"


def test_a_story_alone_is_summarised_in_the_singular(story: Story) -> None:
    alone = replace(story, members=story.members[:1])

    assert provenance.summary_line(alone, {}) == "1 item, 1 agency; first: kazinform"


def test_a_copy_with_an_earlier_date_that_comes_later_does_not_move_the_publication(
    story: Story,
) -> None:
    first = story.members[0].item
    late = replace(
        story.members[2].item,
        reported_at=first.reported_at - timedelta(hours=5),
        seen_at=first.seen_at + timedelta(hours=1),
    )
    grown = replace(story, members=(Member(item=late), *story.members))

    assert provenance.published_at(grown) == provenance.published_at(story) == first.reported_at


def test_only_the_first_by_time_has_no_match(story: Story) -> None:
    """The founder, reported after a copy that came later, is that copy's match."""
    founder, copy, *rest = story.members
    grown = replace(story, members=(copy, founder, *rest))

    first, second, *others = provenance.appearances(grown)

    assert first.match is None
    assert copy.match
    assert second.match == replace(copy.match, a=founder.item.id, b=copy.item.id)
    assert [each.match for each in others] == [member.match for member in rest]


def test_a_story_whose_founder_was_split_off_begins_with_its_first(story: Story) -> None:
    left = replace(story, members=story.members[1:], lead_id=story.members[1].item.id)

    first, *others = provenance.appearances(left)

    assert first.match is None
    assert all(copy.match for copy in others)


def test_pairs_that_name_each_other_are_followed_once(story: Story) -> None:
    """Split off and joined again by a person, both have a match to the other."""
    one, other = story.members[:2]
    assert other.match
    back = replace(other.match, a=one.item.id, b=other.item.id)
    circle = replace(story, members=(replace(one, match=back), other))

    assert [copy.match for copy in provenance.appearances(circle)] == [None, other.match]


def test_the_update_is_never_before_the_publication(story: Story) -> None:
    early = replace(story, updated_at=story.first_seen_at - timedelta(days=2))

    assert provenance.updated_at(early) == provenance.published_at(early)


@pytest.mark.parametrize(
    ("lag", "words"),
    [
        (timedelta(0), "+0 s"),
        (timedelta(seconds=59), "+59 s"),
        (timedelta(minutes=12, seconds=40), "+12 min"),
        (timedelta(hours=2, minutes=5), "+2 h 05 min"),
        (timedelta(days=3, hours=4, minutes=50), "+3 d 4 h"),
    ],
)
def test_a_lag_is_written_in_words(lag: timedelta, words: str) -> None:
    assert provenance.lag_in_words(lag) == words


def test_times_are_written_in_utc() -> None:
    almaty = timezone(timedelta(hours=5))

    assert provenance.rfc3339(datetime(2026, 11, 24, 3, tzinfo=almaty)) == "2026-11-23T22:00:00Z"
    assert provenance.rfc3339(datetime(2026, 11, 24, 3, 0, 0, 999, UTC)) == "2026-11-24T03:00:00Z"
