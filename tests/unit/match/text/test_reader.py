from datetime import UTC, datetime

import pytest

from aggregator.match.text.boilerplate import Boilerplate
from aggregator.match.text.language import language
from aggregator.match.text.reader import Reader
from aggregator.model import Agency, Credit, Item

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
AGENCIES = (
    Agency(id="bta", name="BTA", aliases=("БТА", "Bulgarian News Agency")),
    Agency(id="kazinform", name="Kazinform", aliases=("Казинформ", "ҚазАқпарат", "哈通社")),
)


def item(text: str, *, title: str = "A bridge", spoken: str | None = "en", feed: str = "f") -> Item:
    return Item(
        id="i", feed_id=feed, agency_id="other", title=title, text=text, language=spoken,
        seen_at=NOW, reported_at=NOW,
    )  # fmt: skip


def test_what_stands_around_a_report_is_taken_off_and_kept() -> None:
    text = Reader(AGENCIES).read(
        item(
            "VELMORA, Nov 4 (Kazinform) – The bridge is open.\n\nIt was closed.\n\nRead more: Dam shut"
        )
    )

    assert text.body == "The bridge is open.\n\nIt was closed."
    assert text.dateline == "VELMORA, Nov 4 (Kazinform) –"
    assert text.removed == ("Read more: Dam shut",)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Мостът е отворен, съобщи казахстанската новинарска агенция Казинформ.", "kazinform"),
        ("Мост открыт, сообщает МИА «Казинформ» со ссылкой на мэрию.", "kazinform"),
        ("Көпір ашылды, деп хабарлайды ҚазАқпарат.", "kazinform"),
        ("The bridge is open, Kazinform reports.", "kazinform"),
        ("据哈通社报道,大桥已经通车。", "kazinform"),
        ("The bridge is open, according to the Bulgarian News Agency.", "bta"),
    ],
)
def test_a_cited_agency_is_credited(line: str, agency: str) -> None:
    found = Reader(AGENCIES).read(item(line)).credits

    assert [(credit.agency_id, credit.agreement) for credit in found] == [(agency, False)]


@pytest.mark.parametrize(
    "line",
    [
        "The bridge leads to the Kazinform building and to the sea.",
        "The BTAX share rose.",
        "Мостът е отворен.",
    ],
)
def test_a_name_that_is_not_cited_is_no_credit(line: str) -> None:
    assert Reader(AGENCIES).read(item(line)).credits == ()


def test_an_agreement_line_credits_both_sides_with_more_force() -> None:
    line = "(Тази информация се разпространява по споразумение между БТА и Казинформ)"

    text = Reader(AGENCIES).read(item(f"Мостът е отворен.\n{line}"))

    assert set(text.credits) == {
        Credit(agency_id="bta", phrase=line, agreement=True),
        Credit(agency_id="kazinform", phrase=line, agreement=True),
    }
    assert text.body == "Мостът е отворен."


def test_a_credit_is_read_and_then_cut() -> None:
    text = Reader(AGENCIES).read(item("The bridge is open, Kazinform reports.\nIt was closed."))

    assert text.body == "The bridge is open.\n\nIt was closed."
    assert [credit.agency_id for credit in text.credits] == ["kazinform"]
    assert text.removed == ("Kazinform reports",)


def test_a_header_stands_before_the_dateline() -> None:
    text = Reader(AGENCIES).read(
        item("NF 01:48:31 09-11-2018 NN0148NF.003 VELMORA, Nov 4 (BTA) – The bridge is open. /ДИ/")
    )

    assert text.body == "The bridge is open."
    assert text.dateline == "VELMORA, Nov 4 (BTA) –"
    assert text.removed == ("NF 01:48:31 09-11-2018 NN0148NF.003", "/ДИ/")


def test_two_scripts_of_one_language_are_read_as_one() -> None:
    reader = Reader(AGENCIES)
    cyrillic = reader.read(item("Мост је отворен у Велмори.", title="Мост", spoken="sr"))
    latin = reader.read(item("Most je otvoren u Velmori.", title="Most", spoken="sr"))

    assert (cyrillic.title, cyrillic.body) == (latin.title, latin.body)


