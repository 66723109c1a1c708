"""The campaigns of a market, quarter by quarter, named by head office's code: NL-2026Q1-WBN-AUT-01."""

from datetime import date, timedelta

from sandbox.company.instants import day_date, day_number, settle
from sandbox.company.locales import LAST_DAY
from sandbox.company.market import Market
from sandbox.company.records import Campaign
from sandbox.company.web_catalogue import quarter_label

# Type: (code, campaigns a quarter). Seminars are a Japanese habit.
_TYPES = {"Email": ("EML", 4), "Webinar": ("WBN", 3), "Event": ("EVT", 2), "Demo": ("DEM", 2), "Content": ("CNT", 3)}
_SEMINAR = {"Seminar": ("SEM", 2)}
_LINES = ("AUT", "SEN", "SRV")
_LEAD_DAYS = 20


def _quarter_starts(first: date) -> list[date]:
    starts = [date(year, month, 1) for year in (2025, 2026) for month in (1, 4, 7, 10)]
    return [start for start in starts if start + timedelta(days=92) > first and start <= LAST_DAY]


def _new_campaign(market: Market, type_name: str, code: str, start: date, number: int) -> Campaign:
    rng = market.rng
    label = quarter_label(start)
    name = f"{market.locale.crm_value}-{label}-{code}-{_LINES[number % 3]}-{number + 1:02d}"
    begins = start + timedelta(days=rng.randrange(0, 60))
    ends = begins + timedelta(days=1 if type_name in {"Event", "Demo"} else 30)
    at = settle((day_number(start) - _LEAD_DAYS) * 86_400 + 9 * 3600 + rng.randrange(8 * 3600))
    fields = {"status": "Planned", "owner": market.owner(), "deleted": False}
    campaign = Campaign(
        market.mint("Campaign"), market.locale.org, at, [(at, fields)], name, type_name, market.locale.code,
        begins, ends,
    )  # fmt: skip
    finished = settle(day_number(ends) * 86_400 + 20 * 3600)
    if ends <= LAST_DAY - timedelta(days=2):
        campaign.update(max(finished, at + 7_200), status="Completed")
    return campaign


def plan_campaigns(market: Market) -> None:
    """Give a market its campaigns of every quarter it is live in; a few are deleted again later, members and all."""
    types = _TYPES | (_SEMINAR if market.locale.code == "jp" else {})
    for start in _quarter_starts(market.locale.go_live):
        for type_name, (code, count) in types.items():
            planned = [_new_campaign(market, type_name, code, start, number) for number in range(count)]
            market.campaigns[quarter_label(start), type_name] = planned
            market.world.campaigns += planned
            if type_name == "Content" and start.month == 4:
                planned[-1].update(planned[-1].last_at + 86_400, deleted=True)


def pick_campaign(market: Market, day: int, types: tuple[str, ...]) -> Campaign | None:
    """A campaign of one of these types in the quarter of a day, or None when the market had none then."""
    type_name = types[int(market.rng.random() * len(types))]
    choices = market.campaigns.get((quarter_label(day_date(day)), type_name))
    return market.rng.choice(choices) if choices else None
