"""A large company's landing, made in minutes: as many rows as a benchmark asks for, of the shape the connectors land.

Only sizes and shapes are meant to be real; what people do is drawn from hashes of their numbers, so that any instant of
the company can be made without those before it. `python -m benchmarks.volume build HOME INSTANT` builds what is landed
and prints how long it took.
"""

import argparse
import gc
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks import volume_crm, volume_web
from benchmarks.volume_web import Size
from connectors.catalog import dataset
from connectors.ecb.streams import RATES, SCOPE
from connectors.landing import ChangeWindow, Landing, SeriesWindow
from connectors.landing.dataset import Dataset
from dagster_project.config import Config, load_config

CHECKOUT = Path(__file__).parents[1]
RESTATED_DAYS = 3
EVERYTHING = datetime(2000, 1, 1, tzinfo=UTC)


class Volume:
    """A project folder with a company of a size, whose landing is made up to an instant and then moved on by days."""

    def __init__(self, home: Path, years: int, until: date, size: Size) -> None:
        self.home, self.size = home, size
        self.first, self.until = until.replace(year=until.year - years), until
        if not (home / "config").is_dir():
            self._write_project()
        self.config: Config = load_config(home / "config")
        self.landing = Landing(home / "data" / "landing", lambda: instant(self.until))
        self._database = duckdb.connect(config={"threads": 2, "memory_limit": "6GB"})
        self._database.execute("SET TimeZone = 'UTC'")

    def make(self) -> None:
        """Land everything up to `until`."""
        self._rates()
        for locale in self.config.locales:
            for month in _months(self.first, self.until):
                self._web(locale, *month)
        self._crm_first()

    def pass_a_day(self) -> None:
        """Land one more day: its visits, those of the days that Google still restates, and what changed in the CRMs."""
        before = self.until
        self.until = before + timedelta(days=1)
        for locale in self.config.locales:
            for first, last in _within_months(before - timedelta(days=RESTATED_DAYS), self.until):
                self._web(locale, first, last)
        self._people()
        for stream, locale, connection, rows in self._changes(instant(before), instant(self.until)):
            window = ChangeWindow(instant(before), instant(self.until))
            self.landing.merge_changes(_crm(stream), locale, rows, window, connection=connection)

    def rows(self) -> dict[str, int]:
        """Landed rows by stream, of those that the bars speak of."""
        streams = (("ga4", "sessions"), ("ga4", "touchpoints"), ("salesforce", "lead"))
        return {stream: sum(file.rows for file in self.landing.files(source, stream)) for source, stream in streams}

    def _write_project(self) -> None:
        shutil.copytree(CHECKOUT / "config", self.home / "config")
        (self.home / "dbt_project").symlink_to(CHECKOUT / "dbt_project")
        project = self.home / "config" / "project.yml"
        project.write_text(project.read_text().replace("mode: sandbox", "mode: live"))
        for path in (self.home / "config" / "locales").glob("*.yml"):
            lines = path.read_text().splitlines()
            live = [f"go_live: {self.first}" if line.startswith("go_live:") else line for line in lines]
            path.write_text("\n".join(live) + "\n")
        budget = self.home / "config" / "fx" / "budget_rates.csv"
        header, *lines = budget.read_text().splitlines()
        known = {line.split(",", 1)[0] for line in lines}
        newest = [line.split(",", 1)[1] for line in lines if line.startswith(max(known))]
        years = [str(year) for year in range(self.first.year, self.until.year + 1) if str(year) not in known]
        budget.write_text("\n".join([header, *lines, *(f"{year},{rest}" for year in years for rest in newest)]) + "\n")

    def _web(self, locale: str, first: date, end: date) -> None:
        """Days [first, end) of one country, in one month; the restated ones come out a little different each time."""
        days = [first + timedelta(days=n) for n in range((end - first).days)]
        country = (locale, list(self.config.locales).index(locale), len(self.config.locales))
        for stream, query in volume_web.queries(self.size, country, (first, end), self.until).items():
            rows = self._database.execute(query).to_arrow_table()
            state = [self.until - timedelta(days=RESTATED_DAYS) <= day for day in days]
            windows = [
                SeriesWindow(day, day + timedelta(days=1), "provisional" if open_ else "final")
                for day, open_ in zip(days, state, strict=True)
            ]
            landed = dataset("ga4", stream)
            self.landing.replace_windows(
                landed, locale, f"{first:%Y-%m}", _conform(rows, landed), windows, connection="google_analytics"
            )

    def _rates(self) -> None:
        units = {
            rate.currency: rate.rate for rate in sorted(self.config.budget_rates, key=lambda rate: rate.fiscal_year)
        }
        for year in range(self.first.year, self.until.year + 1):
            days = [day for day in _days(date(year, 1, 1), min(date(year + 1, 1, 1), self.until)) if day.weekday() < 5]
            rows = self._database.execute(volume_web.rates(days, units)).to_arrow_table()
            windows = [SeriesWindow(day, day + timedelta(days=1)) for day in days]
            self.landing.replace_windows(RATES, SCOPE, str(year), _conform(rows, RATES), windows)

    def _people(self) -> None:
        locales = [
            (number, code, locale.crm.connection, locale.crm.values[0], json.dumps(_statuses(locale.crm.lead_statuses)))
            for number, (code, locale) in enumerate(self.config.locales.items())
        ]
        volume_crm.make_people(self._database, self.first, self.until, self.size.leads, locales)

    def _crm_first(self) -> None:
        self._people()
        end = instant(self.until)
        for connection in sorted({locale.crm.connection for locale in self.config.locales.values()}):
            scopes = [code for code, locale in self.config.locales.items() if locale.crm.connection == connection]
            for stream in (*volume_crm.BY_LOCALE, *volume_crm.SHARED):
                wanted = scopes if stream in volume_crm.BY_LOCALE else [f"shared-{connection}"]
                with self.landing.first_load(_crm(stream), wanted, end, connection) as load:
                    for scope in wanted:
                        query = volume_crm.query(stream, scope, connection, EVERYTHING, end)
                        for batch in self._database.execute(query).to_arrow_reader(100_000):
                            load.add(scope, _conform(pa.Table.from_batches([batch]), _crm(stream)))
                    load.commit({}, end)

    def _changes(self, start: datetime, end: datetime) -> Iterator[tuple[str, str, str, pa.Table]]:
        for code, locale in self.config.locales.items():
            for stream in volume_crm.BY_LOCALE:
                query = volume_crm.query(stream, code, locale.crm.connection, start, end)
                rows = self._database.execute(query).to_arrow_table()
                yield stream, code, locale.crm.connection, _conform(rows, _crm(stream))


