"""Landing what is new in an org, for all its locales at once: the function the orchestrator calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from connectors.errors import ConfigurationError, ConnectorError
from connectors.landing import ChangeWindow, Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.extract import pull_stream
from connectors.salesforce.resolve import ResolvedStream, described_objects, resolve_stream
from connectors.salesforce.scopes import Pull, Scopes, build_scopes, plan_pulls, split_rows
from connectors.salesforce.streams import SOURCE, STREAMS, SalesforceStream
from connectors.specs import Clock, LocaleSpec, SalesforceConnection
from connectors.windows import COMMIT_HORIZON, CrmWindow


@dataclass(frozen=True, slots=True)
class ScopeSummary:
    """What a refresh did for a scope: rows pulled (overlap included) and by stream, rows that are new in the landing,
    and the range of the newest pull. ``window_start`` is None when it reached back to the first record."""

    scope: str
    rows: int
    new_rows: int
    changed: bool
    window_start: datetime | None
    window_end: datetime | None
    streams: dict[str, int]


@dataclass(frozen=True, slots=True)
class ConnectionSummary:
    """What a refresh did for an org. ``api_usage`` is (used, allowed) of the org's calls in 24 hours, as last told;
    ``window_end`` is what the landing reaches now."""

    connection: str
    scopes: dict[str, ScopeSummary]
    rows: int
    changed: bool
    api_calls: int
    bulk_jobs: int
    api_usage: tuple[int, int] | None
    window_end: datetime


@dataclass(frozen=True, slots=True)
class _Landed:
    stream: str
    scope: str
    rows: int
    new_rows: int
    window: CrmWindow


def refresh_connection(
    client: SalesforceClient,
    landing: Landing,
    connection: SalesforceConnection,
    locales: Sequence[LocaleSpec],
    *,
    clock: Clock,
    pseudonymiser: Pseudonymiser,
    window: CrmWindow | None = None,
    only: Sequence[str] | None = None,
    workers: int = 4,
    on_progress: Callable[[str], None] | None = None,
) -> ConnectionSummary:
    """Bring every scope (or ``only`` these) up to the server's now, or pull one past ``window`` of them again.

    ``locales`` are all configured ones: they decide what is unassigned. Objects are pulled in parallel; when one fails
    the others still land, then the first error is raised, and running again resumes each at its own cursor.
    """
    calls, jobs = client.meter.calls, client.meter.bulk_jobs
    scopes = build_scopes(connection, locales)
    wanted = _wanted(scopes, only, connection)
    server_now = min(client.server_now(), clock())
    horizon = (server_now - COMMIT_HORIZON).replace(microsecond=0)
    past = CrmWindow(window.start, min(window.end, horizon)) if window else None
    plans = [
        (stream, pull)
        for stream in STREAMS
        for pull in plan_pulls(stream, scopes, _cursors(landing, stream, scopes, wanted), server_now, past)
    ]
    landed = _carry_out(client, landing, plans, scopes, pseudonymiser, workers=workers, on_progress=on_progress)
    return ConnectionSummary(
        connection.name,
        {scope: _scope_summary(scope, [item for item in landed if item.scope == scope]) for scope in wanted},
        sum(item.rows for item in landed),
        any(item.new_rows for item in landed),
        client.meter.calls - calls,
        client.meter.bulk_jobs - jobs,
        client.meter.usage,
        past.end if past else horizon,
    )


def _carry_out(
    client: SalesforceClient,
    landing: Landing,
    plans: Sequence[tuple[SalesforceStream, Pull]],
    scopes: Scopes,
    pseudonymiser: Pseudonymiser,
    *,
    workers: int,
    on_progress: Callable[[str], None] | None,
) -> list[_Landed]:
    """All pulls, in parallel; the first error once all have ended."""

    def work(stream: SalesforceStream, pull: Pull) -> list[_Landed]:
        resolved = resolve_stream(stream, client.connection, client.fields_of)
        done = _pull_and_land(client, landing, (stream, resolved, pull), scopes, pseudonymiser)
        if on_progress:
            on_progress(f"{stream.name} {sum(item.rows for item in done):,} rows")
        return done

    landed: list[_Landed] = []
    first: ConnectorError | None = None
    name = f"salesforce-{client.connection.name}"
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name) as pool:
        objects = dict.fromkeys(name for stream, _ in plans for name in described_objects(stream))
        list(pool.map(client.fields_of, objects))  # all at once; resolving then finds them at hand
        for task in as_completed([pool.submit(work, stream, pull) for stream, pull in plans]):
            try:
                landed.extend(task.result())
            except ConnectorError as error:
                first = first or error
    if first is not None:
        raise first
    return landed


def _wanted(scopes: Scopes, only: Sequence[str] | None, connection: SalesforceConnection) -> tuple[str, ...]:
    known = (*scopes.locales, scopes.unassigned, scopes.shared)
    unknown = set(only or ()) - set(known)
    if unknown:
        raise ConfigurationError(
            f"{connection.name} serves no {', '.join(sorted(unknown))}", source=SOURCE, scope=connection.name
        )
    return known if only is None else tuple(scope for scope in known if scope in only)


def _cursors(
    landing: Landing, stream: SalesforceStream, scopes: Scopes, wanted: Sequence[str]
) -> dict[str, datetime | None]:
    mine = [scope for scope in scopes.of_stream(stream) if scope in wanted]
    return {scope: landing.covered_until(stream.dataset, scope) for scope in mine}


def _pull_and_land(
    client: SalesforceClient,
    landing: Landing,
    task: tuple[SalesforceStream, ResolvedStream, Pull],
    scopes: Scopes,
    pseudonymiser: Pseudonymiser,
) -> list[_Landed]:
    stream, resolved, pull = task
    pulled = pull_stream(client, resolved, pull, pseudonymiser)
    parts = split_rows(pulled.rows, stream, scopes, pull.scopes)
    window = ChangeWindow(pull.window.start, pull.window.end, {"method": pulled.method, "rows": len(pulled.rows)})
    landed = []
    for scope, rows in parts.items():
        commit = landing.merge_changes(stream.dataset, scope, rows, window, connection=client.connection.name)
        landed.append(_Landed(stream.name, scope, len(rows), commit.rows, pull.window))
    return landed


def _scope_summary(scope: str, landed: Sequence[_Landed]) -> ScopeSummary:
    newest = max(landed, key=lambda item: item.window.end, default=None)
    streams: dict[str, int] = {}
    for item in landed:
        streams[item.stream] = streams.get(item.stream, 0) + item.rows
    return ScopeSummary(
        scope,
        sum(item.rows for item in landed),
        sum(item.new_rows for item in landed),
        any(item.new_rows for item in landed),
        newest.window.start if newest else None,
        newest.window.end if newest else None,
        streams,
    )
