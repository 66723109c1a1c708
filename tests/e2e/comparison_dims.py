"""The dimensions beside the company's own truth, and beside the calendar everybody has."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sandbox.company.truth import dims
from sandbox.company.truth.observation import Observation

Rows = list[tuple[Any, ...]]
Table = Mapping[Any, Any]

ACCOUNTS = "SELECT connection, account_id, group_account_id, depth, is_merged, has_loop FROM dim_accounts"
CAMPAIGNS = "SELECT campaign, campaign_type, start_date, end_date FROM dim_campaigns WHERE crm_campaigns > 0"
CALENDAR = (
    "SELECT locale, date, iso_year, iso_week, iso_weekday, month_start, fiscal_year, fiscal_period, is_weekend "
    "FROM dim_calendar"
)
PROSPECTS = (
    "SELECT prospect_type, locale, business_line, leads, contacts, deals, cycles, furthest_stage, count(*) "
    "FROM dim_prospects GROUP BY ALL"
)


def accounts(observation: Observation, rows: Rows) -> tuple[Table, Table]:
    """(Org, Id) → (Id of the group's account, accounts above), as they are and as the mart has them."""
    found = {
        (connection.removeprefix("salesforce_"), account.split("@")[0]): (group.split("@")[0], depth)
        for connection, account, group, depth, is_merged, has_loop in rows
        if not is_merged and not has_loop
    }
    return dims.account_groups(observation), found


def campaigns(observation: Observation, rows: Rows) -> tuple[Table, Table]:
    """Name → (type, first day, last day) of the CRM's campaigns."""
    return dims.campaigns(observation), {row[0]: row[1:] for row in rows}


def prospects(observation: Observation, rows: Rows) -> tuple[Table, Table]:
    """Description → how many prospects it fits."""
    return dims.people(observation), Counter({row[:-1]: row[-1] for row in rows})


def calendar(observation: Observation, rows: Rows) -> tuple[Table, Table]:
    """(Market, day) → ISO year, week and weekday, month, fiscal year and period, weekend."""
    expected = {
        (code, day): (*day.isocalendar(), day.replace(day=1), day.year, day.month, day.weekday() >= 5)
        for code, place in observation.claimed.items()
        for day in _days(place.first, date(place.last.year, 12, 31))
    }
    return expected, {row[:2]: row[2:] for row in rows}


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
