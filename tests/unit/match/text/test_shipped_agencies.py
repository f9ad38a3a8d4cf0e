"""The agencies of the configuration that is shipped: found where a text credits them, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.config import MatchSettings, load
from aggregator.match.matcher import Matcher
from aggregator.model import Item

SHIPPED = Path(__file__).parents[4] / "config" / "feeds.yaml"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(MatchSettings(), load(SHIPPED, {}).agencies, lambda _ids: {})


def credited(matcher: Matcher, language: str, text: str) -> set[str]:
    item = Item(
        id="x",
        feed_id="bta-bg",
        agency_id="bta",
        title="",
        text=text,
        seen_at=NOON,
        reported_at=NOON,
        language=language,
    )
    return {credit.agency_id for credit in matcher.read(item).credits}


@pytest.mark.parametrize(
    ("language", "text", "agency"),
    [
        ("bg", "Мелницата край реката отваря след ремонт, съобщи Синхуа.", "xinhua"),
        ("ru", "Мельница у реки открывается после ремонта, передает Синьхуа.", "xinhua"),
        ("kk", "Өзен бойындағы диірмен көктемде ашылады, деп хабарлайды Синьхуа.", "xinhua"),
        ("uz", "Daryo bo'yidagi tegirmon bahorda ochiladi, deb xabar berdi Sinxua.", "xinhua"),
        ("en", "The mill by the river has opened again, Xinhua reported on Tuesday.", "xinhua"),
        ("zh", "据新华社报道，河边的磨坊修缮后重新开放。", "xinhua"),
        ("ru", "Мельница у реки открывается после ремонта, передает Интерфакс.", "interfax"),
        ("en", "The mill by the river has opened again, Interfax reported on Tuesday.", "interfax"),
        ("bg", "Мелницата край реката отваря след ремонт, предаде Йонхап.", "yonhap"),
        ("ru", "Мельница у реки открывается после ремонта, передает Ёнхап.", "yonhap"),
        ("zh", "据韩联社报道，河边的磨坊修缮后重新开放。", "yonhap"),
        ("bg", "Мелницата край реката отваря след ремонт, съобщи ЧТК.", "ctk"),
        ("en", "The mill by the river has opened again, CTK reported on Tuesday.", "ctk"),
        ("bg", "Мелницата край реката отваря след ремонт, съобщи ТАСР.", "tasr"),
        ("ru", "Мельница у реки открывается после ремонта, передает ТАСР.", "tasr"),
    ],
)
def test_a_credit_is_found_in_each_language(
    matcher: Matcher, language: str, text: str, agency: str
) -> None:
    assert credited(matcher, language, text) == {agency}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two children were treated overnight, according to Xinhua Hospital doctors."),
        ("en", "Citing Xinhua Bookstore, the city said that sales rose by nine percent."),
        ("zh", "据新华社区工作人员介绍，新的图书馆将于三月开放。"),
        ("zh", "据新华社会调查中心介绍，居民收入增长百分之五。"),
        ("ru", "Мельница у реки открывается после ремонта, передает Интерфакс-Запад."),
        ("ru", "Мельница у реки открывается после ремонта, сообщает «Интерфакс-Украина»."),
        ("ru", "Мельницу построили в ТАССР, сообщил директор музея."),
    ],
)
def test_a_name_that_only_begins_so_is_no_credit(
    matcher: Matcher, language: str, text: str
) -> None:
    assert credited(matcher, language, text) == set()
