"""What is said of a story and its items, in words that are the same wherever they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from aggregator.model import Agency, CreditState, Item, Kind, Lineage, Story
from aggregator.provenance.appearances import Appearance, sources_of

_KINDS = {
    Kind.NEAR: "edited copy",
    Kind.REVISION: "later version",
    Kind.MANUAL: "joined by hand",
}


def _is_edition_of_parent(appearance: Appearance) -> bool:
    """Whether an item is its agency's own translation of its parent."""
    parent = appearance.parent
    is_own = parent is not None and parent.agency_id == appearance.item.agency_id
    return is_own and appearance.kind is Kind.TRANSLATION


def kind_word(appearance: Appearance) -> str:
    """What an item is to its parent in one word, as `Kind` has it, or "edition"; "" for a root."""
    if appearance.kind is None:
        return ""
    return "edition" if _is_edition_of_parent(appearance) else appearance.kind.value


def kind_in_words(appearance: Appearance) -> str:
    """The same for people: "edited copy", "translation", "edition", "later version"."""
    word = kind_word(appearance)
    return word if appearance.kind is None else _KINDS.get(appearance.kind, word)


def item_in_words(item: Item, agencies: Mapping[str, Agency]) -> str:
    """An item by its agency and language: "Kazinform (ru)"."""
    language = f" ({item.language})" if item.language else ""
    return f"{agency_name(agencies, item.agency_id)}{language}"


def credit_in_words(appearance: Appearance, story: Story, agencies: Mapping[str, Agency]) -> str:
    """Whom an item credits, such as "credits BTA, which had it from Kazinform"; "" for the origin's own."""
    origin = agency_name(agencies, story.origin_id)
    match appearance.credit:
        case None:
            return ""
        case CreditState.ORIGIN:
            return f"credits {origin} (the origin)"
        case CreditState.OTHER:
            named = sources_of(appearance.item)
            if not named:
                return "names another source"
            others = " and ".join(agency_name(agencies, each) for each in named)
            has_it_from_there = any(
                story.origin_id in sources_of(member.item)
                for member in story.members
                if member.item.agency_id in named
            )
            from_there = f", which had it from {origin}" if has_it_from_there else ""
            return f"credits {others}{from_there}"
        case CreditState.NONE:
            return "names no agency"
        case CreditState.UNKNOWN:
            return "credit not known, the feed has only a summary"


def decision_in_words(appearance: Appearance) -> str:
    """By whom and when a person joined an item: "joined by nadia on 5 Nov 2026, 12:00 UTC"; "" for others."""
    if appearance.match is None or appearance.kind is not Kind.MANUAL:
        return ""
    reason = appearance.match.evidence.reason.removesuffix(".")
    return f"{reason[:1].lower()}{reason[1:]}"


def facts_in_words(lineage: Lineage) -> str:
    """The facts a correction replaced: "12 → 14, Ivanov → Petrov"; "" for none."""
    return ", ".join(f"{pair.old} → {pair.new}" for pair in lineage.corrects)


def remarks(appearance: Appearance, story: Story) -> list[str]:
    """What else must be known of an item: undecided times, corrections, old facts."""
    lineage, found = appearance.lineage, []
    if lineage.is_undecided:
        is_seen_only = appearance.parent is not None and appearance.item.published_at is None
        found.append(
            "its feed gives no time, so it may have been the first"
            if is_seen_only
            else "within the same minute as another, so the times do not tell which was first"
        )
    if lineage.corrects:
        found.append(f"corrects {facts_in_words(lineage)}")
    if lineage.superseded_by:
        found.append("replaced by a correction")
    if lineage.is_stale:
        found.append("still carries the withdrawn report" if story.killed_at else "not corrected")
    return found


def agency_name(agencies: Mapping[str, Agency], agency_id: str) -> str:
    """The agency's name, or its id when it is no longer configured."""
    agency = agencies.get(agency_id)
    return agency.name if agency else agency_id


def summary_line(story: Story, agencies: Mapping[str, Agency]) -> str:
    """One line such as "4 items, 3 agencies; first: Kazinform"."""
    items = len(story.members)
    outlets = len({member.item.agency_id for member in story.members})
    first = agency_name(agencies, story.members[0].item.agency_id)
    return (
        f"{items} item{'s' if items > 1 else ''}, "
        f"{outlets} {'agencies' if outlets > 1 else 'agency'}; first: {first}"
    )


def lag_in_words(lag: timedelta) -> str:
    """A lag in words: "+45 s", "+12 min", "+2 h 05 min", "+3 d 4 h"."""
    seconds = int(lag.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"+{days} d {hours % 24} h"
    if hours:
        return f"+{hours} h {minutes % 60:02} min"
    return f"+{minutes} min" if minutes else f"+{seconds} s"


def day_and_time(at: datetime) -> str:
    """A time in UTC in words: "24 Nov 2026, 05:10 UTC"."""
    return at.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


@lru_cache(maxsize=1024)  # a document gives each of its times a dozen times
def rfc3339(at: datetime) -> str:
    """A time in UTC, to the second, with "Z" (RFC 3339, section 5.6)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
