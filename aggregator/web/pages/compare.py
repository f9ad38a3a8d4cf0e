"""`/compare/A/B`: two items side by side, and why they are, or are not, one story."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from starlette.responses import RedirectResponse

from aggregator import provenance
from aggregator.errors import AggregatorError, NotFoundError, UsageError
from aggregator.model import Evidence, Fact, Item, Kind, Match, Member, Passage, Replacement, Story
from aggregator.provenance import Appearance
from aggregator.store.store import Store
from aggregator.web.marked_text import Segment, Side, Sort, mark
from aggregator.web.response import DocumentResponse
from aggregator.web.side_by_side import rows
from aggregator.web.site import Site, Visit, root_of

MAX_CHARACTERS = 20_000  # of a text
_BETWEEN = re.compile(r"/(?=https?://)")  # before the second of two addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two items, the earlier report first, and the stories they are in.

    `match` is from the later to the earlier: of a full comparison, else what is stored of the two, if anything.
    """

    earlier: Member
    later: Member
    stories: tuple[Story, Story]
    match: Match | None
    is_full: bool

    @property
    def is_one_story(self) -> bool:
        """Whether they are in one story: by this comparison, through others, or by a person's decision."""
        return self.stories[0].id == self.stories[1].id

    @property
    def is_related(self) -> bool:
        """Whether their two stories are shown as related; any pair has a match, however unlike."""
        ids = {story.id for story in self.stories}
        return any(each.story_id in ids for story in self.stories for each in story.related)

    @property
    def chain(self) -> tuple[Match, ...]:
        """The pairs that lead from the later to the earlier within their story; () where they are in two."""
        if not self.is_one_story:
            return ()
        return provenance.chain(self.stories[0], self.later.item.id, self.earlier.item.id)

    @property
    def is_decided(self) -> bool:
        """Whether the times tell which of them was first."""
        one, other = self.earlier.item, self.later.item
        if one.published_at is None or other.published_at is None:
            return False
        parent = self.later.lineage.parent
        if parent and parent.b == one.id:
            return not self.later.lineage.is_undecided
        return other.reported_at - one.reported_at >= provenance.SAME_TIME

    @property
    def copy(self) -> Appearance:
        """The later item as an appearance of the report, against the earlier one."""
        story, item = self.stories[1], self.later.item
        own = next(each for each in provenance.appearances(story) if each.item.id == item.id)
        return replace(
            own,
            lineage=replace(own.lineage, parent=self.match),
            parent=self.earlier.item,
            lag=max(item.reported_at - self.earlier.item.reported_at, timedelta(0)),
        )

    @property
    def by_hand(self) -> Appearance | None:
        """The item on the way from one to the other that a person joined; None without one."""
        steps = [{step.a, step.b} for step in self.chain]
        for each in provenance.appearances(self.stories[0]):
            if each.match and each.kind is Kind.MANUAL and {each.match.a, each.match.b} in steps:
                return each
        return None


def show(site: Site, visit: Visit) -> DocumentResponse | RedirectResponse:
    """The comparison; other ways to name the items redirect to their ids. Raises NotFoundError, UsageError."""
    asked = _references(visit.path["pair"])
    found = [site.store.find_item_or_lead(each) for each in asked]
    ids = tuple(item.id for item in found)
    if ids != asked:
        address = "/".join(quote(each, safe="") for each in ids)
        return RedirectResponse(f"{root_of(site.settings)}/compare/{address}", status_code=307)
    if ids[0] == ids[1]:
        raise UsageError("Both are the same item. Compare it with another one.")
    pair = _pair(site, *found)
    left, right = mark(*_sides(pair), _from_left(pair.match) if pair.match else None)
    values = {
        "pair": pair,
        "rows": rows(left, right),
        "element": partial(_element, is_one_story=pair.is_one_story),
        "sorts": {each.sort for side in (left, right) for each in side.marks},
        "corrected": (*_corrected(pair.earlier, pair.later), *_corrected(pair.later, pair.earlier)),
        "items": {member.item.id: member.item for member in pair.stories[0].members},
    }
    return site.templates.page("compare.html", values, speech=visit.speech)


