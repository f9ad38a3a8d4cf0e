"""Which item of a story is shown: in the reader's language, from the agency the reader prefers.

    "bg,en" --parse_preference--> Preference --preferred--> the story, led by another of its items
                                             --original---> the report of its origin, shown beneath

The story stays the same: its id, its times, its origin. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from aggregator.errors import UsageError
from aggregator.model import Item, Member, Notice, Story

_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Languages and agencies, each the most wanted first; neither excludes a story.

    A language is one with all its variants: "zh" is "zh-Hans" too (RFC 4647, section 3.3.1).
    """

    languages: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ",".join((*self.languages, *self.agencies))

    def __bool__(self) -> bool:
        return bool(self.languages or self.agencies)


NO_PREFERENCE = Preference()


def parse_preference(
    text: str, *, agencies: Collection[str], languages: Collection[str]
) -> Preference:
    """The preference of a text such as "bg,en,bta": codes of languages, ids of agencies.

    Where no `languages` are known, any code is taken for one. Raises UsageError for a name that is neither,
    with those that are known.
    """
    names = list(dict.fromkeys(filter(None, _SEPARATORS.split(text))))
    for name in names:
        is_language = any(_speaks(code, name) for code in languages)
        is_language = is_language or (not languages and _CODE.fullmatch(name) is not None)
        if name not in agencies and not is_language:
            raise UsageError(
                '"prefer": "%(name)s" is neither a language nor an agency. '
                "Languages: %(languages)s; agencies: %(agencies)s.",
                name=name[:40],
                languages=", ".join(sorted(languages)) or "–",
                agencies=", ".join(agencies) or "–",
            )
    return Preference(
        languages=tuple(name.lower() for name in names if name not in agencies),
        agencies=tuple(name for name in names if name in agencies),
    )


def preferred(story: Story, preference: Preference) -> Story:
    """The story as led by the item that is preferred; as it is where nothing is, or none is better."""
    if not preference:
        return story
    return replace(story, lead_id=_chosen(story, preference).id)


def original(story: Story) -> Item | None:
    """The origin's own report, as it last corrected it, of a story that is shown by another one.

    None where the origin has no item in the story, and where the one shown is the origin's in the same language.
    """
    own = {
        member.item.id: member
        for member in story.members
        if member.item.agency_id == story.origin_id and member.item.notice is not Notice.KILL
    }
    found = next(iter(own.values()), None)
    while found and (later := own.get(found.lineage.superseded_by or "")):
        found = later
    if found is None:
        return None
    shown, first = story.lead, found.item
    is_same = (shown.agency_id, shown.language) == (first.agency_id, first.language)
    return None if is_same else first


def _chosen(story: Story, preference: Preference) -> Item:
    """Of the items of the most wanted language that is there, that of the most wanted agency."""
    current = [member.item for member in story.members if _is_current(member)]
    lead = story.lead
    for language in preference.languages:
        if found := [item for item in current if _speaks(item.language, language)]:
            return _by_agency(found, lead, preference) or _likeliest(found, story)
    return _by_agency(current, lead, preference) or lead


def _speaks(code: str | None, wanted: str) -> bool:
    """Whether a language is the wanted one or a variant of it."""
    have, want = (code or "").lower(), wanted.lower()
    return have == want or have.startswith(f"{want}-")


def _is_current(member: Member) -> bool:
    """Whether an item says what is known now: a stale or a replaced one is not shown for another."""
    is_old = member.lineage.is_stale or member.lineage.superseded_by is not None
    return not is_old and member.item.notice is not Notice.KILL


def _by_agency(found: Iterable[Item], lead: Item, preference: Preference) -> Item | None:
    by_agency: dict[str, Item] = {}
    for item in found:
        if item.id == lead.id or item.agency_id not in by_agency:
            by_agency[item.agency_id] = item
    return next((by_agency[each] for each in preference.agencies if each in by_agency), None)


def _likeliest(found: list[Item], story: Story) -> Item:
    """The lead, else the origin's own edition, else the one that was reported first."""
    lead = [item for item in found if item.id == story.lead_id]
    own = [item for item in found if item.agency_id == story.origin_id]
    return (lead or own or found)[0]
