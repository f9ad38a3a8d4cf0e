"""The language of a text: what its feed declares, unless its letters or its words deny that.

A site may still have the label its software came with, or carry texts of several languages. Letters deny a
language that is not written in them, whatever is declared. Words deny it where a text has none of the
language's commonest and a detector is sure of another; the detector takes a tenth of the time that an item
has, so it is not asked before. Where there is too little for it, the language is unknown rather than one
that the letters deny.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from aggregator.language_detector import Identifier, load
from aggregator.languages import Language, languages
from aggregator.match.text.letters import one_script
from aggregator.match.text.scripts import (
    is_in_script_of,
    letters_beyond,
    main_script,
    scripts_of,
    shortest_code,
    weight_in,
)

# Languages without a file of their own that are told apart from those with one: of other agencies, of
# those most easily taken for ours (Macedonian and Serbian for Bulgarian, Kyrgyz and Tajik for Kazakh,
# Ukrainian and Belarusian for Russian, Turkish for Uzbek), and those that have a script to themselves.
_OTHERS = (
    "ar az be bs cs de el es et fa fi fr he hr hu hy it ja ka ko ky lt lv mk mn nl pl pt ro sk sl sq sr sv tg tr tt"
    " uk ur am bn dz gu hi km kn lo ml my or pa si ta te th vi"
).split()
# Neighbours that the detector may take for each other: it is not asked to correct one to the other.
_NEIGHBOURS = (frozenset({"bg", "mk"}), frozenset({"kk", "ky", "tt"}))
_UNHEARD = frozenset({("kk", "Latn")})  # languages that the detector does not know in this script
_READ = 600  # characters
_FEW = 3  # letters; fewer are an abbreviation, and deny nothing
_ENOUGH = (
    12  # letters from which the detector's first choice is taken, else it must lead the next by …
)
_LEAD = 5.0  # … so much, in log probability: "Погода" leads by less, and may be of three languages
# By how much the log probability of the detector's language must exceed that of the declared one. Of 1,968 titles
# of the development sets it is wrong by so much in one, a list of names (under 10 in ten more), of as many titles
# with twelve words in none. Words alone are not heard in less than a sentence: three Spanish names in an
# English title are Spanish by 46.
_SURE = 20.0
_FEWEST = 20  # letters in which the detector finds anything
_BY_WORDS = 80  # letters from which words alone deny a label
_LONG = 200  # … also in a script of its language that the detector does not know
_STRANGE = 2  # letters that the language has not; one may be a foreign word's
_OF_OTHER_SCRIPT = 3  # by hand: Turkish labelled as Kazakh has two, ұ and ө
_WORD = re.compile(r"[^\W\d_]+")


def language(declared: str | None, text: str) -> str:
    """The ISO 639 code of a text; `und` when nothing credible is declared and there is too little to read."""
    head = text[:_READ]
    code = _code_of(declared)
    return code if code and not _is_denied(code, head) else _detected(head)


def _code_of(declared: str | None) -> str:
    """The shortest code of a declared language; "" for what is none ("English", "cn")."""
    code = (declared or "").replace("_", "-").partition("-")[0].strip().lower()
    return code if code in languages() else shortest_code(code)


def _is_denied(code: str, head: str) -> bool:
    """Whether a text is in another script than the language's, or surely in another language."""
    letters = weight_in(head)
    if letters < _FEW:
        return False
    if not is_in_script_of(code, head):
        return True
    own = languages().get(code)
    return own is not None and bool(own.commonest) and _is_denied_by_words(own, head, letters)


def _is_denied_by_words(own: Language, head: str, letters: int) -> bool:
    """Whether the detector is surer of another language than what speaks against the label asks for."""
    if letters < _FEWEST:
        return False
    is_strange = _is_strange(own, head)
    if not is_strange and _has_commonest(own, head):
        return False
    ranked = _ranked(head)
    best, probability = ranked[0]
    if best == own.code or (not is_strange and any({own.code, best} <= kin for kin in _NEIGHBOURS)):
        return False
    if probability - dict(ranked).get(own.code, probability) < _SURE:
        return False
    if letters < _LONG and (own.code, main_script(head)) in _UNHEARD:
        return _is_worded_as(best, head)
    return is_strange or _has_own_letters(own) or letters >= _BY_WORDS


def _is_strange(own: Language, head: str) -> bool:
    """Whether a text has letters of the language's script, in words written small, that the language has not."""
    if not own.alphabet or head.isascii():
        return False
    strange = letters_beyond(own.alphabet)
    if len(strange.findall(head)) < _STRANGE:
        return False
    small = " ".join(word for word in _WORD.findall(head) if word.islower())
    return len(strange.findall(small)) >= _STRANGE


def _has_own_letters(own: Language) -> bool:
    """Whether what every text of a language has is letters: a text without them is denied by its letters."""
    return any(len(word.strip()) == 1 and word == word.strip() for word in own.commonest)


def _detected(head: str) -> str:
    """What the detector says, of the languages that are written in the text's letters."""
    script, letters = main_script(head), weight_in(head)
    if script is None or letters < _FEW:
        return "und"
    ranked = [one for one in _ranked(head) if script in scripts_of(one[0])]
    is_sure = letters >= _ENOUGH or len(ranked) == 1
    if not ranked or not (is_sure or ranked[0][1] - ranked[1][1] >= _LEAD):
        return "und"
    return ranked[0][0]


def _has_commonest(own: Language, head: str) -> bool:
    """Whether a text has letters or words of its language that its neighbours lack.

    In its other script it must have several: what stands for them is often a neighbour's letter as well.
    """
    if _count_commonest(own, head):
        return True
    (compared,) = one_script(own.code, head)
    return _count_commonest(own, compared) >= _OF_OTHER_SCRIPT


def _is_worded_as(code: str, head: str) -> bool:
    """Whether a text has a commonest word of a language."""
    known = languages().get(code)
    return known is not None and _count_commonest(known, head) > 0


def _count_commonest(own: Language, text: str) -> int:
    lowered = text.lower()
    return sum(word in lowered for word in own.commonest)


@lru_cache(maxsize=1)  # a text whose label is denied is asked for again at once
def _ranked(head: str) -> tuple[tuple[str, float], ...]:
    return tuple(_identifier().rank(head))


@cache
def _identifier() -> Identifier:
    """py3langid's model, loaded when first needed and held to the languages above."""
    return load({*_OTHERS, *languages()})
