"""One ingest asset a (Google Analytics, locale), and one for the roll-up property: months of its own calendar.

Which days inside a month are fetched is decided by what is due.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

from connectors import windows
from connectors.ga4.streams import SESSIONS
from connectors.landing import Dataset
from dagster_project.lib.checks import landed_as_declared, no_day_missing, rows_add_up
from dagster_project.lib.session import Session
from dagster_project.lib.web_scopes import WebScope

if TYPE_CHECKING:
    from connectors.ga4.reconcile import Reconciled

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


def ga4_datasets(scope: WebScope) -> tuple[Dataset, ...]:
    """The datasets Google Analytics lands for a scope, from the connector's stream specs."""
    return tuple(stream.dataset for stream in scope.streams)


def build_ga4_asset(scope: WebScope) -> dg.AssetsDefinition:
    """The ingest asset `[ga4, <locale>]` of one locale, or of all together."""
    key = dg.AssetKey([SOURCE, scope.code])

    @dg.asset(
        key=key,
        description=f"Web analytics of {scope.name}: GA4 property {scope.spec.ga4_property}, landed by local day.",
        partitions_def=dg.MonthlyPartitionsDefinition(
            start_date=scope.go_live.replace(day=1).isoformat(), timezone=scope.spec.time_zone, end_offset=1
        ),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[
            dg.AssetCheckSpec(
                "landed_as_declared", asset=key, description="Every stream has its declared columns and rows."
            ),
            dg.AssetCheckSpec(
                "no_day_missing", asset=key, description="No day is missing from go-live to the last complete day."
            ),
            *(
                [dg.AssetCheckSpec("rows_add_up", asset=key, description="Rows add up to the property's own total.")]
                if SESSIONS in scope.streams
                else []
            ),
        ],
        owners=[scope.owner],
        group_name="ingest",
        kinds={"googleanalytics", "parquet"},
        tags={"locale": scope.code},
        metadata={"streams": dg.MetadataValue.json([stream.name for stream in scope.streams])},
    )
    def ga4_locale(
        context: dg.AssetExecutionContext, config: RefetchConfig, session: dg.ResourceParam[Session]
    ) -> dg.MaterializeResult:
        from connectors.ga4.refresh import refresh_locale  # the vendor's client, which a build has no use for

        days = wanted_days(context.partition_keys, scope, config)
        summary = refresh_locale(
            session.ga4_client(scope.connection),
            session.landing,
            scope.spec,
            days,
            clock=session.clock,
            pseudonymiser=session.pseudonymiser,
            only_due=not config.refetch,
            allow_short=config.allow_short,
            on_progress=lambda doing: session.progress(f"{SOURCE} {scope.code}", doing),
            on_wait=lambda text: _announce(context, session, f"{SOURCE} {scope.code}", text),
            streams=scope.streams,
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
                landed_as_declared(key, session.landing, ga4_datasets(scope), scope.code),
                no_day_missing(session.landing, scope, session.clock()),
                *([rows_add_up(lambda: _reconciled(session, scope, days))] if SESSIONS in scope.streams else []),
            ],
        )

    return ga4_locale


def _reconciled(session: Session, scope: WebScope, days: Iterable[date]) -> "Reconciled | None":
    from connectors.ga4.reconcile import reconcile

    client = session.ga4_client(scope.connection)
    return reconcile(
        client, session.landing, scope.spec, days, clock=session.clock, pseudonymiser=session.pseudonymiser
    )


def _announce(context: dg.AssetExecutionContext, session: Session, unit: str, text: str) -> None:
    """Say what is waited for where people look: in the run's log, and in the command line's display."""
    context.log.warning(f"{unit} {text}")
    session.notice(unit, text)


def wanted_days(partition_keys: Iterable[str], scope: WebScope, config: RefetchConfig) -> list[date]:
    """The days of month partitions (`2026-03-01`) that lie between go-live, closing and the bounds of `config`."""
    first = max(scope.go_live, date.fromisoformat(config.first_day) if config.first_day else date.min)
    last = min(scope.closed or date.max, date.fromisoformat(config.last_day) if config.last_day else date.max)
    days = [day for key in partition_keys for day in windows.days_of_month(key[:7])]
    return [day for day in days if first <= day <= last]
