"""The rows of the tables of schema `config` that compare countries, with each other and with others."""

from collections.abc import Iterator
from datetime import datetime

from dagster_project.config import Config
from dagster_project.lib.config_rows import Row


def benchmark_settings(config: Config, _: datetime) -> Iterator[Row]:
    """What a rate must be of for countries to be ranked by it: one row."""
    yield (config.project.benchmark_minimum,)


def benchmark_figures(config: Config, _: datetime) -> Iterator[Row]:
    """Figures from outside the company, with their periods worked out."""
    for file, line, figure in config.benchmarks:
        yield (
            figure.kpi,
            figure.locale,
            figure.business_line,
            *figure.bounds(config.project.fiscal_year_start_month),
            figure.value,
            figure.source,
            figure.url,
            file,
            line,
        )
