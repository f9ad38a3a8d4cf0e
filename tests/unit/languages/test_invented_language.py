"""A language is added by one file and one column: an invented one, as docs/adding-a-language.md says.

The package is copied, gets the language's file and its words, and runs in a process of its own: what is
tested is what someone does who adds a language. Nothing is compiled: of a package at another path numba
would compile all anew, for two minutes, and a handful of texts need none of it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import aggregator
from tests.reports import reports

pytestmark = pytest.mark.slow

CODE = "qaa"  # one of the codes ISO 639-2 leaves for local use
ROOT = Path(__file__).parents[3]
INVENTED = ROOT / "tests/data/invented-language"
TITLE = "Fremdalaj ministruj Qazaxtanem i Slovenolem debatitas kunlaborem telefonale"
BODY = (
    "Fremdal ministru Qazaxtanol Jermek Koxerbajevol fezitas telefonal paroluk ku slovenolal visunuministru i"
    " ministru fremdal i evropal aferuk Tanja Fajonem, raporitas presservu ministrejuk.\n"
    "Flankuj revizitas qazaxtan-slovenol rilatuk i notitas stabilal politikal dialoguk, kontaktuk inter"
    " parlamentuj i kreskital komersuk.\n"
    "Koxerbajev gratulitas Slovenol per laboru in Sekurkonsilu UNOO in 2024-2025.\n"
    "Zi memoritas malfermitek Ambasadek Qazaxtanol in Lublana in dekar 2024 i vizituk prezidantuk Slovenol"
    " Natasa Pirc Musarem al Qazaxtan."
)  # fmt: skip


def add_column(tsv: Path, code: str, words: dict[str, str]) -> None:
    """A column more in a file of the lexicon; concepts without a word get no cell."""
    comment, header, *lines = tsv.read_text("utf-8").splitlines()
    for at, line in enumerate(lines):
        word = words.get(line.partition("\t")[0])
        if word and not line.startswith("#"):
            cells = line.split("\t")
            cells += [""] * (len(header.split("\t")) - len(cells))
            lines[at] = "\t".join([*cells, word])
    tsv.write_text("\n".join((comment, f"{header}\t{code}", *lines)) + "\n", "utf-8")


@pytest.fixture
def plain_house(tmp_path: Path) -> Path:
    """A folder with the package as it is."""
    folder = tmp_path / "house"
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(aggregator.__file__).parent, folder / "aggregator", ignore=without)
    return folder


@pytest.fixture
def house(plain_house: Path) -> Path:
    """A folder with the package and one language more."""
    folder, package = plain_house, plain_house / "aggregator"
    shutil.copy(INVENTED / f"{CODE}.toml", package / "languages")
    lines = INVENTED.joinpath("lexicon.tsv").read_text("utf-8").splitlines()[2:]
    words = dict(line.split("\t") for line in lines)
    for tsv in package.joinpath("match/lexicon").glob("*.tsv"):
        add_column(tsv, CODE, words)
    return folder


def run(house: Path, *arguments: str) -> str:
    interpreted = {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONWARNINGS": "ignore",
    }  # numpy warns of wrapped integers
    environment = {**os.environ, **interpreted, "PYTHONPATH": str(house)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=house, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def clustered(house: Path, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    file, out = house / "items.jsonl", house / "stories.jsonl"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    run(house, "-m", "aggregator", "cluster", str(file), "-o", str(out))
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def record(item_id: str, language: str, title: str, text: str) -> dict[str, Any]:
    return {"id": item_id, "language": language, "title": title, "text": text}


def test_the_tables_fit_each_other(house: Path) -> None:
    command = "from aggregator.match.crosslang.learned import check_tables as c; import aggregator; c(); print(aggregator.__file__)"
    assert run(house, "-c", command).strip() == str(house / "aggregator/__init__.py")


def test_a_translation_into_the_language_is_found(house: Path) -> None:
    english = {report["id"]: report["items"]["en"] for report in reports("templates")}
    lorian = record("lorian", CODE, TITLE, BODY)

    story, other, copy = clustered(
        house, [record(key, "en", **english[key]) for key in ("call-slovenia", "call-iceland")] + [lorian]
    )  # fmt: skip

    assert copy["story"] == story["story"] != other["story"]
    assert {match["id"]: match["kind"] for match in copy["matches"]}[
        "call-slovenia"
    ] == "translation"


def test_without_its_file_and_words_it_is_not_found(plain_house: Path) -> None:
    (english,) = (r["items"]["en"] for r in reports("templates") if r["id"] == "call-slovenia")

    story, copy = clustered(
        plain_house, [record("english", "en", **english), record("lorian", CODE, TITLE, BODY)]
    )

    assert copy["story"] != story["story"]


def test_learning_takes_the_language_in(house: Path) -> None:
    shutil.copytree(ROOT / "scripts", house / "scripts")
    house.joinpath("tests/data").mkdir(parents=True)
    shutil.copy(ROOT / "tests/data/translated.yaml", house / "tests/data")
    items, truth = house / "learned.jsonl", house / "truth.jsonl"
    items.write_text(json.dumps(record("lorian", CODE, TITLE, BODY)), "utf-8")
    truth.write_text(json.dumps({"id": "lorian", "cluster": "call"}), "utf-8")

    run(house, "-m", "scripts.evaluation.learn_crosslang", str(items), str(truth))

    command = (
        "from aggregator.match.crosslang.learned import learned as l; print(*l().prior.languages)"
    )
    assert run(house, "-c", command).split() == ["bg", "en", "kk", CODE, "ru", "uz", "zh"]


def test_its_months_are_read_in_dates_of_feeds(house: Path) -> None:
    command = "from aggregator.ingest.parse.dates import read_date as r; print(r('7 tolvar 2026'))"
    assert run(house, "-c", command).strip() == "2026-12-07 00:00:00+00:00"
