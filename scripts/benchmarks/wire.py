"""A feed server of 1,000 feeds in a process of its own: `GET /N.rss`, and `POST /grow`.

Every feed holds its newest 30 items, with an ETag. Growing gives every feed three new ones. The
words are as frequent as in a language; no two items are alike.
"""

from __future__ import annotations

import os
import random
import sys
from functools import lru_cache
from itertools import accumulate

import uvicorn

WORDS = int(os.environ.get("WORDS", "200"))  # of a text
ITEMS = 30
GROWTH = 3
SYLLABLES = "ba ve ri so ka tu len dor min ast pol gra zem int kor ven sha qyz ulu dau".split()
# By these a text is known for English, as those of the agencies that are labelled so.
COMMON = (
    "the of and to in a for that on with is as was by at from it will be has its said are an which were this not have"
    " their been after but who more two year new would had over first also one other about when up out into than"
).split()
INVENTED = 8000
state = {"generation": 0}


@lru_cache(maxsize=1)
def vocabulary() -> tuple[list[str], list[float]]:
    """Common words and invented ones, with their weights by Zipf's and Mandelbrot's law, one more than the other."""
    draw, known = random.Random(1), dict.fromkeys(COMMON)
    while len(known) < len(COMMON) + INVENTED:
        known["".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))] = None
    return [*known], [*accumulate(1 / (rank + 2.7) for rank in range(1, len(known) + 1))]


def text(seed: str, words: int) -> str:
    """So many words in sentences of fourteen, in each the name of someone, and in every other one a figure."""
    draw = random.Random(seed)
    known, weights = vocabulary()
    chosen = draw.choices(known, cum_weights=weights, k=words)
    lines = [chosen[at : at + 14] for at in range(0, words, 14)]
    for number, line in enumerate(lines):
        line[-1] = draw.choice(known[len(COMMON) :]).capitalize()
        if number % 2:
            line[len(line) // 2] = str(draw.randint(2, 900))
        line[0] = line[0].capitalize()
    return "".join(f"{' '.join(line)}. " for line in lines).strip()


@lru_cache(maxsize=200_000)
def entry(feed: int, number: int) -> str:
    """One item of about 200 words."""
    seed = f"{feed}/{number}"
    return (
        f"<item><guid isPermaLink='false'>{seed}</guid><link>http://127.0.0.1/{seed}</link>"
        f"<title>{text('t' + seed, 9)}</title><description>{text(seed, WORDS)}</description>"
        f"<pubDate>Mon, 02 Nov 2026 {number // 60 % 24:02}:{number % 60:02}:00 GMT</pubDate></item>"
    )


def body(feed: int, generation: int) -> bytes:
    """The feed as it is after growing so many times."""
    newest = ITEMS + generation * GROWTH
    entries = "".join(entry(feed, number) for number in range(newest - 1, newest - ITEMS - 1, -1))
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed {feed}</title>"
        f"<link>http://127.0.0.1/</link><description>Invented</description>{entries}</channel></rss>"
    ).encode()


async def app(scope, receive, send):  # type: ignore[no-untyped-def]
    """ASGI."""
    if scope["type"] != "http":
        return
    status, payload, generation = 200, b"", state["generation"]
    etag = b'"%d"' % generation
    if scope["method"] == "POST":
        state["generation"] += 1
    elif dict(scope["headers"]).get(b"if-none-match") == etag:
        status = 304
    else:
        payload = body(int(scope["path"].strip("/").removesuffix(".rss")), generation)
    headers = [(b"etag", etag), (b"content-type", b"application/rss+xml")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": payload})


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", lifespan="off", access_log=False)
