"""Tables that people keep, as CSV files or Excel workbooks: checked rows out, every mistake noted with its cell."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

from pydantic import BaseModel, ValidationError

from dagster_project.config.problems import ProblemList
from dagster_project.config.read import note_detail
from dagster_project.config.values import suggestion

M = TypeVar("M", bound=BaseModel)

_CELL_IN_ERROR = re.compile(rb"<c [^>]*\bt=\"e\"[^>]*>")
_CELL_NAME = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")


@dataclass
class Table:
    """A table as it was read: text of cells by column, with the line each row stands on.

    `letters` are the columns' letters where the table is a sheet of a workbook, whose name is in `file` then.
    """

    file: Path
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    header_line: int = 1

    def name(self, line: int, column: str) -> str:
        """A column as its reader finds it: by its name, in a sheet with the cell."""
        letter = self.letters.get(column)
        return f"{column} (cell {letter}{line})" if letter else column


def read_csv(model: type[M], path: Path, problems: ProblemList) -> Iterator[tuple[int, M]]:
    """(line, row) of a CSV file whose header names the model's fields; empty cells count as absent."""
    table = read_csv_table(path, problems)
    if not problems.problems:
        yield from checked_rows(model, table, problems)


def read_csv_table(path: Path, problems: ProblemList) -> Table:
    """The table of a CSV file; columns are separated by commas and text is UTF-8, or its mistakes are noted."""
    table = Table(path)
    if not path.is_file():
        problems.add(1, "file", "no such file", "a CSV file")
        return table
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(line, "file", f"bytes that are not UTF-8 ({content[error.start]:#x})", "text saved as CSV UTF-8")
        return table
    reader, begins = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                pass
            elif not table.columns:
                table.columns, table.header_line = [cell.strip() for cell in cells], begins
            else:
                table.rows.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        problems.add(begins, "row", str(error), "cells in CSV: text with commas or quotes in it is quoted")
        return Table(path)
    return table


def read_workbook(path: Path, problems: ProblemList) -> list[Table]:
    """A table for each sheet of an Excel workbook that has anything in it; its name follows the file's, after a `#`."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
        read = [(name, sheet.start or (0, 0), sheet.to_python()) for name, sheet in sheets]
    except CalamineError as error:
        problems.add(1, "file", str(error), "an Excel workbook (.xlsx) of plain tables, without a password")
        return []
    for line, cell in _failed_formulas(path):
        problems.add(line, f"cell {cell}", "a formula that failed", "a value")
    tables = []
    for name, (skipped, left), values in read:
        table = Table(path.with_name(f"{path.name}#{name}"))
        for line, row in enumerate(values, start=1 + skipped):
            cells = [cell_text(value) for value in row]
            if not any(cells):
                continue
            if table.columns:
                table.rows.append((line, cells))
            else:
                table.columns, table.header_line = cells, line
                table.letters = {cell: column_letter(left + place) for place, cell in enumerate(cells)}
        if table.columns:
            tables.append(table)
    return tables


def _failed_formulas(path: Path) -> Iterator[tuple[int, str]]:
    """(line, cell) of cells that show an error such as #REF!, which the reader of workbooks takes for empty ones."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                for found in _CELL_IN_ERROR.finditer(archive.read(name)):
                    cell = _CELL_NAME.search(found[0])
                    if cell:
                        yield int(cell[2]), (cell[1] + cell[2]).decode()


def cell_text(value: object) -> str:
    """What a cell of a workbook shows, as it would be written in a CSV file.

    Numbers to the fifteen digits that Excel keeps; the first day of a month is what it makes of `2026-04`, and so read.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return f"{value:.15g}" if abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, date) and not isinstance(value, datetime) and value.day == 1:
        return f"{value:%Y-%m}"
    return str(value).strip()


def column_letter(place: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def checked_rows(model: type[M], table: Table, problems: ProblemList) -> Iterator[tuple[int, M]]:
    """(line, row) of a table whose columns are the model's fields; empty cells count as absent."""
    if not _columns_are_known(model, table, problems):
        return
    for line, cells in table.rows:
        surplus = [cell for cell in cells[len(table.columns) :] if cell]
        if surplus or (not table.letters and len(cells) != len(table.columns)):
            problems.add(line, "row", "a different number of cells", f"one cell for each column: {_names(table)}")
            continue
        values = {column: cell for column, cell in zip(table.columns, cells, strict=False) if column and cell}
        try:
            yield line, model.model_validate(values)
        except ValidationError as error:
            for detail in error.errors():
                column = str(detail["loc"][0]) if detail["loc"] else "row"
                note_detail(detail, (table.name(line, column),), line, model, problems)


def _columns_are_known(model: type[BaseModel], table: Table, problems: ProblemList) -> bool:
    """Whether the header names all required fields, none twice and nothing else; else what is wrong is noted."""
    before, line = len(problems.problems), table.header_line
    known = list(model.model_fields)
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    named = [column for column in table.columns if column]
    if not set(named) & set(known):
        problems.add(line, "header", ", ".join(named), "the columns " + ", ".join(known) + ", separated by commas")
        return False
    for column in sorted({column for column in named if named.count(column) > 1}):
        problems.add(line, "header", f"{column} twice", "each column once")
    for column in [column for column in named if column not in known]:
        problems.add(line, "header", column, f"one of {', '.join(known)}{suggestion(column, known)}")
    for place, column in enumerate(table.columns):
        if not column and any(place < len(cells) and cells[place] for _, cells in table.rows):
            problems.add(
                line,
                "header",
                f"no name for column {column_letter(place)}",
                "a name over every column in use",
            )
    if missing := [name for name in required if name not in named]:
        problems.add(line, "header", ", ".join(named), f"also {', '.join(missing)}")
    return len(problems.problems) == before


def _names(table: Table) -> str:
    return ", ".join(table.columns)
