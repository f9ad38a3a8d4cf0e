"""What is said of a story and its items, in words that are the same wherever they are shown.

In English, as feeds and commands have them, or in the language of the reader of a page: `speech`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from aggregator.i18n import ENGLISH, Translator, gettext_noop
from aggregator.model import Agency, CreditState, Item, Kind, Lineage, Notice, Story
from aggregator.provenance.appearances import Appearance, first_items, sources_of

EDITION = "edition"
_KINDS = {
    Kind.IDENTICAL: gettext_noop("identical"),
    Kind.NEAR: gettext_noop("edited copy"),
    Kind.EXCERPT: gettext_noop("excerpt"),
    Kind.TRANSLATION: gettext_noop("translation"),
    Kind.REVISION: gettext_noop("later version"),
    Kind.RELATED: gettext_noop("related"),
    Kind.MANUAL: gettext_noop("joined by hand"),
    EDITION: gettext_noop("edition"),
}
# As `Editor` writes it into the evidence; a reason may follow.
_JOINED = re.compile(r"joined by (.+?) on (\d{1,2} \w{3} \d{4}, \d\d:\d\d) UTC(.*)", re.DOTALL)


def _is_edition_of_parent(appearance: Appearance) -> bool:
    """Whether an item is its agency's own translation of its parent."""
    parent = appearance.parent
    is_own = parent is not None and parent.agency_id == appearance.item.agency_id
    return is_own and appearance.kind is Kind.TRANSLATION


def kind_word(appearance: Appearance) -> str:
    """What an item is to its parent in one word, as `Kind` has it, or "edition"; "" for a root."""
    if appearance.kind is None:
        return ""
    return EDITION if _is_edition_of_parent(appearance) else appearance.kind.value


def kind_in_words(appearance: Appearance, speech: Translator = ENGLISH) -> str:
    """The same for people: "edited copy", "translation", "edition", "later version"."""
    word = kind_word(appearance)
    return speech.gettext(_KINDS[word]) if word else ""


def item_in_words(item: Item, agencies: Mapping[str, Agency]) -> str:
    """An item by its agency and language: "Kazinform (ru)"."""
    language = f" ({item.language})" if item.language else ""
    return f"{agency_name(agencies, item.agency_id)}{language}"


def credit_in_words(
    appearance: Appearance,
    story: Story,
    agencies: Mapping[str, Agency],
    speech: Translator = ENGLISH,
) -> str:
    """Whom an item credits, such as "credits BTA, which had it from Kazinform"; "" for the origin's own."""
    _ = speech.gettext
    match appearance.credit:
        case None:
            return ""
        case CreditState.ORIGIN:
            return _(
                "credits %(agency)s (the origin)", agency=agency_name(agencies, story.origin_id)
            )
        case CreditState.OTHER:
            return _other_credit_in_words(appearance, story, agencies, speech)
        case CreditState.NONE:
            return _("names no agency")
        case CreditState.UNKNOWN:
            return _("credit not known, the feed has only a summary")


def _other_credit_in_words(
    appearance: Appearance, story: Story, agencies: Mapping[str, Agency], speech: Translator
) -> str:
    """Whom an item credits that does not credit the origin."""
    _ = speech.gettext
    named = sources_of(appearance.item)
    if not named:
        return _("names another source")
    others = f" {_('and')} ".join(agency_name(agencies, each) for each in named)
    has_it_from_origin = any(
        story.origin_id in sources_of(member.item)
        for member in story.members
        if member.item.agency_id in named
    )
    if not has_it_from_origin:
        return _("credits %(agencies)s", agencies=others)
    origin = agency_name(agencies, story.origin_id)
    return _("credits %(agencies)s, which had it from %(origin)s", agencies=others, origin=origin)


