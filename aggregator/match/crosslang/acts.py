"""What was done: two reports of the same people and places that tell of different acts.

"Phoned Erdoğan" and "telegram to Erdoğan" share every name; so do "signed" and "dismissed". Acts are the
concepts of `lexicon/acts.tsv`. Words of one family stand for one another in translations (opened,
launched; won, beat), so families are compared.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple

from aggregator.match.crosslang.packed import (
    KIND,
    LEAD,
    TITLE,
    FeatureKind,
    Features,
    feature_id,
    has_headline,
)
from aggregator.match.lexicon import ACTS, rows

_BRIEF_REPORT = (
    45  # words: in a text of so few the lead tells what was done where the title does not
)
# How one person deals with another: a report of one is none of another, wherever they stand.
_DEALINGS = {
    "phone": ("phone_call",),
    "writing": ("letter", "telegram"),
    "in person": (
        "meeting", "negotiation", "audience", "reception",
        "visit", "official_visit", "state_visit", "working_visit",
    ),
}  # fmt: skip
_FAMILIES = {
    **_DEALINGS,
    "office": ("appoint", "elect_verb", "resign", "remove", "vote"),
    "custody": ("arrest", "detain", "conviction"),
    "freedom": ("acquittal", "release"),
    "violence": ("kill", "die", "attack_verb", "injure"),
    "beginning": ("open", "launch"),
    "result": ("gain", "lose", "victory", "defeat"),
    "trade": ("purchase", "sell"),
}


class _Told(NamedTuple):
    """The families of acts in a text: those it is about, those of the lead, and all."""

    subject: AbstractSet[str]
    lead: AbstractSet[str]
    everywhere: AbstractSet[str]


def acts_differ(a: Features, b: Features) -> bool:
    """Whether each report tells of an act that the other lacks, and they have none in common."""
    one, other = _told(a), _told(b)
    if _deny(one.subject, other) and _deny(other.subject, one):
        return not one.lead & other.lead
    dealings = one.lead & _DEALINGS.keys(), other.lead & _DEALINGS.keys()
    if dealings[0] & dealings[1]:
        return False
    return _deny(dealings[0], other) and _deny(dealings[1], one)


def _deny(told: AbstractSet[str], other: _Told) -> bool:
    """Whether something is told that the other text has nowhere."""
    return bool(told - other.everywhere)


def _told(features: Features) -> _Told:
    is_act = (features.marks & KIND) == FeatureKind.ACT
    ids, marks = features.ids[is_act].tolist(), features.marks[is_act].tolist()
    families = [(_family_of().get(act, ""), mark) for act, mark in zip(ids, marks, strict=True)]
    headed = has_headline(features)
    title = {family for family, mark in families if headed and mark & TITLE}
    lead = {family for family, mark in families if mark & (TITLE | LEAD)}
    is_told_by_lead = not title and features.words <= _BRIEF_REPORT
    return _Told(lead if is_told_by_lead else title, lead, {family for family, _ in families})


@cache
def _family_of() -> dict[int, str]:
    """The family of each act by its feature; an act of no family is its own."""
    named = {act: family for family, acts in _FAMILIES.items() for act in acts}
    acts = [row.concept for row in rows() if row.domain == ACTS]
    return {feature_id(f"c{act}"): named.get(act, act) for act in acts}
