"""What other agencies do to a report before they carry it: each edit takes a telling and gives another.

Light edits leave the report whole, heavy ones take from it or add to it. All keep its facts, so that what
comes of them is a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from tests.quality.tellings import Telling, tell

Edit = Callable[[Telling, Random], Telling]


def edited(telling: Telling, chance: Random) -> tuple[Telling, tuple[str, ...]]:
    """A copy by one or two light edits, at times with a heavy one; and the names of the edits."""
    names = chance.sample(_fitting(telling), chance.choice((1, 1, 2)))
    heavy = [chance.choice(list(HEAVY))] if chance.random() < 0.35 else []
    # as they stand in the tables: retold first, cut once all is there, the script changed last
    names = [name for name in (*LIGHT, *HEAVY, *SCRIPT) if name in {*names, *heavy}]
    for name in names:
        telling = EDITS[name](telling, chance)
    return telling, tuple(names)


def _fitting(telling: Telling) -> list[str]:
    """The light edits that the language and the report have a use for."""
    by = telling.language
    fits = {
        "script": bool(by.other_script),
        "title_case": by.title_case,
        "clock": by.say(by.clock, telling.facts) in telling.text,
        "rounded": by.say(by.figure, telling.facts) in telling.text,
        "converted": by.converted[0] in telling.text,
    }
    return [name for name in (*LIGHT, *SCRIPT) if fits.get(name, True)]


def _headline(telling: Telling, chance: Random) -> Telling:
    titles = telling.language.subjects[telling.subject]["titles"]
    said = [telling.language.say(title, telling.facts) for title in titles]
    return replace(telling, title=next(title for title in said if title != telling.title))


def _retold(telling: Telling, chance: Random) -> Telling:
    """Two of the sentences that have another wording in that."""
    code, subject, facts = telling.language.code, telling.subject, telling.facts
    wordings = (tell(code, subject, facts, other=other).sentences for other in (0, -1))
    pairs = list(zip(*wordings, strict=True))
    chosen = chance.sample([at for at, (first, other) in enumerate(pairs) if first != other], 2)
    sentences = (
        next(wording for wording in pairs[at] if wording != said) if at in chosen else said
        for at, said in enumerate(telling.sentences)
    )
    return replace(telling, sentences=tuple(sentences))


def _credited(telling: Telling, chance: Random) -> Telling:
    """A crediting clause in the first sentence."""
    first, *rest = telling.sentences
    clause, said = chance.choice(telling.language.crediting), first.rstrip(".。")
    if not clause.startswith("{sentence}") and not telling.language.begins_with_name(said):
        said = said[0].lower() + said[1:]
    return replace(telling, sentences=(clause.replace("{sentence}", said), *rest))


def _wire(telling: Telling, chance: Random) -> Telling:
    """A wire's header line and trailing initials."""
    day, minute, number = chance.randint(10, 28), chance.randint(10, 59), chance.randint(100, 999)
    header = f"NV 01:{minute}:31 {day}-11-2026 NV0{number}NV.003\n\n"
    return replace(
        telling,
        before=header + telling.before,
        after=(*telling.after, chance.choice(telling.language.initials)),
    )


def _dateline(telling: Telling, chance: Random) -> Telling:
    pattern = chance.choice(telling.language.datelines)
    return replace(telling, before=telling.language.say(pattern, telling.facts))


def _linked(telling: Telling, chance: Random) -> Telling:
    return replace(telling, after=(*telling.after, chance.choice(telling.language.links)))


def _clock(telling: Telling, chance: Random) -> Telling:
    by, facts = telling.language, telling.facts
    return telling.replaced(by.say(by.clock, facts), by.say(by.other_clock, facts))


def _rounded(telling: Telling, chance: Random) -> Telling:
    by, facts = telling.language, telling.facts
    return telling.replaced(by.say(by.figure, facts), by.say(by.rounded_figure, facts))


def _converted(telling: Telling, chance: Random) -> Telling:
    """An amount of money followed by what it comes to in another currency."""
    currency, converted = telling.language.converted
    in_francs = converted.replace("{n}", str(chance.randint(2, 90)))
    at = next(at for at, said in enumerate(telling.sentences) if currency in said)
    sentences = list(telling.sentences)
    sentences[at] = sentences[at].replace(currency, in_francs, 1)
    return replace(telling, sentences=tuple(sentences))


def _capitals(telling: Telling, chance: Random) -> Telling:
    return replace(telling, title=telling.title.upper())


def _title_case(telling: Telling, chance: Random) -> Telling:
    words = telling.title.split(" ")
    return replace(telling, title=" ".join(word[:1].upper() + word[1:] for word in words))


def _script(telling: Telling, chance: Random) -> Telling:
    """All of it in the language's other script."""
    letters = telling.language.other_script
    return replace(
        telling,
        title=_transcribed(telling.title, letters),
        sentences=tuple(_transcribed(sentence, letters) for sentence in telling.sentences),
    )


def _transcribed(text: str, letters: Mapping[str, str]) -> str:
    """Letter by letter; `^e` in the table is an e that begins a word, and up to three letters may be one."""
    said, at = [], 0
    while at < len(text):
        initial = "" if text[at - 1 : at].isalpha() else f"^{text[at]}"
        keys = (initial, text[at : at + 3], text[at : at + 2], text[at])
        key = next((key for key in keys if key.lower() in letters), "")
        letter = letters[key.lower()] if key else text[at]
        said.append(letter.capitalize() if text[at].isupper() else letter)
        at += len(key.removeprefix("^")) or 1
    return "".join(said)


def _cut(telling: Telling, chance: Random) -> Telling:
    kept = chance.randint(3, max(3, len(telling.sentences) - 1))
    return replace(telling, sentences=telling.sentences[:kept])


def _reordered(telling: Telling, chance: Random) -> Telling:
    first, *rest = telling.sentences
    at, to = chance.sample(range(len(rest)), 2)
    rest[at], rest[to] = rest[to], rest[at]
    return replace(telling, sentences=(first, *rest))


def _excerpt(telling: Telling, chance: Random) -> Telling:
    return replace(telling, sentences=telling.sentences[:2])


def _extended(telling: Telling, chance: Random) -> Telling:
    return replace(telling, sentences=(*telling.sentences, *telling.language.additions))


LIGHT: dict[str, Edit] = {
    "retold": _retold,
    "headline": _headline,
    "credited": _credited,
    "wire": _wire,
    "dateline": _dateline,
    "linked": _linked,
    "clock": _clock,
    "rounded": _rounded,
    "converted": _converted,
    "capitals": _capitals,
    "title_case": _title_case,
}
HEAVY: dict[str, Edit] = {
    "cut": _cut,
    "reordered": _reordered,
    "excerpt": _excerpt,
    "extended": _extended,
}
SCRIPT: dict[str, Edit] = {"script": _script}
EDITS = LIGHT | HEAVY | SCRIPT
