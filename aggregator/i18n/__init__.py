"""What pages say, in the reader's language: messages, dates and durations, names of languages.

    negotiation.py   Accept-Language --> one of LANGUAGES
    translator.py    that --> Translator: its catalog (gettext), dates and numbers (CLDR, by Babel)
    catalogs/*.po    the messages; those in the code are the English ones

`scripts/catalogs` brings the catalogs up to the messages in the code.
"""

from aggregator.i18n.languages import LANGUAGES, SOURCE
from aggregator.i18n.negotiation import negotiate
from aggregator.i18n.translator import ENGLISH, Translator, gettext_noop, translator

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "SOURCE",
    "Translator",
    "gettext_noop",
    "negotiate",
    "translator",
]
