"""Days and instants, in time zones whose clocks change."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt.runner import DbtProject

BUSINESS_DAYS = """
with days as ({{ days_begun('locales', 'first_date', 'last_date') }})
select dated.instant, dated.date, days.date
from (
    select instant, {{ local_date('instant', 'time_zone') }} as date
    from instants
    cross join locales
) as dated
asof join days on dated.instant >= days.begins_at
"""


@pytest.fixture(scope="module")
def business_days(project: DbtProject, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `local_date` and `days_begun` make of instants."""
    return project.compiled(tmp_path_factory.mktemp("time") / "warehouse.duckdb", BUSINESS_DAYS)


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Amsterdam",
        # A midnight that is there twice, and one that is not there.
        *("America/Havana", "America/Sao_Paulo", "Asia/Beirut"),
        # The last hour of a day twice, and half an hour.
        *("Asia/Amman", "America/Asuncion", "Australia/Lord_Howe"),
    ],
)
def test_the_last_day_that_has_begun_is_an_instants_business_day(business_days: str, zone: str) -> None:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(
        f"create table locales as select 'xx' as locale, '{zone}' as time_zone,"
        " date '2018-01-01' as first_date, date '2018-12-30' as last_date"
    )
    connection.execute(
        "create table instants as select unnest([half_hour - interval 1 second, half_hour]) as instant from"
        " (select unnest(generate_series(timestamptz '2018-01-02', '2018-12-30', interval 30 minutes)) as half_hour)"
    )
    offsets = f"select count(distinct timezone('{zone}', instant) - timezone('UTC', instant)) from instants"
    assert connection.execute(offsets).fetchall() == [(2,)]
    found = connection.execute(business_days).fetchall()
    assert len(found) == 2 * (48 * 362 + 1)
    assert [one for one in found if one[1] != one[2]] == []
