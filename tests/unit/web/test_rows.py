"""What the line of a story says of it, and of its copies."""

from dataclasses import replace

from aggregator.i18n import translator
from aggregator.model import Agency, Lineage, Member, Replacement
from aggregator.preference import NO_PREFERENCE, Preference
from aggregator.search_words import parse
from aggregator.web.rows import Row, row
from tests.told import story_of
from tests.unit.web.conftest import GRAIN, PORT, PORT_IN_BULGARIAN, SETTINGS, TRANSLATION

AGENCIES = {agency.id: agency for agency in SETTINGS.agencies}
COPY = Member(item=PORT_IN_BULGARIAN, lineage=Lineage(parent=TRANSLATION))


def made(
    *members: Member, preference: Preference = NO_PREFERENCE, search: str = "", **agencies: Agency
) -> Row:
    return row(
        story_of(*members, origin_id="kazinform"),
        preference=preference,
        search=parse(search) if search else None,
        agencies=AGENCIES | agencies,
        speech=translator("en"),
    )


def test_carriers_are_the_agencies_beside_the_origin_each_once() -> None:
    again = replace(COPY, item=replace(COPY.item, id="bg9", language="en"))

    found = made(Member(item=PORT), COPY, again)

    assert found.carriers == ("BTA",)
    assert found.languages == ("en", "bg")


def test_a_copy_says_from_whom_it_was_taken() -> None:
    root, copy = made(Member(item=PORT), COPY).copies

    assert (root.taken_from, copy.taken_from) == ("", "from Kazinform (en)")


def test_the_origins_headline_stands_beneath_one_in_the_readers_language() -> None:
    found = made(Member(item=PORT), COPY, preference=Preference(languages=("bg",)))

    assert found.shown.id == "bg1"
    assert found.original is not None
    assert (found.original.id, found.original_title) == ("kz1", PORT.title)
    assert made(Member(item=PORT), COPY).original is None


def test_marks_say_what_was_corrected_and_what_is_stale() -> None:
    correction = Lineage(corrects=(Replacement(old="thirty", new="forty"),))
    stale = replace(COPY, lineage=replace(COPY.lineage, is_stale=True))

    found = made(Member(item=PORT, lineage=correction), stale)

    assert (found.is_corrected, found.stale) == (True, 1)
    unmarked = made(Member(item=PORT), COPY)
    assert (unmarked.is_corrected, unmarked.stale) == (False, 0)


def test_a_hit_in_what_is_shown_is_marked_there_and_not_searched_elsewhere() -> None:
    found = made(Member(item=PORT), COPY, search="wagons")

    assert "<mark>wagons</mark>" in found.excerpt
    assert [copy.passage for copy in found.copies] == [None, None]


def test_a_hit_in_another_copy_is_shown_with_that_copy() -> None:
    found = made(Member(item=PORT), COPY, search="вагона")

    assert "<mark>" not in found.excerpt
    root, copy = found.copies
    assert root.passage is None
    assert copy.passage is not None
    assert "<mark>вагона</mark>" in copy.passage


def test_languages_beyond_those_that_have_room_are_counted() -> None:
    codes = ("en", "bg", "ru", "kk", "ro", "tr", "uz")
    items = [replace(GRAIN, id=code, language=code) for code in codes]

    found = made(*(Member(item=item) for item in items))

    assert (len(found.languages), found.more_languages) == (7, 2)


def test_a_text_given_as_title_is_cut_and_its_hit_is_seen() -> None:
    long = replace(PORT, title=f"Saryagash {'A' * 1000} {'wagon and ' * 90} ferry")

    plain, sought = made(Member(item=long)), made(Member(item=long), search="ferry")

    assert len(plain.title) < 310
    assert plain.copies[0].title == plain.title
    assert len(sought.title) < 330
    assert "<mark>ferry</mark>" in sought.title
