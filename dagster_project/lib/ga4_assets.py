"""One ingest asset a (Google Analytics, locale): months of the locale's own calendar.

Which days inside a month are fetched is decided by what is due.
"""

from collections.abc import Iterable
from datetime import date

import dagster as dg

from connectors import windows
from connectors.catalog import DATASETS
from connectors.ga4.refresh import refresh_locale
from connectors.landing import Dataset
from dagster_project.config import LocaleConfig
from dagster_project.lib.checks import landed_as_declared, no_day_missing
from dagster_project.lib.session import Session, locale_spec

SOURCE = "ga4"


class RefetchConfig(dg.Config):
    """What to fetch of the partitions asked for."""

    refetch: bool = False
    """All days of the partitions, not only those that are due."""
    first_day: str | None = None
    """Leave out days before this one (ISO date)."""
    last_day: str | None = None
    """Leave out days after this one (ISO date)."""
    allow_short: bool = False
    """Accept days that come back with far fewer rows than they had."""


def ga4_datasets() -> tuple[Dataset, ...]:
    """The datasets Google Analytics lands, from the connector's stream specs."""
    return tuple(dataset for dataset in DATASETS if dataset.source == SOURCE)


def build_ga4_asset(locale: LocaleConfig) -> dg.AssetsDefinition:
    """The ingest asset `[ga4, <locale>]` of one locale."""
    key = dg.AssetKey([SOURCE, locale.locale])

    @dg.asset(
        key=key,
        description=f"Web analytics of {locale.name}: GA4 property {locale.web.property}, landed by local day.",
        partitions_def=dg.MonthlyPartitionsDefinition(
            start_date=locale.go_live.replace(day=1).isoformat(), timezone=locale.time_zone, end_offset=1
        ),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[
            dg.AssetCheckSpec(
                "landed_as_declared", asset=key, description="Every stream has its declared columns and rows."
            ),
            dg.AssetCheckSpec(
                "no_day_missing", asset=key, description="No day is missing from go-live to the last complete day."
            ),
        ],
        owners=[locale.owner],
        group_name="ingest",
        kinds={"googleanalytics", "parquet"},
        tags={"locale": locale.locale},
        metadata={"streams": dg.MetadataValue.json([dataset.stream for dataset in ga4_datasets()])},
    )
    def ga4_locale(
        context: dg.AssetExecutionContext, config: RefetchConfig, session: dg.ResourceParam[Session]
    ) -> dg.MaterializeResult:
        days = wanted_days(context.partition_keys, locale, config)
        summary = refresh_locale(
            session.ga4_client(locale.web.connection),
            session.landing,
            locale_spec(locale, session.config.project.restatement_days),
            days,
            clock=session.clock,
            pseudonymiser=session.pseudonymiser,
            only_due=not config.refetch,
            allow_short=config.allow_short,
            on_progress=lambda doing: session.progress(f"{SOURCE} {locale.locale}", doing),
        )
        return dg.MaterializeResult(
            metadata={
                "rows": summary.rows,
                "days": summary.days,
                "api_calls": summary.api_calls,
                "quota_used": summary.quota_used,
                "changed": summary.changed,
                "quota_remaining": dg.MetadataValue.json(summary.quota_remaining),
                "rows_by_stream": dg.MetadataValue.json({stream.stream: stream.rows for stream in summary.streams}),
            },
            check_results=[
                landed_as_declared(key, session.landing, ga4_datasets(), locale.locale),
                no_day_missing(session.landing, locale, session.clock()),
            ],
        )

    return ga4_locale


def wanted_days(partition_keys: Iterable[str], locale: LocaleConfig, config: RefetchConfig) -> list[date]:
    """The days of month partitions (`2026-03-01`) that lie between go-live, closing and the bounds of `config`."""
    first = max(locale.go_live, date.fromisoformat(config.first_day) if config.first_day else date.min)
    last = min(locale.closed or date.max, date.fromisoformat(config.last_day) if config.last_day else date.max)
    days = [day for key in partition_keys for day in windows.days_of_month(key[:7])]
    return [day for day in days if first <= day <= last]
