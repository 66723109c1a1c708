"""`trechter query`: SQL against the current build."""

from typing import Annotated

import duckdb
import typer

from dagster_project.commands.output import Json, print_json, print_table, problem
from dagster_project.lib.builds import DATABASE, current_folder
from dagster_project.settings import Settings


def query(
    sql: Annotated[str, typer.Argument(help="A SELECT over the marts, in DuckDB's SQL.")],
    as_json: Json = False,
) -> None:
    """Ask the current build a question. A refresh may be running meanwhile: you read one build from begin to end.

    Example: trechter query "select locale, sum(sales) from mart_funnel_daily group by locale"
    """
    database = current_folder(Settings.from_environment().published) / DATABASE
    with duckdb.connect(database, read_only=True) as connection:
        try:
            connection.execute("SET TimeZone = 'UTC'")
            answer = connection.execute(sql)
        except duckdb.Error as error:
            problem(f"{error}\nThe marts are: {', '.join(_marts(connection))}.")
            raise typer.Exit(1) from None
        described = answer.description or []
        columns = [column[0] for column in described]
        rows = answer.fetchall()
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    numeric = [name for name, kind in zip(columns, described, strict=True) if kind[1] == "NUMBER"]
    print_table(None, columns, rows, numeric)


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
