"""One story of four items in four languages, and the document it is part of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.model import (
    Agency,
    Credit,
    CreditState,
    Evidence,
    Item,
    Kind,
    Lineage,
    Match,
    Member,
    Related,
    Story,
)
from aggregator.syndicate.document import DocumentPlan, MergedDocument

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Documented = Callable[..., MergedDocument]


def item(item_id: str, agency_id: str, language: str, minutes: int, title: str) -> Item:
    at = NOON + timedelta(minutes=minutes)
    return Item(
        id=item_id,
        feed_id=f"{agency_id}-{language}",
        agency_id=agency_id,
        title=title,
        text=f"{title}.\n\nMore than 40 wagons a day.",
        html=f"<p>{title}.</p><p>More than 40 wagons a day.</p>",
        link=f"https://{agency_id}.example/{language}/{item_id}",
        language=language,
        published_at=at,
        reported_at=at,
        seen_at=at + timedelta(minutes=2),
    )


def match(a: str, kind: Kind, score: float) -> Match:
    reason = "The same figures and names stand in both."
    return Match(
        a=a, b="kz1", kind=kind, score=score, evidence=Evidence(rule="facts", reason=reason)
    )


def taken(of: Item, kind: Kind, score: float, **lineage: Any) -> Member:
    """An item taken from Kazinform's English report."""
    pair = match(of.id, kind, score)
    return Member(item=of, match=pair, lineage=Lineage(parent=pair, **lineage))


@pytest.fixture
def agencies() -> dict[str, Agency]:
    return {
        "kazinform": Agency(id="kazinform", name="Kazinform", home="https://kazinform.example/"),
        "bta": Agency(id="bta", name="BTA", home="https://bta.example/"),
        "sta": Agency(id="sta", name="STA"),
    }


@pytest.fixture
def story() -> Story:
    """Kazinform's report, its own Kazakh version, BTA's credited translation, STA's edited copy."""
    english = item("kz1", "kazinform", "en", 0, "Dry port opens at Saryagash")
    kazakh = item("kz2", "kazinform", "kk", 10, "Сарыағашта құрғақ порт ашылды")
    bulgarian = item("bg1", "bta", "bg", 125, "Сухо пристанище отвори врати в Саръагаш")
    slovene = item("si1", "sta", "en", 3000, "Kazakhstan opens dry port")
    credit = Credit(agency_id="kazinform", phrase="съобщи Казинформ")
    bulgarian = replace(bulgarian, credits=(credit,))
    return Story(
        id="skz1",
        members=(
            Member(item=english),
            taken(kazakh, Kind.TRANSLATION, 0.91, is_edition=True),
            taken(bulgarian, Kind.TRANSLATION, 0.934567, credit=CreditState.ORIGIN),
            taken(slovene, Kind.NEAR, 0.8, credit=CreditState.NONE),
        ),
        lead_id="kz1",
        origin_id="kazinform",
        first_seen_at=english.seen_at,
        updated_at=english.seen_at,
        published_at=english.reported_at,
        related=(
            Related(
                story_id="skz9",
                title="Dry port planned at Dostyk",
                agency_id="bta",
                language="en",
                reported_at=NOON - timedelta(hours=3),
                match=match("kz9", Kind.RELATED, 0.4),
            ),
        ),
    )


@pytest.fixture
def documented() -> Documented:
    """Puts stories into a document; keywords replace its fields."""

    def build(
        *stories: Story, plan: DocumentPlan | None = None, **fields: object
    ) -> MergedDocument:
        given: dict[str, object] = {
            "title": "Merged agency feed",
            "description": "Each report once",
            "base_url": "https://wire.example",
            "updated_at": NOON,
            "feeds": {"kazinform-en": "https://kazinform.example/en.rss"},
        }
        given |= {"plan": plan or DocumentPlan(name="merged"), "stories": stories, **fields}
        return MergedDocument(**given)  # type: ignore[arg-type]

    return build
