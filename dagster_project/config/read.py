"""One YAML file in, a checked model out, every mistake noted with its line."""

from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from dagster_project.config.problems import ProblemList
from dagster_project.config.values import suggestion
from dagster_project.config.yaml_source import Location, YamlSource

M = TypeVar("M", bound=BaseModel)

SECRETS_NAME = "_env"
HIDDEN = "something else"
"""Shown for the value of a field that names a secret: what is no variable's name may be the secret itself."""


def read_yaml(model: type[M], path: Path, problems: ProblemList) -> tuple[M | None, YamlSource | None]:
    """The file as `model`, or None with the mistakes noted in `problems`."""
    if not path.is_file():
        problems.add(1, "file", "no such file", f"a file that describes {model.__name__.lower()}")
        return None, None
    source = YamlSource(path, problems)
    if problems.problems:
        return None, source
    try:
        return model.model_validate(source.data if source.data is not None else {}), source
    except ValidationError as error:
        for detail in error.errors():
            location = _without_tags(detail["loc"], source)
            if detail["type"] == "union_tag_invalid":
                location = (*location, "kind")
            line = source.line(location)
            note_detail(detail, location, line, model, problems)
        return None, source


def note_detail(
    detail: ErrorDetails, location: Location, line: int, model: type[BaseModel], problems: ProblemList
) -> None:
    """Note what pydantic found wrong with the value at `location`, in the reader's words."""
    field = ".".join(map(str, location)) or "file"
    kind, message = detail["type"], detail["msg"]
    if kind == "missing":
        problems.add(line, field, None, "a value: this field is required")
    elif kind == "extra_forbidden":
        known = sorted(_fields_at(model, location[:-1]))
        problems.add(
            line, field, "an unknown field", f"one of {', '.join(known)}{suggestion(str(location[-1]), known)}"
        )
    elif kind == "literal_error":
        problems.add(line, field, detail["input"], "one of " + detail["ctx"]["expected"])
    elif kind == "union_tag_invalid":
        problems.add(line, field, detail["ctx"]["tag"], "one of " + detail["ctx"]["expected_tags"])
    elif kind == "string_pattern_mismatch":
        problems.add(line, field, detail["input"], "text of the form " + detail["ctx"]["pattern"])
    else:
        found = "these values together" if isinstance(detail["input"], dict | BaseModel) else detail["input"]
        problems.add(line, field, HIDDEN if field.endswith(SECRETS_NAME) else found, message)


def _without_tags(location: Location, source: YamlSource) -> Location:
    """Drop the parts pydantic adds that are not in the file: a union's tag, `[key]` of a bad key."""
    kept: Location = ()
    for part in location:
        if (*kept, part) in source.lines or (
            part == location[-1] and part not in ("ga4", "salesforce", "ecb", "[key]")
        ):
            kept = (*kept, part)
    return kept


def _fields_at(model: type[BaseModel], location: Location) -> set[str]:
    """Names of the fields allowed at `location` of `model`, following nested models, lists, maps and unions."""
    current: list[Any] = [model]
    if issubclass(model, RootModel) and location:  # the file is a map: its keys are names, its values have the fields
        current, location = _unwrapped(model.model_fields["root"].annotation), location[1:]
    for part in (part for part in location if isinstance(part, str)):  # a position in a list has the list's fields
        following: list[Any] = []
        for kind in current:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                field = kind.model_fields.get(part)
                following += _unwrapped(field.annotation) if field else []
            else:
                following.append(kind)
        current = following
    return {
        name for kind in current if isinstance(kind, type) and issubclass(kind, BaseModel) for name in kind.model_fields
    }


def _unwrapped(annotation: Any) -> list[Any]:
    arguments = get_args(annotation)
    if not arguments:
        return [annotation]
    return [leaf for argument in arguments for leaf in _unwrapped(argument)]
