"""The interface's languages: which one a request gets, how it writes numbers and times, and whole catalogs."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from aggregator.i18n import LANGUAGES, SOURCE, gettext_noop, negotiate, translator
from scripts.translation import catalogs
from scripts.translation.extract import messages, of_code, of_template

TRANSLATED = [code for code in LANGUAGES if code != SOURCE]
NOON = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
ALMATY = timezone(timedelta(hours=5))


# ---------------------------------------------------------------------------------------------- negotiation


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("bg", "bg"),
        ("bg-BG,bg;q=0.9,en-US;q=0.8,en;q=0.7", "bg"),
        ("KK-Cyrl-KZ", "kk"),
        ("de, ru;q=0.3, en;q=0.2", "ru"),
        ("en;q=0.2, ru;q=0.3", "ru"),
        ("ru;q=0.5, kk;q=0.5", "ru"),
        ("ru ; q=0.5 ,\tkk", "kk"),
        ("fr, de", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_the_greatest_weight_is_spoken(header: str, code: str) -> None:
    assert negotiate(header) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("*", "en"),
        ("fr, *;q=0.5", "en"),
        ("*;q=0.5, kk;q=0.6", "kk"),
        ("en;q=0, *", "bg"),
        ("en;q=0, bg;q=0, *;q=0.1", "ru"),
        ("en, bg, ru, kk, *", "en"),
    ],
)
def test_an_asterisk_is_any_language_that_is_not_named(header: str, code: str) -> None:
    assert negotiate(header) == code


def test_a_weight_of_nought_excludes_a_language_and_of_a_region_only_that() -> None:
    assert negotiate("bg;q=0, ru;q=0.1") == "ru"
    assert negotiate("bg;q=0") == "en"
    assert negotiate("bg, bg-MK;q=0, ru;q=0.9") == "bg"


@pytest.mark.parametrize(
    "junk", ["ru;q=2", "ru;q=-1", "ru;q=0.1234", "ru;q=", "ru q=1", "-ru", "ру"]
)
def test_what_is_no_language_range_is_passed_over(junk: str) -> None:
    assert negotiate(f"{junk}, kk;q=0.1") == "kk"


def test_a_header_longer_than_any_browser_sends_says_nothing() -> None:
    assert negotiate("bg," * 100) == "bg"
    assert negotiate("bg," * 10_000) == "en"


@given(st.text())
def test_whatever_is_sent_a_language_is_spoken(header: str) -> None:
    assert negotiate(header) in LANGUAGES


# ---------------------------------------------------------------------------------------- numbers and times


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", {1: "1 item", 2: "2 items", 5: "5 items", 21: "21 items"}),
        ("bg", {1: "1 материал", 2: "2 материала", 5: "5 материала", 21: "21 материала"}),
        ("ru", {1: "1 материал", 2: "2 материала", 5: "5 материалов", 21: "21 материал"}),
        ("kk", {1: "1 материал", 2: "2 материал", 5: "5 материал", 21: "21 материал"}),
    ],
)
def test_a_number_has_the_plural_form_of_the_language(code: str, forms: dict[int, str]) -> None:
    speech = translator(code)

    assert {n: speech.ngettext("%(num)s item", "%(num)s items", n) for n in forms} == forms


def test_numbers_and_shares_are_written_as_the_language_does() -> None:
    assert (translator("en").number(12345), translator("ru").number(12345)) == (
        "12,345",
        "12\xa0345",
    )
    assert (translator("en").percent(0.874), translator("ru").percent(0.874)) == ("87%", "87\xa0%")


def test_nearly_all_are_not_all_and_nearly_none_not_none() -> None:
    told = [translator("en").percent(share) for share in (0.0, 0.001, 0.999, 1.0)]
    assert told == ["0%", "1%", "99%", "100%"]


@pytest.mark.parametrize(
    ("code", "day", "short_day", "day_and_time"),
    [
        ("en", "Tuesday 24 November 2026", "24 Nov", "24 Nov 2026, 12:05"),
        ("bg", "вторник, 24 ноември 2026 г.", "24.11", "24.11.2026 г., 12:05"),
        ("ru", "вторник, 24 ноября 2026 г.", "24 нояб.", "24 нояб. 2026 г., 12:05"),
        ("kk", "2026 ж. 24 қараша, сейсенбі", "24 қар.", "2026 ж. 24 қар., 12:05"),
    ],
)
def test_dates_are_written_as_a_desk_writes_them(
    code: str, day: str, short_day: str, day_and_time: str
) -> None:
    speech = translator(code)

    assert speech.day(NOON, UTC) == day
    assert speech.short_day(NOON.date()) == short_day
    assert speech.day_and_time(NOON, UTC) == day_and_time


def test_one_instant_is_written_by_the_clocks_of_each_zone() -> None:
    late = NOON.replace(hour=21)

    for zone, day, time in ((UTC, "24", "21:05"), (ALMATY, "25", "02:05"), (UTC, "24", "21:05")):
        speech = translator("en")
        assert speech.time(late, zone) == time
        assert speech.day_and_time(late, zone) == f"{day} Nov 2026, {time}"
        assert f" {day} November" in speech.day(late, zone)


@pytest.mark.parametrize(
    ("length", "english", "kazakh"),
    [
        (timedelta(0), "0 s", "0 с"),
        (timedelta(seconds=59.6), "1 min", "1 мин"),
        (timedelta(minutes=12, seconds=40), "12 min", "12 мин"),
        (timedelta(hours=2), "2 h", "2 сағ"),
        (timedelta(hours=2, minutes=5), "2 h 5 min", "2 сағ 5 мин"),
        (timedelta(days=3, hours=4, minutes=50), "3 d 4 h", "3 күн 4 сағ"),
        (timedelta(days=1200), "1,200 d", "1\xa0200 күн"),
    ],
)
def test_a_length_of_time_has_its_two_greatest_units(
    length: timedelta, english: str, kazakh: str
) -> None:
    assert translator("en").duration(length) == english
    assert translator("kk").duration(length) == kazakh


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("kk", "казахский"),
        ("zh-Hans", "китайский (упрощенная)"),
        ("xx", "xx"),
        ("not a code", "not a code"),
        ("und", "язык неизвестен"),
        ("", "язык неизвестен"),
        (None, "язык неизвестен"),
    ],
)
def test_a_language_is_named_or_left_as_it_was_written(code: str | None, name: str) -> None:
    assert translator("ru").language(code) == name


# ------------------------------------------------------------------------------------------------- catalogs

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%")
Tags = list[tuple[str, dict[str, str | None]] | str]


def pairs(catalog: Catalog) -> list[tuple[str, str]]:
    """Each form of each translation, with the English one it stands for: that of many where there are two."""
    return [
        (english(message), form)
        for message in catalog
        if message.id
        for form in catalogs.forms(message)
    ]


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[1]


def tags(text: str) -> Tags:
    """The tags of a message, with their attributes."""
    found: Tags = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

        def handle_endtag(self, tag: str) -> None:
            found.append(f"/{tag}")

    Parser().feed(text)
    return found


@pytest.fixture(scope="module")
def used() -> Catalog:
    return messages()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_and_no_other(code: str, used: Catalog) -> None:
    catalog = catalogs.read(code)
    held = [message.id for message in catalog if message.id]

    assert [message.id for message in used if message.id and message.id not in held] == [], (
        "run scripts/catalogs"
    )
    assert [each for each in held if each not in used] == [], "run scripts/catalogs"
    assert catalogs.untranslated(catalog) == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalog_stands_as_the_script_writes_it(code: str, used: Catalog) -> None:
    assert catalogs.updated(catalogs.read(code), used) == catalogs.path(code).read_bytes()


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(code: str) -> None:
    for message, translation in pairs(catalogs.read(code)):
        wanted, given = (Counter(PLACEHOLDER.findall(text)) for text in (message, translation))
        assert given == wanted, translation


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_markup_of_its_message(code: str) -> None:
    for message, translation in pairs(catalogs.read(code)):
        assert sorted(map(str, tags(translation))) == sorted(map(str, tags(message))), translation


def test_messages_of_templates_are_fit_for_text_and_attributes(used: Catalog) -> None:
    """They are not escaped: a bare quotation mark would end the attribute that they stand in."""
    in_templates = {m.id for m in used if any(name.endswith(".html") for name, _ in m.locations)}

    for code in TRANSLATED:
        for message in catalogs.read(code):
            if message.id in in_templates:
                for text in (english(message), *catalogs.forms(message)):
                    assert not re.search(r"""["<>]|&(?!\w+;)""", re.sub(r"<[^>]*>", "", text)), text


