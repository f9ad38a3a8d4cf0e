"""The items of a story decide whose report it is, who took it from whom, and what became of its facts.

    items -- origin.py ---> the agency whose report it is, and who credits whom
          -- versions.py -> which item corrects or withdraws which, and the facts it replaced
          -- parent.py ---> the item each was most likely taken from
          -- credit.py ---> whom each names as its source
          -- stale.py ----> which still have a fact that was corrected
          -- summary.py --> all of it: what the store keeps of a story

Everything follows from the items alone, in whatever order they came. Pure.
"""

from aggregator.match.story.origin import lead_of
from aggregator.match.story.summary import SCHEME, story_id_started_by, summarise
from aggregator.match.story.versions import replaced_by_revision

__all__ = [
    "SCHEME",
    "lead_of",
    "replaced_by_revision",
    "story_id_started_by",
    "summarise",
]
