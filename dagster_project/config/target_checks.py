"""Mistakes of targets that only show beside the catalogue, the countries and each other."""

from collections import defaultdict

from dagster_project.config.availability import why_not_available
from dagster_project.config.cross_checks import ALL, TOTAL, Note, one_of
from dagster_project.config.kpis import Kpi
from dagster_project.config.models import Config
from dagster_project.config.targets import Target


def check_targets(config: Config, note: Note) -> None:
    """Every target names things that exist, is of a size that can be meant, and is the only one for its days."""
    kpis = {kpi.kpi: kpi for kpi in config.kpis}
    lines = [entry.business_line for entry in config.business_lines]
    allowed = {"kpi": list(kpis), "locale": [TOTAL, *config.locales], "business_line": [ALL, *lines]}
    for file, line, target in config.targets:
        for column, values in allowed.items():
            found = getattr(target, column)
            if found not in values:
                note(file, (line, column), found, one_of(found, values))
        kpi = kpis.get(target.kpi)
        if kpi is not None:
            _check_source(config, file, line, target, kpi, note)
            _check_currency(config, file, line, target, kpi, note)
            _check_size(file, line, target, kpi, note)
        _check_base(config, file, line, target, note)
    _check_overlaps(config, note)


def _check_source(config: Config, file: str, line: int, target: Target, kpi: Kpi, note: Note) -> None:
    """A figure will be there to measure by: what it is made of is connected, in one country at least."""
    locales = [locale for code, locale in config.locales.items() if target.locale in (code, TOTAL)]
    reasons = [why_not_available(config, kpi, locale) for locale in locales]
    if reasons and all(reasons):
        reason = str(reasons[0]).replace("_", " ")
        note(file, (line, "kpi"), target.kpi, f"a KPI that has a live source in {target.locale} ({reason})")


def _check_currency(config: Config, file: str, line: int, target: Target, kpi: Kpi, note: Note) -> None:
    cell = (line, "currency")
    if kpi.unit != "money":
        if target.currency is not None:
            note(file, cell, target.currency, f"nothing, since {kpi.kpi} is not money")
        return
    _, first, last = target.bounds(config.project.fiscal_year_start_month)
    locale = config.locales.get(target.locale)
    theirs = (
        {currency for currency, since, until in locale.currencies if since <= first and last <= until}
        if locale
        else set()
    )
    allowed = {config.project.reporting_currency} | theirs
    if target.currency not in allowed:
        whose = f"the currency of {target.locale} in the period, or of reports" if locale else "the currency of reports"
        note(file, cell, target.currency, f"{' or '.join(sorted(allowed))}: {whose}")


def _check_size(file: str, line: int, target: Target, kpi: Kpi, note: Note) -> None:
    """A share is at most one, and a count or amount at least one: else a percentage or a fraction was mistyped."""
    for column, value in (("value", target.value if target.kind == "absolute" else None), ("fixed", target.fixed)):
        if value is None:
            continue
        if kpi.unit == "rate" and value > 1:
            note(file, (line, column), value, f"a share of at most 1, or a percentage with its sign: {value:f}%")
        if kpi.unit == "count" and value < 1:
            note(file, (line, column), value, "at least 1; for a change against last year, kind is relative")


def _check_base(config: Config, file: str, line: int, target: Target, note: Note) -> None:
    """A change against last year needs a last year: the country was live in all of it, or the target is fixed."""
    locale = config.locales.get(target.locale)
    if target.kind != "relative" or target.fixed is not None or locale is None:
        return
    _, first, _ = target.bounds(config.project.fiscal_year_start_month)
    year_before = first.replace(year=first.year - 1)
    if locale.go_live > year_before:
        rule = f"a period a year after {target.locale} went live ({locale.go_live}) or later, or a `fixed` value"
        note(file, (line, "period"), target.period, rule)


def _check_overlaps(config: Config, note: Note) -> None:
    """One target for each KPI, scope and day, so that every figure has one that it is measured by."""
    scopes = defaultdict(list)
    for file, line, target in config.targets:
        _, first, last = target.bounds(config.project.fiscal_year_start_month)
        scopes[target.kpi, target.locale, target.business_line].append((first, last, file, line, target.period))
    for targets in scopes.values():
        for place, (first, last, file, line, period) in enumerate(targets):
            for earlier_first, earlier_last, other, row, theirs in targets[:place]:
                if first <= earlier_last and earlier_first <= last:
                    rule = f"one target a KPI, scope and day; {other}:{row} is for {theirs}"
                    note(file, (line, "period"), period, rule)
                    break