def instant(day: date) -> datetime:
    """The moment of a day at which it is built: six in the morning, UTC."""
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def build(home: Path, now: datetime) -> dict[str, object]:
    """Build and publish what is landed in a project folder, as `trechter refresh` does. Raises when it fails."""
    os.environ["TRECHTER_HOME"] = str(home)
    gc.disable()  # as `trechter` loads
    from dagster_project.lib.session import Session
    from dagster_project.project import project

    here = project()
    with ExitStack() as closing:
        session = Session(here.settings, here.config, lambda: now, closing)
        session.dbt.load()  # as `trechter` does, too
        from dagster_project.definitions import defs
        from dagster_project.lib.instance import open_instance
        from dagster_project.lib.refresh import Runner

        runner = Runner(session, defs(), open_instance(here.settings.dagster_home), lambda _unit, _outcome: None)
        report = runner.backfill([])
    if not report.succeeded:
        raise RuntimeError("; ".join(outcome.error or "" for outcome in report.outcomes))
    return {"seconds": sum(outcome.seconds for outcome in report.outcomes), "built": report.built}


def _statuses(mapped: Mapping[str, str]) -> dict[str, str]:
    return {stage: status for status, stage in reversed(list(mapped.items()))}


def _crm(stream: str) -> Dataset:
    return dataset("salesforce", stream)


def _conform(rows: pa.Table, landed: Dataset) -> pa.Table:
    columns = [
        rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(len(rows), field.type)
        for field in landed.schema
    ]
    return pa.Table.from_arrays(columns, schema=landed.schema)


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((end - first).days)]


def _months(first: date, end: date) -> Iterator[tuple[date, date]]:
    yield from _within_months(first, end)


def _within_months(first: date, end: date) -> Iterator[tuple[date, date]]:
    while first < end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(following, end)
        first = following


def main() -> None:
    """Make a company's landing, or build it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.volume", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    making = actions.add_parser("make", help="land a company of 3.4 M sessions, 1.7 M visits and 340,000 leads a year")
    making.add_argument("home", type=Path)
    making.add_argument("--years", type=int, default=3)
    making.add_argument("--until", type=date.fromisoformat, default=date(2026, 7, 1))
    making.add_argument("--part", type=float, default=1.0, help="of these sizes, such as 0.1")
    passing = actions.add_parser("pass-a-day", help="land one more day")
    passing.add_argument("home", type=Path)
    passing.add_argument("until", type=date.fromisoformat, help="the day the landing has come to")
    passing.add_argument("--years", type=int, default=3)
    passing.add_argument("--part", type=float, default=1.0)
    building = actions.add_parser("build", help="build and publish what is landed")
    building.add_argument("home", type=Path)
    building.add_argument("until", type=date.fromisoformat)
    given = parser.parse_args()
    if given.action == "build":
        print(json.dumps(build(given.home, instant(given.until))))
        return
    whole = Size()
    size = Size(*(int(rows * given.part) for rows in (whole.sessions, whole.touchpoints, whole.leads)))
    volume = Volume(given.home, given.years, given.until, size)
    if given.action == "make":
        volume.make()
    else:
        volume.pass_a_day()
    print(json.dumps(volume.rows()))


if __name__ == "__main__":
    main()
