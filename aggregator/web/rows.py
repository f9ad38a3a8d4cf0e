"""Stories as the desk lists them: what stands in the line of each, and what beneath it when it is expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from aggregator import provenance
from aggregator.i18n import Translator
from aggregator.model import Agency, Item, Story
from aggregator.preference import Preference, original, preferred
from aggregator.provenance import Appearance
from aggregator.search_words import Search
from aggregator.web.charts.spread import Spread, spread
from aggregator.web.search_hits import has_hit, hits, passage

TITLE_CHARACTERS = 300  # some give a whole text as title
EXCERPT_CHARACTERS = 600
PASSAGE_CHARACTERS = 160
LANGUAGES_SHOWN = 5
DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An item of a story. `passage` is what a search found in it, where the row itself shows no hit."""

    appearance: Appearance
    taken_from: str  # in words, "" for a root
    depth: int  # in the tree of copies, as far as it is indented
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
    carriers: tuple[
        str, ...
    ]  # names of the agencies that have it beside the origin, in that order too
    spread: Spread | None
    is_corrected: bool
    stale: int  # copies
    copies: tuple[Copy, ...]

    @property
    def more_languages(self) -> int:
        """How many languages there are beyond those that have room in the line."""
        return max(len(self.languages) - LANGUAGES_SHOWN, 0)


def row(
    story: Story,
    *,
    preference: Preference,
    search: Search | None,
    agencies: Mapping[str, Agency],
    speech: Translator,
) -> Row:
    """The row of a story; the hits of a search are marked."""
    chosen = preferred(story, preference)
    shown, beneath = chosen.lead, original(chosen)
    items = [member.item for member in story.members]
    title = _title(shown, search)
    excerpt = passage(shown.text.replace("\n\n", "\n"), search, EXCERPT_CHARACTERS)
    elsewhere = None if has_hit(title) or has_hit(excerpt) else search
    return Row(
        story=story,
        shown=shown,
        title=title,
        original=beneath,
        original_title=_title(beneath, search) if beneath else None,
        excerpt=excerpt,
        languages=tuple(dict.fromkeys(item.language for item in items if item.language)),
        carriers=tuple(
            provenance.agency_name(agencies, each) for each in provenance.carriers(story)
        ),
        spread=spread(story),
        is_corrected=provenance.was_corrected_at(story) is not None,
        stale=sum(member.lineage.is_stale for member in story.members),
        copies=tuple(_copies(story, search, elsewhere, partial(_taken_from, agencies, speech))),
    )


def _copies(
    story: Story,
    search: Search | None,
    elsewhere: Search | None,
    taken_from: Callable[[Item], str],
) -> Iterator[Copy]:
    """The items of a story; the first in whose text `elsewhere` is found shows where."""
    for each in provenance.tree(story):
        is_found = bool(elsewhere and hits(each.item.text, elsewhere))
        yield Copy(
            appearance=each,
            taken_from=taken_from(each.parent) if each.parent else "",
            depth=min(each.depth, DEEPEST),
            title=_title(each.item, search),
            passage=passage(each.item.text, search, PASSAGE_CHARACTERS) if is_found else None,
        )
        elsewhere = None if is_found else elsewhere


def _taken_from(agencies: Mapping[str, Agency], speech: Translator, parent: Item) -> str:
    return speech.gettext(
        "from %(agency)s (%(language)s)",
        agency=provenance.agency_name(agencies, parent.agency_id),
        language=parent.language or "?",
    )


def _title(item: Item, search: Search | None) -> Markup:
    return passage(item.title, search, TITLE_CHARACTERS)
