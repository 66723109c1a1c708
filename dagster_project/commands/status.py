"""`trechter status`: what is published, how far each country's data reaches, and which country is behind."""

from typing import Any

import duckdb

from dagster_project.commands.output import Json, out, print_json, print_table
from dagster_project.lib.builds import DATABASE, current_folder, read_build
from dagster_project.lib.missing_rates import missing_rates
from dagster_project.settings import Settings

_LOCALES = """
    SELECT locale, name, owner, go_live_date, as_of_date, expected_as_of_date, is_stale, provisional_from_date
    FROM mart_locales ORDER BY ALL"""


def status(as_json: Json = False) -> None:
    """Show the current build: its number and instant, its marts, and each country's as-of date.

    Example: trechter status --json
    """
    settings = Settings.from_environment()
    folder = current_folder(settings.published)
    build = read_build(folder)
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        answer = connection.execute(_LOCALES)
        names = [column[0] for column in answer.description or []]
        locales: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    if as_json:
        print_json(
            {
                "build_id": build.build_id,
                "as_of_at": build.as_of_at,
                "published_at": build.published_at,
                "folder": str(folder),
                "tests_passed": build.tests_passed,
                "rows": build.rows,
                "locales": locales,
                "money_without_rates": _unpublished(settings),
            }
        )
        return
    out.print(f"[bold]Build {build.build_id}[/], as of {build.as_of_at}, {build.tests_passed} tests passed")
    out.print(f"in {folder}", highlight=False)
    print_table("Marts", ["mart", "rows"], [(mart, f"{rows:,}") for mart, rows in build.rows.items()], ["rows"])
    print_table(
        "Countries",
        ["locale", "name", "data as of", "provisional from", "state", "owner"],
        [
            (
                row["locale"],
                row["name"],
                row["as_of_date"],
                row["provisional_from_date"],
                "stale" if row["is_stale"] else "up to date",
                row["owner"],
            )
            for row in locales
        ],
    )
    for one in _unpublished(settings):
        out.print(f"[yellow]Not published since:[/] {one}", highlight=False)
    stale = [row["locale"] for row in locales if row["is_stale"]]
    if stale:
        out.print(
            f"[yellow]Behind: {', '.join(stale)}.[/] "
            "Run `trechter refresh`; `trechter doctor` says which account fails."
        )


def _unpublished(settings: Settings) -> list[str]:
    """Why the newest build is not the published one, if money without a rate is: a sentence a currency."""
    try:
        return [str(one) for one in missing_rates(settings.warehouse)] if settings.warehouse.is_file() else []
    except duckdb.IOException:  # a build is being made
        return []
