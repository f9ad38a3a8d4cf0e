"""A YAML text as plain values that know their lines.

Every scalar is kept as the text it is written as, and given its type by the setting it is for: so
`language: no` is Norwegian, not false, and `id: 007` keeps its noughts. Only "nothing" is None.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from aggregator.errors import ConfigError, Mistake

Place = tuple[str | int, ...]  # ("agencies", 0, "feeds", 2, "url")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
_NULL = "tag:yaml.org,2002:null"
_MENDS = {
    "mapping values are not allowed": "put a value that has ': ' in it into quotes",
    "cannot start any token": "put a value that begins with a special character into quotes",
    "did not find expected key": "check the indentation of this line and the one above",
    "did not find expected ','": "a bracket or a comma is missing",
    "unexpected end of stream": "a quotation mark is not closed",
    "another document": "keep one document in the file; remove the line ---",
}


class Document:
    """Plain `values`, the line of each by its place, and `mistakes` in the form of the text.

    Raises ConfigError at once when the text is no YAML mapping: nothing more can be said then. `file` is its
    name in messages.
    """

    def __init__(self, text: str, *, file: str) -> None:
        self.mistakes: list[Mistake] = []
        self._lines: dict[Place, int] = {(): 0}
        self._labels: dict[Place, str] = {}
        self._seen: set[int] = set()
        root = compose(text, file=file)
        self.values = self._mapping(root, ())

    def _plain(self, node: yaml.Node, place: Place) -> object:
        if id(node) in self._seen:
            self.wrong(place, "aliases (*name) are not read here; write the value out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, place)
        return None if node.tag == _NULL else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            at, line = (*place, name), key.start_mark.line + 1
            if name in values:
                message = f"stands here twice, first on line {self._lines[at]}; remove one"
                self.mistakes.append(Mistake(line, self.key(at), message))
                continue
            self._lines[at] = line
            values[name] = self._plain(value, at)
        return values

    def _sequence(self, node: yaml.SequenceNode, place: Place) -> list[object]:
        values = []
        for index, entry in enumerate(node.value):
            at = (*place, index)
            self._lines[at] = entry.start_mark.line + 1
            self._labels[at] = _id_of(entry) or f"#{index + 1}"
            values.append(self._plain(entry, at))
        return values

    def put(self, place: tuple[str, ...], value: str, *, label: str) -> None:
        """Set a value that comes from elsewhere, which `label` names; it stands on no line."""
        section = self.values
        for step in place[:-1]:
            inner = section.get(step)
            if inner is None:
                inner = section[step] = {}
            if not isinstance(inner, dict):
                return  # not a mapping: told as such
            section = inner
        section[place[-1]] = value
        self._lines[place], self._labels[place] = 0, label

    def find(self, *steps: str | None) -> Iterator[tuple[Place, object]]:
        """The values at a path with their places; None stands for every entry of a list."""
        found: list[tuple[Place, object]] = [((), self.values)]
        for step in steps:
            found = [
                ((*place, at), value)
                for place, holder in found
                for at, value in _inside(holder, step)
            ]
        return iter(found)

    def wrong(self, place: Place, message: str) -> None:
        """Keep a mistake."""
        self.mistakes.append(Mistake(self.line(place), self.key(place), message))

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest that holds it."""
        return next(
            self._lines[place[:length]]
            for length in range(len(place), -1, -1)
            if place[:length] in self._lines
        )

    def key(self, place: Place) -> str:
        """A place in words, as in `agencies.bta.feeds.bta-bg.url`."""
        if place in self._labels and isinstance(place[-1], str):
            return self._labels[place]
        return ".".join(
            self._labels.get(place[: depth + 1], str(step)) for depth, step in enumerate(place)
        )


def compose(text: str, *, file: str) -> yaml.MappingNode:
    """The root of a YAML text; its nodes have marks. Raises ConfigError when it is no mapping."""
    try:
        root = yaml.compose(text, _LOADER)
    except yaml.YAMLError as error:
        raise ConfigError(file, [_syntax_mistake(error, text)]) from error
    except RecursionError as error:
        raise ConfigError(file, [Mistake(0, "", "is nested too deeply to be read")]) from error
    if not isinstance(root, yaml.MappingNode):
        line = root.start_mark.line + 1 if root else 0
        what = "does not begin with a key" if root else "is empty"
        mend = "; it needs `agencies:` with a list of agencies at least"
        raise ConfigError(file, [Mistake(line, "", what + mend)])
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
        return Mistake(line, "", "has a control character; remove it")
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Mistake(0, "", f"is no YAML: {error}")
    mark, problem = error.problem_mark, (error.problem or "unreadable").removeprefix("but ")
    lines = text.splitlines()
    written = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in written[: mark.column + 1]:
        return Mistake(mark.line + 1, "", "is indented with a tab; YAML wants spaces")
    began = error.context_mark.line + 1 if error.context_mark else mark.line + 1
    since = f" in what begins on line {began}" if began != mark.line + 1 else ""
    mend = next((f"; {mend}" for sign, mend in _MENDS.items() if sign in problem), "")
    return Mistake(mark.line + 1, "", f"is no YAML: {problem}{since}{mend}")
