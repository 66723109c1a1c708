"""What must hold after any sequence of faults: landed rows are the vendors' rows, and nobody is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.chaos_ingest import FIELDS, FIRST_DAY, LOCALES, Job
from benchmarks.chaos_reports import compared_reports
from connectors.catalog import DATASETS
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import STREAMS
from sandbox.company.store import Company

CHANGED_KINDS = ("email", "visitor", "currency", "history_field", "history_value")
"""Kinds of fields that do not land as the org has them."""

BOOKKEEPING = ("_window_id", "_load_seq")
USABLE_PERCENT = 90
ADDRESS = re.compile(rb"[\w.+-]+@[\w.-]+\.example")
SESSION = re.compile(rb"00D\w{12}![\w.]{10}|ya29\.|eyJ[\w-]{20}|Bearer \S{8}")


def differences(job: Job, company: Company, now: datetime, people: Pseudonymiser) -> Iterator[str]:
    """One sentence for each dataset and scope whose rows are not the source's at ``now``."""
    landing = Landing(job.landing, lambda: now)
    last = (now - timedelta(days=4)).date()
    for code, locale in LOCALES.items():
        wanted = _sessions(company.ga4_sessions(locale.ga4_property), last)
        yield from _compared(f"sessions {code}", wanted, _landed_sessions(landing, code, last))
        visits = _visits(company.ga4_visits(locale.ga4_property), last, people)
        yield from _compared(f"touchpoints {code}", visits, _landed_visits(landing, code, last))
        for name, expected, found in compared_reports(landing, company, locale, (FIRST_DAY, last)):
            yield from _compared(f"{name} {code}", expected, found)
    for org in ("global", "americas"):
        for stream in STREAMS:
            try:
                versions = company.crm_versions(org, stream.object_name)
            except KeyError:
                continue
            yield from _compared(f"{stream.name} {org}", *_records(landing, versions, stream, org, now))
    yield from _repeated(landing)


def leaks(job: Job, company: Company) -> Iterator[str]:
    """One sentence for each place where somebody, or a secret, can be read."""
    visits = [company.ga4_visits(locale.ga4_property) for locale in LOCALES.values()]
    visitors = {value for table in visits for value in _column(table, "client_id")}
    landing = Landing(job.landing, lambda: datetime.now(UTC))
    for dataset in DATASETS:
        table = landing.read(dataset)
        for name in table.column_names:
            if pa.types.is_string(table[name].type):
                values = set(table[name].unique().to_pylist())
                if values & visitors or any(value and "@" in value for value in values):
                    yield f"{dataset.name}.{name} names somebody"
    secrets = [value.encode() for name, value in job.contract["env"].items() if name.endswith(("SECRET", "_KEY"))]
    private = re.compile(b"BEGIN (RSA )?PRIVATE KEY")
    for path in job.folder.rglob("*"):
        if not path.is_file() or path.suffix == ".parquet":
            continue
        content = path.read_bytes()
        if ADDRESS.search(content) or SESSION.search(content) or private.search(content):
            yield f"{path.relative_to(job.folder)} names somebody or holds a token"
        if any(secret in content for secret in secrets):
            yield f"{path.relative_to(job.folder)} holds a secret"


def exceeded(meters: dict[str, dict[str, int]]) -> Iterator[str]:
    """One sentence for each quota that was used beyond nine tenths, and each property asked too much at once."""
    for account, counts in meters.items():
        for name, value in counts.items():
            if name.startswith("peak_percent") and value > USABLE_PERCENT:
                yield f"{account}: {name} was {value}"
        if account.startswith("google_analytics/") and counts["max_in_flight"] > 9:
            yield f"{account}: {counts['max_in_flight']} requests at once"


def left_over(job: Job) -> Iterator[Path]:
    """Temporary files that a finished process left."""
    yield from (path for path in (job.folder / "tmp").rglob("*") if path.is_file())


def _compared(what: str, expected: Counter[Any], found: Counter[Any]) -> Iterator[str]:
    lost, extra = (expected - found).total(), (found - expected).total()
    if lost or extra:
        example = next(iter((expected - found) or (found - expected)))
        yield f"{what}: {lost} rows missing, {extra} too many, such as {example}"


