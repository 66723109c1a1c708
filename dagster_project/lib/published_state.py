"""What the next build knows of the one that is published: its marts, its number, and what it was made from.

Frozen history is kept in the published builds alone: a build reads the current one and carries on from it. So a working
database may be deleted, a build that fails leaves no trace, and after a rollback history goes on from the build that
was gone back to.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.config import Config, SalesforceConnection
from dagster_project.lib import builds

SCHEMA = "published"
HASHES = "config.build_hashes"

Relations = Mapping[str, Mapping[str, str]]


def published_relations(manifest: Mapping[str, Any]) -> Relations:
    """Columns and types of the marts that models read of the published build, as dbt's manifest declares them: as
    sources without their `mart_`, since a model may read a mart and its earlier self."""
    return {
        source["name"]: {column["name"]: column["data_type"] for column in source["columns"].values()}
        for source in manifest["sources"].values()
        if source["source_name"] == SCHEMA
    }


def prepare_published_state(
    warehouse: Path, published: Path, relations: Relations, config: Config, models_hash: str
) -> int:
    """Tell the working database, after `prepare_warehouse`, which build this will be, and of the one before.

    Whoever calls this is the only writer (see SingleWriter), so that the number is still free when the build is
    published. Returns it.
    """
    build_id = builds.next_build_id(published)
    try:
        folder = builds.current_folder(published)
    except builds.NothingPublished:
        folder = None
    with duckdb.connect(warehouse) as connection:
        connection.execute("BEGIN")
        connection.execute("UPDATE config.build SET build_id = ?", [build_id])
        connection.execute(f"CREATE OR REPLACE TABLE {HASHES} (input VARCHAR, scope VARCHAR, content_hash VARCHAR)")
        connection.executemany(f"INSERT INTO {HASHES} VALUES (?, ?, ?)", list(hashes(config, models_hash)))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for name, columns in relations.items():
            connection.execute(_view_sql(connection, name, columns, folder and folder / f"mart_{name}.parquet"))
        connection.execute("COMMIT")
    return build_id


def build_number(warehouse: Path) -> int:
    """The number that the working database was last prepared for."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        row = connection.execute("SELECT build_id FROM config.build").fetchone()
    assert row is not None, "prepare_warehouse writes one row"
    return int(row[0])


def hashes(config: Config, models_hash: str) -> Iterator[tuple[str, str, str]]:
    """(input, scope, hash) of all that figures are made from besides data.

    What is only shown (names, owners, descriptions) is left out; everything else counts, also what will be added.
    """
    lines = config.business_lines
    coding = (
        config.campaign_codes.model_dump(mode="json", exclude={"examples"}),
        [line.campaign_code for line in lines],
    )
    for code, locale in config.locales.items():
        account = config.connections[locale.crm.connection]
        market = locale.model_dump(mode="json", include={"time_zone", "go_live", "closed"})
        rules = [(line.business_line, line.hosts, line.paths) for line in lines]
        yield "web_mapping", code, _hash(market, locale.web.model_dump(mode="json"), rules, coding)
        yield (
            "crm_mapping",
            code,
            _hash(
                market,
                locale.currency,
                locale.crm.model_dump(mode="json"),
                config.opportunity_stages(locale),
                config.second_identifier_types(locale),
                [(line.business_line, line.crm_values.get(locale.crm.connection)) for line in lines],
                account.model_dump(mode="json", include={"fields", "currency", "without"})
                if isinstance(account, SalesforceConnection)
                else None,
            ),
        )
    for kpi in config.kpis:
        yield "kpi", kpi.kpi, _hash(kpi.unit, kpi.numerator, kpi.denominator)
    project = config.project
    yield (
        "head_office",
        "",
        _hash(project.fiscal_year_start_month, project.reporting_currency, [line.business_line for line in lines]),
    )
    yield "models", "", models_hash


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _view_sql(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], parquet: Path | None
) -> str:
    """A view of a published mart with the columns that are asked for; those it did not have yet are NULL, and before
    the first build with this mart there are no rows."""
    view = f'CREATE OR REPLACE VIEW {SCHEMA}."{name}" AS SELECT'
    if parquet is None or not parquet.is_file():
        return f"{view} {', '.join(_nothing(column, kind) for column, kind in columns.items())} WHERE false"
    source = "read_parquet('" + str(parquet).replace("'", "''") + "')"
    held = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    selected = [
        f'"{column}"::{kind} AS "{column}"' if column in held else _nothing(column, kind)
        for column, kind in columns.items()
    ]
    return f"{view} {', '.join(selected)} FROM {source}"


def _nothing(column: str, kind: str) -> str:
    return f'NULL::{kind} AS "{column}"'
