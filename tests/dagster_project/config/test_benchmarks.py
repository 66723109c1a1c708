"""Figures from outside the company: which are taken, and what is said of those that are not."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dagster_project.config import load_config
from dagster_project.lib.comparison_rows import benchmark_figures, benchmark_settings
from tests.dagster_project.config.editing import AS_OF, edit, only_problem, problems

HEADER = "kpi,locale,business_line,period,value,currency,source,url\n"
GOOD = "mql_to_sql_rate,nl,all,2026-Q2,0.4,,A panel,\n"


def write(config: Path, *lines: str) -> None:
    (config / "benchmarks" / "more.csv").write_text(HEADER + "".join(lines))


@pytest.mark.parametrize(
    ("line", "column", "found", "allowed"),
    [
        ("mql_to_sql_rat,nl,all,2026,0.4,,A panel,", "kpi", "'mql_to_sql_rat'", "did you mean mql_to_sql_rate?"),
        ("mqls,nk,all,2026,40,,A panel,", "locale", "'nk'", "one of all, "),
        ("mqls,nl,sensor,2026,40,,A panel,", "business_line", "'sensor'", "did you mean sensors?"),
        ("sales_amount,nl,all,2026,40,,A panel,", "currency", "nothing", "EUR, in which countries are compared"),
        ("sales_amount,uk,all,2026,40,GBP,A panel,", "currency", "'GBP'", "EUR, in which countries are compared"),
        ("mqls,nl,all,2026,40,EUR,A panel,", "currency", "'EUR'", "nothing, since mqls is not money"),
        ("mql_to_sql_rate,nl,all,2026,42,,A panel,", "value", "42", "a fraction, such as 0.023 for 2.3 %"),
        ("mqls,nl,all,2026-13,40,,A panel,", "period", "'2026-13'", "a quarter (2026-Q2)"),
        ("mqls,nl,all,2026,-4,,A panel,", "value", "'-4'", "greater than or equal to 0"),
        ("mqls,nl,all,2026,many,,A panel,", "value", "'many'", "decimal"),
        ("mqls,nl,all,2026,40,,,", "source", "nothing", "this field is required"),
        ("mqls,nl,all,2026,40,,A panel,www.panel.example", "url", "'www.panel.example'", "text of the form"),
    ],
)
def test_a_figure_that_cannot_be_is_named_with_file_line_column_value_and_rule(
    config: Path, line: str, column: str, found: str, allowed: str
) -> None:
    write(config, GOOD, line + "\n")
    problem = only_problem(config)
    assert (problem.file, problem.line, problem.field, problem.found) == ("benchmarks/more.csv", 3, column, found)
    assert allowed in problem.allowed


def test_there_is_one_figure_for_a_kpi_scope_and_period_whatever_file_it_is_in(config: Path) -> None:
    write(config, "mql_to_sql_rate,all,all,2026,0.5,,Another panel,\n")
    problem = only_problem(config)
    assert problem.file == "benchmarks/more.csv"
    assert problem.allowed == "one figure a KPI, scope and period; benchmarks/2026.csv:3 is another"


def test_an_unknown_column_and_a_missing_one_are_named(config: Path) -> None:
    (config / "benchmarks" / "more.csv").write_text("kpi,period,value,origin\nmqls,2026,4,A panel\n")
    missing, unknown = problems(config)
    assert (missing.line, missing.field, missing.allowed) == (1, "header", "also source")
    assert unknown.found == "'origin'"


def test_scope_is_every_country_and_all_business_lines_unless_it_is_said(config: Path) -> None:
    (config / "benchmarks" / "more.csv").write_text("kpi,period,value,source\nsql_to_sale_rate,2026-Q2,0.25,A panel\n")
    figures = {row[0]: row for row in benchmark_figures(load_config(config), AS_OF)}
    assert figures["sql_to_sale_rate"][:9] == (
        *("sql_to_sale_rate", "all", "all", "quarter", date(2026, 4, 1), date(2026, 6, 30)),
        *(Decimal("0.25"), "A panel", None),
    )


def test_a_company_without_figures_from_outside_is_as_good_a_company(config: Path) -> None:
    (config / "benchmarks" / "2026.csv").unlink()
    assert load_config(config).benchmarks == ()


def test_the_least_that_a_rate_must_be_of_is_head_offices_to_say(config: Path) -> None:
    assert list(benchmark_settings(load_config(config), AS_OF)) == [(30,)]
    edit(config, "project.yml", "benchmark_minimum: 30", "benchmark_minimum: 0")
    assert only_problem(config).field == "benchmark_minimum"