def _sessions(table: pa.Table, last: date) -> Counter[Any]:
    names = [column.api_name for column in SESSIONS.columns]
    rows = table.select(names).to_pylist()
    return Counter(tuple(row[name] for name in names) for row in rows if FIRST_DAY <= row["date"] <= last)


def _landed_sessions(landing: Landing, code: str, last: date) -> Counter[Any]:
    names = [column.name for column in SESSIONS.columns]
    rows = landing.read(SESSIONS.dataset, code).to_pylist()
    return Counter(tuple(row[name] for name in names) for row in rows if FIRST_DAY <= row["date"] <= last)


def _visits(table: pa.Table, last: date, people: Pseudonymiser) -> Counter[Any]:
    rows = table.select(["date", "dateHourMinute", "client_id"]).to_pylist()
    wanted = [row for row in rows if FIRST_DAY <= row["date"] <= last]
    return Counter((row["dateHourMinute"], people.visitor_key(row["client_id"])) for row in wanted)


def _landed_visits(landing: Landing, code: str, last: date) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in landing.read(TOUCHPOINTS.dataset, code).to_pylist():
        if FIRST_DAY <= row["date"] <= last:
            found[row["date_hour_minute"], row["visitor_key"]] += row["sessions"]
    return found


def _records(
    landing: Landing, versions: pa.Table, stream: SalesforceStream, org: str, now: datetime
) -> tuple[Counter[Any], Counter[Any]]:
    """Expected and landed newest versions; what the org has purged since may stay landed, and is left out of both."""
    known = set(versions.column_names)
    fields = [(f.name, f.path) for f in stream.all_fields if f.path in known and f.kind not in CHANGED_KINDS]
    seen = versions.filter(pc.less_equal(versions["commit_at"], pa.scalar(now, versions["commit_at"].type)))
    ids = seen["Id"].to_pylist()
    current = seen.filter(pa.array([one != following for one, following in zip_longest(ids, ids[1:])], pa.bool_()))
    if stream.is_field_history:
        current = current.filter(pa.array([_is_taken(row, stream, org) for row in current.to_pylist()], pa.bool_()))
    purged = set(_column(current.filter(current["is_purged"]), "Id"))
    rows = current.filter(pc.invert(current["is_purged"])).select([path for _, path in fields]).to_pylist()
    expected = Counter(tuple(_plain(row[path]) for _, path in fields) for row in rows)
    newest: dict[str, dict[str, Any]] = {}
    table = landing.read(stream.dataset)
    mine = table.filter(pc.equal(table["_connection"], org))
    for row in sorted(mine.to_pylist(), key=lambda row: (row["system_modstamp"], row["_load_seq"])):
        newest[row["id"]] = row
    found = Counter(tuple(_plain(row[name]) for name, _ in fields) for key, row in newest.items() if key not in purged)
    return expected, found


def _is_taken(row: dict[str, Any], stream: SalesforceStream, org: str) -> bool:
    """Whether a change of a field is among those that land: not every field's, and of owners not their names."""
    taken = {theirs.format(locale=FIELDS[org][0]) for theirs, _ in stream.history_fields}
    return row["Field"] in taken and (row["Field"], row.get("DataType")) != ("Owner", "Text")


def _repeated(landing: Landing) -> Iterator[str]:
    for dataset in DATASETS:
        table = landing.read(dataset).drop_columns(list(BOOKKEEPING))
        key = ["_scope", *(dataset.key or [name for name in dataset.schema.names if name not in _measures(dataset)])]
        if len(table.group_by(key).aggregate([])) != len(table):
            yield f"{dataset.name}: rows came twice"


def _measures(dataset: Any) -> set[str]:
    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return {field.name for field in dataset.schema if any(is_kind(field.type) for is_kind in numbers)}


def _plain(value: Any) -> Any:
    """A value to compare by: empty text is null, and a rate is what its digits say."""
    if isinstance(value, float):
        return Decimal(repr(value))
    return value or None if isinstance(value, str) else value


def _column(table: pa.Table, name: str) -> list[Any]:
    values: list[Any] = table[name].to_pylist()
    return values
