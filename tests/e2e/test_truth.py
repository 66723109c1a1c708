"""Published marts equal the company's own truth: after the demo, three more days, a backfill, and with a new country.

One chain of commands, as a user would give them; each test is a step of it.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib.builds import DATABASE, current_folder
from sandbox.company.locales import LOCALES
from sandbox.company.truth import Observation, at_six
from tests.e2e.adding_up import AddingUp
from tests.e2e.comparison_targets import FORECASTS, held_by_intervals
from tests.e2e.product import Product

SCALE = float(os.environ.get("E2E_SCALE", "0.1"))
"""1.0 is the company of the demo; the suite's is a tenth of it, with every oddity."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    product = Product(tmp_path_factory.mktemp("chain") / "home", SCALE)
    product.demo = product.json("demo")  # type: ignore[attr-defined]
    return product


def test_after_the_demo_every_figure_equals_the_truth(product: Product) -> None:
    assert product.build.build_id == 1
    assert product.differences("2026-07-01") == {}


def test_intervals_of_forecasts_hold_what_the_company_then_came_to(product: Product) -> None:
    config, afterwards = product.config, Observation(product.company, at_six("2026-10-01"))
    budget = {(rate.fiscal_year, rate.currency): Fraction(rate.rate) for rate in config.budget_rates}
    with duckdb.connect(current_folder(product.data / "published") / DATABASE, read_only=True) as connection:
        rows = connection.execute(FORECASTS, {"end": date(2026, 9, 30)}).fetchall()
    held, there = held_by_intervals(afterwards, budget, config, rows)
    assert there >= 30
    # Four fifths in the long run (benchmarks/forecast.py), of so few forecasts that go up and down together.
    assert 0.6 * there <= held


def test_the_demo_answers_with_a_row_for_each_country_and_the_total(product: Product) -> None:
    rows = {row["locale"]: row for row in product.demo}  # type: ignore[attr-defined]
    assert rows.keys() == {*product.config.locales, "total"}
    for kpi in ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales"):
        assert sum(row[kpi] for locale, row in rows.items() if locale != "total") == rows["total"][kpi] > 0


def test_what_the_catalogue_says_adds_up_does_and_nothing_else_is_added(product: Product) -> None:
    adding_up = AddingUp(product.data / "published")
    assert adding_up.values_that_do_not() == []
    assert adding_up.parts_that_do_not() == []
    assert adding_up.averaged() == []
    assert adding_up.pipeline() == []
    total, of_countries, of_days = adding_up.users()
    assert 0 < total < of_countries, "who was in two countries is one user"
    assert total < of_days, "who came on two days is one user of the week"


def test_channels_are_googles_own_wherever_google_has_one(product: Product) -> None:
    with duckdb.connect(product.data / "warehouse" / "trechter.duckdb", read_only=True) as connection:
        otherwise = connection.execute(
            "SELECT DISTINCT ga4_channel, channel, CASE channel WHEN 'Email' THEN locale END "
            "FROM facts.fct_web_sessions WHERE channel <> ga4_channel ORDER BY ALL"
        ).fetchall()
    # What Google leaves unassigned: traffic nothing is known of, and, in Brazil, newsletters tagged in its own words.
    assert otherwise == [("Unassigned", "(not set)", None), ("Unassigned", "Email", "br")]


def test_doing_it_again_does_only_what_is_new_which_is_nothing(product: Product) -> None:
    landed = product.landed("*")
    again = product.json("refresh", "--days", "0")
    assert again["built"] is False
    assert product.build.build_id == 1
    assert product.landed("*") == landed


def test_after_three_more_days_with_restatements_every_figure_equals_the_truth(product: Product) -> None:
    with readers(product) as seen:
        assert product.json("refresh", "--days", "3")["built"] is True
    assert product.build.build_id == 2
    assert product.differences("2026-07-04") == {}
    assert seen
    assert all(len(build_ids) == 1 for build_ids in seen), "a reader saw two builds at once"


def test_every_closed_period_is_remembered_as_each_build_published_it_and_every_change_says_why(
    product: Product,
) -> None:
    history = product.history({1: "2026-07-01", 2: "2026-07-04"})
    assert history.as_published(1) == []
    assert history.as_published(2) == []
    assert history.restatements(1, 2) == []
    told = {row["reasons"] for row in product.json("restatements", "--weeks", "--provisional", "--limit", "100000")}
    assert {"late_data", "merge", "restatement"} <= told


def test_a_backfill_changes_only_its_own_country_and_a_second_one_nothing(product: Product) -> None:
    before = {scope: product.landed(scope) for scope in product.config.locales}
    backfill = ("backfill", "uk", "--from", "2025-01-01", "--to", "2025-12-31")
    first = product.json(*backfill)
    assert sum(unit["rows"] for unit in first["units"]) > 0
    assert all(product.landed(scope) == before[scope] for scope in before if scope != "uk")
    assert product.differences("2026-07-04") == {}
    landed = product.landed("*")
    assert product.json(*backfill)["built"] is False
    assert product.landed("*") == landed


