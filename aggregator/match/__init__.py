"""Items become stories: who carries the same report, in its own words or in translation.

plain, lines, boilerplate, credit, language --> text
tokens, fingerprint --> lsh: candidates --> profile, align, compare, frequency --> verify: a verdict
crosslang --> candidates and verdicts across languages
matcher: all of these --> choose, story --> the story of an item
cluster: the matcher over a file;  explain: a verdict in words
"""

from aggregator.languages import check_patterns, languages

check_patterns(languages())