def test_an_unfinished_catalog_is_named_by_its_messages(tmp_path: Path) -> None:
    catalog = Catalog(locale="ru")
    catalog.add("Feeds", "Ленты")
    catalog.add("Stories")
    catalog.add(("%(num)s feed", "%(num)s feeds"), ("%(num)s лента", "", "%(num)s лент"))

    assert catalogs.untranslated(catalog) == ["Stories", "%(num)s feed"]


def held_and_found() -> tuple[Catalog, Catalog]:
    held, found = Catalog(locale="bg", header_comment="# Words", fuzzy=False), Catalog()
    held.add("Feeds", "Емисии")
    held.add("Gone", "Няма го")
    found.add("Feeds", locations=[("web/templates/feeds.html", 0)])
    found.add("Feed")
    return held, found


def test_an_update_keeps_translations_and_the_header() -> None:
    written = catalogs.updated(*held_and_found(), prune=True).decode()

    assert written.startswith('# Words\nmsgid ""\n')
    assert "Date" not in written
    assert written.endswith(
        '\n#: web/templates/feeds.html\nmsgid "Feeds"\nmsgstr "Емисии"\n\nmsgid "Feed"\nmsgstr ""\n'
    )


def test_the_translation_of_a_message_that_is_gone_returns_with_it() -> None:
    held, found = held_and_found()
    without = catalogs.updated(held, found)
    again = read_po(io.BytesIO(without), locale="bg")
    found.add("Gone")

    assert '#~ msgid "Gone"' in without.decode()
    assert 'msgid "Gone"\nmsgstr "Няма го"\n' in catalogs.updated(again, found).decode()


