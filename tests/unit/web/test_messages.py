"""What templates say in the reader's language: values are escaped, the messages' own markup stands."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from aggregator.i18n import LANGUAGES, translator
from aggregator.web import templates
from aggregator.web.templates import messages

PAGES = sorted(Path(templates.__file__).parent.glob("*.html"))
HOSTILE = '<script>alert("x")</script>'
ESCAPED = "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;"


def said(template: str, code: str = "en", **values: object) -> str:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    messages.install(environment, translator(code))
    return environment.from_string(template).render(values)


@pytest.mark.parametrize(
    "template",
    [
        '{{ _("corrects %(facts)s", facts=text) }}',
        '{{ gettext("corrects %(facts)s", facts=text) }}',
        '{{ ngettext("corrects %(facts)s", "corrects %(facts)s", 2, facts=text) }}',
        "{% trans facts=text %}corrects {{ facts }}{% endtrans %}",
        "{% trans facts=text, num=2 %}corrects {{ facts }}{% pluralize num %}corrects {{ facts }}{% endtrans %}",
    ],
)
@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_put_into_a_message_is_escaped(template: str, code: str) -> None:
    page = said(template, code, text=HOSTILE)

    assert ESCAPED in page
    assert "<" not in page


def test_the_markup_of_a_message_stands() -> None:
    template = '{% trans to=address %}See <a href="{{ to }}">the feeds</a>.{% endtrans %}'

    assert said(template, address='"><b>') == 'See <a href="&#34;&gt;&lt;b&gt;">the feeds</a>.'


def test_a_number_has_its_form_and_separators_beside_other_values() -> None:
    template = '{{ ngettext("%(num)s of %(who)s", "%(num)s of them, %(who)s", n, who="BTA & co") }}'

    assert said(template, n=1) == "1 of BTA &amp; co"
    assert said(template, n=1200) == "1,200 of them, BTA &amp; co"
    assert (
        said('{{ ngettext("%(num)s item", "%(num)s items", 1200) }}', "ru") == "1\xa0200 материалов"
    )


def test_a_message_with_a_percent_sign_is_said_as_it_is_written() -> None:
    assert said('{{ _("100%% of it") }}') == "100% of it"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_message_is_written_out_in_its_template(page: Path) -> None:
    """One that came from a variable could be a feed's text, and would not be escaped."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    tree = environment.parse(page.read_text("utf-8"))

    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext"}:
            texts = call.args[: 2 if call.node.name == "ngettext" else 1]
            assert all(isinstance(text, nodes.Const) for text in texts), f"line {call.lineno}"


# ------------------------------------------------------------------------------------- nothing said in passing

SAID_IN_ATTRIBUTES = {"alt", "aria-label", "data-label", "label", "placeholder", "title"}
NAMES = {
    "Atom",
    "Feed",
    "JSON",
    "OPML",
    "RSS",
    "rule",
    "kind",
    "score",
}  # the last three of developers
JINJA = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?\bendtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)


class Words(HTMLParser):
    """The words that stand in a page itself, but for those of programs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._of_programs = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._of_programs += tag in {"code", "kbd"}
        for name, value in attrs:
            if name in SAID_IN_ATTRIBUTES:
                self.handle_data(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._of_programs -= tag in {"code", "kbd"}

    def handle_data(self, data: str) -> None:
        if not self._of_programs:
            text = re.sub(r"""\w+="[^"]*"?""", "", data)  # attributes that a macro writes
            self.found += [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in NAMES]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_says_nothing_that_is_no_message(page: Path) -> None:
    assert Words(JINJA.sub("", page.read_text("utf-8"))).found == []


def test_words_that_are_no_message_are_seen() -> None:
    page = '<p title="Score">{{ _("Feeds") }} in <code>aggregator</code> a row {% if x %}<a href="x">RSS</a>{% endif %}'

    assert Words(JINJA.sub("", page)).found == ["Score", "in", "row"]
