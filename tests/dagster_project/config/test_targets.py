"""A target is specific, measurable, owned and dated, or refused where it stands: file, line, column, value, rule."""

import csv
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.config import Config, load_config
from dagster_project.config.problems import ProblemList
from dagster_project.config.tables import cell_text, column_letter, read_csv
from dagster_project.config.targets import Target
from dagster_project.lib.config_tables import TABLES
from tests.dagster_project.config.editing import COMMITTED, only_problem, problems

COLUMNS = ("kpi", "locale", "business_line", "period", "value", "currency", "owner", "status", "kind", "fixed")
GOOD = ("sales", "nl", "all", "2099", "10", "", "a@b.example", "accepted", "absolute", "")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The committed configuration without its targets."""
    folder = tmp_path / "config"
    shutil.copytree(COMMITTED, folder, ignore=shutil.ignore_patterns("2026*"))
    (folder / "targets").mkdir(exist_ok=True)
    return folder


def row(**cells: str) -> tuple[str, ...]:
    """The cells of a good target with some of them replaced."""
    return tuple(cells.get(column, cell) for column, cell in zip(COLUMNS, GOOD, strict=True))


def write(config: Path, *rows: tuple[str, ...], file: str = "mine.csv", header: tuple[str, ...] = COLUMNS) -> None:
    with (config / "targets" / file).open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([header, *rows])


def rows_of_targets(config: Config) -> list[dict[str, object]]:
    (table,) = (table for table in TABLES if table.name == "targets")
    columns = [column.split()[0] for column in table.columns.split(", ") if not column[0].isdigit()]
    return [dict(zip(columns, row, strict=True)) for row in table.rows(config, datetime(2026, 7, 1, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("cells", "column", "allowed"),
    [
        ({"kpi": "saless"}, "kpi", "did you mean sales?"),
        ({"kpi": "seo_clicks"}, "kpi", "a KPI that has a live source in nl (not connected: search console)"),
        ({"kpi": "seo_clicks", "locale": "total"}, "kpi", "a KPI that has a live source in total"),
        ({"locale": "xx"}, "locale", "one of total, au"),
        ({"business_line": "robots"}, "business_line", "one of all, automation"),
        ({"period": "2099-Q5"}, "period", "a quarter (2026-Q2)"),
        ({"period": "2099-13"}, "period", "a month (2026-04)"),
        ({"period": ""}, "period", "required"),
        ({"value": "ten"}, "value", "decimal"),
        ({"value": "1,000"}, "value", "decimal"),
        ({"value": "NaN"}, "value", "finite"),
        ({"value": "-1"}, "value", "above 0"),
        ({"value": "0.25"}, "value", "at least 1; for a change against last year, kind is relative"),
        ({"value": "10.0000001"}, "value", "6 decimal places"),
        ({"kpi": "mql_to_sql_rate", "value": "35"}, "value", "a percentage with its sign: 35%"),
        ({"owner": ""}, "owner", "required"),
        ({"owner": "Marketing"}, "owner", "an e-mail address"),
        ({"status": "agreed"}, "status", "'proposed' or 'accepted'"),
        ({"kind": "stretch"}, "kind", "'absolute' or 'relative'"),
        ({"kind": "relative", "value": "1500"}, "value", "a change against last year such as 0.1, 10% or -5%"),
        ({"kind": "relative", "value": "-100%"}, "value", "a change against last year"),
        ({"kind": "relative", "value": "10%", "period": "2025-Q4"}, "period", "a year after nl went live (2025-01-01)"),
        ({"kind": "relative", "value": "10%", "fixed": "0"}, "fixed", "greater than 0"),
        ({"fixed": "12"}, "fixed", "only a relative target waits to be fixed"),
        ({"currency": "EUR"}, "currency", "nothing, since sales is not money"),
        ({"kpi": "sales_amount"}, "currency", "EUR: the currency of nl in the period, or of reports"),
        ({"kpi": "sales_amount", "locale": "uk", "currency": "USD"}, "currency", "EUR or GBP"),
        ({"kpi": "sales_amount", "locale": "total", "currency": "GBP"}, "currency", "EUR: the currency of reports"),
        ({"kpi": "sales_amount", "currency": "EURO"}, "currency", "ISO 4217"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_file_line_column_value_and_rule(
    config: Path, cells: dict[str, str], column: str, allowed: str
) -> None:
    write(config, row(locale="de"), row(**cells))
    problem = only_problem(config)
    assert (problem.file, problem.line, problem.field) == ("targets/mine.csv", 3, column)
    assert problem.found in ("nothing", repr(cells.get(column)), str(cells.get(column)))
    assert allowed in problem.allowed


def test_periods_of_one_scope_must_not_overlap_whatever_their_length_status_and_file(config: Path) -> None:
    write(config, row(period="2099-Q2"), row(period="2099-Q3"), file="a.csv")
    write(config, row(period="2099-04", status="proposed"), row(period="2099-04", locale="de"), file="b.csv")
    write(config, row(), row(business_line="sensors"), file="c.csv")
    found = [(problem.file, problem.line, problem.field, problem.allowed) for problem in problems(config)]
    rule = "one target a KPI, scope and day; targets/a.csv:2 is for 2099-Q2"
    assert found == [("targets/b.csv", 2, "period", rule), ("targets/c.csv", 2, "period", rule)]


@pytest.mark.parametrize(
    ("header", "found", "allowed"),
    [
        (("kpi;locale;value",), "'kpi;locale;value'", "separated by commas"),
        ((*COLUMNS, "note"), "'note'", "one of kpi, locale"),
        ((*COLUMNS[:-2], "ownr", "kind"), "'ownr'", "did you mean owner?"),
        ((*COLUMNS, "value"), "'value twice'", "each column once"),
        (COLUMNS[:6], "'kpi, locale, business_line, period, value, currency'", "also owner, status"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(
    config: Path, header: tuple[str, ...], found: str, allowed: str
) -> None:
    write(config, GOOD, header=header)
    first = problems(config)[0]
    assert (first.file, first.line, first.field, first.found) == ("targets/mine.csv", 1, "header", found)
    assert allowed in first.allowed


@pytest.mark.parametrize(
    ("content", "line", "allowed"),
    [
        (b"kpi,locale\nsales,nl\n\xe9t\xe9,nl\n", 3, "CSV UTF-8"),
        (b'kpi,locale\n"sales,nl\n', 2, "quoted"),
        ("kpi,locale,period\n" + ",".join(GOOD) + ",more\n", 1, "also"),
    ],
)
def test_a_file_that_is_no_table_is_one_mistake(config: Path, content: bytes | str, line: int, allowed: str) -> None:
    text = content.encode() if isinstance(content, str) else content
    (config / "targets" / "mine.csv").write_bytes(text)
    problem = only_problem(config)
    assert problem.line == line
    assert allowed in problem.allowed


def test_lines_are_counted_as_an_editor_counts_them(config: Path) -> None:
    text = "\n" + ",".join(COLUMNS) + "\n\n" + ",".join(row(owner='"a@b.\nexample"')) + "\n" + ",".join(row(kpi="x"))
    (config / "targets" / "mine.csv").write_text(text, encoding="utf-8-sig")
    assert [(problem.line, problem.field) for problem in problems(config)] == [(4, "owner"), (6, "kpi")]


def test_a_file_that_is_neither_csv_nor_excel_is_not_passed_over(config: Path) -> None:
    for name in ("2027.xls", ".DS_Store", "~$2027.xlsx"):
        (config / "targets" / name).write_bytes(b"x")
    assert only_problem(config).file == "targets/2027.xls"


def test_a_relative_target_waits_for_last_year_or_for_head_office(config: Path) -> None:
    write(
        config,
        row(period="2027", kind="relative", value="+12.5 %"),
        row(locale="de", period="2027", kind="relative", value="-0.05", fixed="300"),
        row(locale="uk", kpi="mql_to_sql_rate", value="35%"),
    )
    found = [
        (target["value"], target["growth_rate"], target["kind"], target["is_fixed"])
        for target in rows_of_targets(load_config(config))
    ]
    assert found == [
        (None, Decimal("0.125"), "relative", False),
        (Decimal(300), Decimal("-0.05"), "relative", True),
        (Decimal("0.35"), None, "absolute", False),
    ]


def workbook(config: Path, rows: list[list[object]], *, top: int = 0, left: int = 0) -> None:
    with xlsxwriter.Workbook(config / "targets" / "mine.xlsx", {"default_date_format": "mmm-yy"}) as book:
        book.add_worksheet("Notes of nobody")
        sheet = book.add_worksheet("Targets")
        for line, cells in enumerate(rows, start=top):
            for place, cell in enumerate(cells, start=left):
                sheet.write(line, place, cell)


def test_a_workbook_is_read_like_a_csv_file(config: Path) -> None:
    month = ["sales_amount", "de", "sensors", date(2099, 4, 1), 1234567.25, "EUR", "a@b.example", "proposed"]
    growth = ["sales", "us", "all", 2027, 0.1, "", "a@b.example", "accepted", "relative"]
    workbook(config, [list(COLUMNS), month, [], growth], top=2, left=1)
    found = rows_of_targets(load_config(config))
    assert [(target["target_id"], target["value"], target["growth_rate"]) for target in found] == [
        ("sales_amount/de/sensors/2099-04", Decimal("1234567.25"), None),
        ("sales/us/all/2027", None, Decimal("0.1")),
    ]
    assert [(target["source_file"], target["source_line"]) for target in found] == [
        ("targets/mine.xlsx#Targets", 4),
        ("targets/mine.xlsx#Targets", 6),
    ]


def test_a_mistake_in_a_workbook_names_its_sheet_and_cell(config: Path) -> None:
    workbook(config, [list(COLUMNS), list(GOOD), list(row(kpi="mqls", value="ten", currency="EUR"))], top=2, left=1)
    assert [str(problem) for problem in problems(config)] == [
        "targets/mine.xlsx#Targets:5: value (cell F5): found 'ten'; allowed: Input should be a valid decimal"
    ]
    workbook(config, [list(COLUMNS), list(GOOD), list(row(kpi="mqls", currency="EUR"))], top=2, left=1)
    assert only_problem(config).field == "currency (cell G5)"


def test_a_formula_that_failed_is_not_an_empty_cell(config: Path) -> None:
    with xlsxwriter.Workbook(config / "targets" / "mine.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, GOOD)
        sheet.write_formula(1, 9, "=1/0", None, "#DIV/0!")
    problem = only_problem(config)
    assert (problem.line, problem.field, problem.found) == (2, "cell J2", "'a formula that failed'")


def test_what_is_no_workbook_is_one_mistake(config: Path) -> None:
    (config / "targets" / "mine.xlsx").write_text("kpi,locale\n")
    problem = only_problem(config)
    assert (problem.file, problem.field) == ("targets/mine.xlsx", "file")
    assert "without a password" in problem.allowed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2026.0, "2026"), (0.1 + 0.2, "0.3"), (7_700_000, "7700000"), (True, "TRUE"), (date(2026, 4, 1), "2026-04"),
        (datetime(2026, 4, 1), "2026-04"), (date(2026, 4, 2), "2026-04-02"), (" nl ", "nl"), ("", ""),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_cell_says_what_it_shows(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_columns_have_the_letters_that_excel_gives_them() -> None:
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.text(max_size=40) | st.lists(st.sampled_from((*GOOD, "5%", '"', "\x00", "é")), max_size=11).map(",".join)
)
def test_whatever_is_in_a_file_it_is_a_target_or_a_mistake_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes((",".join(COLUMNS) + "\n" + content + "\n").encode("utf-8", "surrogatepass"))
    noted = ProblemList(tmp_path, path)
    targets = list(read_csv(Target, path, noted))
    assert all(problem.line >= 2 for problem in noted.problems)
    assert targets or noted.problems or not content.replace(",", "").strip()
