"""The language of a text: what its feed declares, else what its letters say."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from aggregator.languages import languages

# Languages without a file of their own that are told apart from those with one: of other agencies, and
# of those most easily taken for ours (Macedonian and Serbian for Bulgarian, Kyrgyz and Tajik for
# Kazakh, Ukrainian and Belarusian for Russian, Turkish for Uzbek).
_OTHERS = (
    "ar az be bs cs de el es et fa fi fr he hr hu hy it ja ka ko ky lt lv mk mn nl pl pt ro sk sl sq sr sv tr tt"
    " uk ur"
).split()
_ENOUGH = 12  # letters
_READ = 600  # characters


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def language(declared: str | None, text: str) -> str:
    """The ISO 639-1 code of a text; `und` when nothing is declared and there is too little to read."""
    if declared and declared.replace("_", "-").partition("-")[0].isalpha():
        return declared.replace("_", "-").partition("-")[0].lower()
    head = text[:_READ]
    if sum(map(str.isalpha, head)) < _ENOUGH and not any("\u4e00" <= c <= "\u9fff" for c in head):
        return "und"
    return _identifier().classify(head)[0]


@cache
def _identifier() -> _Identifier:
    """py3langid's model, loaded when first needed and held to the languages above."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)  # type: ignore[no-untyped-call]
    known = set(identifier.nb_classes)
    identifier.set_languages(sorted(known.intersection((*_OTHERS, *languages()))))
    return cast(_Identifier, identifier)
