"""The language of a text: what its feed declares, unless its letters or its words deny that.

A site may still have the label its software came with, or carry texts of several languages. A detector,
wrong on 3 of 4,414 labelled texts of the development sets (tables of figures), is right more often than a
label, but takes a tenth of the time that an item has. So it is asked where nothing is declared, where
the text is in another script than the language's, and where a longer text has none of its commonest words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

from aggregator.languages import Language, languages
from aggregator.match.text.letters import has_two_scripts, one_script

# Languages without a file of their own that are told apart from those with one: of other agencies, and
# of those most easily taken for ours (Macedonian and Serbian for Bulgarian, Kyrgyz and Tajik for
# Kazakh, Ukrainian and Belarusian for Russian, Turkish for Uzbek).
_OTHERS = (
    "ar az be bs cs de el es et fa fi fr he hr hu hy it ja ka ko ky lt lv mk mn nl pl pt ro sk sl sq sr sv tr tt"
    " uk ur"
).split()
# Neighbours that the detector may take for each other: it is not asked to correct one to the other.
_NEIGHBOURS = (frozenset({"bg", "mk"}), frozenset({"kk", "ky", "tt"}))
_ENOUGH = 12  # letters
_READ = 600  # characters
# Letters from which a text's words may deny its label: in fewer, tables of figures and abbreviations mislead.
_LONG = 200
# By how much the log probability of the detector's language must exceed that of the declared one; set by
# hand: on texts of 200 letters the right language is ahead of the next by 42 or more.
_SURE = 20.0
_OF_OTHER_SCRIPT = 3  # by hand: Turkish labelled as Kazakh has two, ұ and ө
_OWN_SCRIPT = (
    0.25  # share of the letters below which a text is not in the language's script; by hand
)

_LETTERS = re.compile(r"[^\W\d_]+")
_HAN = r"\u3400-\u9fff"
_SCRIPTS = {
    script: re.compile(f"[{letters}]+")
    for script, letters in {
        "Latn": r"A-Za-z\u00aa-\u024f\u1e00-\u1eff",
        "Cyrl": r"\u0400-\u052f",
        "Grek": r"\u0370-\u03ff\u1f00-\u1fff",
        "Hebr": r"\u0590-\u05ff",
        "Arab": r"\u0600-\u06ff\u0750-\u077f",
        "Deva": r"\u0900-\u097f",
        "Thai": r"\u0e00-\u0e7f",
        "Geor": r"\u10a0-\u10ff",
        "Armn": r"\u0530-\u058f",
        "Hans": _HAN,
        "Jpan": rf"{_HAN}\u3040-\u30ff",
        "Kore": rf"{_HAN}\uac00-\ud7a3\u1100-\u11ff",
    }.items()
}
# Written in more scripts than one, beside those that `letters` turns into one.
_SEVERAL_SCRIPTS = frozenset("az crh ku ky mn pa sd tg tk tt ug".split())


class _Identifier(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


def language(declared: str | None, text: str) -> str:
    """The ISO 639 code of a text; `und` when nothing is declared and there is too little to read."""
    head = text[:_READ]
    code = _code_of(declared)
    if code and not _is_denied(code, head):
        return code
    if _count(_LETTERS, head) < _ENOUGH and not _SCRIPTS["Hans"].search(head):
        return code or "und"
    found = _identifier().rank(head)[0][0]
    return found if _is_in_script(found, head) else "und"


def _code_of(declared: str | None) -> str:
    code = (declared or "").replace("_", "-").partition("-")[0].lower()
    return code if code.isalpha() else ""


def _is_denied(code: str, head: str) -> bool:
    """Whether a text is in another script than the language's, or surely in another language."""
    if not _is_in_script(code, head):
        return True
    own = languages().get(code)
    if own is None or not own.commonest or _has_commonest(own, code, head):
        return False
    if _count(_LETTERS, head) < _LONG:
        return False
    ranked = _identifier().rank(head)
    best, probability = ranked[0]
    if any({code, best} <= kin for kin in _NEIGHBOURS):
        return False
    return best != code and probability - dict(ranked).get(code, probability) >= _SURE


def _has_commonest(own: Language, code: str, head: str) -> bool:
    """Whether a text has letters or words of its language that its neighbours lack.

    In its other script it must have several: what stands for them is often a neighbour's letter as well.
    """
    if _count_commonest(own, head):
        return True
    (compared,) = one_script(code, head)
    return _count_commonest(own, compared) >= _OF_OTHER_SCRIPT


def _count_commonest(own: Language, text: str) -> int:
    lowered = text.lower()
    return sum(word in lowered for word in own.commonest)


def _is_in_script(code: str, head: str) -> bool:
    script = _script_of(code)
    if script is None or (script == "Latn" and head.isascii()):
        return True
    own = _count(_SCRIPTS[script], head)
    return own >= _OWN_SCRIPT * len(head) or own >= _OWN_SCRIPT * _count(_LETTERS, head)


@cache
def _script_of(code: str) -> str | None:
    """The script that CLDR has for a language; None where it may be another, or is not known here."""
    from babel.core import get_global

    if code in _SEVERAL_SCRIPTS or has_two_scripts(code):
        return None
    tag = get_global("likely_subtags").get(code, "")
    script = tag.split("_")[1] if tag.count("_") == 2 else ""
    return script if script in _SCRIPTS else None


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


@cache
def _identifier() -> _Identifier:
    """py3langid's model, loaded when first needed and held to the languages above."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    of_all = LanguageIdentifier.from_model_file(MODEL_FILE)  # type: ignore[no-untyped-call]
    known = set(of_all.nb_classes)
    of_all.set_languages(sorted(known.intersection((*_OTHERS, *languages()))))
    # Another with what was chosen: the first keeps the weights of all its languages, 28 MB.
    identifier = LanguageIdentifier(  # type: ignore[no-untyped-call]
        of_all.nb_ptc,
        of_all.nb_pc,
        of_all.nb_classes,
        of_all.tk_nextmove,
        of_all.tk_output,
        tk_row=of_all.tk_row,
    )
    return cast(_Identifier, identifier)
