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


def experiments(config: Config, _: datetime) -> Iterator[Row]:
    """The experiments, and by what each is judged."""
    for one in config.experiments:
        yield (
            one.experiment,
            one.name,
            one.hypothesis,
            one.owner,
            one.start,
            one.end,
            one.last_day,
            one.metric.key_event or one.metric.kpi,
            one.metric.key_event,
            one.metric.stage,
        )


def experiment_locales(config: Config, _: datetime) -> Iterator[Row]:
    """Where each experiment runs."""
    for one in config.experiments:
        for locale in one.locales:
            yield one.experiment, locale


def experiment_variants(config: Config, _: datetime) -> Iterator[Row]:
    """What visitors are shown, and what part of them."""
    for one in config.experiments:
        for order, variant in enumerate(one.variants, start=1):
            yield one.experiment, variant.variant, variant.value, variant.share, variant.is_control, order
