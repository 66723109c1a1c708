"""The rows of each table of schema `config`: one pure function a table. Those about money are in `money_rows`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dagster_project.config import Config, SalesforceConnection
from dagster_project.config.availability import why_not_available
from dagster_project.lib.calendars import holidays_of, weekend_of

Row = tuple[Any, ...]


def build(config: Config, as_of: datetime) -> Iterator[Row]:
    """The build itself: one row."""
    project = config.project
    # The build's number is known only to its one writer, who fills it in (see published_state).
    fx = project.fx
    yield as_of, project.reporting_currency, project.fiscal_year_start_month, fx.policy, fx.connection, None


def attribution_windows(config: Config, _: datetime) -> Iterator[Row]:
    """How far back credit reaches for each business line, and how fast it fades."""
    project = config.project
    for line in config.business_lines:
        days = line.attribution_lookback_days or project.attribution_lookback_days
        yield line.business_line, days, project.attribution_half_life_days
    yield "unmapped", project.attribution_lookback_days, project.attribution_half_life_days


def attribution_models(config: Config, _: datetime) -> Iterator[Row]:
    """The models each locale offers."""
    for locale in config.locales.values():
        for model in config.attribution_models(locale):
            yield locale.locale, model


def locales(config: Config, _: datetime) -> Iterator[Row]:
    """The locales, in the order in which they are shown."""
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


def holidays(config: Config, as_of: datetime) -> Iterator[Row]:
    """Each locale's holidays, from its go-live on."""
    for locale in config.locales.values():
        # To the end of whatever fiscal year the as-of day is in, in any time zone.
        for day, name in holidays_of(locale.country, locale.language, locale.go_live.year, as_of.year + 2):
            yield locale.locale, day, name


def connections(config: Config, _: datetime) -> Iterator[Row]:
    """The accounts, with the currency of an org that has one only."""
    for name, connection in config.connections.items():
        yield name, connection.kind, connection.currency if isinstance(connection, SalesforceConnection) else None


def crm_locales(config: Config, _: datetime) -> Iterator[Row]:
    """Which values of an org mean which locale."""
    for locale in config.locales.values():
        for value in locale.crm.values:
            yield locale.crm.connection, value, locale.locale


def crm_unreported_values(config: Config, _: datetime) -> Iterator[Row]:
    """Values of an org's market field that need not mean any locale."""
    for name, account in config.connections.items():
        if isinstance(account, SalesforceConnection):
            for value in account.unreported:
                yield name, value


def crm_stages(config: Config, _: datetime) -> Iterator[Row]:
    """What statuses and stages mean in each locale."""
    for locale in config.locales.values():
        for value, status in locale.crm.lead_statuses.items():
            yield locale.locale, "lead", value, status
        for value, stage in config.opportunity_stages(locale).items():
            yield locale.locale, "opportunity", value, stage


def crm_stage_dates(config: Config, _: datetime) -> Iterator[Row]:
    """The fields in which a locale notes when a stage was entered."""
    for locale in config.locales.values():
        for stage, field in locale.crm.stage_dates.items():
            yield locale.locale, stage, field


def deal_kinds(config: Config, _: datetime) -> Iterator[Row]:
    """What an org's types of deals mean."""
    for connection, kinds in config.stages.deal_kinds.items():
        for value, kind in kinds.items():
            yield connection, value, kind


def revenue_types(config: Config, _: datetime) -> Iterator[Row]:
    """What an org's types of products mean."""
    for connection, types in config.stages.revenue_types.items():
        for value, revenue_type in types.items():
            yield connection, value, revenue_type


def hand_overs(config: Config, _: datetime) -> Iterator[Row]:
    """What each locale has agreed with its sales."""
    for locale in config.locales.values():
        agreed = config.hand_over(locale)
        yield locale.locale, agreed.response_hours, agreed.forgotten_after_days


def second_identifier_types(config: Config, _: datetime) -> Iterator[Row]:
    """Campaign types whose response is a second identifier."""
    for locale in config.locales.values():
        for campaign_type in config.second_identifier_types(locale):
            yield locale.locale, campaign_type


def business_lines(config: Config, _: datetime) -> Iterator[Row]:
    """The business lines, in their order."""
    for order, line in enumerate(config.business_lines, start=1):
        yield line.business_line, line.name, order, line.campaign_code


def web_rules(config: Config, _: datetime) -> Iterator[Row]:
    """Hosts, then paths, of each business line: the first that matches counts."""
    hosts: list[tuple[str | None, str | None, str]] = [
        (host, None, line.business_line) for line in config.business_lines for host in line.hosts
    ]
    paths: list[tuple[str | None, str | None, str]] = [
        (None, path, line.business_line) for line in config.business_lines for path in line.paths
    ]
    for priority, rule in enumerate(hosts + paths, start=1):
        yield priority, *rule


def channel_rules(config: Config, _: datetime) -> Iterator[Row]:
    """The locales' own rules for channels, in small letters."""
    for locale in config.locales.values():
        for priority, rule in enumerate(locale.web.channels, start=1):
            conditions = (rule.source, rule.medium, rule.campaign)
            yield locale.locale, priority, *(text and text.strip().lower() for text in conditions), rule.channel


def crm_business_lines(config: Config, _: datetime) -> Iterator[Row]:
    """Which values of an org mean which business line."""
    for line in config.business_lines:
        for connection, values in line.crm_values.items():
            for value in values:
                yield connection, value, line.business_line


def kpis(config: Config, _: datetime) -> Iterator[Row]:
    """The catalogue of KPIs, in its order."""
    for order, kpi in enumerate(config.kpis, start=1):
        levels = (level in kpi.additive for level in ("locales", "business_lines", "days"))
        yield (
            kpi.kpi,
            kpi.name,
            kpi.tier,
            kpi.unit,
            kpi.direction,
            kpi.numerator,
            kpi.denominator,
            *levels,
            "google_analytics" in kpi.source or "advertising" in kpi.source,
            kpi.attribution_model,
            kpi.owner_role,
            ", ".join(kpi.source),
            kpi.description,
            order,
        )


def kpi_names(config: Config, _: datetime) -> Iterator[Row]:
    """What KPIs are called in every language that any of them has a name in; English where one has none."""
    languages = sorted({language for kpi in config.kpis for language in kpi.names})
    for kpi in config.kpis:
        for language in languages:
            yield kpi.kpi, language, kpi.names.get(language, kpi.name)


def kpi_sources(config: Config, _: datetime) -> Iterator[Row]:
    """The sources of each KPI in each locale, and why the locale has it not, if the configuration can tell."""
    for kpi in config.kpis:
        for locale in config.locales.values():
            for source in kpi.source:
                yield kpi.kpi, locale.locale, source, why_not_available(config, kpi, locale)


def targets(config: Config, _: datetime) -> Iterator[Row]:
    """The targets, with their periods worked out."""
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
            target.value if target.kind == "absolute" else target.fixed,
            target.value if target.kind == "relative" else None,
            target.currency,
            target.owner,
            target.status,
            target.kind,
            target.fixed is not None,
            file,
            line,
        )
