"""A body becomes a feed: bytes -> text -> the format's own reader -> safe items, in a process that can be killed."""