def test_a_digraph_of_one_character_is_its_two_letters() -> None:
    reader = Reader(AGENCIES)
    one = reader.read(item("Ǉudi i ǌive, ǅep.", title="Ǌegoš", spoken="sr"))
    two = reader.read(item("Ljudi i njive, Džep.", title="Njegoš", spoken="sr"))

    assert (one.title.casefold(), one.body.casefold()) == (
        two.title.casefold(),
        two.body.casefold(),
    )


@pytest.mark.parametrize("mark", "'’‘ʻʼ`´")
def test_an_apostrophe_within_a_word_does_not_part_it(mark: str) -> None:
    text = Reader(AGENCIES).read(item(f"O{mark}zbekiston va ko{mark}prik.", spoken="uz"))

    assert " " not in text.body.split(" va ")[0]


@pytest.mark.parametrize("mark", "\u00ad\u200b\u200c\u200d\u200e\u2060\ufeff")
def test_invisible_characters_are_no_part_of_words_and_figures(mark: str) -> None:
    written = f"8{mark}0 мил{mark}лионов тенге ушли на мо{mark}ст."
    assert Reader(AGENCIES).read(item(written)).body == "80 миллионов тенге ушли на мост."


def test_an_agency_at_the_head_of_a_title_is_credited() -> None:
    found = Reader(AGENCIES).read(item("Text.", title="Казинформ: Мостът е отворен")).credits

    assert [credit.agency_id for credit in found] == ["kazinform"]


def test_a_line_that_follows_many_lines_is_the_feeds_own() -> None:
    reader = Reader(())
    for n in range(6):
        reader.read(
            item(f"Report number {n} has its words.\nA line that the site always puts here.")
        )

    text = reader.read(item("Another report is here.\nA line that the site always puts here."))

    assert text.body == "Another report is here."
    assert (
        reader.read(item("Other.\nA line that the site always puts here.", feed="g")).removed == ()
    )


def test_a_block_of_lines_that_a_site_puts_under_each_text_is_learned_line_by_line() -> None:
    learned = Boilerplate()
    block = ["Velmora Wire, the morning edition", "Printed on the old harbour square"]
    known = [learned.observe("f", [f"Report {n} has words of its own.", *block]) for n in range(9)]

    assert known[3] == [False, False, False]
    assert known[4] == [False, True, False]
    assert known[8] == [False, True, True]


def test_a_report_with_a_sites_line_in_its_middle_stays_whole_however_often_it_comes() -> None:
    learned = Boilerplate()
    own = "Read our other news on this matter."
    for n in range(6):
        learned.observe("f", [f"Report number {n} has its words.", own])
    lines = ["The bridge of Velmora is open.", own, "It was closed for a whole year."]

    assert [learned.observe("f", lines) for _ in range(20)] == [[False, True, False]] * 20


def test_a_reprinted_report_is_no_boilerplate_however_often_it_comes() -> None:
    learned = Boilerplate()
    lines = ["The bridge of Velmora is open.", "It was closed for a whole year."]

    assert not any(any(learned.observe("f", lines)) for _ in range(50))


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("en-GB", "The bridge is open again today", "en"),
        ("en-GB", "Мостът край града беше отворен отново, каза кметът на общината днес.", "bg"),
        ("kk_KZ", "Көпір", "kk"),
        (None, "Мостът край града беше отворен отново, каза кметът на общината днес.", "bg"),
        (None, "Мост у города снова открыт, сообщил сегодня мэр на совещании.", "ru"),
        (None, "Қала маңындағы көпір қайта ашылды, деп хабарлады қала әкімі бүгін.", "kk"),
        (None, "Міст біля міста знову відкрито, повідомив сьогодні міський голова.", "uk"),
        (None, "Мостот крај градот повторно е отворен, изјави денеска градоначалникот.", "mk"),
        (None, "The bridge near the town is open again, the mayor said today.", "en"),
        (None, "市长今天表示,城市附近的大桥重新开放。", "zh"),
        (None, "5.4", "und"),
    ],
)
def test_language_is_what_is_declared_else_what_the_letters_say(
    declared: str | None, text: str, expected: str
) -> None:
    assert language(declared, text) == expected
