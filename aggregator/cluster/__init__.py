"""A file becomes stories: the matcher over a file of items, without feeds and without a database."""
