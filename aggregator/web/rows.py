"""Stories as the desk lists them: what stands in the line of each, and what beneath it when it is expanded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from markupsafe import Markup, escape

from aggregator import provenance
from aggregator.model import Agency, Item, Story
from aggregator.preference import Preference, original, preferred
from aggregator.provenance import Appearance
from aggregator.web.charts.spread import Spread, spread
from aggregator.web.search_hits import hits, marked, passage

EXCERPT_CHARACTERS = 600
PASSAGE_CHARACTERS = 160
LANGUAGES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An item of a story. `passage` is what a search found in it, where the row does not show its text anyway."""

    appearance: Appearance
    lag: timedelta | None  # since its parent; None where the feeds' times do not tell
    title: Markup
    passage: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A story. `shown` is its item in the reader's language, `original` the origin's own where that is another."""

    story: Story
    shown: Item
    title: Markup
    original: Item | None
    original_title: Markup | None
    excerpt: Markup
    languages: tuple[str, ...]  # codes, in the order in which they came
    carriers: tuple[str, ...]  # names of the agencies that have it beside the origin, in that order too
    spread: Spread | None
    is_corrected: bool
    stale: int  # copies
    copies: tuple[Copy, ...]

    @property
    def more_languages(self) -> int:
        """How many languages there are beyond those that have room in the line."""
        return max(len(self.languages) - LANGUAGES_SHOWN, 0)


def row(
    story: Story, *, preference: Preference, search: str | None, agencies: Mapping[str, Agency]
) -> Row:
    """The row of a story; the hits of a search are marked."""
    chosen = preferred(story, preference)
    shown, beneath = chosen.lead, original(chosen)
    mark = partial(_marked, search=search)
    items = [member.item for member in story.members]
    carriers = dict.fromkeys(item.agency_id for item in items if item.agency_id != story.origin_id)
    return Row(
        story=story,
        shown=shown,
        title=mark(shown.title),
        original=beneath,
        original_title=mark(beneath.title) if beneath else None,
        excerpt=_passage(shown.text.replace("\n\n", "\n"), search, EXCERPT_CHARACTERS),
        languages=tuple(dict.fromkeys(item.language for item in items if item.language)),
        carriers=tuple(provenance.agency_name(agencies, each) for each in carriers),
        spread=spread(story),
        is_corrected=provenance.was_corrected_at(story) is not None,
        stale=sum(member.lineage.is_stale for member in story.members),
        copies=tuple(_copy(each, shown, search) for each in provenance.tree(story)),
    )


def _copy(appearance: Appearance, shown: Item, search: str | None) -> Copy:
    item = appearance.item
    is_found = search and item.id != shown.id and hits(item.text, search)
    return Copy(
        appearance=appearance,
        lag=appearance.lag if _is_timed(appearance) else None,
        title=_marked(item.title, search=search),
        passage=_passage(item.text, search, PASSAGE_CHARACTERS) if is_found else None,
    )


def _is_timed(appearance: Appearance) -> bool:
    times = [each.published_at for each in (appearance.item, appearance.parent) if each]
    return None not in times and not appearance.lineage.is_undecided


def _marked(text: str, *, search: str | None) -> Markup:
    return marked(text, hits(text, search)) if search else escape(text)


def _passage(text: str, search: str | None, characters: int) -> Markup:
    return marked(*passage(text, hits(text, search) if search else [], characters))
