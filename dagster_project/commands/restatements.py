"""`trechter restatements`: which published figures of closed periods changed, and why."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import duckdb
import typer
from babel.numbers import format_decimal, format_percent

from dagster_project.commands.output import Json, out, print_json, print_table, problem
from dagster_project.lib.builds import DATABASE, current_folder
from dagster_project.settings import Settings

_RESTATEMENTS = """
    SELECT
        restated_build_id, restated_as_of_at, locale, business_line, period_type, period_start, period_end, kpi,
        previous_value, value, reasons, was_provisional
    FROM mart_restatements
    WHERE ($locale IS NULL OR locale = $locale)
        AND ($every_line OR business_line = 'all')
        AND ($weeks OR period_type <> 'week')
        AND ($provisional OR NOT was_provisional)
    ORDER BY restated_build_id DESC, locale = 'total' DESC, locale, business_line = 'all' DESC, business_line,
        period_start DESC, period_end, kpi"""

_WHY = {
    "late_data": "CRM records came late or were changed",
    "restatement": "Google corrected days",
    "merge": "duplicates were merged",
    "mapping_change": "configuration changed",
    "rate_change": "exchange rates changed",
    "model_change": "calculation changed",
    "unexplained": "not known: please report it",
}


def restatements(
    locale: Annotated[str | None, typer.Option(help="Only this country, or `total`.")] = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="Weeks, too.")] = False,
    business_lines: Annotated[bool, typer.Option("--business-lines", help="Each business line, too.")] = False,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="Also what Google was still expected to correct.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """Show which published figures of closed months, quarters and years changed, from what to what, and why.

    Example: trechter restatements --locale nl
    """
    with duckdb.connect(current_folder(Settings.from_environment().published) / DATABASE, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        if locale is not None and locale != "total" and locale not in _locales(connection):
            problem(f"There is no locale {locale!r}. Known are: {', '.join(_locales(connection))}, total.")
            raise typer.Exit(2)
        asked = {"locale": locale, "weeks": weeks, "every_line": business_lines, "provisional": provisional}
        try:
            answer = connection.execute(_RESTATEMENTS, asked)
        except duckdb.CatalogException:
            problem("The current build was made before this was recorded. Run `trechter refresh`.")
            raise typer.Exit(1) from None
        names = [column[0] for column in answer.description or []]
        found: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    if as_json:
        print_json(found[:limit])
        return
    if not found:
        out.print("No published figure of a closed period has changed.")
        return
    columns = [
        "since",
        "country",
        *(["business line"] if business_lines else []),
        "period",
        "KPI",
        "was",
        "is",
        "change",
    ]
    print_table(
        "What was published of closed periods and is different now",
        [*columns, "because"],
        [_cells(row, business_lines) for row in found[:limit]],
        ["was", "is", "change"],
    )
    if len(found) > limit:
        out.print(f"{len(found) - limit:,} more; see --limit, or ask mart_restatements.")


def period_name(period_type: str, start: date, end: date) -> str:
    """A period as people say it: 2026-W26, 2026-06, 2026-04 to 2026-06, 2026-01 to 2026-12."""
    if period_type == "week":
        return f"{start.isocalendar().year}-W{start.isocalendar().week:02}"
    first, last = f"{start:%Y-%m}", f"{end:%Y-%m}"
    return first if first == last else f"{first} to {last}"


def _cells(row: dict[str, Any], with_line: bool) -> list[object]:
    before, now = row["previous_value"], row["value"]
    is_rate = row["kpi"].endswith("_rate")
    return [
        f"{row['restated_as_of_at']:%Y-%m-%d} (build {row['restated_build_id']})",
        row["locale"],
        *([row["business_line"]] if with_line else []),
        period_name(row["period_type"], row["period_start"], row["period_end"]),
        row["kpi"],
        _figure(before, is_rate),
        _figure(now, is_rate),
        format_percent(now / before - 1, "+0.00%;-0.00%", locale="en") if before and now is not None else "",
        "; ".join(_WHY.get(reason, reason) for reason in row["reasons"].split(", ")),
    ]


def _figure(value: Decimal | None, is_rate: bool) -> str:
    if value is None:
        return ""
    return format_percent(value, "0.000%", locale="en") if is_rate else format_decimal(value, "#,##0.##", locale="en")


def _locales(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [code for (code,) in connection.execute("SELECT locale FROM mart_locales ORDER BY ALL").fetchall()]
