"""Faults as JSON and back: only what differs from the defaults is written; a name that is unknown is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from sandbox.faults.rules import Action, Edit, Fault, Match, Remove, Rename, Restate, Truncation

_NESTED: dict[str, type] = {
    "match": Match,
    "action": Action,
    "restate_day": Restate,
    "rename_tuple": Rename,
    "remove_tuple": Remove,
    "truncation": Truncation,
    "edit": Edit,
}


def to_json(fault: Fault) -> dict[str, Any]:
    """A fault as plain values."""
    content: dict[str, Any] = _plain(fault)
    return content


def from_json(content: Any) -> Fault:
    """The fault that ``to_json`` wrote, or a person. Raises ValueError saying what is wrong."""
    if isinstance(content, Mapping):
        content = {"match": {}, **content}
    fault: Fault = _made(Fault, content, "fault")
    return fault


def _plain(item: Any) -> Any:
    if is_dataclass(item):
        wanted = [entry.name for entry in fields(item)]
        values = {name: getattr(item, name) for name in wanted}
        blank = Action() if isinstance(item, Action) else Match() if isinstance(item, Match) else None
        return {
            name: _plain(value)
            for name, value in values.items()
            if value is not None and (blank is None or value != getattr(blank, name))
        }
    if isinstance(item, Mapping):
        return dict(item)
    return list(item) if isinstance(item, tuple) else item


def _made(kind: type, content: Any, what: str) -> Any:
    if not isinstance(content, Mapping):
        raise ValueError(f"{what} must be a JSON object, not {content!r}")
    known = {entry.name for entry in fields(kind)}
    unknown = sorted(content.keys() - known)
    if unknown:
        raise ValueError(f"{what} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    values = {
        name: _made(_NESTED[name], value, name) if name in _NESTED and value is not None else _frozen(value)
        for name, value in content.items()
    }
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{what}: {error}") from error


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