def decision_in_words(appearance: Appearance, speech: Translator = ENGLISH) -> str:
    """By whom and when a person joined an item: "joined by nadia on 5 Nov 2026, 12:00 UTC"; "" for others.

    The reason that may follow is the person's own words.
    """
    if appearance.match is None or appearance.kind is not Kind.MANUAL:
        return ""
    reason = appearance.match.evidence.reason.removesuffix(".")
    said = f"{reason[:1].lower()}{reason[1:]}"
    found = _JOINED.fullmatch(said)
    if found is None:
        return said
    when = datetime.strptime(found[2], "%d %b %Y, %H:%M").replace(tzinfo=UTC)
    by = speech.gettext("a person") if found[1] == "a person" else found[1]
    joined = speech.gettext(
        "joined by %(who)s on %(when)s", who=by, when=day_and_time(when, speech)
    )
    return f"{joined}{found[3]}"


def facts_in_words(lineage: Lineage) -> str:
    """The facts a correction replaced: "12 → 14, Ivanov → Petrov"; "" for none."""
    return ", ".join(f"{pair.old} → {pair.new}" for pair in lineage.corrects)


def remarks(appearance: Appearance, story: Story, speech: Translator = ENGLISH) -> list[str]:
    """What else must be known of an item: undecided times, corrections, old facts."""
    _ = speech.gettext
    lineage, found = appearance.lineage, []
    if lineage.is_undecided:
        is_seen_only = appearance.parent is not None and appearance.item.published_at is None
        found.append(
            _("its feed gives no time, so it may have been the first")
            if is_seen_only
            else _("within the same minute as another, so the times do not tell which was first")
        )
    if lineage.corrects:
        found.append(_("corrects %(facts)s", facts=facts_in_words(lineage)))
    if appearance.item.notice is Notice.KILL:
        found.append(_("withdraws the report"))
    if lineage.superseded_by:
        found.append(_("replaced by a correction"))
    if lineage.is_stale:
        found.append(
            _("still carries the withdrawn report") if story.killed_at else _("not corrected")
        )
    return found


def agency_name(agencies: Mapping[str, Agency], agency_id: str) -> str:
    """The agency's name, or its id when it is no longer configured."""
    agency = agencies.get(agency_id)
    return agency.name if agency else agency_id


def summary_line(story: Story, agencies: Mapping[str, Agency], speech: Translator = ENGLISH) -> str:
    """One line such as "4 items, 3 agencies; first: Kazinform"; "BTA / STA" where either may have been it."""
    firsts = dict.fromkeys(item.agency_id for item in first_items(story))
    outlets = len({member.item.agency_id for member in story.members})
    return speech.gettext(
        "%(items)s, %(agencies)s; first: %(agency)s",
        items=speech.ngettext("%(num)s item", "%(num)s items", len(story.members)),
        agencies=speech.ngettext("%(num)s agency", "%(num)s agencies", outlets),
        agency=" / ".join(agency_name(agencies, each) for each in firsts),
    )


def lag_in_words(lag: timedelta, speech: Translator = ENGLISH) -> str:
    """A lag in words: "+45 s", "+12 min", "+2 h 05 min", "+3 d 4 h"."""
    seconds = int(lag.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    _ = speech.gettext
    if days:
        return _("+%(days)s d %(hours)s h", days=days, hours=hours % 24)
    if hours:
        return _("+%(hours)s h %(minutes)s min", hours=hours, minutes=f"{minutes % 60:02}")
    return (
        _("+%(minutes)s min", minutes=minutes) if minutes else _("+%(seconds)s s", seconds=seconds)
    )


def day_and_time(at: datetime, speech: Translator = ENGLISH) -> str:
    """A time in UTC in words: "24 Nov 2026, 05:10 UTC"."""
    return f"{speech.day_and_time(at, UTC)} UTC"


@lru_cache(maxsize=1024)  # a document gives each of its times a dozen times
def rfc3339(at: datetime) -> str:
    """A time in UTC, to the second, with "Z" (RFC 3339, section 5.6)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
