"""What commands share in speaking to people and to machines."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

# In a pipe there is no width to fit: tables are as wide as they are.
out = Console() if sys.stdout.isatty() else Console(width=1000)
err = Console(stderr=True) if sys.stderr.isatty() else Console(stderr=True, width=1000)

AllowShrinking = Annotated[
    bool, typer.Option("--allow-shrinking", help="Publish although a mart has lost a fifth of its rows or more.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]


def print_json(value: Any) -> None:
    """Print a value as JSON. Decimals become strings, so that no digit is lost; dates are ISO."""
    typer.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def print_table(
    title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]], numeric: Sequence[str] = ()
) -> None:
    """Print rows as a table; `numeric` columns are aligned right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        right = column in numeric
        table.add_column(column, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in rows:
        table.add_row(*(_shown(cell) for cell in row))
    out.print(table)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        text = f"{cell:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(cell)


def problem(text: str) -> None:
    """Say on standard error what went wrong."""
    err.print(text, style="red", markup=False, highlight=False)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
