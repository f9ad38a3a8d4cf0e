"""What article pages gain is kept: the demo's wire as feeds of summaries, and of titles alone.

The floors stand below what `python -m scripts.evaluation.fulltexts` printed when they were set; the
wire's dates are those of the day it is polled, by which a pair or two are found or not.
"""

from __future__ import annotations

from functools import cache

import pytest

from aggregator.demo.dispatch import RssDetail
from aggregator.model import Fulltext
from scripts.evaluation.fulltexts import DETAILS, Measured, measure

pytestmark = pytest.mark.slow
# Of copies and of translations: the least precision and recall with pages, and what they gain in recall.
FLOORS = {False: (0.98, 0.9, 0.25), True: (0.98, 0.9, 0.25)}


@cache
def measured(detail: RssDetail, choice: Fulltext) -> Measured:
    return measure(detail, choice)


@pytest.mark.parametrize("across", [False, True], ids=["copies", "translations"])
@pytest.mark.parametrize("detail", DETAILS)
def test_pages_find_what_summaries_hide(detail: RssDetail, *, across: bool) -> None:
    with_pages, without = measured(detail, Fulltext.AUTO), measured(detail, Fulltext.NEVER)
    precision, recall, gain = FLOORS[across]

    assert with_pages.precision(across=across) >= precision
    assert with_pages.recall(across=across) >= recall
    assert with_pages.recall(across=across) >= without.recall(across=across) + gain
