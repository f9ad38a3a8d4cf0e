"""Templates and code become the messages that pages show.

templates/*.html   _("…"), ngettext("…", "…", n), {% trans %}
*.py               gettext("…"), ngettext, gettext_noop; the messages of errors that a page may show
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract

PACKAGE = Path(__file__).parents[2] / "aggregator"
Message = str | tuple[str, str]  # one form, or that of one and that of many
# Which arguments are messages, counted from 1.
_SPEECH = {"_": (1,), "gettext": (1,), "gettext_noop": (1,), "ngettext": (1, 2)}
_ERRORS = {"NotFoundError": (1,), "OverloadedError": (1,), "RequestError": (2,), "UsageError": (1,)}
_PAGES_RAISE = (
    *("web/", "store/", "cli/page_decisions.py"),
    *("editor.py", "filters.py", "preference.py", "search_words.py"),
)
_JINJA = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}


def messages(package: Path = PACKAGE) -> Catalog:
    """Every message below a package, with the files it stands in, in the order of their names."""
    found = Catalog()
    for path in sorted([*package.rglob("*.html"), *package.rglob("*.py")]):
        name = path.relative_to(package).as_posix()
        for message in of_template(path) if path.suffix == ".html" else of_code(path, name):
            found.add(message, locations=[(name, 0)])
    return found


def of_template(path: Path) -> Iterator[Message]:
    """The messages of a Jinja2 template."""
    with path.open("rb") as file:
        for _, message, _, _ in extract("jinja2.ext:babel_extract", file, _SPEECH, options=_JINJA):
            yield message if isinstance(message, str) else (message[0], message[1])


def of_code(path: Path, name: str) -> Iterator[Message]:
    """The messages of a Python file: arguments that are written out, not put together."""
    calls = _SPEECH | _ERRORS if name.startswith(_PAGES_RAISE) else _SPEECH
    source = path.read_text("utf-8")
    if not any(f"{call}(" in source for call in calls):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (places := calls.get(_name_of(node.func))):
            match [node.args[at - 1 : at] for at in places]:
                case [[ast.Constant(str(message))]]:
                    yield message
                case [[ast.Constant(str(one))], [ast.Constant(str(many))]]:
                    yield one, many


def _name_of(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]
