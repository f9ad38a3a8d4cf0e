"""Which item of a story is shown, and what of the story never changes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregator.errors import UsageError
from aggregator.model import Item, Lineage, Member, Notice, Story
from aggregator.preference import (
    NO_PREFERENCE,
    Preference,
    original,
    parse_preference,
    preferred,
)
from tests.told import first, report, story_of

AGENCIES = ("bta", "kazinform", "sta")
LANGUAGES = ("bg", "en", "kk", "zh-Hans")


def member(agency_id: str, language: str | None, minutes: int = 0, **lineage: Any) -> Member:
    item_id = f"{agency_id}-{language}-{minutes}"
    return first(report(item_id, agency_id, minutes, language=language), **lineage)


def story(*members: Member, lead: int = 0, origin: str = "kazinform") -> Story:
    return story_of(*members, lead_id=members[lead].item.id, origin_id=origin)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story of up to six items; a superseded one by a later item of its agency."""
    members: list[Member] = []
    for minutes in range(draw(st.integers(1, 6))):
        drawn = member(
            draw(st.sampled_from(AGENCIES)),
            draw(st.sampled_from([None, *LANGUAGES])),
            minutes,
            is_stale=draw(st.booleans()),
        )
        notice = draw(st.sampled_from([None, None, Notice.CORRECTION, Notice.KILL]))
        members.append(replace(drawn, item=replace(drawn.item, notice=notice)))
    for at, one in enumerate(members):
        later = [
            each.item.id for each in members[at + 1 :] if each.item.agency_id == one.item.agency_id
        ]
        superseded = replace(one.lineage, superseded_by=draw(st.sampled_from([None, *later])))
        members[at] = replace(one, lineage=superseded)
    return story(
        *members,
        lead=draw(st.integers(0, len(members) - 1)),
        origin=draw(st.sampled_from(AGENCIES)),
    )


PREFERENCES = st.builds(
    Preference,
    languages=st.lists(st.sampled_from(["bg", "en", "kk", "zh", "zh-hans"]), unique=True).map(
        tuple
    ),
    agencies=st.lists(st.sampled_from(AGENCIES), unique=True).map(tuple),
)


# -------------------------------------------------------------------------------- what always holds


@given(stories(), PREFERENCES)
def test_the_story_stays_what_it_is_but_for_its_lead(told: Story, preference: Preference) -> None:
    shown = preferred(told, preference)

    assert replace(shown, lead_id=told.lead_id) == told
    assert shown.lead_id in {member.item.id for member in told.members}


@given(stories())
def test_without_a_preference_nothing_changes(told: Story) -> None:
    assert preferred(told, NO_PREFERENCE) is told


@given(stories(), PREFERENCES)
def test_what_was_replaced_or_withdrawn_never_stands_for_another(
    told: Story, preference: Preference
) -> None:
    shown = preferred(told, preference)
    assume(shown.lead_id != told.lead_id)

    lineage = next(each.lineage for each in told.members if each.item.id == shown.lead_id)
    assert not lineage.is_stale
    assert lineage.superseded_by is None
    assert shown.lead.notice is not Notice.KILL


@given(stories(), PREFERENCES)
def test_what_is_preferred_of_a_preferred_story_is_the_same(
    told: Story, preference: Preference
) -> None:
    shown = preferred(told, preference)

    assert preferred(shown, preference) == shown


@given(stories(), st.sampled_from(AGENCIES))
def test_an_agency_that_has_the_report_in_no_current_item_changes_nothing(
    told: Story, agency_id: str
) -> None:
    has = any(
        each.item.agency_id == agency_id
        and each.item.notice is not Notice.KILL
        and not each.lineage.is_stale
        and each.lineage.superseded_by is None
        for each in told.members
    )

    shown = preferred(told, Preference(agencies=(agency_id,)))

    assert (shown.lead.agency_id == agency_id) if has else (shown == told)


