"""The entries remembered of a feed's last body."""

from __future__ import annotations

from aggregator.ingest.seen import MAX_ENTRIES, SeenEntries, SeenEntry


def test_only_the_last_body_s_entries_are_remembered_of_each_feed() -> None:
    seen, first, second = SeenEntries(), SeenEntry("a", None), SeenEntry("b", None)
    seen.replace("bta", {"1": first})
    seen.replace("tass", {"3": first})
    seen.replace("bta", {"2": second})
    assert seen.of("bta") == {"2": second}
    assert seen.of("tass") == {"3": first}
    assert seen.of("other") == {}


def test_of_a_long_body_the_first_entries_are_remembered() -> None:
    seen, entry = SeenEntries(), SeenEntry("a", None)
    digests = [str(n) for n in range(MAX_ENTRIES + 5)]
    seen.replace("bta", dict.fromkeys(digests, entry))
    assert list(seen.of("bta")) == digests[:MAX_ENTRIES]
