"""Which of the agencies named in a sentence it credits, by the crediting forms of the languages.

    "…, съобщи Казинформ, като цитира БТА"    both: one reports, one is cited by it
    "…, каза генералният директор на БТА"     neither: the director is a source, the agency is none
    "Last year BTA wrote that …"              in passing: of something else than the report

A form is a pattern of a language file (`crediting`) in which `{agency}` stands for a marked name
(`match.text.naming`) with the nouns, quotes and brackets around it. Names stand in a form directly
beside the words of reporting: nearness alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from aggregator.languages import Language, languages
from aggregator.match.text.crediting import CAPITAL, NAME_ENDS
from aggregator.match.text.naming import FILL

KNOWN = "\uf8fe"  # marks the name of an agency or a paper that is not configured …
MEDIA = "\uf8ff"  # … and a noun that means one or several of them
_NAMED = rf"[{chr(ord(FILL) + 1)}-{KNOWN}]{FILL}*+"
MARKED = rf"[{chr(ord(FILL) + 1)}-{MEDIA}]{FILL}*+"
_QUOTES = r"[\"“„«(\[]", r"[\"”“»)\]]"
# Characters before a name in which a form begins, and one with other words between; set by hand.
_NEAR, _FAR = 140, 240
# Before a form that would else fit a part of a longer phrase ("глава Казинформа сообщил").
_CLAUSE = r"(?:^|[,;:(/\"“„«]\s?|\s[-–—]\s)"


MARK = re.compile(MARKED)
_Places = dict[int, tuple[int, int]]  # of marks, each with the form's


class Cited(NamedTuple):
    """Whom a sentence credits: the place of each mark -> the place of the words that credit it."""

    report: Mapping[int, tuple[int, int]]
    earlier: Mapping[int, tuple[int, int]]  # perhaps something else: "as BTA wrote earlier"
    background: Mapping[int, tuple[int, int]]  # something else: "as BTA wrote last year"


def cited(marked: str, language: str) -> Cited:
    """Whom a sentence credits; `marked` is the sentence with the names in it marked.

    Where the forms of its language have no word in it, those of any other are tried.
    """
    lowered = marked.lower()
    forms = _forms()
    own = forms.get(language)
    spoken = (
        [own]
        if own and own.may_fit(lowered)
        else [one for one in forms.values() if one.may_fit(lowered)]
    )
    found, perhaps, passing = _Places(), _Places(), _Places()
    marks = [mark.start() for mark in MARK.finditer(marked)]
    near, far = (max(0, marks[0] - reach) for reach in (_NEAR, _FAR)) if marks else (0, 0)
    for one in spoken:
        _add(found, one.credits.finditer(marked, near))
        if len(found) < len(marks):
            _add(found, one.distant.finditer(marked, far))
        if one.may_be_past(lowered):
            _add(passing, one.background.finditer(marked, near))
            _add(perhaps, one.earlier.finditer(marked, near))
            if one.recall.search(marked):
                passing = {**found, **perhaps, **passing}
    return Cited(
        {at: span for at, span in found.items() if at not in passing and at not in perhaps},
        {at: span for at, span in perhaps.items() if at not in passing},
        passing,
    )


def _add(found: _Places, forms: Iterable[re.Match[str]]) -> None:
    """Add the places of the marks that forms fit."""
    for form in forms:
        for named in range(1, (form.lastindex or 0) + 1):
            for mark in MARK.finditer(form.string, *form.span(named)) if form[named] else ():
                found.setdefault(mark.start(), form.span())


class _Forms:
    """The forms of one language, compiled when they are first needed."""

    def __init__(self, language: Language) -> None:
        self._language = language
        crediting = language.crediting
        self._words = (*crediting.words, *crediting.further_words)
        months = (form for forms in language.months for form in forms)
        self._times = (*crediting.times, *(form.lower()[:4] for form in months))

    def may_fit(self, lowered: str) -> bool:
        """Whether a form may fit a sentence in small letters."""
        return not self._words or any(word in lowered for word in self._words)

    def may_be_past(self, lowered: str) -> bool:
        """Whether a sentence in small letters may speak of another time."""
        return any(word in lowered for word in self._times)

    @cached_property
    def credits(self) -> re.Pattern[str]:
        """Forms that credit."""
        crediting = self._language.crediting
        reporting, subjects = crediting.reporting, crediting.subjects
        if not self._words:  # a name directly beside a word of reporting
            citing = _group(self._language.citing)
            reporting, subjects = (rf"{citing}\w*\s{{agency}}",), (rf"{{agency}}\s{citing}",)
        clauses = [f"{one}{NAME_ENDS}" for one in crediting.clauses]
        return self._any(
            [*reporting, *crediting.attributing], crediting.told, [*subjects, *clauses]
        )

    @cached_property
    def distant(self) -> re.Pattern[str]:
        """Forms that credit whose subject is far from its verb."""
        return self._any(self._language.crediting.distant)

    @cached_property
    def background(self) -> re.Pattern[str]:
        """Forms that credit something said at another time."""
        crediting = self._language.crediting
        past = _group(crediting.past)
        return self._any(one.replace("{past}", past) for one in crediting.background)

    @cached_property
    def earlier(self) -> re.Pattern[str]:
        """Forms that credit something said before."""
        crediting = self._language.crediting
        before = _group(crediting.earlier)
        return self._any(one.replace("{past}", before) for one in crediting.background)

    @cached_property
    def recall(self) -> re.Pattern[str]:
        """Words that say that all of a sentence is no news."""
        return self._any(self._language.crediting.recall)

    @cached_property
    def _months(self) -> str:
        language = self._language
        forms = {form for forms in language.months for form in forms} | set(language.declined)
        return _group(sorted(forms, reverse=True))

    @cached_property
    def _follows(self) -> str:
        """What may stand behind a name that ends a form, so that it is no part of a longer one.

        A capital would begin its next word, and in some languages it may stand before any noun.
        """
        language = self._language
        if not language.has_spaces:
            return ""
        ends = rf"(?=\W*$|{_QUOTES[1]}?\s?[.,;:!?)\]…/]|\s[-–—(]|\s?[\"“„«(]?[{FILL}-{MEDIA}]"
        days = "|".join(day for days in language.weekdays for day in days)
        if language.crediting.follows:
            return rf"{ends}|\s(?i:{'|'.join((*language.crediting.follows, days))})(?!\w))"
        return rf"{ends}|\s(?![\"“„«]?(?-i:{CAPITAL})))"

    def _any(
        self, forms: Iterable[str], told: Iterable[str] = (), clauses: Iterable[str] = ()
    ) -> re.Pattern[str]:
        """A pattern of any of some forms, with marked names in their places.

        In those of `told` no noun stands for an agency: "told the media" is said of no source. Those of
        `clauses` must begin a clause. All begin alike: to look at each anew costs three times as much.
        """
        # "told BTA Ivan Petrov", where nouns have cases
        told_ends = self._follows if self._language.crediting.follows else ""
        anywhere = [
            *(self._filled(form, MARKED, self._follows) for form in forms),
            *(self._filled(form, _NAMED, told_ends) for form in told),
        ]
        begun = [self._filled(form, MARKED, self._follows) for form in clauses]
        start, clause = (r"(?<!\w)", _CLAUSE) if self._language.has_spaces else ("", "")
        either = [
            f"{before}(?i:{'|'.join(those)})"
            for before, those in ((start, anywhere), (clause, begun))
            if those
        ]
        return re.compile("|".join(either)) if either else _NOTHING

    def _filled(self, form: str, mark: str, follows: str) -> str:
        ends = follows if form.endswith("{agency}") else ""
        form = form.replace("{wire}", "{agency}").replace("{month}", self._months)
        return form.replace("{agency}", f"(?-i:({self._agency(mark)}))") + ends

    def _agency(self, mark: str) -> str:
        """A pattern of one agency or several."""
        language = self._language
        conjunctions = "|".join(language.conjunctions)
        if not language.has_spaces:
            one = rf"(?:{_NAMED}|[\u4e00-\u9fff]{{0,6}}{MEDIA}{FILL}*+)" if mark == MARKED else mark
            return f"{one}(?:(?:{conjunctions}|、){one})*" if conjunctions else one
        media = rf"|(?:[\w-]+\s){{0,3}}{MEDIA}{FILL}*+" if mark == MARKED else ""
        one = rf"(?:{_QUOTES[0]}?{_NAMED}{_QUOTES[1]}?{media})"
        if conjunctions:
            return rf"{one}(?:\s(?:{conjunctions})\s{one})*"
        return one


_NOTHING = re.compile("(?!)")


@cache
def _forms() -> Mapping[str, _Forms]:
    return {
        code: _Forms(language)
        for code, language in languages().items()
        if language.crediting.words or language.citing
    }


def _group(patterns: Sequence[str]) -> str:
    return f"(?i:{'|'.join(patterns)})" if patterns else "(?!)"