def _references(path: str) -> tuple[str, str]:
    """The two items of an address: ids, links or guids."""
    second_address = _BETWEEN.search(path)
    cut = second_address.start() if second_address else path.rfind("/")
    asked = path[: max(cut, 0)], path[cut + 1 :]
    if not all(asked):
        raise NotFoundError("Write the ids or links of two items: /compare/A/B.")
    return asked


def _pair(site: Site, one: Item, other: Item) -> Pair:
    """The two in the order of their reports, compared in full where that can be done."""
    earlier, later = sorted((one, other), key=lambda item: (item.reported_at, item.id))
    stories = site.store.story_of(earlier.id), site.store.story_of(later.id)
    full = _compared(site, earlier, later)
    return Pair(
        earlier=_member(stories[0], earlier),
        later=_member(stories[1], later),
        stories=stories,
        match=full or _stored(site.store, earlier, later),
        is_full=full is not None,
    )


def _member(story: Story, item: Item) -> Member:
    return next(member for member in story.members if member.item.id == item.id)


def _compared(site: Site, earlier: Item, later: Item) -> Match | None:
    """The full comparison; None where it cannot be made, and the stored evidence has to do."""
    if site.explain is None:
        return None
    with contextlib.suppress(AggregatorError):
        return site.explain(later.id, earlier.id)
    return None


def _stored(store: Store, earlier: Item, later: Item) -> Match | None:
    """What is stored of the two, from the later to the earlier."""
    for match in store.matches_of([earlier.id]):
        if {match.a, match.b} == {earlier.id, later.id}:
            return match if match.a == later.id else provenance.turned(match)
    return None


def _sides(pair: Pair) -> tuple[Side, Side]:
    """The texts as their feeds have them, with the words that are to be marked in each for itself."""
    earlier, later = pair.earlier, pair.later
    return (
        _side(earlier.item, old=_corrected(earlier, later), new=_corrected(later, earlier)),
        _side(later.item, old=_corrected(later, earlier), new=_corrected(earlier, later)),
    )


def _corrected(member: Member, by: Member) -> tuple[Replacement, ...]:
    """The facts of an item, known to be the old ones, that another one corrects."""
    is_old = member.lineage.is_stale or member.lineage.superseded_by == by.item.id
    return by.lineage.corrects if is_old else ()


def _from_left(match: Match) -> Evidence:
    """The evidence of a match with the earlier item as `a`."""
    evidence = match.evidence
    return replace(
        evidence,
        agree=tuple(Fact(a=each.b, b=each.a) for each in evidence.agree),
        differ=tuple(Fact(a=each.b, b=each.a) for each in evidence.differ),
        passages=tuple(Passage(a=each.b, b=each.a, same=each.same) for each in evidence.passages),
    )


def _side(item: Item, *, old: tuple[Replacement, ...], new: tuple[Replacement, ...]) -> Side:
    return Side(
        text=f"{item.title}\n{item.text}"[:MAX_CHARACTERS],
        quoted=(
            *((Sort.CREDIT, credit.phrase) for credit in provenance.credits_of(item)),
            *((Sort.OLD, pair.old) for pair in old),
            *((Sort.NEW, pair.new) for pair in new),
        ),
    )


def _element(segment: Segment, side: str, *, is_one_story: bool) -> str:
    """The HTML element of a segment on the "left" or "right": facts corrected and words replaced are struck.

    Between reports that are not one story nothing replaces anything: there the words are only marked.
    """
    sorts = segment.sorts
    is_replaced = Sort.REPLACED in sorts and is_one_story
    if Sort.OLD in sorts or (is_replaced and side == "left"):
        return "del"
    if Sort.NEW in sorts or is_replaced:
        return "ins"
    if sorts == {Sort.CREDIT}:
        return "u"
    return "mark" if sorts else ""
