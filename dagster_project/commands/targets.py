"""`trechter targets`: what was promised, what was reached, what is to be expected, and who answers for it."""

from decimal import Decimal
from typing import Annotated, Any

import duckdb
import typer
from babel.numbers import format_currency, format_decimal, format_percent

from dagster_project.commands.output import Json, out, print_json, print_table, problem
from dagster_project.commands.restatements import period_name
from dagster_project.lib.builds import DATABASE, current_folder
from dagster_project.settings import Settings

_TARGETS = """
    SELECT
        locale, business_line, kpi, period_type, period_start, period_end, status, kind, is_fixed, currency,
        target_value, target_growth_rate, actual_value, attainment_rate, fx_effect_budget, expected_to_date, gap,
        forecast_value, forecast_lower, forecast_upper, forecast_method, forecast_error_rate,
        attainment_status, likely_value, is_unlikely, owner, as_of_date, source_file, source_line
    FROM mart_targets
    WHERE ($locale IS NULL OR locale = $locale)
        AND ($status IS NULL OR attainment_status = $status)
        AND ($over OR period_end > as_of_date)
    ORDER BY locale = 'total' DESC, locale, kpi, business_line = 'all' DESC, business_line, period_start"""


def targets(
    locale: Annotated[str | None, typer.Option(help="Only this country, or `total`.")] = None,
    status: Annotated[str | None, typer.Option(help="Only `ahead`, `on_track`, `at_risk` or `missed`.")] = None,
    over: Annotated[bool, typer.Option("--over", help="Also those whose period is over.")] = False,
    as_json: Json = False,
) -> None:
    """Show every target beside what was reached, what was to be expected by now, and what its period will come to.

    Example: trechter targets --locale nl --status at_risk
    """
    with duckdb.connect(current_folder(Settings.from_environment().published) / DATABASE, read_only=True) as connection:
        asked = {"locale": locale, "status": status, "over": over or status == "missed"}
        try:
            answer = connection.execute(_TARGETS, asked)
        except (duckdb.BinderException, duckdb.CatalogException):
            problem("The current build was made before this was known. Run `trechter refresh`.")
            raise typer.Exit(1) from None
        names = [column[0] for column in answer.description or []]
        found: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    if as_json:
        print_json(found)
        return
    if not found:
        out.print("There is no such target.")
        return
    numeric = ["target", "reached", "expected", "forecast", "4 in 5 lie in"]
    columns = ["country", "KPI", "period", *numeric, "stands", "owner"]
    print_table("Targets", columns, [_cells(row) for row in found], numeric)
    for row in found:
        if row["is_unlikely"]:
            where = f"{row['source_file']}:{row['source_line']}"
            likely = _figure(row, row["likely_value"])
            out.print(
                f"{where}: {_figure(row, row['target_value'])} is far from the {likely} that last year makes likely"
            )


def _cells(row: dict[str, Any]) -> list[object]:
    line = "" if row["business_line"] == "all" else f" {row['business_line']}"
    low, high = _figure(row, row["forecast_lower"]), _figure(row, row["forecast_upper"])
    return [
        row["locale"] + line,
        row["kpi"],
        period_name(row["period_type"], row["period_start"], row["period_end"]),
        _figure(row, row["target_value"]) + (" (proposed)" if row["status"] == "proposed" else ""),
        _figure(row, row["actual_value"]),
        _figure(row, row["expected_to_date"]),
        _figure(row, row["forecast_value"]),
        f"{low} to {high}" if low else "",
        (row["attainment_status"] or "").replace("_", " "),
        row["owner"],
    ]


def _figure(row: dict[str, Any], value: Decimal | None) -> str:
    """A value as its KPI is read: money in its currency, a share in per cent."""
    if value is None:
        return ""
    if row["currency"] is not None:
        return format_currency(value, row["currency"], "¤¤ #,##0", locale="en", currency_digits=False)
    if row["kpi"].endswith("_rate"):
        return format_percent(value, "0.0##%", locale="en")
    return format_decimal(value, "#,##0.#" if value < 100 else "#,##0", locale="en")
