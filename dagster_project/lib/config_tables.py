"""The configuration as rows of schema `config` in the working database, which models join.

Pure: one function a table gives its rows; `TABLES` declares the columns. Rates get their exact inverse here, because
DuckDB divides decimals as floats and no float may touch money.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from babel.numbers import get_currency_precision

from dagster_project.config import Config, SalesforceConnection
from dagster_project.config.campaign_codes import part_patterns
from dagster_project.config.values import currency_codes
from dagster_project.lib.calendars import holidays_of, weekend_of

Row = tuple[Any, ...]


@dataclass(frozen=True)
class ConfigTable:
    """One table of schema `config`: its column definitions and the function that gives its rows.

    Where it `shapes_history`, rows of facts depend on it: with other contents, all of history has to be built anew.
    """

    name: str
    columns: str
    rows: Callable[[Config, datetime], Iterator[Row]]
    shapes_history: bool = True


def inverse_rate(rate: Decimal) -> Decimal:
    """1 / rate to 18 decimals, half away from zero (SEMANTICS, Money)."""
    with localcontext() as context:
        context.prec = 50
        return (Decimal(1) / rate).quantize(Decimal(1).scaleb(-18), rounding=ROUND_HALF_UP)


def _build(config: Config, as_of: datetime) -> Iterator[Row]:
    project = config.project
    # The build's number is known only to its one writer, who fills it in (see published_state).
    yield as_of, project.reporting_currency, project.fiscal_year_start_month, None


def _attribution_windows(config: Config, _: datetime) -> Iterator[Row]:
    project = config.project
    for line in config.business_lines:
        days = line.attribution_lookback_days or project.attribution_lookback_days
        yield line.business_line, days, project.attribution_half_life_days
    yield "unmapped", project.attribution_lookback_days, project.attribution_half_life_days


def _attribution_models(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        for model in config.attribution_models(locale):
            yield locale.locale, model


def _locales(config: Config, _: datetime) -> Iterator[Row]:
    for order, locale in enumerate(config.locales.values(), start=1):
        yield (
            locale.locale,
            locale.name,
            locale.country,
            locale.language,
            locale.time_zone,
            locale.currency,
            locale.owner,
            locale.go_live,
            locale.closed,
            locale.crm.connection,
            order,
            *weekend_of(locale.country),
        )


def _holidays(config: Config, as_of: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        # To the end of whatever fiscal year the as-of day is in, in any time zone.
        for day, name in holidays_of(locale.country, locale.language, locale.go_live.year, as_of.year + 2):
            yield locale.locale, day, name


def _connections(config: Config, _: datetime) -> Iterator[Row]:
    for name, connection in config.connections.items():
        yield name, connection.kind, connection.currency if isinstance(connection, SalesforceConnection) else None


def _crm_locales(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        for value in locale.crm.values:
            yield locale.crm.connection, value, locale.locale


def _crm_stages(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        for value, status in locale.crm.lead_statuses.items():
            yield locale.locale, "lead", value, status
        for value, stage in config.opportunity_stages(locale).items():
            yield locale.locale, "opportunity", value, stage


def _crm_stage_dates(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        for stage, field in locale.crm.stage_dates.items():
            yield locale.locale, stage, field


def _deal_kinds(config: Config, _: datetime) -> Iterator[Row]:
    for connection, kinds in config.stages.deal_kinds.items():
        for value, kind in kinds.items():
            yield connection, value, kind


def _revenue_types(config: Config, _: datetime) -> Iterator[Row]:
    for connection, types in config.stages.revenue_types.items():
        for value, revenue_type in types.items():
            yield connection, value, revenue_type


def _hand_overs(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        agreed = config.hand_over(locale)
        yield locale.locale, agreed.response_hours, agreed.forgotten_after_days


def _second_identifier_types(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        for campaign_type in config.second_identifier_types(locale):
            yield locale.locale, campaign_type


def _business_lines(config: Config, _: datetime) -> Iterator[Row]:
    for order, line in enumerate(config.business_lines, start=1):
        yield line.business_line, line.name, order, line.campaign_code


def _campaign_code_parts(config: Config, _: datetime) -> Iterator[Row]:
    yield from part_patterns(config.campaign_codes.pattern).items()


def _web_rules(config: Config, _: datetime) -> Iterator[Row]:
    hosts: list[tuple[str | None, str | None, str]] = [
        (host, None, line.business_line) for line in config.business_lines for host in line.hosts
    ]
    paths: list[tuple[str | None, str | None, str]] = [
        (None, path, line.business_line) for line in config.business_lines for path in line.paths
    ]
    for priority, rule in enumerate(hosts + paths, start=1):
        yield priority, *rule


def _channel_rules(config: Config, _: datetime) -> Iterator[Row]:
    for locale in config.locales.values():
        for priority, rule in enumerate(locale.web.channels, start=1):
            conditions = (rule.source, rule.medium, rule.campaign)
            yield locale.locale, priority, *(text and text.strip().lower() for text in conditions), rule.channel


def _crm_business_lines(config: Config, _: datetime) -> Iterator[Row]:
    for line in config.business_lines:
        for connection, values in line.crm_values.items():
            for value in values:
                yield connection, value, line.business_line


def _budget_rates(config: Config, _: datetime) -> Iterator[Row]:
    for rate in config.budget_rates:
        yield rate.fiscal_year, rate.currency, rate.rate, inverse_rate(rate.rate)
    for year in sorted({rate.fiscal_year for rate in config.budget_rates}):
        yield year, config.project.reporting_currency, Decimal(1), Decimal(1)


def _currencies(config: Config, _: datetime) -> Iterator[Row]:
    for currency in sorted(currency_codes()):
        yield currency, get_currency_precision(currency)


def _kpis(config: Config, _: datetime) -> Iterator[Row]:
    for order, kpi in enumerate(config.kpis, start=1):
        yield (
            kpi.kpi,
            kpi.name,
            kpi.tier,
            kpi.unit,
            kpi.direction,
            kpi.numerator,
            kpi.denominator,
            kpi.unit != "rate",
            kpi.owner_role,
            kpi.source,
            kpi.description,
            order,
        )


def _targets(config: Config, _: datetime) -> Iterator[Row]:
    for file, line, target in config.targets:
        period_type, first, last = target.bounds(config.project.fiscal_year_start_month)
        target_id = f"{target.kpi}/{target.locale}/{target.business_line}/{target.period}"
        yield (
            target_id,
            target.kpi,
            target.locale,
            target.business_line,
            period_type,
            first,
            last,
            target.value,
            target.currency,
            target.owner,
            target.status,
            target.kind,
            file,
            line,
        )


TABLES = (
    ConfigTable(
        "build",
        "as_of_at TIMESTAMPTZ, reporting_currency VARCHAR, fiscal_year_start_month INTEGER, build_id BIGINT",
        _build,
        shapes_history=False,
    ),
    ConfigTable(
        "attribution_windows",
        "business_line VARCHAR, lookback_days INTEGER, half_life_days DECIMAL(6, 3)",
        _attribution_windows,
    ),
    ConfigTable("attribution_models", "locale VARCHAR, model VARCHAR", _attribution_models, shapes_history=False),
    ConfigTable(
        "locales",
        "locale VARCHAR, name VARCHAR, country_code VARCHAR, language VARCHAR, time_zone VARCHAR, "
        "currency VARCHAR, owner VARCHAR, go_live_date DATE, closed_date DATE, crm_connection VARCHAR, "
        "sort_order INTEGER, first_weekend_day INTEGER, last_weekend_day INTEGER",
        _locales,
    ),
    ConfigTable("holidays", "locale VARCHAR, holiday_date DATE, holiday_name VARCHAR", _holidays, shapes_history=False),
    ConfigTable("connections", "connection VARCHAR, kind VARCHAR, currency VARCHAR", _connections),
    ConfigTable("crm_locales", "connection VARCHAR, source_value VARCHAR, locale VARCHAR", _crm_locales),
    ConfigTable("crm_stages", "locale VARCHAR, object VARCHAR, source_value VARCHAR, stage VARCHAR", _crm_stages),
    ConfigTable("crm_stage_dates", "locale VARCHAR, stage VARCHAR, field VARCHAR", _crm_stage_dates),
    ConfigTable(
        "deal_kinds",
        "connection VARCHAR, source_value VARCHAR, deal_kind VARCHAR",
        _deal_kinds,
        shapes_history=False,
    ),
    ConfigTable(
        "revenue_types",
        "connection VARCHAR, source_value VARCHAR, revenue_type VARCHAR",
        _revenue_types,
        shapes_history=False,
    ),
    ConfigTable(
        "hand_overs",
        "locale VARCHAR, response_hours INTEGER, forgotten_after_days INTEGER",
        _hand_overs,
        shapes_history=False,
    ),
    ConfigTable("second_identifier_campaign_types", "locale VARCHAR, campaign_type VARCHAR", _second_identifier_types),
    ConfigTable(
        "business_lines",
        "business_line VARCHAR, name VARCHAR, sort_order INTEGER, campaign_code VARCHAR",
        _business_lines,
    ),
    ConfigTable("campaign_code_parts", "part VARCHAR, pattern VARCHAR", _campaign_code_parts, shapes_history=False),
    ConfigTable(
        "web_business_line_rules",
        "priority INTEGER, host VARCHAR, path_prefix VARCHAR, business_line VARCHAR",
        _web_rules,
    ),
    ConfigTable(
        "channel_rules",
        "locale VARCHAR, priority INTEGER, traffic_source VARCHAR, traffic_medium VARCHAR, campaign VARCHAR, "
        "channel VARCHAR",
        _channel_rules,
        # Web days know the rules they were made by (macros/web.sql): those of the locale are made again, and no others.
        shapes_history=False,
    ),
    ConfigTable(
        "crm_business_lines", "connection VARCHAR, source_value VARCHAR, business_line VARCHAR", _crm_business_lines
    ),
    ConfigTable(
        "budget_rates",
        "fiscal_year INTEGER, currency VARCHAR, rate DECIMAL(18, 6), inverse_rate DECIMAL(20, 18)",
        _budget_rates,
        shapes_history=False,
    ),
    ConfigTable("currencies", "currency VARCHAR, minor_units INTEGER", _currencies, shapes_history=False),
    ConfigTable(
        "kpis",
        "kpi VARCHAR, name VARCHAR, tier VARCHAR, unit VARCHAR, direction VARCHAR, numerator VARCHAR, "
        "denominator VARCHAR, is_additive BOOLEAN, owner_role VARCHAR, source VARCHAR, description VARCHAR, "
        "sort_order INTEGER",
        _kpis,
        shapes_history=False,
    ),
    ConfigTable(
        "targets",
        "target_id VARCHAR, kpi VARCHAR, locale VARCHAR, business_line VARCHAR, period_type VARCHAR, "
        "period_start DATE, period_end DATE, value DECIMAL(18, 4), currency VARCHAR, owner VARCHAR, "
        "status VARCHAR, kind VARCHAR, source_file VARCHAR, source_line INTEGER",
        _targets,
        shapes_history=False,
    ),
)
