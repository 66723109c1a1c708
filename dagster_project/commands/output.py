"""What commands share in speaking to people and to machines."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

# In a pipe there is no width to fit: tables are as wide as they are.
out = Console() if sys.stdout.isatty() else Console(width=1000)
err = Console(stderr=True) if sys.stderr.isatty() else Console(stderr=True, width=1000)

GAP = 3
"""Characters between two columns of a table."""

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
    """Print rows as a table; `numeric` columns are aligned right.

    No figure is ever cut short: what does not fit beside the first column continues in a table below, with the first
    column again.
    """
    cells = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, texts)) + GAP for texts in zip(columns, *cells, strict=True)]
    for part, places in enumerate(_fitting(widths, out.width)):
        table = Table(title=None if part else title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for place in places:
            right = columns[place] in numeric
            table.add_column(columns[place], justify="right" if right else "left", overflow="fold")
        for row in cells:
            table.add_row(*(row[place] for place in places))
        out.print(table)


def _fitting(widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Places of the columns of each table, so that every table fits if its columns can; each begins with the first."""
    places, used = [0], widths[0]
    for place in range(1, len(widths)):
        if len(places) > 1 and used + widths[place] > width:
            yield places
            places, used = [0], widths[0]
        places.append(place)
        used += widths[place]
    yield places


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
