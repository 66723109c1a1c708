"""What is wrong with the configuration, said so that the reader can mend it without reading code."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where it stands, what was found there, and what would be right."""

    file: str
    line: int
    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: found {self.found}; allowed: {self.allowed}"


class ConfigurationProblems(Exception):
    """All mistakes found in the configuration, together; nothing runs while there is one."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        heading = f"{count} mistake{'s' if count != 1 else ''} in the configuration; nothing was run."
        super().__init__("\n".join([heading, *map(str, self.problems)]))


class ProblemList:
    """Collects problems of one file while it is being read."""

    def __init__(self, root: Path, file: Path) -> None:
        self.file = file.relative_to(root).as_posix()
        self.problems: list[Problem] = []

    def add(self, line: int, field: str, found: object, allowed: str) -> None:
        self.problems.append(Problem(self.file, line, field, _shown(found), allowed))


def _shown(found: object) -> str:
    if found is None:
        return "nothing"
    text = repr(found) if isinstance(found, str) else str(found)
    return text if len(text) <= 80 else text[:77] + "..."