@given(stories(), PREFERENCES)
def test_the_original_is_of_the_origin_and_not_the_item_that_is_shown(
    told: Story, preference: Preference
) -> None:
    shown = preferred(told, preference)
    found = original(shown)

    if found:
        assert found.agency_id == told.origin_id
        assert found.id != shown.lead_id
        assert found.notice is not Notice.KILL


# ------------------------------------------------------------------------------------- which is chosen

KAZAKH, ENGLISH = member("kazinform", "kk"), member("kazinform", "en", 5)
BULGARIAN, SLOVENE = member("bta", "bg", 9), member("sta", "bg", 7)
TOLD = story(KAZAKH, ENGLISH, SLOVENE, BULGARIAN)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("bg", SLOVENE),  # the first that was reported in it
        ("bg,bta", BULGARIAN),
        ("bg,kazinform", SLOVENE),  # the language counts first
        ("en", ENGLISH),
        ("ru", KAZAKH),  # nobody has it
        ("ru,bg,en", SLOVENE),
        ("bta,sta", BULGARIAN),
        ("kazinform", KAZAKH),  # the lead, of those of one agency
        ("kk,bta", KAZAKH),
    ],
)
def test_the_first_language_that_is_there_counts_then_the_agency(text: str, chosen: Member) -> None:
    preference = parse_preference(text, agencies=AGENCIES, languages=["bg", "en", "kk", "ru"])

    assert preferred(TOLD, preference).lead == chosen.item


def test_in_its_language_the_origins_own_edition_is_shown_before_others() -> None:
    told = story(KAZAKH, SLOVENE, member("kazinform", "bg", 30))

    assert preferred(told, Preference(languages=("bg",))).lead.agency_id == "kazinform"


@pytest.mark.parametrize("wanted", ["zh", "zh-hans", "zh-Hans"])
def test_a_language_is_one_with_its_variants(wanted: str) -> None:
    chinese = member("kazinform", "zh-Hans", 3)

    assert preferred(story(KAZAKH, chinese), Preference(languages=(wanted,))).lead == chinese.item
    assert preferred(story(KAZAKH, chinese), Preference(languages=("z",))).lead == KAZAKH.item


# ---------------------------------------------------------------------------------------- the original


def shown_in(told: Story, language: str) -> Item | None:
    return original(preferred(told, Preference(languages=(language,))))


def test_beneath_a_translation_stands_the_origins_report() -> None:
    assert shown_in(TOLD, "bg") == KAZAKH.item


def test_beneath_the_origins_own_edition_stands_its_first_report() -> None:
    assert shown_in(TOLD, "en") == KAZAKH.item


def test_the_origins_own_report_has_nothing_beneath_it() -> None:
    assert original(TOLD) is None
    assert shown_in(TOLD, "kk") is None


def test_an_origin_that_has_no_item_has_no_original() -> None:
    assert original(story(SLOVENE, BULGARIAN, lead=1)) is None


def test_the_original_is_the_report_as_it_was_last_corrected() -> None:
    second = member("kazinform", "kk", 20)
    replaced = replace(KAZAKH, lineage=Lineage(superseded_by=second.item.id))

    assert shown_in(story(replaced, BULGARIAN, second, lead=2), "bg") == second.item


# ------------------------------------------------------------------------------------------- as text


def test_a_preference_is_read_from_codes_and_ids_in_any_order() -> None:
    found = parse_preference("sta, BG  bta,en,BG", agencies=AGENCIES, languages=["bg", "en"])

    assert found == Preference(languages=("bg", "en"), agencies=("sta", "bta"))
    assert str(found) == "bg,en,sta,bta"


def test_any_code_is_a_language_where_none_are_known() -> None:
    assert parse_preference("sr-Latn", agencies=AGENCIES, languages=()).languages == ("sr-latn",)


def test_a_name_that_is_neither_is_told_with_those_that_are_known() -> None:
    with pytest.raises(UsageError) as caught:
        parse_preference("bg,tass", agencies=AGENCIES, languages=["en", "bg"])

    assert str(caught.value) == (
        '"prefer": "tass" is neither a language nor an agency. '
        "Languages: bg, en; agencies: bta, kazinform, sta."
    )
