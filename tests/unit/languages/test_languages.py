"""The files of the languages: what a right one gives, and what is said of a wrong one."""

import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.errors import LanguageError
from aggregator.languages import Language, languages, load

RIGHT = """
name = "Lorian"
script = "Latin"
months = ["unar", "dunar", "trinar", "kvarnar", "pentar", "sektar", "heptar", "oktar", "novar", "dekar", "elvar", "tolvar tolvare"]
weekdays = []
dateline_words = ["da"]
bylines = []
title_marks = []
citing = ["rapor"]
agreement = []
agreement_words = []
[scales]
million = ["milun*"]
[equivalents]
"%" = ["persento"]
[footers]
legu = 'pli\\b'
"""


def lorian(folder: Path, content: str = RIGHT) -> Language:
    folder.joinpath("lo.toml").write_text(content, "utf-8")
    return load(folder)["lo"]


def test_a_file_gives_a_language(tmp_path: Path) -> None:
    language = lorian(tmp_path)

    assert (language.code, language.name) == ("lo", "Lorian")
    assert language.months[11] == ("tolvar", "tolvare")
    assert language.scales == {"million": ("milun*",)}
    assert language.footers == {"legu": r"pli\b"}
    assert language.case_endings == ""
    assert language.has_spaces


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        ('script = "Latin"', "", "languages/lo.toml: script: this key is missing"),
        ('script = "Latin"', 'script = "Runes"', "languages/lo.toml: script: 'Runes' must be one of"),
        ('citing = ["rapor"]', 'citeing = ["rapor"]', "languages/lo.toml: citeing: there is no such key"),
        ('citing = ["rapor"]', 'citing = "rapor"', "languages/lo.toml: citing: 'rapor' must be a list"),
        ('citing = ["rapor"]', 'citing = ["(rapor"]', "languages/lo.toml: citing: '(rapor' is not a regular"),
        ('citing = ["rapor"]', 'citing = ["a?"]', "languages/lo.toml: citing: 'a?' fits every text"),
        ("weekdays = []", 'weekdays = ["luno"]', "languages/lo.toml: weekdays: there must be 7"),
        ("million = [", "milion = [", "languages/lo.toml: scales: 'milion' must be one of"),
        ("[footers]", "[footers", "languages/lo.toml: "),
        ('bylines = []', 'bylines = []\nsounds = {x = "Q"}', "languages/lo.toml: sounds: x: 'Q' must be"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_key(
    tmp_path: Path, line: str, wrong: str, said: str
) -> None:
    assert line in RIGHT
    with pytest.raises(LanguageError) as error:
        lorian(tmp_path, RIGHT.replace(line, wrong))

    assert str(error.value).startswith(said)


def test_a_file_is_named_by_the_code_of_its_language(tmp_path: Path) -> None:
    tmp_path.joinpath("Lorian.toml").write_text(RIGHT, "utf-8")
    with pytest.raises(LanguageError, match=r"Lorian\.toml: the file must be named"):
        load(tmp_path)


def test_languages_come_in_the_order_of_their_files() -> None:
    assert list(languages()) == ["bg", "en", "kk", "ru", "uz", "zh"]
    assert all(language.code == code for code, language in languages().items())


def test_a_month_is_known_by_the_shortest_beginning_that_no_other_has() -> None:
    uzbek = languages()["uz"].month_beginnings()

    assert (uzbek["iyun"], uzbek["iyul"], uzbek["yan"]) == (6, 7, 1)
    assert "iyu" not in uzbek


def test_the_calendar_has_what_is_written_small_and_is_no_other_word() -> None:
    assert "noyabr" in languages()["uz"].calendar()
    assert "may" not in languages()["uz"].calendar()
    assert languages()["en"].calendar() == []


def test_help_does_not_read_the_languages() -> None:
    command = """
import sys
from aggregator.cli import main
sys.argv = ["aggregator", "--help"]
try:
    main()
except SystemExit:
    pass
assert "aggregator.languages" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", command], check=True, stdout=subprocess.DEVNULL)
