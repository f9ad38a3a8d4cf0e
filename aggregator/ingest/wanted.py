"""Which items wait for their article's page before they are matched, and whether a page's text is theirs. Pure.

    feed: never, auto and its texts are long ------------------------> placed at once
    item: no link, a home page, a link of several items, long, old --> placed at once
    else                                                            --> waits for its page, an hour at most
    page's text: not the item's words, or no more than the feed has --> not taken

An item that waits is not yet seen by anybody, so what cannot be had must be known at once: a site that
failed several times in a row is left alone for hours, and nothing waits for it meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.folders import is_folder
from aggregator.ingest.articles import host_of, is_of_the_host
from aggregator.ingest.keys import shared_mark
from aggregator.lengths import count_words, words_of
from aggregator.links import link_key
from aggregator.model import Arrival, Feed, Fulltext, Item, Page

SHORT_WORDS = 60  # a feed whose texts have fewer in the middle gives summaries; also of one text
WAIT = timedelta(hours=1)  # for a page: a copy found against a report seen late
# Set by hand, politeness against texts:
PAGES_A_DAY = 500  # of a host, more than an agency reports in one language
MAX_A_POLL = 100  # the newest; in an hour 360 pages of a host are read at the usual gap
FAILURES = 3  # in a row, after which a host is left alone …
REST = timedelta(hours=6)  # … for so long
# The share of the item's own words that a page must have: an article has most of them, in other forms at
# times; a consent page or an error has what any two texts share.
_LEAST_LIKENESS = 0.4
_LONG_WORD, _STEM = 4, 5  # letters: shorter words any two texts share; the beginning all forms have
# Paragraphs at the head of a page that are looked through for the beginning of the report, the words it is known
# by, and characters of a line that is none of its paragraphs.
_HEAD, _OPENING, _LONGEST_LINE = 8, 6, 120
_CLOSING = " \t\n\"'”»’)]}"


def reads_pages(feed: Feed, median_words: int | None) -> bool:
    """Whether article pages of a feed are read, whose texts have so many words in the middle.

    Who drops files in a folder sends what there is.
    """
    if feed.fulltext is Fulltext.AUTO:
        is_short = median_words is not None and median_words < SHORT_WORDS
        return is_short and not is_folder(feed.url)
    return feed.fulltext is Fulltext.ALWAYS


def awaiting(
    feed: Feed,
    arrivals: Sequence[Arrival],
    known: Mapping[str, Item],
    *,
    resting: Collection[str],
    since_at: datetime,
    now: datetime,
) -> tuple[Arrival, ...]:
    """The arrivals of a feed whose pages are read, those that wait with the time until which they do.

    `known` are the items of the feed by key, `resting` hosts that are left alone; what was reported before
    `since_at` is not matched, so it does not wait.
    """
    wanted = [
        arrival
        for arrival in arrivals
        if arrival.item.reported_at >= since_at
        and _has_page(arrival, known)
        and (feed.fulltext is Fulltext.ALWAYS or _is_short(arrival.item))
        and host_of(arrival.item.link or "") not in resting
    ]
    wanted.sort(key=lambda arrival: arrival.item.reported_at)
    waiting = {arrival.item.id for arrival in wanted[-MAX_A_POLL:]}
    until = now + WAIT
    return tuple(
        replace(arrival, item=replace(arrival.item, awaits_page_until=until))
        if arrival.item.id in waiting
        else arrival
        for arrival in arrivals
    )


def rests(latest: Sequence[Page], now: datetime) -> bool:
    """Whether a host is left alone, of which these pages were asked last, the latest first."""
    if not latest or not latest[0].refusal or latest[0].asked_at < now - REST:
        return False
    if is_of_the_host(latest[0]):
        return True
    return len(latest) >= FAILURES and all(page.refusal for page in latest[:FAILURES])


def is_fresh(page: Page, item: Item) -> bool:
    """Whether a page, asked before, need not be asked again for an item: it shows what the entry tells of."""
    if item.revised_at is not None:
        return page.asked_at >= item.revised_at
    return page.asked_at >= item.seen_at - WAIT


def taken(item: Item, page: Page) -> Item | None:
    """The item with the text of its page; None where that is another text, or no more than it has."""
    text = _report(page.text, item)
    if len(text) <= len(item.text) or not is_of(item, page):
        return None
    is_cut = text.rstrip(_CLOSING).endswith(("…", "..."))
    return replace(item, full_text=text, is_whole=item.is_whole or not is_cut)


def is_of(item: Item, page: Page) -> bool:
    """Whether the text of a page tells what the item tells, by the item's own words in it."""
    own = _stems(f"{item.title} {item.text}")
    return bool(own) and len(own & _stems(page.text)) >= _LEAST_LIKENESS * len(own)


def _has_page(arrival: Arrival, known: Mapping[str, Item]) -> bool:
    """Whether the item's link is its own: not a home page, and of no other item of the feed."""
    key = link_key(arrival.item.link)
    if key is None or key not in arrival.keys:
        return False
    mark = shared_mark(key)
    if mark in known or mark in arrival.keys:
        return False
    return key not in known or known[key].id == arrival.item.id


def _is_short(item: Item) -> bool:
    return not item.is_whole and count_words(item.text) < SHORT_WORDS


def _report(text: str, item: Item) -> str:
    """The text of a page from where the item's begins; short lines above it (a byline, a source) come last.

    Site, rubric, date and title above the report would hide its dateline, and are not its words.
    """
    paragraphs = text.split("\n\n")
    start = _start(paragraphs, item)
    title = words_of(item.title)
    above = [line for line in paragraphs[:start] if words_of(line) != title and _is_line(line)]
    return "\n\n".join([*paragraphs[start:], *above])


def _start(paragraphs: Sequence[str], item: Item) -> int:
    """The paragraph that the report begins with, as its title and the feed's text show."""
    head = [words_of(paragraph) for paragraph in paragraphs[:_HEAD]]
    title, opening = words_of(item.title), words_of(item.text)[:_OPENING]
    start = head.index(title) + 1 if title in head[: len(paragraphs) - 1] else 0
    for at in range(start, len(head)):
        if opening and opening == head[at][: len(opening)]:
            return at
        if len(paragraphs[at]) > _LONGEST_LINE:
            break
    return start


def _is_line(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return len(line) <= _LONGEST_LINE and 2 * letters > len(line)


def _stems(text: str) -> set[str]:
    """The beginnings of the long words and figures; of words without spaces between, each two characters."""
    stems = set[str]()
    for word in words_of(text):
        if count_words(word) > 1:
            stems.update(word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= _LONG_WORD or word.isdecimal():
            stems.add(word[:_STEM])
    return stems
