"""An item becomes a text: its own words, without what agencies and sites write around them. Pure."""
