"""What is said of a story and its items, word by word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from aggregator import provenance
from aggregator.i18n import translator
from aggregator.model import (
    Agency,
    Credit,
    CreditState,
    Kind,
    Lineage,
    Member,
    Notice,
    Replacement,
    Story,
)
from tests.told import NOON, credited, first, pair, report, story_of, taken

AGENCIES = {
    "kazinform": Agency(id="kazinform", name="Kazinform"),
    "bta": Agency(id="bta", name="BTA"),
    "sta": Agency(id="sta", name="STA"),
}
ORIGIN = report("kz", "kazinform")
CARRIER = report("bg", "bta", 30, credits=(credited("kazinform"),))
LOST = (Replacement(old="12", new="14"), Replacement(old="Ivanov", new="Petrov"))


def told(member: Member, *others: Member, **story: Any) -> tuple[provenance.Appearance, Story]:
    """A copy's appearance in the story of Kazinform's report, and the story."""
    whole = story_of(first(ORIGIN), *others, member, **story)
    found = {one.item.id: one for one in provenance.appearances(whole)}
    return found[member.item.id], whole


def credit_said(member: Member, *others: Member) -> str:
    copy, story = told(member, *others)
    return provenance.credit_in_words(copy, story, AGENCIES)


def remarks_of(member: Member, **story: Any) -> list[str]:
    return provenance.remarks(*told(member, **story))


# ----------------------------------------------------------------------------------------------------- credits


@pytest.mark.parametrize(
    ("state", "credits_", "words"),
    [
        (CreditState.ORIGIN, (credited("kazinform"),), "credits Kazinform (the origin)"),
        (CreditState.NONE, (), "names no agency"),
        (CreditState.UNKNOWN, (), "credit not known, the feed has only a summary"),
        (CreditState.OTHER, (), "names another source"),
        (CreditState.OTHER, (credited("sta"),), "credits STA"),
        (CreditState.OTHER, (credited("tass"),), "credits tass"),
        (CreditState.OTHER, (credited("bta"),), "credits BTA, which had it from Kazinform"),
        (
            CreditState.OTHER,
            (credited("sta"), credited("bta"), credited("sta")),
            "credits STA and BTA, which had it from Kazinform",
        ),
        (CreditState.OTHER, (credited("sta"), credited("bta", background=True)), "credits STA"),
        (CreditState.OTHER, (credited("mia"),), "names another source"),
    ],
)
def test_a_credit_is_said_with_whom_the_text_names(
    state: CreditState, credits_: tuple[Credit, ...], words: str
) -> None:
    item = report("mk", "mia", 45, credits=credits_)

    said = credit_said(
        taken(item, CARRIER, credit=state), taken(CARRIER, ORIGIN, credit=CreditState.ORIGIN)
    )

    assert said == words


def test_an_agency_that_names_the_origin_as_background_had_it_not_from_there() -> None:
    carrier = replace(CARRIER, credits=(credited("kazinform", background=True),))
    item = report("mk", "mia", 45, credits=(credited("bta"),))

    said = credit_said(taken(item, carrier, credit=CreditState.OTHER), taken(carrier, ORIGIN))

    assert said == "credits BTA"


def test_of_the_origin_s_own_edition_no_credit_is_said() -> None:
    assert credit_said(taken(report("kk", "kazinform", 10), ORIGIN)) == ""


# ------------------------------------------------------------------------------------------------- what it is


@pytest.mark.parametrize(
    ("agency", "kind", "word", "words"),
    [
        ("bta", Kind.NEAR, "near", "edited copy"),
        ("bta", Kind.TRANSLATION, "translation", "translation"),
        ("kazinform", Kind.TRANSLATION, "edition", "edition"),
        ("kazinform", Kind.REVISION, "revision", "later version"),
        ("bta", Kind.MANUAL, "manual", "joined by hand"),
    ],
)
def test_what_an_item_is_to_its_parent_is_said_in_a_word_and_for_people(
    agency: str, kind: Kind, word: str, words: str
) -> None:
    copy, _ = told(taken(report("x", agency, 10), ORIGIN, kind))

    assert (provenance.kind_word(copy), provenance.kind_in_words(copy)) == (word, words)


def test_a_decision_is_said_with_who_made_it_and_when() -> None:
    reason = "Joined by nadia on 5 Nov 2026, 12:00 UTC."
    by_hand = pair("x", "kz", Kind.MANUAL, 1.0, reason)
    item = report("x", "bta", 10)
    joined, _ = told(Member(item=item, match=by_hand, lineage=Lineage(parent=by_hand)))
    copied, _ = told(taken(item, ORIGIN))

    assert provenance.decision_in_words(joined) == "joined by nadia on 5 Nov 2026, 12:00 UTC"
    assert provenance.decision_in_words(copied) == ""


def test_a_root_has_no_kind() -> None:
    copy, _ = told(first(report("x", "bta", 10)))

    assert (provenance.kind_word(copy), provenance.kind_in_words(copy)) == ("", "")


def test_an_item_is_named_by_agency_and_language() -> None:
    assert provenance.item_in_words(ORIGIN, AGENCIES) == "Kazinform (en)"
    assert provenance.item_in_words(replace(ORIGIN, language=None), {}) == "kazinform"


# ---------------------------------------------------------------------------------------------------- remarks


def test_of_a_plain_copy_nothing_is_remarked() -> None:
    assert remarks_of(taken(CARRIER, ORIGIN)) == []


def test_times_that_do_not_decide_are_remarked() -> None:
    undated = replace(CARRIER, published_at=None)

    assert remarks_of(taken(CARRIER, ORIGIN, is_undecided=True)) == [
        "within the same minute as another, so the times do not tell which was first"
    ]
    assert remarks_of(taken(undated, ORIGIN, is_undecided=True)) == [
        "its feed gives no time, so it may have been the first"
    ]


def test_a_notice_is_remarked_as_what_it_does() -> None:
    notice = replace(CARRIER, notice=Notice.KILL)

    assert remarks_of(taken(notice, ORIGIN, Kind.REVISION)) == ["withdraws the report"]


def test_a_correction_is_remarked_with_the_facts_it_replaced() -> None:
    own = taken(report("kz2", "kazinform", 30), ORIGIN, Kind.REVISION, corrects=LOST)

    assert remarks_of(own) == ["corrects 12 → 14, Ivanov → Petrov"]
    assert provenance.facts_in_words(Lineage()) == ""


def test_what_was_replaced_or_carries_what_was_is_remarked() -> None:
    assert remarks_of(taken(CARRIER, ORIGIN, superseded_by="bg2")) == ["replaced by a correction"]
    assert remarks_of(taken(CARRIER, ORIGIN, is_stale=True)) == ["not corrected"]
    assert remarks_of(taken(CARRIER, ORIGIN, is_stale=True), killed_at=NOON) == [
        "still carries the withdrawn report"
    ]


# ------------------------------------------------------------------------------------------- story, lag, times


def test_the_summary_line_counts_agencies_once() -> None:
    story = story_of(
        first(ORIGIN), taken(CARRIER, ORIGIN), taken(report("bg2", "bta", 40), CARRIER)
    )

    assert provenance.summary_line(story, AGENCIES) == "3 items, 2 agencies; first: Kazinform"


def test_the_summary_line_names_each_that_may_have_been_the_first() -> None:
    at_once = taken(report("sl", "sta"), ORIGIN, is_undecided=True)
    later = taken(replace(CARRIER, published_at=None), ORIGIN, is_undecided=True)
    decided = taken(CARRIER, ORIGIN)

    def told(*copies: Member) -> str:
        story = story_of(first(ORIGIN), *copies)
        return provenance.summary_line(story, AGENCIES).partition("; ")[2]

    assert told(at_once, decided) == "first: Kazinform / STA"
    assert told(later) == "first: Kazinform / BTA"
    own = taken(report("ru", "kazinform"), ORIGIN, is_undecided=True)
    assert told(own, decided) == "first: Kazinform"


def test_a_story_alone_is_summarised_in_the_singular() -> None:
    assert (
        provenance.summary_line(story_of(first(ORIGIN)), {}) == "1 item, 1 agency; first: kazinform"
    )


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
    assert (
        provenance.day_and_time(datetime(2026, 11, 4, 3, tzinfo=almaty)) == "3 Nov 2026, 22:00 UTC"
    )


# ------------------------------------------------------------------------------------ in the reader's language


def test_what_is_said_is_said_in_the_reader_s_language() -> None:
    speech = translator("ru")
    bg2 = report("bg2", "mia", 45, credits=(credited("bta"),))
    copy, story = told(
        taken(bg2, CARRIER, credit=CreditState.OTHER, is_stale=True, corrects=LOST),
        taken(CARRIER, ORIGIN, credit=CreditState.ORIGIN),
    )

    assert provenance.kind_in_words(copy, speech) == "отредактированная копия"
    assert (
        provenance.credit_in_words(copy, story, AGENCIES, speech)
        == "ссылается на BTA, а там источник — Kazinform"
    )
    assert provenance.remarks(copy, story, speech) == [
        "исправляет 12 → 14, Ivanov → Petrov",
        "не исправлено",
    ]
    assert (
        provenance.summary_line(story, AGENCIES, speech)
        == "3 материала, 3 агентства; первое: Kazinform"
    )
    assert provenance.lag_in_words(timedelta(hours=2, minutes=5), speech) == "+2 ч 05 мин"


def test_a_decision_is_said_in_the_reader_s_language_and_its_reason_as_it_was_written() -> None:
    def joined(reason: str) -> provenance.Appearance:
        by_hand = pair("x", "kz", Kind.MANUAL, 1.0, reason)
        item = report("x", "bta", 10)
        return told(Member(item=item, match=by_hand, lineage=Lineage(parent=by_hand)))[0]

    kazakh = translator("kk")
    plain = joined("Joined by nadia on 5 Nov 2026, 12:00 UTC.")
    reasoned = joined("Joined by a person on 5 Nov 2026, 12:00 UTC: same accident.")
    other = joined("Because it is so.")

    assert (
        provenance.decision_in_words(plain, kazakh)
        == "біріктірген: nadia, 2026 ж. 5 қар., 12:00 UTC"
    )
    assert (
        provenance.decision_in_words(reasoned, kazakh)
        == "біріктірген: адам, 2026 ж. 5 қар., 12:00 UTC: same accident"
    )
    assert provenance.decision_in_words(other, kazakh) == "because it is so"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_words(kind: Kind) -> None:
    copy, _ = told(taken(report("x", "bta", 10), ORIGIN, kind))

    assert provenance.kind_in_words(copy)
    assert provenance.kind_in_words(copy, translator("bg")) != provenance.kind_in_words(copy)
