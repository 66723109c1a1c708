"""The gate in front of publication: what must hold for a staged build to become the current one."""

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from dagster_project.lib.marts import Mart

SMALLEST_SHARE_OF_PREVIOUS_ROWS = 0.8

ASSERTIONS = {
    "every locale that has data has rows in mart_funnel_daily": """
        SELECT locale FROM mart_locales WHERE as_of_date IS NOT NULL
        EXCEPT SELECT locale FROM mart_funnel_daily""",
    "no day lies before a locale's go-live or after its as-of date": """
        SELECT funnel.locale, funnel.date FROM mart_funnel_daily AS funnel JOIN mart_locales AS locales USING (locale)
        WHERE funnel.date < locales.go_live_date OR funnel.date > locales.as_of_date""",
    "the total of each KPI is the sum of its locales": """
        SELECT kpi, date FROM mart_kpi_daily WHERE business_line = 'all' AND denominator IS NULL AND amount_eur IS NULL
        GROUP BY kpi, date
        HAVING sum(numerator) FILTER (locale = 'total') IS DISTINCT FROM sum(numerator) FILTER (locale <> 'total')""",
    "all money has a rate": """
        SELECT locale, date, currency FROM mart_sales_daily
        WHERE amount IS NOT NULL AND (amount_local IS NULL OR amount_eur IS NULL OR amount_eur_constant IS NULL)
        UNION ALL
        SELECT locale, period_start, reporting_currency FROM mart_amounts
        WHERE amount IS NULL OR amount_constant IS NULL""",
}


class GateClosed(Exception):
    """The staged build was not published; the previous one is still current. Lists every finding."""

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        listed = "\n".join(f"  - {finding}" for finding in findings)
        super().__init__(f"Not published: {len(findings)} finding(s). The previous build is still current.\n{listed}")


def run_results_path(target: Path) -> Path:
    """dbt's record of its last run in a target folder."""
    return target / "run_results.json"


def failed_tests(run_results: Path) -> tuple[list[str], int]:
    """(models and tests that failed or were skipped, number of tests passed) in dbt's record of its last run."""
    if not run_results.is_file():
        return ["dbt has left no run_results.json: it did not finish"], 0
    results = json.loads(run_results.read_text())["results"]
    failed = sorted(result["unique_id"] for result in results if result["status"] in ("error", "fail", "skipped"))
    passed = sum(1 for result in results if result["status"] in ("pass", "warn"))
    return failed, passed


def failed_audits(database: Path, marts: Mapping[str, Mart], previous_rows: Mapping[str, int] | None) -> list[str]:
    """What is wrong with the staged database, as sentences; empty when it may be published.

    `previous_rows` are the rows a mart of the current build, to refuse a build that lost a fifth of them.
    """
    with duckdb.connect(database, read_only=True) as connection:
        findings = [finding for mart in marts.values() for finding in _contract_breaches(connection, mart)]
        if findings:
            return findings
        for rule, query in ASSERTIONS.items():
            breaches = connection.execute(f"SELECT * FROM ({query}) LIMIT 3").fetchall()
            if breaches:
                findings.append(f"it must hold that {rule}; it does not for {breaches}")
        for mart, before in (previous_rows or {}).items():
            now = _count(connection, mart) if mart in marts else 0
            if now < before * SMALLEST_SHARE_OF_PREVIOUS_ROWS:
                findings.append(
                    f"{mart} would shrink from {before:,} to {now:,} rows; "
                    "if that is right, publish once with --allow-shrinking"
                )
    return findings


def _contract_breaches(connection: duckdb.DuckDBPyConnection, mart: Mart) -> list[str]:
    found = dict(
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", [mart.name]
        ).fetchall()
    )
    if not found:
        return [f"{mart.name} is missing"]
    contracted = {column.name: column.data_type for column in mart.columns}
    breaches = [
        f"{mart.name}.{name} is {found.get(name, 'missing')}, contracted as {contracted.get(name, 'absent')}"
        for name in sorted(found.keys() | contracted.keys())
        if _plain(found.get(name)) != _plain(contracted.get(name))
    ]
    if not mart.may_be_empty and not _count(connection, mart.name):
        breaches.append(f"{mart.name} is empty")
    return breaches


def _plain(data_type: str | None) -> str | None:
    """A type's name without the spellings that mean the same."""
    if data_type is None:
        return None
    folded = data_type.upper().replace(" ", "")
    return {"TIMESTAMPTZ": "TIMESTAMPWITHTIMEZONE", "TEXT": "VARCHAR", "STRING": "VARCHAR", "INT": "INTEGER"}.get(
        folded, folded
    )


def _count(connection: duckdb.DuckDBPyConnection, mart: str) -> int:
    row = connection.execute(f'SELECT count(*) FROM "{mart}"').fetchone()
    return int(row[0]) if row else 0
