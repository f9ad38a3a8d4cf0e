"""Why two items are, or are not, one report, in the reader's language.

    a match --> its rule, its kind, what was measured --> one sentence

The matching rooms write the reason in English, with figures; it is stored with the match. In other languages it
is said anew by the rule, whose name is stored beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from aggregator.i18n import ENGLISH, Translator, gettext_noop
from aggregator.model import Kind, Match

_MODEL = "model"  # the rule of a pair that only the measures decided
# What joins two items, or decides without comparing more; whole sentences.
_SENTENCES = {
    "equal-words": gettext_noop("Both texts have the same words."),
    "facts-agree": gettext_noop("The words are nearly the same, and every number and name agrees."),
    "many-facts-agree": gettext_noop(
        "The wording differs, but very many numbers and names agree and none is replaced."
    ),
    "phrases-agree": gettext_noop(
        "The texts are long and share most of their phrases, and hardly a fact is replaced."
    ),
    "translation": gettext_noop(
        "The texts share so many rare names, figures and notions that one translates the other."
    ),
    "same-address": gettext_noop("Both feeds of the agency give it the same address."),
    "correction-notice": gettext_noop("The agency's correction is about this item."),
    "kill-notice": gettext_noop("The agency's notice withdraws this item."),
    "linked": gettext_noop("Other items of the story join the two."),
    "manual": gettext_noop("A person joined the two."),
}
# What speaks against one report; behind "Not one report:".
_OBJECTIONS = {
    "too-short": gettext_noop("there are too few words to compare"),
    "says-little": gettext_noop("the texts are so short that two reports of one form may be"),
    "brief-words-differ": gettext_noop(
        "the texts are very short, and one has another word in the same place"
    ),
    "short-repeat": gettext_noop("so few words come again every day, as a rubric does"),
    "short-facts-differ": gettext_noop(
        "the texts are short, and numbers of one are missing from the other"
    ),
    "rubric-title": gettext_noop(
        "the titles are a rubric's, which names no one and nothing, and there is hardly a text"
    ),
    "figures-missing": gettext_noop(
        "both are forms of figures, and their texts end before the first figure"
    ),
    "recurring-form": gettext_noop(
        "the title comes again and again, and the text is too short to say of what"
    ),
    "recurring-text": gettext_noop(
        "the same text stands under titles that share no word, as a notice does"
    ),
    "unrelated-titles": gettext_noop("the titles have nothing to do with each other"),
    "part-of-digest": gettext_noop("one of them reports several things, the other one of these"),
    "opposite-word": gettext_noop("one says the opposite of the other"),
    "word-replaced": gettext_noop(
        "the titles differ in a word, and the texts differ in it in the same place"
    ),
    "name-inserted": gettext_noop(
        "one title has a name, number or qualifier more, of which the other text is silent"
    ),
    "background-shared": gettext_noop(
        "each begins with a report of its own, and only what follows is shared"
    ),
    "not-sure": gettext_noop(
        "the texts have much in common, but not enough to tell that they are one report"
    ),
    "unlike": gettext_noop("the texts share too little"),
    "names-differ": gettext_noop("each text names someone the other does not"),
    "facts-differ": gettext_noop("each text has places or figures the other lacks"),
    "acts-differ": gettext_noop("each text tells of something done that the other does not"),
    "contested": gettext_noop("another report of the same language is about as near"),
    "tells-otherwise": gettext_noop("the texts say different things of whom and what they share"),
    "no-facts": gettext_noop("the texts are short and share no name, place or figure"),
    "no-notions": gettext_noop(
        "the texts are short and share names or figures, but nothing that is said of them"
    ),
    "own-report": gettext_noop(
        "one of the texts names the agency's own reporter, and they share no figure"
    ),
    "hot-subject": gettext_noop("the texts share what many reports of these days have"),
    "order-differs": gettext_noop("what the texts share does not stand in the same order"),
    "others-decide": gettext_noop(
        "the two are alike, but other copies decided to which story each belongs"
    ),
}
# Of a pair that the measures joined: what it is, and the share of phrases that says so.
_KINDS = {
    Kind.IDENTICAL: gettext_noop("The texts are the same."),
    Kind.NEAR: gettext_noop("One text is an edited copy of the other."),
    Kind.EXCERPT: gettext_noop("One text is a part of the other."),
    Kind.REVISION: gettext_noop("One text is the same agency's later version of the other."),
    Kind.TRANSLATION: gettext_noop("One text is a translation of the other."),
    Kind.MANUAL: _SENTENCES["manual"],
}


def reason_in_words(match: Match, speech: Translator = ENGLISH) -> str:
    """One sentence or two on a pair: why it is one report, or why not.

    In English the stored reason; so too where the rule is one of an earlier version.
    """
    evidence = match.evidence
    if speech is ENGLISH:
        return evidence.reason
    if match.kind is Kind.RELATED:
        return _why_not(match, speech) or evidence.reason
    if evidence.rule in _SENTENCES:
        return speech.gettext(_SENTENCES[evidence.rule])
    if evidence.rule == _MODEL:
        kind = speech.gettext(_KINDS[match.kind])
        return " ".join(filter(None, [kind, _share_of_phrases(evidence.features, speech)]))
    return evidence.reason


def _why_not(match: Match, speech: Translator) -> str:
    """What speaks against a pair; "" for a rule that is not known."""
    rule, features = match.evidence.rule, match.evidence.features
    replaced = round(math.expm1(features.get("replaced", 0.0)))
    if rule in _OBJECTIONS:
        objection = speech.gettext(_OBJECTIONS[rule])
    elif rule != _MODEL and rule not in _SENTENCES:
        return ""
    elif replaced:
        objection = speech.ngettext(
            "%(num)s number or name is replaced by another in the same place",
            "%(num)s numbers or names are replaced by others in the same place",
            replaced,
        )
    else:
        objection = speech.gettext(
            "the texts are too different, or other copies decided to which story each belongs"
        )
    said = speech.gettext("Not one report: %(objection)s.", objection=objection)
    return " ".join(filter(None, [said, _share_of_phrases(features, speech)]))


def _share_of_phrases(features: Mapping[str, float], speech: Translator) -> str:
    """How much of the shorter text the longer one has; "" where that was not measured."""
    share = features.get("containment")
    if share is None:
        return ""
    return speech.gettext(
        "Of the shorter text's phrases %(share)s are in the longer one.",
        share=speech.percent(share),
    )
