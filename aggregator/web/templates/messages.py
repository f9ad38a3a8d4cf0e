"""Messages in templates: `_("…")`, `ngettext(…)` and `{% trans %}` in the reader's language.

A message stands as it is written, with its markup; every value put into it is escaped. So a message must be
written out in the template, never come from a variable.
"""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from aggregator.i18n import Translator


def install(environment: Environment, speech: Translator) -> None:
    """Let an environment with Jinja's i18n extension speak a language."""

    def gettext(message: str, /, **values: object) -> Markup:
        return Markup(speech.catalog.gettext(message)) % values  # noqa: S704 - written by us

    def ngettext(one: str, many: str, number: int, /, **values: object) -> Markup:
        found = Markup(speech.catalog.ngettext(one, many, number))  # noqa: S704 - written by us
        return found % {"num": speech.number(number), **values}

    # newstyle: the extension leaves it to these to put the values in
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {"gettext": gettext, "ngettext": ngettext}
