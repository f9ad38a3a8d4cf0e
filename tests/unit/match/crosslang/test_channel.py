"""The copy that was translated: found in six languages, and never taken for its twin of one template."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import pytest

from aggregator.cluster.local import cluster
from aggregator.config import MatchSettings
from aggregator.match.crosslang.channel import CrossLanguageChannel
from aggregator.match.crosslang.classifier import PAIR_FEATURES
from aggregator.match.crosslang.learned import learned
from aggregator.match.matcher import LANGUAGE_INDEXED, MEMBERS_INDEXED, Matcher
from aggregator.model import (
    Agency,
    ChannelPrint,
    Credit,
    Fingerprint,
    Indexed,
    Item,
    Kind,
    Match,
    Text,
)
from tests.reports import reports

TEMPLATES, TRANSLATED = reports("templates"), reports("translated")
REPORTS = {report["id"]: report["items"] for report in TEMPLATES}
NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
AGENCIES = (
    Agency(id="bta", name="BTA", aliases=("БТА",)),
    Agency(id="kazinform", name="Kazinform", aliases=("Казинформ", "哈通社")),
)


def item(item_id: str, title: str, text: str, language: str, agency: str = "") -> Item:
    return Item(
        id=item_id, feed_id="f", agency_id=agency, title=title, text=text, language=language,
        seen_at=NOW, reported_at=NOW,
    )  # fmt: skip


def of_report(report: str, language: str, agency: str = "") -> Item:
    said = REPORTS[report][language]
    return item(f"{report}:{language}", said["title"], said["text"], language, agency)


class Wire:
    """A matcher, and the items that came."""

    def __init__(self, mode: str = "balanced") -> None:
        settings = MatchSettings.model_validate({"mode": mode})
        self.prints: dict[str, Fingerprint] = {}
        self.related: tuple[Match, ...] = ()  # what was told of the last item that was taken
        self.matcher = Matcher(settings, AGENCIES, lambda ids: {i: self.prints[i] for i in ids})

    def take(self, new: Item, story: str | None = None) -> tuple[str, Match | None]:
        """Places an item (or puts it into a story); its story and its match."""
        text = self.matcher.read(new)
        self.prints[new.id] = self.matcher.fingerprint(text)
        new = replace(new, credits=text.credits)
        placed = self.matcher.place(new, self.prints[new.id])
        story = story or placed.story_id or new.id
        self.matcher.add([Indexed.of(new, story, self.prints[new.id])])
        self.related = placed.related
        return story, placed.match


def joined(records: Sequence[dict[str, Any]], mode: str) -> dict[str, str]:
    lines = [json.dumps(record, default=str) for record in records]
    settings = MatchSettings.model_validate({"mode": mode})
    return {line["id"]: line["story"] for line in cluster(lines, settings, agencies=AGENCIES)}


def pairs(stories: dict[str, str]) -> set[tuple[str, str]]:
    return {(a, b) for a, b in itertools.combinations(stories, 2) if stories[a] == stories[b]}


# ------------------------------------------------------------------------------- the founding case


@pytest.mark.parametrize("language", ["ru", "kk", "en", "uz", "zh"])
@pytest.mark.parametrize("mode", ["balanced", "strict"])
def test_the_founding_item_joins_its_original(mode: str, language: str) -> None:
    wire = Wire(mode)
    story, _ = wire.take(of_report("call-slovenia", language, "kazinform"))
    copy_story, match = wire.take(of_report("call-slovenia", "bg", "bta"))

    assert copy_story == story
    assert match is not None
    assert match.kind is Kind.TRANSLATION
    assert "споразумение" in match.evidence.credit


@pytest.mark.parametrize("other", ["call-iceland", "call-türkiye"])
def test_the_founding_item_never_joins_another_call_of_the_minister(other: str) -> None:
    for language in REPORTS[other]:
        wire = Wire()
        story, _ = wire.take(of_report(other, language, "kazinform"))
        assert wire.take(of_report("call-slovenia", "bg", "bta"))[0] != story


@pytest.mark.parametrize("mode", ["balanced", "strict"])
@pytest.mark.parametrize("backwards", [False, True])
def test_no_two_reports_of_one_template_are_one_story(mode: str, backwards: bool) -> None:
    records = [
        {"id": f"{report['id']}:{language}", "language": language, "published": NOW, **said}
        for report in TEMPLATES
        for language, said in report["items"].items()
    ]
    stories = joined(records[::-1] if backwards else records, mode)
    true = pairs({key: key.partition(":")[0] for key in stories})

    assert not pairs(stories) - true
    assert len(pairs(stories) & true) >= 0.95 * len(true)


@pytest.mark.parametrize("mode", ["balanced", "strict"])
def test_the_floor_on_invented_reports(mode: str) -> None:
    records, true = [], {}
    for report in TRANSLATED:
        for number, said in enumerate(report["items"]):
            key = f"{report['id']}:{number}"
            records.append({**said, "id": key, "published": said["published"].isoformat()})
            true[key] = report["id"]
    stories = joined(records, mode)

    wrong = pairs(stories) - pairs(true)
    found = pairs(stories) & pairs(true)
    assert len(found) / (len(found) + len(wrong)) >= FLOOR[mode][0]
    assert len(found) / len(pairs(true)) >= FLOOR[mode][1]


FLOOR = {"balanced": (0.99, 0.9), "strict": (0.99, 0.88)}  # precision, recall


# ---------------------------------------------------------------------------------- one pair


def explained(a: Item, b: Item) -> Match:
    return Wire().matcher.explain(a, b)


@pytest.mark.parametrize("languages", list(itertools.combinations(("bg", "ru", "en", "zh"), 2)))
def test_scores_are_the_same_either_way(languages: tuple[str, str]) -> None:
    a, b = (of_report("call-slovenia", language) for language in languages)
    one, other = explained(a, b), explained(b, a)

    assert one.score == other.score
    assert one.kind is other.kind is Kind.TRANSLATION


@pytest.mark.parametrize("style", [str.upper, str.lower, str.title])
def test_the_style_of_a_headline_does_not_matter(style: Any) -> None:
    original, said = of_report("call-slovenia", "ru"), REPORTS["call-slovenia"]["en"]
    copy = item("copy", style(said["title"]), said["text"], "en")
    twin = item("twin", style(REPORTS["call-iceland"]["en"]["title"]), REPORTS["call-iceland"]["en"]["text"], "en")  # fmt: skip

    assert explained(original, copy).kind is Kind.TRANSLATION
    assert explained(original, twin).kind is Kind.RELATED


def test_two_sentences_are_known_as_a_copy_of_the_whole() -> None:
    whole = of_report("call-slovenia", "ru")
    brief = item(
        "brief",
        "Kosherbayev, Fajon talk over phone",
        "Kazakh Foreign Minister Yermek Kosherbayev spoke over the phone with his Slovenian counterpart Tanja Fajon. "
        "They recalled that Kazakhstan opened an embassy in Ljubljana in October 2024.",
        "en",
    )
    assert explained(whole, brief).kind is Kind.TRANSLATION


def test_a_date_alone_joins_no_briefs() -> None:
    dividend = item(
        "d",
        "Orlen sets dividend",
        "Quarterly dividend 5.5 zlotys. Pay April 16. Record April 6.",
        "en",
    )
    rate = item(
        "r",
        "Курс доллара",
        "Банк установил официальный курс доллара на 16 апреля в размере 80,9 рубля.",
        "ru",
    )
    assert explained(dividend, rate).kind is Kind.RELATED


def test_two_reports_that_share_names_in_another_order_are_two() -> None:
    river = item(
        "river",
        "Вода в Дунае начала спадать",
        "Уровень Дуная у Видина и Лома за сутки снизился на 40 сантиметров, сообщило агентство по изучению "
        "реки в Русе. Паводок пришёл из Австрии и Венгрии в начале недели и залил поля у Козлодуя и Оряхово. "
        "В Никополе вода подошла к порту, но дамбы выдержали. По прогнозу, к воскресенью река вернётся в "
        "берега и у Свиштова.",
        "ru",
    )
    farmers = item(
        "farmers",
        "Фермерите край Свищов броят щетите",
        "В Свищов и Никопол общините приемат заявления за помощ от стопани, чиито ниви край дигите още са под "
        "вода. Паромът от Оряхово е спрян, а в Козлодуй децата учат дистанционно. Кметът на Лом обеща пари за "
        "нови помпи. Във Видин доброволци чистят крайбрежния парк, а от Русе изпратиха лодки.",
        "bg",
    )

    match = explained(river, farmers)

    assert (match.kind, match.evidence.rule) == (Kind.RELATED, "order-differs")


def test_an_explanation_shows_both_spellings_and_what_one_side_alone_has() -> None:
    same = explained(of_report("call-slovenia", "ru", "kazinform"), of_report("call-slovenia", "bg", "bta"))  # fmt: skip
    facts = {(fact.a.casefold(), fact.b.casefold()) for fact in same.evidence.agree}
    assert ("словении", "словения") in facts
    assert any(a.startswith("файон") and b.startswith("файон") for a, b in facts)
    assert "Казинформ" in same.evidence.credit

    other = explained(of_report("call-iceland", "ru"), of_report("call-slovenia", "bg"))
    alone = " ".join(fact.a + fact.b for fact in other.evidence.differ)
    assert "Исландии" in alone
    assert "Файон" in alone
    assert other.evidence.rule in {"names-differ", "facts-differ"}


# ------------------------------------------------------------------------------------ stories


def test_a_translation_does_not_join_a_story_whose_members_speak_against_it() -> None:
    wire = Wire()
    story, _ = wire.take(of_report("call-slovenia", "ru"))
    wire.take(of_report("call-iceland", "en"), story=story)  # a person's or an earlier mistake
    placed, match = wire.take(of_report("call-slovenia", "en"))
    assert (placed == story, match) == (False, None)
    rules = {told.b: (told.kind, told.evidence.rule) for told in wire.related}
    assert rules["call-slovenia:ru"] == (Kind.RELATED, "others-decide")


def test_every_language_of_a_story_is_indexed() -> None:
    wire = Wire()
    for number in range(MEMBERS_INDEXED + 3):
        said = REPORTS["call-slovenia"]["ru"]
        wire.take(item(f"ru{number}", said["title"], said["text"], "ru"), story="s")
    wire.take(of_report("call-slovenia", "kk"), story="s")
    assert len(wire.matcher._registry.members("s")) == MEMBERS_INDEXED + 1
    assert LANGUAGE_INDEXED > 1
    assert wire.take(of_report("call-slovenia", "en"))[0] == "s"


def test_a_copy_in_the_same_language_goes_before_a_translation() -> None:
    wire = Wire()
    wire.take(of_report("call-slovenia", "ru"), story="translated")
    wire.take(of_report("call-slovenia", "bg"), story="copied")
    said = REPORTS["call-slovenia"]["bg"]
    assert wire.take(item("again", said["title"], said["text"], "bg"))[0] == "copied"


# ------------------------------------------------------------------------------------- the room


class Room:
    """The channel alone, and the fingerprints of the reports."""

    def __init__(self) -> None:
        self.channel = CrossLanguageChannel(self.prints, window=timedelta(days=7))

    def prints(self, item_ids: Sequence[str]) -> dict[str, Fingerprint]:
        return {item_id: self.print(*item_id.rsplit(":", 1)) for item_id in item_ids}

    def print(self, report: str, language: str) -> Fingerprint:
        said = REPORTS[report][language]
        data = self.channel.features(
            Text(title=said["title"], body=said["text"], language=language)
        )
        return fingerprint(language, data)

    def add(self, report: str, language: str, agency: str = "") -> None:
        new = of_report(report, language, agency)
        self.channel.add(Indexed.of(new, "s", self.print(report, language)))

    def matches(self, print_: Fingerprint, at: datetime = NOW, *credits_: Credit) -> list[Match]:
        """Those of a Bulgarian item of BTA."""
        asked = replace(item("x", "", "", "bg", "bta"), reported_at=at, credits=credits_)
        return [pair.match(True) for pair in self.channel.matches(asked, print_)]


def fingerprint(language: str, data: bytes) -> Fingerprint:
    part = ChannelPrint(channel="crosslang", scheme=CrossLanguageChannel.scheme, data=data)
    return Fingerprint(language=language, parts=(part,))


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_credit_raises_a_candidate(room: Room) -> None:
    room.add("call-slovenia", "en", agency="kazinform")
    copy = room.print("call-slovenia", "bg")
    credit = Credit(agency_id="kazinform", phrase="съобщи Казинформ")

    def best(*given: Credit) -> Match:
        (match,) = room.matches(copy, NOW, *given)
        return match

    assert best(credit).evidence.credit == credit.phrase
    assert best(credit).score >= best().score
    assert not best(Credit(agency_id="tass", phrase="съобщи ТАСС")).evidence.credit
    even = dict.fromkeys(PAIR_FEATURES, 0.0)
    assert learned().score(even, credited=True) > learned().score(even, credited=False)


@pytest.mark.parametrize("apart", [timedelta(days=8), timedelta(days=-8)])
def test_items_outside_the_window_are_no_candidates(room: Room, apart: timedelta) -> None:
    room.add("call-slovenia", "en")
    copy = room.print("call-slovenia", "bg")

    assert room.matches(copy)
    assert not room.matches(copy, NOW + apart)


def test_what_is_forgotten_is_not_proposed(room: Room) -> None:
    room.add("call-slovenia", "en")
    room.channel.forget(NOW + timedelta(seconds=1))
    assert not room.matches(room.print("call-slovenia", "bg"))


def test_equal_calls_give_equal_answers() -> None:
    def answers() -> list[Match | None]:
        wire = Wire()
        return [wire.take(of_report(r, x))[1] for r, said in REPORTS.items() for x in said]

    assert answers() == answers()


@pytest.mark.parametrize("text", ["", "Word", "🙂 🎉 🙂", "\u0000\ufffe", "12 12 12", "«»…\n\n"])
@pytest.mark.parametrize("language", ["en", "zh", "und", "xx", "kk"])
def test_texts_that_say_nothing_have_no_features(text: str, language: str) -> None:
    wire = Wire()
    made = wire.matcher.fingerprint(Text(title="", body=text, language=language))
    assert made.data("crosslang", CrossLanguageChannel.scheme) == b""
    assert wire.take(item("a", "", text, language))[1] is None
    assert explained(item("a", "", text, "en"), of_report("call-slovenia", "ru")).kind is Kind.RELATED  # fmt: skip


@pytest.mark.parametrize("unit", ["слово ", "a", "1,", "中", "Ab ", "«", "1 000 "])
def test_a_megabyte_costs_no_more_than_a_page(unit: str, room: Room) -> None:
    text = Text(title="", body=unit * (1_000_000 // len(unit)), language="ru")
    room.channel.features(Text(title="", body=unit, language="ru"))
    started = process_time()
    room.channel.features(text)
    assert process_time() - started < 10.0


def test_features_of_another_version_are_left_out(room: Room) -> None:
    made = room.print("call-slovenia", "en").data("crosslang", CrossLanguageChannel.scheme)
    strange = fingerprint("en", b"\xff" + made[1:])
    room.channel.add(Indexed.of(of_report("call-slovenia", "en"), "s", strange))
    assert not room.matches(room.print("call-slovenia", "bg"))
    assert not room.matches(strange)


def test_features_of_another_scheme_are_left_out(room: Room) -> None:
    made = room.print("call-slovenia", "en")
    older = replace(made, parts=tuple(replace(part, scheme="older") for part in made.parts))
    room.channel.add(Indexed.of(of_report("call-slovenia", "en"), "s", older))
    assert not room.matches(room.print("call-slovenia", "bg"))


def test_changed_features_are_asked_for_anew(room: Room) -> None:
    room.add("call-slovenia", "en")
    before = room.matches(room.print("call-slovenia", "bg"))
    said = REPORTS["call-slovenia"]
    REPORTS["call-slovenia"] = said | {"en": REPORTS["call-iceland"]["en"]}
    try:
        assert room.matches(room.print("call-slovenia", "bg")) == before
        room.channel.invalidate("call-slovenia:en")
        assert room.matches(room.print("call-slovenia", "bg")) != before
    finally:
        REPORTS["call-slovenia"] = said
