"""A feed server of 1,000 feeds in a process of its own: `GET /N.rss`, and `POST /grow`.

Every feed holds its newest 30 items, with an ETag. Growing gives every feed three new ones. The
words are drawn from the project's own sample vocabulary; no two items are alike.
"""

from __future__ import annotations

import os
import random
import sys
from functools import lru_cache

import uvicorn

WORDS = int(os.environ.get("WORDS", "200"))  # of a text
ITEMS = 30
GROWTH = 3
SYLLABLES = "ba ve ri so ka tu len dor min ast pol gra zem int kor ven sha qyz ulu dau".split()
state = {"generation": 0}


@lru_cache(maxsize=1)
def vocabulary() -> list[str]:
    """4,000 invented words, the early ones common as in a language."""
    draw = random.Random(1)
    return ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 4))) for _ in range(4000)]


def text(seed: str, words: int) -> str:
    """So many words, drawn from a Pareto distribution: Zipf's law, about as in a language."""
    draw = random.Random(seed)
    known = vocabulary()
    chosen = [known[min(int(draw.paretovariate(0.6)), len(known)) - 1] for _ in range(words)]
    lines = [" ".join(chosen[at : at + 14]).capitalize() for at in range(0, words, 14)]
    return ". ".join(lines) + "."


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
