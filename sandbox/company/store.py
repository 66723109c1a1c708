"""The company on disk: generated once a (seed, scale, generator version), kept as Parquet, loaded in a moment."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.company.blackouts import strike
from sandbox.company.collector import uncollected
from sandbox.company.crm import crm_tables
from sandbox.company.demand import all_demand
from sandbox.company.incidents import Incident, fewer_leads, plan
from sandbox.company.locales import LOCALES, ROLLUP, Locale
from sandbox.company.properties import property_tables, rollup_tables
from sandbox.company.records import World
from sandbox.company.simulation import simulate
from sandbox.company.visits import form_fillers


@dataclass(eq=False)
class Company:
    """What the vendors recorded, and (on demand) the simulated world behind it."""

    seed: int
    scale: float
    tables: dict[str, pa.Table]
    locales: tuple[Locale, ...] = LOCALES
    rollup: Locale = ROLLUP
    given_world: World | None = field(default=None, repr=False)
    looks: tuple[datetime, ...] = ()
    """When somebody looked at the CRM and kept what it showed, before now: all that is known of records it keeps no
    history of."""
    incidents: tuple[Incident, ...] = ()

    def ga4_sessions(self, property_id: str) -> pa.Table:
        """The final sessions report of a property, sorted by date; raises KeyError for an unknown property.

        Columns: date (date32), hostName, landingPage, sessionDefaultChannelGroup, sessionSource, sessionMedium,
        sessionCampaignName (dictionary<string>), sessions, engagedSessions, userEngagementDuration (seconds),
        screenPageViews, keyEvents (int64), provisional_campaign (bool).
        """
        return self.tables[f"ga4-sessions-{property_id}"]

    def ga4_visits(self, property_id: str) -> pa.Table:
        """The final client-id report of a property, sorted by minute; raises KeyError for an unknown property.

        Columns: date, dateHourMinute (local, YYYYMMDDHHMM), client_id, the six session dimensions, late (bool).
        """
        return self.tables[f"ga4-visits-{property_id}"]

    def ga4_users(self, property_id: str) -> pa.Table:
        """The final users of a property, sorted by date; raises KeyError for an unknown property.

        Columns: date, gap (whole days since these users' previous visit, 0 for those who had none), totalUsers,
        activeUsers (int64). The users of a range of days are those whose previous visit was before it.
        """
        return self.tables[f"ga4-users-{property_id}"]

    def ga4_key_events(self, property_id: str) -> pa.Table:
        """The final events of a property, sorted by date; raises KeyError for an unknown property.

        Columns: date, eventName, isKeyEvent, sessionDefaultChannelGroup, eventCount, keyEvents (int64).
        """
        return self.tables[f"ga4-key-events-{property_id}"]

    def ga4_content(self, property_id: str) -> pa.Table:
        """The final pages of a property, sorted by date; raises KeyError for an unknown property.

        Columns: date, hostName, pagePath, screenPageViews, userEngagementDuration, keyEvents (int64).
        """
        return self.tables[f"ga4-content-{property_id}"]

    def ga4_ads(self, property_id: str) -> pa.Table:
        """The final advertising costs of a property, sorted by date; raises KeyError for an unknown property.

        Columns: date, sessionSource, sessionMedium, sessionCampaignName, advertiserAdCost (millionths of the
        property's currency), advertiserAdClicks, advertiserAdImpressions (int64).
        """
        return self.tables[f"ga4-ads-{property_id}"]

    def ga4_exposures(self, property_id: str) -> pa.Table:
        """What visitors of a property were shown of experiments, sorted by minute; KeyError for an unknown property.

        Columns: date, dateHourMinute (local, YYYYMMDDHHMM), client_id, customEvent:exp_variant_string, eventCount
        (int64), late (bool).
        """
        return self.tables[f"ga4-exposures-{property_id}"]

    def ga4_visitor_events(self, property_id: str) -> pa.Table:
        """What they did, sorted by minute; raises KeyError for an unknown property.

        Columns: date, dateHourMinute, client_id, eventName, isKeyEvent, keyEvents, eventCount (int64), late (bool).
        """
        return self.tables[f"ga4-visitor-events-{property_id}"]

    def crm_versions(self, org: str, object_name: str) -> pa.Table:
        """Every version of every record of an object, sorted by (Id, commit_at); KeyError when the org has none.

        What can be seen at an instant is the newest version with `commit_at` at or before it, unless `is_purged`.
        """
        return self.tables[f"crm-{org}-{object_name}"]

    def crm_objects(self, org: str) -> tuple[str, ...]:
        """The objects an org has."""
        prefix = f"crm-{org}-"
        return tuple(sorted(name.removeprefix(prefix) for name in self.tables if name.startswith(prefix)))

    @cached_property
    def world(self) -> World:
        """The simulated people and deals; simulated again from the seed, which takes seconds at full scale."""
        demand = fewer_leads(all_demand(self.seed, self.scale), self.incidents)
        return self.given_world or simulate(self.seed, self.scale, demand, self.incidents)


def generate(seed: int, scale: float, incidents: Sequence[Incident] = ()) -> Company:
    """Simulate the company and record what its vendors saw; raises ValueError for a scale outside (0, 10]."""
    if not 0 < scale <= 10:
        raise ValueError(f"scale must be above 0 and at most 10, not {scale}")
    demand = fewer_leads(all_demand(seed, scale), incidents)
    world = simulate(seed, scale, demand, incidents)
    with uncollected():
        tables = {f"crm-{org}-{name}": table for (org, name), table in crm_tables(world).items()}
    fillers = form_fillers(world)
    web = {one.locale.property_id: property_tables(one, fillers[one.locale.code], seed) for one in demand.values()}
    web |= {
        one.locale.property_id: strike(web[one.locale.property_id], one.locale, incidents, seed)
        for one in demand.values()
    }
    web[ROLLUP.property_id] = rollup_tables(web, seed)
    for number, reports in web.items():
        tables |= {f"ga4-{name}-{number}": table for name, table in reports.items()}
    return Company(seed, scale, tables, given_world=world, incidents=tuple(incidents))


@cache
def generator_version() -> str:
    """A hash of the generator's own source: whoever changes the generator gets a new company, not a stale one."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def cache_folder(state: Path, seed: int, scale: float, *, with_incidents: bool = False) -> Path:
    """Where a company is kept under a state folder."""
    kind = "/incidents" if with_incidents else ""
    key = hashlib.sha256(f"{seed}/{scale!r}/{generator_version()}{kind}".encode()).hexdigest()
    return state / f"company-{key[:12]}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(company: Company, folder: Path) -> None:
    """All tables into a folder next to the final one, then renamed, so that a killed run leaves nothing half."""
    staging = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    for name, table in company.tables.items():
        pq.write_table(table, staging / f"{name}.parquet", compression="zstd")
    os.replace(staging, folder)


def load_company(state: Path, seed: int = 7, scale: float = 1.0, *, with_incidents: bool = False) -> Company:
    """The company from the cache under `state`, generated first if it is not there; one in which things go wrong if it
    is asked for.

    Several processes may ask at once: one generates, the others wait for its lock. Raises ValueError for a scale
    outside (0, 10].
    """
    state.mkdir(parents=True, exist_ok=True)
    folder = cache_folder(state, seed, scale, with_incidents=with_incidents)
    incidents = plan(seed) if with_incidents else ()
    if not folder.exists():
        with _locked(folder.with_name(f"{folder.name}.lock")):
            if not folder.exists():
                _write(generate(seed, scale, incidents), folder)
    tables = {path.stem: pq.read_table(path, memory_map=True) for path in sorted(folder.glob("*.parquet"))}
    return Company(seed, scale, tables, incidents=incidents)
