"""Landing what is new in an org, for all its locales at once: the function the orchestrator calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from connectors.errors import ConfigurationError, ConnectorError
from connectors.landing import ChangeWindow, Commit, Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce.bulk import delete_orphans
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.extract import Pulled, Puller, TooManyRows, halves
from connectors.salesforce.ledger import JobLedger
from connectors.salesforce.removals import Checked, Removals
from connectors.salesforce.resolve import ResolvedStream, described_objects, resolve_stream
from connectors.salesforce.scopes import Pull, Scopes, build_scopes, plan_pulls, split_rows
from connectors.salesforce.sinks import ByScope, Gathered
from connectors.salesforce.stream_specs import SOURCE, SalesforceStream
from connectors.salesforce.streams import STREAMS
from connectors.salesforce.watch import HAS, optional_columns, refuse_lost_fields, refuse_rebased_rates
from connectors.specs import Clock, LocaleSpec, SalesforceConnection
from connectors.windows import COMMIT_HORIZON, CrmWindow

PIECE_ROWS = 100_000
"""Changes that are in memory together. First loads have nothing to be compared with, and are written as they come."""


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


@dataclass(frozen=True, slots=True)
class _Org:
    """What all pulls of a refresh share. ``is_past``: one window is pulled again, whatever was landed."""

    puller: Puller
    landing: Landing
    scopes: Scopes
    clock: Clock
    server_now: datetime
    is_past: bool

    def resolved(self, stream: SalesforceStream) -> ResolvedStream:
        """The stream in the org's words."""
        return resolve_stream(stream, self.puller.client.connection, self.puller.client.fields_of)


@dataclass(slots=True)
class _Progress:
    """Of a pull in pieces: the end of the last one, and how many deleted records came so far."""

    until: datetime
    deleted: int = 0


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
        if not stream.is_optional or client.has_object(stream.object_name)
        for pull in plan_pulls(stream, scopes, _cursors(landing, stream, scopes, wanted), server_now, past)
    ]
    puller = Puller(client, pseudonymiser, JobLedger(landing.root, connection.name))
    org = _Org(puller, landing, scopes, clock, server_now, is_past=past is not None)
    try:
        landed = _carry_out(org, plans, workers=workers, on_progress=on_progress)
    finally:
        # Those of the same queries were gone on with; these are of other windows, or of objects that failed.
        if puller.ledger:
            delete_orphans(client, puller.ledger)
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
    org: _Org,
    plans: Sequence[tuple[SalesforceStream, Pull]],
    *,
    workers: int,
    on_progress: Callable[[str], None] | None,
) -> list[_Landed]:
    """All pulls, in parallel; the first error once all have ended."""
    client = org.puller.client

    def work(stream: SalesforceStream, pull: Pull) -> list[_Landed]:
        done = _pull_and_land(org, stream, pull)
        if on_progress:
            on_progress(f"{stream.name} {sum(item.rows for item in done):,} rows")
        return done

    landed: list[_Landed] = []
    first: ConnectorError | None = None
    name = f"salesforce-{client.connection.name}"
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name) as pool:
        objects = dict.fromkeys(name for stream, _ in plans for name in described_objects(stream))
        list(pool.map(client.fields_of, objects))  # all at once; resolving then finds them at hand
        with client.rests.ended_by_interruption():
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


def _pull_and_land(org: _Org, stream: SalesforceStream, pull: Pull) -> list[_Landed]:
    client, resolved = org.puller.client, org.resolved(stream)
    refuse_lost_fields(client, org.landing, resolved, pull.scopes)
    refuse_rebased_rates(client, org.landing, resolved)
    is_first = pull.window.start is None and all(org.landing.is_new(stream.dataset, scope) for scope in pull.scopes)
    if is_first:
        return _landed(stream, pull, _land_first(org, resolved, pull))
    return _land_pieces(org, resolved, pull, _Progress(pull.window.end))


def _land_pieces(org: _Org, resolved: ResolvedStream, pull: Pull, progress: _Progress) -> list[_Landed]:
    """The window, or one half after the other if it has more rows than should be in memory together."""
    try:
        return _landed(resolved.stream, pull, _land_changes(org, resolved, pull, progress))
    except TooManyRows:
        pieces = [replace(pull, window=half) for half in halves(pull.window)]
        return [landed for piece in pieces for landed in _land_pieces(org, resolved, piece, progress)]


def _landed(stream: SalesforceStream, pull: Pull, done: dict[str, tuple[int, Commit]]) -> list[_Landed]:
    return [_Landed(stream.name, scope, rows, commit.rows, pull.window) for scope, (rows, commit) in done.items()]


def _land_first(org: _Org, resolved: ResolvedStream, pull: Pull) -> dict[str, tuple[int, Commit]]:
    stream, client, end = resolved.stream, org.puller.client, pull.window.end
    with org.landing.first_load(stream.dataset, pull.scopes, end, client.connection.name) as load:
        pulled = org.puller.pull(resolved, pull, ByScope(stream, org.scopes, pull.scopes, load))
        known = Checked(end, end) if stream.tracks_removal else None
        commits = load.commit(_metadata(resolved, pulled, known), org.clock())
    return {scope: (commit.rows, commit) for scope, commit in commits.items()}


def _land_changes(
    org: _Org, resolved: ResolvedStream, pull: Pull, progress: _Progress
) -> dict[str, tuple[int, Commit]]:
    """The rows of a window; with the last one of a pull, also what was removed."""
    stream, client, checked = resolved.stream, org.puller.client, None
    gathered = Gathered(stream)
    pulled = org.puller.pull(resolved, pull, gathered, most_rows=PIECE_ROWS)
    progress.deleted += gathered.deleted()
    parts = split_rows(gathered.table(), stream, org.scopes, pull.scopes)
    rows = {scope: len(part) for scope, part in parts.items()}
    is_last = pull.window.end == progress.until
    if is_last and stream.tracks_removal and pull.window.start is not None and not org.is_past:
        removals = Removals(client, org.landing, stream, org.server_now, org.puller.ledger)
        gone, checked = removals.find(pull.scopes, gathered.table(), progress.deleted)
        parts = {scope: pa.concat_tables([part, *gone.get(scope, ())]) for scope, part in parts.items()}
    window = ChangeWindow(pull.window.start, pull.window.end, _metadata(resolved, pulled, checked))
    return {
        scope: (
            rows[scope],
            org.landing.merge_changes(stream.dataset, scope, part, window, connection=client.connection.name),
        )
        for scope, part in parts.items()
    }


def _metadata(resolved: ResolvedStream, pulled: Pulled, checked: Checked | None) -> dict[str, Any]:
    facts = checked.facts() if checked else {}
    return {"method": pulled.method, "rows": pulled.rows, HAS: sorted(optional_columns(resolved)), **facts}


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
