"""A YAML text as plain values, with the line of each.

Every scalar stays the text that is written; the setting it is for gives it a type. So `language: no` is
Norwegian, not false, and `id: 007` keeps its zeros. Only a missing value or `null` is None.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from aggregator.errors import ConfigError, Mistake

KeyPath = tuple[str | int, ...]  # ("agencies", 0, "feeds", 2, "url")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
_NULL = "tag:yaml.org,2002:null"
# Parts of libyaml's messages, and what to do about them.
_HINTS = {
    "mapping values are not allowed": "put a value that contains ': ' in quotes",
    "cannot start any token": "put a value that begins with a special character in quotes",
    "did not find expected key": "check the indentation of this line and the one above",
    "did not find expected ','": "a bracket or a comma is missing",
    "unexpected end of stream": "a quotation mark is not closed",
    "another document": "keep one document in the file; remove the line ---",
}


class YamlDocument:
    """Plain `values`, the line of each by its path, and the `mistakes` found so far.

    Raises ConfigError at once when the text is not a YAML mapping: nothing else can be checked then. `file` is
    its name in messages.
    """

    def __init__(self, text: str, *, file: str) -> None:
        self.mistakes: list[Mistake] = []
        self._lines: dict[KeyPath, int] = {(): 0}
        self._labels: dict[KeyPath, str] = {}
        self._seen: set[int] = set()
        root = compose(text, file=file)
        self.values = self._mapping(root, ())

    def _plain(self, node: yaml.Node, path: KeyPath) -> object:
        if id(node) in self._seen:
            self.add_mistake(path, "aliases (*name) are not supported; write the value out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, path)
        return None if node.tag == _NULL else node.value

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            at, line = (*path, name), key.start_mark.line + 1
            if name in values:
                message = f"is used twice, first on line {self._lines[at]}; remove one"
                self.mistakes.append(Mistake(line, self.key(at), message))
                continue
            self._lines[at] = line
            values[name] = self._plain(value, at)
        return values

    def _sequence(self, node: yaml.SequenceNode, path: KeyPath) -> list[object]:
        values = []
        for index, entry in enumerate(node.value):
            at = (*path, index)
            self._lines[at] = entry.start_mark.line + 1
            self._labels[at] = _id_of(entry) or f"#{index + 1}"
            values.append(self._plain(entry, at))
        return values

    def override(self, path: tuple[str, ...], value: str, *, label: str) -> None:
        """Set a value that comes from elsewhere: `label` names it in messages, and it has no line."""
        section = self.values
        for step in path[:-1]:
            inner = section.get(step)
            if inner is None:
                inner = section[step] = {}
            if not isinstance(inner, dict):
                return  # not a mapping: a mistake that is reported as such
            section = inner
        section[path[-1]] = value
        self._lines[path], self._labels[path] = 0, label

    def find(self, *steps: str | None) -> Iterator[tuple[KeyPath, object]]:
        """The values that match a pattern, with their paths; None matches every entry of a list."""
        found: list[tuple[KeyPath, object]] = [((), self.values)]
        for step in steps:
            found = [
                ((*path, at), value)
                for path, holder in found
                for at, value in _inside(holder, step)
            ]
        return iter(found)

    def add_mistake(self, path: KeyPath, message: str) -> None:
        """Add a mistake to the list."""
        self.mistakes.append(Mistake(self.line(path), self.key(path), message))

    def line(self, path: KeyPath) -> int:
        """The line of a value, or of the nearest value that contains it."""
        return next(
            self._lines[path[:length]]
            for length in range(len(path), -1, -1)
            if path[:length] in self._lines
        )

    def key(self, path: KeyPath) -> str:
        """A path for people, with ids instead of indexes: `agencies.bta.feeds.bta-bg.url`."""
        if path in self._labels and isinstance(path[-1], str):
            return self._labels[path]
        return ".".join(
            self._labels.get(path[: depth + 1], str(step)) for depth, step in enumerate(path)
        )


def compose(text: str, *, file: str) -> yaml.MappingNode:
    """The root node of a YAML text, with its marks. Raises ConfigError when it is not a mapping."""
    try:
        root = yaml.compose(text, _LOADER)
    except yaml.YAMLError as error:
        raise ConfigError(file, [_syntax_mistake(error, text)]) from error
    except RecursionError as error:
        raise ConfigError(file, [Mistake(0, "", "is nested too deeply to be read")]) from error
    if not isinstance(root, yaml.MappingNode):
        line = root.start_mark.line + 1 if root else 0
        problem = "does not begin with a key" if root else "is empty"
        hint = "it needs at least `agencies:` with a list of agencies"
        raise ConfigError(file, [Mistake(line, "", f"{problem}; {hint}")])
    return root


def _inside(holder: object, step: str | None) -> list[tuple[str | int, object]]:
    if isinstance(step, str):
        return [(step, holder[step])] if isinstance(holder, dict) and step in holder else []
    return list(enumerate(holder)) if isinstance(holder, list) else []


def _id_of(entry: yaml.Node) -> str | None:
    if isinstance(entry, yaml.MappingNode):
        for key, value in entry.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return None


def _syntax_mistake(error: yaml.YAMLError, text: str) -> Mistake:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Mistake(line, "", "contains a control character; remove it")
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Mistake(0, "", f"is not YAML: {error}")
    mark, problem = error.problem_mark, (error.problem or "unreadable").removeprefix("but ")
    lines = text.splitlines()
    line_text = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line_text[: mark.column + 1]:
        return Mistake(mark.line + 1, "", "is indented with a tab; use spaces")
    began = error.context_mark.line + 1 if error.context_mark else mark.line + 1
    context = f" in the block that begins on line {began}" if began != mark.line + 1 else ""
    hint = next((f"; {hint}" for part, hint in _HINTS.items() if part in problem), "")
    return Mistake(mark.line + 1, "", f"is not YAML: {problem}{context}{hint}")
