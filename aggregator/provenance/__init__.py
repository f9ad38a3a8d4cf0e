"""Who published a story first, who took it from whom and when, in which language, credited or not.

    appearances.py   the items of a story as a tree, each with what it is to the one it was taken from
    words.py         the same in words, in the language of whoever reads
    reasons.py       why two items are one report, likewise

Everything is derived from the values of the model alone, so that the feeds, the JSON listings, the
command line and the web pages say the same of a story.
"""

from aggregator.provenance.appearances import (
    SAME_TIME,
    Appearance,
    appearances,
    carriers,
    chain,
    corrects,
    credits_of,
    first_items,
    matches_from,
    sources_of,
    stated_at,
    tree,
    turned,
    updated_at,
    was_corrected_at,
    was_withdrawn_at,
)
from aggregator.provenance.reasons import reason_in_words
from aggregator.provenance.words import (
    agency_name,
    credit_in_words,
    day_and_time,
    decision_in_words,
    facts_in_words,
    item_in_words,
    kind_in_words,
    kind_word,
    lag_in_words,
    remarks,
    rfc3339,
    summary_line,
)

__all__ = [
    "SAME_TIME",
    "Appearance",
    "agency_name",
    "appearances",
    "carriers",
    "chain",
    "corrects",
    "credit_in_words",
    "credits_of",
    "day_and_time",
    "decision_in_words",
    "facts_in_words",
    "first_items",
    "item_in_words",
    "kind_in_words",
    "kind_word",
    "lag_in_words",
    "matches_from",
    "reason_in_words",
    "remarks",
    "rfc3339",
    "sources_of",
    "stated_at",
    "summary_line",
    "tree",
    "turned",
    "updated_at",
    "was_corrected_at",
    "was_withdrawn_at",
]
