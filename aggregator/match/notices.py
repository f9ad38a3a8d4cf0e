"""A correction or a kill belongs to the story of what it is about, however unlike the two texts are.

    a notice, and what its agency reported before --> the match with the item that is corrected or killed

The text of a kill says hardly more than a title, and a correction may be one sentence: matching by words
would leave each a story of its own. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.match.corrections.concerns import concerned
from aggregator.model import Evidence, Item, Kind, Match, Notice, Text

_REASONS = {
    Notice.CORRECTION: "The agency's correction is about this item.",
    Notice.KILL: "The agency's notice withdraws this item.",
}


def match_of_notice(item: Item, reported: Sequence[Item]) -> Match | None:
    """The match of a notice with the item of `reported` it is about; None where that is not clear.

    `reported` are items of the notice's agency, the latest first; itself and other notices may be among
    them.
    """
    if item.notice is None:
        return None
    candidates = [
        (other.id, _text_of(other))
        for other in reported
        if other.id != item.id
        and other.language == item.language
        and other.notice is not Notice.KILL
    ]
    found = concerned(item.title, _text_of(item), candidates)
    if found is None:
        return None
    evidence = Evidence(rule=f"{item.notice}-notice", reason=_REASONS[item.notice])
    return Match(a=item.id, b=found, kind=Kind.REVISION, score=1.0, evidence=evidence)


def _text_of(item: Item) -> Text:
    return Text(title=item.title, body=item.longest_text, language=item.language or "und")
