"""YAML read safely, with the line of every value, so that a mistake can be pointed at.

Differs from PyYAML's default in three ways, each a mistake seen in practice: `NO` is the country, not `false`; a key
written twice is an error, not a silent override; only plain data is built, never objects.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from dagster_project.config.problems import ProblemList

Location = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """A SafeLoader that reads only `true` and `false` as booleans (YAML 1.2)."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class YamlSource:
    """One YAML file: its plain data and the line each value stands on (1-based)."""

    def __init__(self, path: Path, problems: ProblemList) -> None:
        self.lines: dict[Location, int] = {(): 1}
        self.data: Any = None
        try:
            loader = _Loader(path.read_text(encoding="utf-8"))
            node = loader.get_single_node()
            if node is not None:
                self._index(node, (), problems)
                self.data = loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            problems.add(line, "file", error.problem or "unreadable text", "valid YAML of plain values")
        except UnicodeDecodeError:
            problems.add(1, "file", "bytes that are not UTF-8", "UTF-8 text")

    def line(self, location: Location) -> int:
        """The line of the value at `location`, or of the nearest enclosing one that exists."""
        while location not in self.lines:
            location = location[:-1]
        return self.lines[location]

    def _index(self, node: yaml.Node, location: Location, problems: ProblemList) -> None:
        self.lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self._index(item, (*location, position), problems)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*location, str(key.value))
                if inner in self.lines:
                    field = ".".join(map(str, inner))
                    problems.add(key.start_mark.line + 1, field, "the key a second time", "each key once")
                self.lines[inner] = key.start_mark.line + 1
                self._index(value, inner, problems)
