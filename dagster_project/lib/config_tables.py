"""The configuration as tables of schema `config` in the working database, which models join."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dagster_project.config import Config
from dagster_project.lib import campaign_rows, comparison_rows, money_rows
from dagster_project.lib import config_rows as rows
from dagster_project.lib.config_rows import Row


@dataclass(frozen=True)
class ConfigTable:
    """One table of schema `config`: its column definitions and the function that gives its rows.

    Where it `shapes_history`, rows of facts depend on it: with other contents, all of history has to be built anew.
    """

    name: str
    columns: str
    rows: Callable[[Config, datetime], Iterator[Row]]
    shapes_history: bool = True


TABLES = (
    ConfigTable(
        "build",
        "as_of_at TIMESTAMPTZ, reporting_currency VARCHAR, fiscal_year_start_month INTEGER, fx_policy VARCHAR, "
        "fx_connection VARCHAR, build_id BIGINT",
        rows.build,
        shapes_history=False,
    ),
    ConfigTable(
        "attribution_windows",
        "business_line VARCHAR, lookback_days INTEGER, half_life_days DECIMAL(6, 3)",
        rows.attribution_windows,
    ),
    ConfigTable("attribution_models", "locale VARCHAR, model VARCHAR", rows.attribution_models),
    ConfigTable(
        "locales",
        "locale VARCHAR, name VARCHAR, country_code VARCHAR, language VARCHAR, time_zone VARCHAR, "
        "currency VARCHAR, owner VARCHAR, go_live_date DATE, closed_date DATE, crm_connection VARCHAR, "
        "sort_order INTEGER, first_weekend_day INTEGER, last_weekend_day INTEGER",
        rows.locales,
    ),
    ConfigTable(
        "holidays",
        "locale VARCHAR, holiday_date DATE, holiday_name VARCHAR",
        rows.holidays,
        shapes_history=False,
    ),
    ConfigTable("connections", "connection VARCHAR, kind VARCHAR, currency VARCHAR", rows.connections),
    ConfigTable("crm_locales", "connection VARCHAR, source_value VARCHAR, locale VARCHAR", rows.crm_locales),
    ConfigTable(
        "crm_unreported_values",
        "connection VARCHAR, source_value VARCHAR",
        rows.crm_unreported_values,
        shapes_history=False,
    ),
    ConfigTable("crm_stages", "locale VARCHAR, object VARCHAR, source_value VARCHAR, stage VARCHAR", rows.crm_stages),
    ConfigTable("crm_stage_dates", "locale VARCHAR, stage VARCHAR, field VARCHAR", rows.crm_stage_dates),
    ConfigTable(
        "deal_kinds",
        "connection VARCHAR, source_value VARCHAR, deal_kind VARCHAR",
        rows.deal_kinds,
        shapes_history=False,
    ),
    ConfigTable(
        "revenue_types",
        "connection VARCHAR, source_value VARCHAR, revenue_type VARCHAR",
        rows.revenue_types,
        shapes_history=False,
    ),
    ConfigTable(
        "hand_overs",
        "locale VARCHAR, response_hours INTEGER, forgotten_after_days INTEGER",
        rows.hand_overs,
        shapes_history=False,
    ),
    ConfigTable(
        "second_identifier_campaign_types", "locale VARCHAR, campaign_type VARCHAR", rows.second_identifier_types
    ),
    ConfigTable(
        "business_lines",
        "business_line VARCHAR, name VARCHAR, sort_order INTEGER, campaign_code VARCHAR",
        rows.business_lines,
    ),
    # Web days know the rules by which campaigns are read (macros/web_days.sql).
    ConfigTable(
        "campaign_code_parts",
        "part VARCHAR, pattern VARCHAR, is_listed BOOLEAN, part_number INTEGER, prefix_pattern VARCHAR",
        campaign_rows.campaign_code_parts,
        shapes_history=False,
    ),
    ConfigTable(
        "campaign_code_values", "part VARCHAR, value VARCHAR", campaign_rows.campaign_code_values, shapes_history=False
    ),
    ConfigTable("coded_channels", "channel VARCHAR", campaign_rows.coded_channels, shapes_history=False),
    ConfigTable(
        "campaign_coding_exemptions",
        "traffic_source VARCHAR, traffic_medium VARCHAR, campaign VARCHAR",
        campaign_rows.campaign_coding_exemptions,
        shapes_history=False,
    ),
    ConfigTable(
        "web_business_line_rules",
        "priority INTEGER, host VARCHAR, path_prefix VARCHAR, business_line VARCHAR",
        rows.web_rules,
    ),
    ConfigTable(
        "channel_rules",
        "locale VARCHAR, priority INTEGER, traffic_source VARCHAR, traffic_medium VARCHAR, campaign VARCHAR, "
        "channel VARCHAR",
        rows.channel_rules,
        # Web days know the rules they were made by (macros/web_days.sql): those of the locale are made again.
        shapes_history=False,
    ),
    ConfigTable(
        "crm_business_lines",
        "connection VARCHAR, source_value VARCHAR, business_line VARCHAR",
        rows.crm_business_lines,
    ),
    ConfigTable(
        "budget_rates",
        "fiscal_year INTEGER, currency VARCHAR, rate DECIMAL(18, 6), inverse_rate DECIMAL(20, 18), valid_from DATE, "
        "valid_to DATE",
        money_rows.budget_rates,
        shapes_history=False,
    ),
    ConfigTable(
        "fixed_rates",
        "currency VARCHAR, valid_from DATE, rate DECIMAL(18, 6), inverse_rate DECIMAL(20, 18)",
        money_rows.fixed_rates,
        shapes_history=False,
    ),
    ConfigTable(
        "locale_currencies",
        "locale VARCHAR, currency VARCHAR, valid_from DATE, valid_to DATE",
        money_rows.locale_currencies,
    ),
    ConfigTable("reporting_currencies", "currency VARCHAR", money_rows.reporting_currencies, shapes_history=False),
    ConfigTable("currencies", "currency VARCHAR, minor_units INTEGER", money_rows.currencies),
    ConfigTable(
        "kpis",
        "kpi VARCHAR, name VARCHAR, tier VARCHAR, unit VARCHAR, direction VARCHAR, numerator VARCHAR, "
        "denominator VARCHAR, is_additive_over_locales BOOLEAN, is_additive_over_business_lines BOOLEAN, "
        "is_additive_over_days BOOLEAN, is_from_web BOOLEAN, attribution_model VARCHAR, "
        "owner_role VARCHAR, source VARCHAR, description VARCHAR, sort_order INTEGER",
        rows.kpis,
        shapes_history=False,
    ),
    ConfigTable("kpi_names", "kpi VARCHAR, language VARCHAR, name VARCHAR", rows.kpi_names, shapes_history=False),
    ConfigTable(
        "kpi_sources",
        "kpi VARCHAR, locale VARCHAR, source VARCHAR, unavailable_reason VARCHAR",
        rows.kpi_sources,
        shapes_history=False,
    ),
    ConfigTable(
        "targets",
        "target_id VARCHAR, kpi VARCHAR, locale VARCHAR, business_line VARCHAR, period_type VARCHAR, "
        "period_start DATE, period_end DATE, value DECIMAL(18, 6), growth_rate DECIMAL(18, 6), "
        "currency VARCHAR, owner VARCHAR, status VARCHAR, kind VARCHAR, is_fixed BOOLEAN, "
        "source_file VARCHAR, source_line INTEGER",
        rows.targets,
        shapes_history=False,
    ),
    ConfigTable(
        "benchmark_settings", "minimum_denominator INTEGER", comparison_rows.benchmark_settings, shapes_history=False
    ),
    ConfigTable(
        "benchmark_figures",
        "kpi VARCHAR, locale VARCHAR, business_line VARCHAR, period_type VARCHAR, period_start DATE, "
        "period_end DATE, value DECIMAL(38, 10), source VARCHAR, url VARCHAR, source_file VARCHAR, source_line INTEGER",
        comparison_rows.benchmark_figures,
        shapes_history=False,
    ),
    ConfigTable(
        "experiments",
        "experiment VARCHAR, name VARCHAR, hypothesis VARCHAR, owner VARCHAR, opening_date DATE, closing_date DATE, "
        "counted_to_date DATE, metric VARCHAR, key_event VARCHAR, stage VARCHAR",
        comparison_rows.experiments,
        shapes_history=False,
    ),
    ConfigTable(
        "experiment_locales",
        "experiment VARCHAR, locale VARCHAR",
        comparison_rows.experiment_locales,
        shapes_history=False,
    ),
    ConfigTable(
        "experiment_variants",
        "experiment VARCHAR, variant VARCHAR, variant_value VARCHAR, share DECIMAL(6, 5), is_control BOOLEAN, "
        "sort_order INTEGER",
        comparison_rows.experiment_variants,
        shapes_history=False,
    ),
)
