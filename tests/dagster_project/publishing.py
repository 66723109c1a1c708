"""A warehouse's marts and the builds that are published of them, for the tests of publication."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.marts import BUILD_ID, Column, Mart, marts_file
from dagster_project.lib.publish import publish

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)

COLUMNS = {
    "mart_locales": {"locale": "VARCHAR", "go_live_date": "DATE", "as_of_date": "DATE"},
    "mart_funnel_daily": {"locale": "VARCHAR", "date": "DATE", "sessions": "BIGINT"},
    "mart_kpi_daily": {
        "locale": "VARCHAR", "business_line": "VARCHAR", "date": "DATE", "kpi": "VARCHAR",
        "numerator": "DECIMAL(38,10)", "denominator": "DECIMAL(38,10)", "amount_eur": "DECIMAL(38,4)",
    },
    "mart_sales_daily": {
        "locale": "VARCHAR", "date": "DATE", "currency": "VARCHAR", "amount": "DECIMAL(38,4)",
        "amount_local": "DECIMAL(38,4)", "amount_eur": "DECIMAL(38,4)", "amount_eur_constant": "DECIMAL(38,4)",
    },
    "mart_amounts": {
        "locale": "VARCHAR", "period_start": "DATE", "reporting_currency": "VARCHAR", "amount": "DECIMAL(38,4)",
        "amount_constant": "DECIMAL(38,4)",
    },
}  # fmt: skip
MARTS = {
    name: Mart(name, f"The {name}.", (BUILD_ID, *(Column(c, kind, f"What {c} is.") for c, kind in columns.items())))
    for name, columns in COLUMNS.items()
}


class Work:
    """A working database with two locales' tiny marts, and the folder to publish to."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = folder / "work.duckdb"
        self.published = folder / "published"
        self.run_results = folder / "run_results.json"
        self.dbt_said("pass")
        for name, columns in COLUMNS.items():
            declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            self.execute(f"CREATE TABLE marts.{name} (build_id BIGINT, {declared})")
        self.execute(
            "INSERT INTO marts.mart_locales VALUES (NULL, 'nl', '2026-01-01', '2026-06-30'), "
            "(NULL, 'de', '2026-01-01', '2026-06-30')",
            "INSERT INTO marts.mart_funnel_daily VALUES (NULL, 'nl', '2026-06-30', 10), (NULL, 'de', '2026-06-30', 5)",
            "INSERT INTO marts.mart_kpi_daily VALUES (NULL, 'nl', 'all', '2026-06-30', 'sessions', 10, NULL, NULL), "
            "(NULL, 'de', 'all', '2026-06-30', 'sessions', 5, NULL, NULL), "
            "(NULL, 'total', 'all', '2026-06-30', 'sessions', 15, NULL, NULL)",
            "INSERT INTO marts.mart_sales_daily VALUES (NULL, 'nl', '2026-06-30', 'EUR', 100, 100, 100, 100)",
            "INSERT INTO marts.mart_amounts VALUES (NULL, 'nl', '2026-06-01', 'USD', 120, 110)",
        )

    def execute(self, *statements: str) -> None:
        marts = str(marts_file(self.warehouse)).replace("'", "''")
        with duckdb.connect(self.warehouse) as connection:
            connection.execute(f"ATTACH '{marts}' AS marts (STORAGE_VERSION 'v1.0.0')")
            for statement in statements:
                connection.execute(statement)

    def dbt_said(self, status: str) -> None:
        self.run_results.write_text(json.dumps({"results": [{"unique_id": "test.trechter.a_test", "status": status}]}))

    def publish(self, *, now: datetime = NOW, allow_shrinking: bool = False) -> builds.Build:
        return publish(
            self.warehouse, self.published, MARTS, self.run_results,
            as_of=NOW, now=now, fingerprint="f", allow_shrinking=allow_shrinking,
        )  # fmt: skip

    def read(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(builds.current_folder(self.published) / builds.DATABASE, read_only=True) as connection:
            return connection.execute(sql).fetchall()
