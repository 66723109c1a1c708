"""Asset checks made from the stream specs: what was landed is what the connectors declare, and nothing is missing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import dagster as dg
import pyarrow.parquet as pq

from connectors import windows
from connectors.errors import ConnectorError
from connectors.landing import Dataset, Landing
from dagster_project.lib.web_scopes import WebScope

if TYPE_CHECKING:
    from connectors.ga4.reconcile import Reconciled


def landed_as_declared(
    key: dg.AssetKey, landing: Landing, datasets: Sequence[Dataset], scope: str
) -> dg.AssetCheckResult:
    """Compare each file of a scope with the manifest (rows) and the stream's declared schema (names and types)."""
    wrong: list[str] = []
    rows: dict[str, int] = {}
    for dataset in datasets:
        files = [file for file in landing.files(dataset.source, dataset.stream) if file.scope == scope]
        rows[dataset.stream] = sum(file.rows for file in files)
        for file in files:
            found = pq.read_metadata(file.path)
            columns = {field.name: field.type for field in found.schema.to_arrow_schema()}
            missing = [field.name for field in dataset.schema if columns.get(field.name) != field.type]
            if found.num_rows != file.rows or missing:
                wrong.append(f"{file.path.name}: {found.num_rows} rows for {file.rows}, columns that differ: {missing}")
    return dg.AssetCheckResult(
        asset_key=key,
        check_name="landed_as_declared",
        passed=not wrong,
        metadata={"rows_by_stream": dg.MetadataValue.json(rows), "wrong": dg.MetadataValue.json(wrong)},
    )


def rows_add_up(ask: "Callable[[], Reconciled | None]") -> dg.AssetCheckResult:
    """The newest final day's sessions by row beside the one number the property says for it, asked for alone."""
    try:
        found, error = ask(), None
    except ConnectorError as trouble:  # what was fetched has landed; that this could not be asked is a warning
        found, error = None, trouble
    facts = error.facts() if error else {}
    if found:
        facts |= {"day": found.day.isoformat(), "total": str(found.total), "landed": str(found.landed)}
    return dg.AssetCheckResult(
        check_name="rows_add_up",
        passed=error is None and (found is None or found.agrees),
        severity=dg.AssetCheckSeverity.WARN,
        metadata=facts,
    )


def no_day_missing(landing: Landing, scope: WebScope, now: datetime) -> dg.AssetCheckResult:
    """Every day from go-live to the last complete local day has been landed, whatever was asked for today."""
    last = min(windows.last_complete_day(now, scope.spec.time_zone), scope.closed or date.max)
    expected = {day.isoformat() for day in windows.days_between(scope.go_live, last)}
    landed = {window.start for window in landing.windows("ga4", scope.daily_stream.name, scope.code)}
    missing = sorted(expected - landed)
    return dg.AssetCheckResult(
        check_name="no_day_missing",
        passed=not missing,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "missing_days": len(missing),
            "first_missing": missing[0] if missing else "none",
            "as_of": last.isoformat(),
        },
    )
