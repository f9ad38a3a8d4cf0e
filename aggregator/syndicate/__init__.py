"""STORIES BECOME FEEDS: RSS, Atom, JSON Feed, OPML, and what other programs read. All pure.

Story -> provenance (who published it, when, credited or not) -> StoryEntry -> rss | atom | jsonfeed
                          |
                          +-> listing (`stories --json`, `_aggregator` in JSON Feed)

Pickup -> pickup_csv (`pickup --csv`, `/agencies/ID.csv`)
"""
