"""Items become stories: who carries the same report, in its own words or in translation."""