def test_a_build_that_is_killed_publishes_nothing_and_the_next_one_is_whole(product: Product) -> None:
    before = product.build
    product.kill_while_building("refresh")
    assert product.build == before
    assert product.json("refresh", "--days", "0")["built"] is True
    assert product.differences("2026-07-05") == {}


def test_a_country_that_fails_stops_no_other_and_says_what_to_do(product: Product) -> None:
    product.edit("locales/se.yml", 'property: "310000006"', 'property: "399999999"')
    done = product.json("refresh", fails=True)
    failed = [unit for unit in done["units"] if not unit["succeeded"]]
    assert [unit["name"] for unit in failed] == ["ga4 se"]
    assert "se" in failed[0]["error"]
    assert done["built"] is True
    status = {row["locale"]: row for row in product.json("status")["locales"]}
    assert {code for code, row in status.items() if row["is_stale"]} == {"se"}
    assert status["se"]["as_of_date"] == "2026-07-04"
    product.edit("locales/se.yml", 'property: "399999999"', 'property: "310000006"')
    product.json("refresh", "--days", "0")
    assert product.differences("2026-07-06") == {}


def test_a_thirteenth_country_is_one_more_file(product: Product) -> None:
    before = {scope: product.landed(scope) for scope in product.config.locales}
    (product.home / "config" / "locales" / "dk.yml").write_text(DENMARK)
    # History is in what was published: the working database may go.
    shutil.rmtree(product.data / "warehouse")
    assert product.json("refresh", "--days", "0")["built"] is True
    assert product.differences("2026-07-06", list(LOCALES)) == {}
    restated = product.json("restatements", "--weeks", "--provisional", "--business-lines", "--limit", "100000")
    newest = [row for row in restated if row["restated_build_id"] == product.build.build_id]
    assert {(row["locale"], row["reasons"]) for row in newest} == {("total", "mapping_change")}
    assert not any("unexplained" in row["reasons"] for row in restated)
    assert product.history({1: "2026-07-01"}).as_published(1) == []
    assert all(product.landed(scope) == before[scope] for scope in before)


def test_a_failed_gate_leaves_the_build_where_it_was(product: Product) -> None:
    before = product.build
    (product.home / "config" / "targets" / "hopeless.csv").write_text(
        "kpi,locale,business_line,period,value,currency,owner,status,kind\n"
        "sales,nl,all,2019,10,,marketing.nl@noordlicht.example,accepted,absolute\n"
    )
    done = product.json("refresh", "--days", "0", fails=True)
    assert not done["built"]
    assert product.build == before
    (product.home / "config" / "targets" / "hopeless.csv").unlink()


def test_nothing_personal_is_in_anything_the_product_wrote(product: Product) -> None:
    addresses = product.company.crm_versions("global", "Lead")["Email"].drop_null().unique().to_pylist()
    needles = [address.strip().encode() for address in addresses[:: max(1, len(addresses) // 50)]]
    secrets = [b"BEGIN PRIVATE KEY"]
    for path in product.data.rglob("*"):
        if (
            path.is_file()
            and path.suffix not in (".parquet",)
            and "sandbox" not in path.relative_to(product.data).parts
        ):
            content = path.read_bytes()
            assert not any(needle in content for needle in needles + secrets), f"something personal in {path.name}"
    landing = product.data / "landing"
    with duckdb.connect() as connection:
        for stream in (
            *("salesforce/lead", "salesforce/contact", "salesforce/lead_history"),
            *("ga4/touchpoints", "ga4/exposures", "ga4/visitor_events"),
        ):
            rows = connection.execute(
                f"SELECT count(*) FROM read_parquet('{landing}/{stream}/**/*.parquet') AS landed "
                "WHERE to_json(landed)::VARCHAR LIKE '%@%.example%'"
            ).fetchone()
            assert rows == (0,)


DENMARK = """\
locale: dk
name: Denmark
country: DK
language: da
time_zone: Europe/Copenhagen
currency: DKK
owner: marketing.dk@noordlicht.example
go_live: 2026-01-01

web:
  connection: google_analytics
  property: "310000013"

crm:
  connection: salesforce_global
  values: [DK]
  lead_statuses:
    Ny: open
    I gang: open
    Marketingkvalificeret: mql
    Sendt retur: recycled
    Afvist: disqualified
    Konverteret: converted
"""


class readers:
    """A dashboard that reads two marts again and again, noting which builds it saw together."""

    def __init__(self, product: Product) -> None:
        self._published = product.data / "published"
        self._seen: list[set[int]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> list[set[int]]:
        self._thread.start()
        return self._seen

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._stop.wait(0.02):
            self._seen.append(set(self._build_ids(current_folder(self._published) / DATABASE)))

    @staticmethod
    def _build_ids(database: Path) -> Iterator[int]:
        with duckdb.connect(database, read_only=True) as connection:
            rows = connection.execute(
                "SELECT DISTINCT build_id FROM mart_locales UNION SELECT DISTINCT build_id FROM mart_kpi_daily"
            ).fetchall()
        yield from (build_id for (build_id,) in rows)
