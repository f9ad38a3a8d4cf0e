"""The types of the columns: how a value of the model is stored, the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, Float, Integer, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from aggregator.model import (
    Credit,
    Enclosure,
    Evidence,
    Fact,
    LeftOut,
    Passage,
    Replacement,
    SeenEntry,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time. SQLite stores text that sorts as time does, PostgreSQL `timestamptz`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Bring an aware time to UTC; a naive one is an error of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        return value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """Read SQLite's text in one step: there may be ten thousand."""
        if dialect.name == "sqlite":
            return _utc_of_text
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return aware UTC, whatever the engine or its session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Seconds(TypeDecorator[timedelta]):
    """A duration, stored as seconds."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, _dialect: Dialect) -> float | None:
        """Return the number of seconds."""
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, _dialect: Dialect) -> timedelta | None:
        """Return the duration, to the microsecond."""
        return None if value is None else timedelta(seconds=value)


class SmallNumbers(TypeDecorator[frozenset[int]]):
    """A set of numbers in [0, 30], stored as an integer with these bits."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, _dialect: Dialect) -> int:
        """Return the integer."""
        return sum(1 << number for number in value or ())

    def process_result_value(self, value: int | None, _dialect: Dialect) -> frozenset[int]:
        """Return the numbers."""
        bits = value or 0
        return frozenset(number for number in range(bits.bit_length()) if bits >> number & 1)


class CreditsJson(TypeDecorator[tuple[Credit, ...]]):
    """The credits of an item as a JSON array of `[agency, phrase, agreement, background]`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[Credit, ...] | None, _dialect: Dialect
    ) -> list[list[str | bool]]:
        """Return the array."""
        return [
            [credit.agency_id, credit.phrase, credit.agreement, credit.background]
            for credit in value or ()
        ]

    def process_result_value(
        self, value: list[list[Any]] | None, _dialect: Dialect
    ) -> tuple[Credit, ...]:
        """Return the credits."""
        return tuple(
            Credit(
                agency_id=agency_id,
                phrase=phrase,
                agreement=agreement,
                background=bool(rest and rest[0]),  # older rows have none
            )
            for agency_id, phrase, agreement, *rest in value or ()
        )


class ReplacementsJson(TypeDecorator[tuple[Replacement, ...]]):
    """Replaced facts as a JSON array of `[old, new]`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[Replacement, ...] | None, _dialect: Dialect
    ) -> list[list[str]]:
        """Return the array."""
        return [[pair.old, pair.new] for pair in value or ()]

    def process_result_value(
        self, value: list[list[str]] | None, _dialect: Dialect
    ) -> tuple[Replacement, ...]:
        """Return the replacements."""
        return tuple(Replacement(old=old, new=new) for old, new in value or ())


class EnclosuresJson(TypeDecorator[tuple[Enclosure, ...]]):
    """The enclosures of an item as a JSON array of `[url, media type, length]`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[Enclosure, ...] | None, _dialect: Dialect
    ) -> list[list[str | int | None]]:
        """Return the array."""
        return [[each.url, each.media_type, each.length] for each in value or ()]

    def process_result_value(
        self, value: list[list[Any]] | None, _dialect: Dialect
    ) -> tuple[Enclosure, ...]:
        """Return the enclosures."""
        return tuple(
            Enclosure(url=url, media_type=media_type, length=length)
            for url, media_type, length in value or ()
        )


class LeftOutJson(TypeDecorator[LeftOut]):
    """What of a body was left out as a JSON array of `[broken, over the limit, empty]`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: LeftOut | None, _dialect: Dialect) -> list[int]:
        """Return the array; an empty one where nothing was."""
        if value is None or not value.total:
            return []
        return [value.broken, value.over_limit, value.empty]

    def process_result_value(self, value: list[int] | None, _dialect: Dialect) -> LeftOut:
        """Return the figures."""
        broken, over_limit, empty = value or (0, 0, 0)
        return LeftOut(broken=broken, over_limit=over_limit, empty=empty)


class SeenJson(TypeDecorator[Mapping[str, SeenEntry]]):
    """Entries by digest as a JSON array of `[digest, item id, published at, words]`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: Mapping[str, SeenEntry] | None, _dialect: Dialect
    ) -> list[list[str | int | None]]:
        """Return the array."""
        return [
            [digest, entry.item_id, _iso(entry.published_at), entry.words]
            for digest, entry in (value or {}).items()
        ]

    def process_result_value(
        self, value: list[list[Any]] | None, _dialect: Dialect
    ) -> Mapping[str, SeenEntry]:
        """Return the entries."""
        return {
            digest: SeenEntry(
                item_id=item_id, published_at=at and datetime.fromisoformat(at), words=words
            )
            for digest, item_id, at, words in value or ()
        }


class Words(TypeDecorator[Sequence[str]]):
    """Words in their order, as the engine searches them; written, never read.

    SQLite stores them between blanks, PostgreSQL as a `tsvector` with their places. They have neither
    blanks nor the signs ' and \\.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the engine."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """Return the words as the engine writes them."""
        if dialect.name == "postgresql":
            return " ".join(f"'{word}':{place}" for place, word in enumerate(value or (), start=1))
        return f" {' '.join(value or ())} "


class EvidenceJson(TypeDecorator[Evidence]):
    """The evidence of a match as a JSON object; what is empty is left out."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(
        self, value: Evidence | None, _dialect: Dialect
    ) -> dict[str, object] | None:
        """Return the object."""
        if value is None:
            return None
        written: dict[str, object] = {
            "rule": value.rule,
            "reason": value.reason,
            "features": {name: float(number) for name, number in value.features.items()},
            "agree": [[fact.a, fact.b] for fact in value.agree],
            "differ": [[fact.a, fact.b] for fact in value.differ],
            "passages": [[passage.a, passage.b, passage.same] for passage in value.passages],
            "credit": value.credit,
        }
        return {name: part for name, part in written.items() if part}

    def process_result_value(
        self, value: dict[str, Any] | None, _dialect: Dialect
    ) -> Evidence | None:
        """Return the evidence."""
        if value is None:
            return None
        return Evidence(
            rule=value.get("rule", ""),
            reason=value.get("reason", ""),
            features=value.get("features", {}),
            agree=_facts(value.get("agree", ())),
            differ=_facts(value.get("differ", ())),
            passages=tuple(
                Passage(a=a, b=b, same=same) for a, b, same in value.get("passages", ())
            ),
            credit=value.get("credit", ""),
        )


def word(vocabulary: type[StrEnum]) -> Enum:
    """One of a fixed set of words, stored as text: a new word needs no migration."""
    return Enum(
        vocabulary,
        values_callable=lambda words: [word.value for word in words],
        native_enum=False,
        create_constraint=False,
        length=16,
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _utc_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def _facts(pairs: Sequence[Sequence[str]]) -> tuple[Fact, ...]:
    return tuple(Fact(a=a, b=b) for a, b in pairs)
