"""The public marts as dbt's manifest declares them: names, contracted columns, documentation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A contracted column: its name, DuckDB type and meaning."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Mart:
    """A public mart: everything a dashboard may rely on."""

    name: str
    description: str
    columns: tuple[Column, ...]
    may_be_empty: bool = False
    """Said in the model's meta: no rows is a valid state, as with targets before there are any."""


BUILD_ID = Column(
    "build_id", "BIGINT", "The build this row belongs to; the same in every row of every mart of a build."
)


def public_marts(manifest: Mapping[str, Any]) -> dict[str, Mart]:
    """Models with public access in a dbt manifest, by name, each with `build_id` as its first column."""
    return {
        node["name"]: Mart(
            node["name"],
            node["description"],
            (
                BUILD_ID,
                *(
                    Column(c["name"], (c["data_type"] or "").upper(), c["description"])
                    for c in node["columns"].values()
                ),
            ),
            bool(node["config"]["meta"].get("may_be_empty")),
        )
        for node in sorted(manifest["nodes"].values(), key=lambda node: node["name"])
        if node["resource_type"] == "model" and node["access"] == "public"
    }
