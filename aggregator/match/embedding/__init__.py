"""The optional model: a vector for each text, which proposes and supports and never merges by itself. Pure."""
