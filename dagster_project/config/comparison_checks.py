"""Mistakes in what compares countries, which only show beside the rest of the configuration."""

from dagster_project.config.benchmarks import EVERYWHERE, BenchmarkFigure
from dagster_project.config.cross_checks import Note, one_of
from dagster_project.config.kpis import Kpi
from dagster_project.config.models import Config

FILE = "experiments.yml"


def check_benchmarks(config: Config, note: Note) -> None:
    """Every figure names things that exist, is in head office's currency if it is money, and is the only one of its
    KPI, scope and period: beside a country's figure there is room for one."""
    kpis = {kpi.kpi: kpi for kpi in config.kpis}
    lines = [line.business_line for line in config.business_lines]
    first: dict[tuple[str, ...], str] = {}
    for file, line, figure in config.benchmarks:
        for column, found, known in (
            ("kpi", figure.kpi, list(kpis)),
            ("locale", figure.locale, [EVERYWHERE, *config.locales]),
            ("business_line", figure.business_line, [EVERYWHERE, *lines]),
        ):
            if found not in known:
                note(file, (line, column), found, one_of(found, known))
        if figure.kpi in kpis:
            _check_value(config, file, line, figure, kpis[figure.kpi], note)
        scope = (figure.kpi, figure.locale, figure.business_line, figure.period)
        other = first.setdefault(scope, f"{file}:{line}")
        if other != f"{file}:{line}":
            note(file, (line, "period"), figure.period, f"one figure a KPI, scope and period; {other} is another")


def _check_value(config: Config, file: str, line: int, figure: BenchmarkFigure, kpi: Kpi, note: Note) -> None:
    reporting = config.project.reporting_currency
    if kpi.unit == "money" and figure.currency != reporting:
        note(file, (line, "currency"), figure.currency, f"{reporting}, in which countries are compared")
    if kpi.unit != "money" and figure.currency is not None:
        note(file, (line, "currency"), figure.currency, f"nothing, since {kpi.kpi} is not money")
    if kpi.unit == "rate" and figure.value > 1:
        note(file, (line, "value"), figure.value, "a rate as a fraction, such as 0.023 for 2.3 %")


def check_experiments(config: Config, note: Note) -> None:
    """Every experiment has a code of its own, runs where there is a live locale, and shares no value of the dimension
    with another: a visitor's variant must belong to one experiment."""
    codes: set[str] = set()
    claimed: dict[str, str] = {}
    for position, one in enumerate(config.experiments):
        place = ("experiments", position)
        if one.experiment in codes:
            note(FILE, (*place, "experiment"), one.experiment, "each experiment once")
        codes.add(one.experiment)
        for number, code in enumerate(one.locales):
            locale = config.locales.get(code)
            if locale is None:
                note(FILE, (*place, "locales", number), code, one_of(code, list(config.locales)))
            elif one.start < locale.go_live:
                rule = f"a start from {locale.go_live} on, when {code} goes live"
                note(FILE, (*place, "start"), one.start, rule)
        for number, variant in enumerate(one.variants):
            other = claimed.setdefault(variant.value, one.experiment)
            if other != one.experiment:
                rule = f"a value of one experiment; {other} has it already"
                note(FILE, (*place, "variants", number, "value"), variant.value, rule)
