"""Stories become feeds: RSS, Atom, JSON Feed, OPML, and the listing other programs read. All pure.

Story -> provenance (who had it, when, credited or not) -> Entry -> rss | atom | jsonfeed -> Rendered
                          |
                          +-> listing (`stories --json`, `_aggregator` in JSON Feed)
"""
