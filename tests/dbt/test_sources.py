"""What dbt declares of the landing is what the connectors land."""

import pytest

from connectors.catalog import DATASETS
from connectors.landing.dataset import Dataset
from connectors.landing.views import sql_type
from tests.dbt.warehouse import declared_sources

LANDED = {f"landing.{dataset.source}__{dataset.stream}": dataset for dataset in DATASETS}
DECLARED = {
    name: columns
    for name, columns in declared_sources().items()
    if name.startswith("landing.") and name != "landing.windows"
}


def test_every_report_that_lands_is_declared() -> None:
    assert {name for name in LANDED if name.startswith("landing.ga4__")} <= DECLARED.keys() <= LANDED.keys()


@pytest.mark.parametrize("name", DECLARED)
def test_declared_columns_land_with_the_declared_type(name: str) -> None:
    landed: Dataset = LANDED[name]
    types = {field.name: plain(sql_type(field.type)) for field in landed.landed_schema}
    if landed.kind == "changes":
        types["_is_new"] = "boolean"
    assert {column: types.get(column) for column in DECLARED[name]} == {
        column: plain(kind) for column, kind in DECLARED[name].items()
    }


def plain(kind: str) -> str:
    """A type without the spellings that mean the same."""
    return kind.lower().replace(" ", "").replace("timestampwithtimezone", "timestamptz")
