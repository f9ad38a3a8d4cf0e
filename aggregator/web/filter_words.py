"""A filter in words, for the title of a feed: "carried by BTA as a translation, in Bulgarian". Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aggregator import provenance
from aggregator.config import duration
from aggregator.filters import Filter
from aggregator.i18n import SOURCE, translator
from aggregator.model import Agency, CreditState, Kind

_KINDS = {
    Kind.IDENTICAL: "as an identical copy",
    Kind.NEAR: "as an edited copy",
    Kind.EXCERPT: "as an excerpt",
    Kind.TRANSLATION: "as a translation",
    Kind.REVISION: "as a later version",
    Kind.MANUAL: "as a copy joined by hand",
}
_CREDITS = {
    CreditState.ORIGIN: "with a credit to the origin",
    CreditState.OTHER: "with a credit to another source",
    CreditState.NONE: "without a credit",
    CreditState.UNKNOWN: "with a credit not known",
}


def in_words(wanted: Filter, agencies: Mapping[str, Agency]) -> str:
    """The conditions of a filter, and what is preferred; "" where there are none."""
    return ", ".join(_phrases(wanted, agencies))


def _phrases(wanted: Filter, agencies: Mapping[str, Agency]) -> Iterator[str]:
    if wanted.origin:
        yield f"from {provenance.agency_name(agencies, wanted.origin)}"
    if wanted.agency:
        yield f"reported by {provenance.agency_name(agencies, wanted.agency)}"
    if copy := " ".join(_of_one_copy(wanted, agencies)):
        yield f"carried {copy}"
    if wanted.language:
        yield f"in {_language(wanted.language)}"
    if wanted.killed:
        yield "withdrawn"
    if wanted.min_items > 1:
        yield f"{wanted.min_items} items or more"
    if wanted.q:
        yield f"“{wanted.q}”"
    yield from _of_time(wanted)
    if wanted.prefer:
        yield f"{_preferred(wanted, agencies)} preferred"


def _of_one_copy(wanted: Filter, agencies: Mapping[str, Agency]) -> Iterator[str]:
    """The conditions that hold for one and the same copy."""
    if wanted.carried_by:
        yield f"by {provenance.agency_name(agencies, wanted.carried_by)}"
    if wanted.kind:
        yield _KINDS[Kind(wanted.kind)]
    if wanted.credit:
        yield _CREDITS[CreditState(wanted.credit)]
    if wanted.stale:
        yield "although corrected or withdrawn"


def _of_time(wanted: Filter) -> Iterator[str]:
    if wanted.since:
        yield f"{'of the last' if _is_duration(wanted.since) else 'since'} {wanted.since}"
    if wanted.until:
        yield f"{'older than' if _is_duration(wanted.until) else 'before'} {wanted.until}"


def _preferred(wanted: Filter, agencies: Mapping[str, Agency]) -> str:
    languages = map(_language, wanted.prefer.languages)
    names = (provenance.agency_name(agencies, each) for each in wanted.prefer.agencies)
    return " or ".join((*languages, *names))


def _language(code: str) -> str:
    return translator(SOURCE).language(code)


def _is_duration(time: str) -> bool:
    try:
        duration(time)
    except ValueError:
        return False
    return True