def test_a_language_without_a_catalog_begins_with_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogs, "CATALOGS", tmp_path)
    found = Catalog()
    found.add("Feeds")

    written = catalogs.updated(catalogs.read("uk"), found).decode()

    assert written.startswith('msgid ""\nmsgstr ""\n"Language: uk\\n"\n')
    assert written.endswith('\n\nmsgid "Feeds"\nmsgstr ""\n')


def test_messages_are_found_in_templates(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{{ _("Feeds") }} {{ ngettext("%(num)s feed", "%(num)s feeds", n) }}'
        "{% trans who=name %}\n  carried\n  by {{ who }}\n{% endtrans %} {{ _(word) }}"
    )

    assert [*of_template(page)] == [
        "Feeds",
        ("%(num)s feed", "%(num)s feeds"),
        "carried by %(who)s",
    ]


def test_messages_are_found_in_code_and_of_errors_only_where_pages_show_them(
    tmp_path: Path,
) -> None:
    code = tmp_path / "code.py"
    code.write_text(
        '_("Feeds"); speech.ngettext("%(num)s feed", "%(num)s feeds", n); gettext_noop("Feed")\n'
        'raise UsageError("No %(what)s.", what=1); _(word); _(f"{word}"); RequestError(403, "Forged.")'
    )

    said = {"Feeds", "Feed", ("%(num)s feed", "%(num)s feeds")}
    assert {*of_code(code, "cli/code.py")} == said
    assert {*of_code(code, "web/code.py")} == said | {"No %(what)s.", "Forged."}


def test_a_message_without_values_may_have_a_percent_sign() -> None:
    assert translator("en").gettext("100% of it") == "100% of it"
    assert translator("en").gettext("%(share)s of it", share="100%") == "100% of it"
    assert gettext_noop("100% of it") == "100% of it"


def test_a_translator_is_made_once_and_english_needs_no_catalog() -> None:
    assert translator("bg") is translator("bg")
    assert translator("bg").catalog is translator("bg").catalog
    code = (
        "import sys; from aggregator.i18n import ENGLISH; ENGLISH.gettext('Feeds')\n"
        "print([name for name in sys.modules if name.startswith('babel')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
