"""What the advertisements cost: accounts linked to the property, and costs uploaded to it, by day and campaign."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.behaviour import by_day
from sandbox.company.web_catalogue import PAID_CHANNELS

COST = "advertiserAdCost"
# Cost of a click in euro, and impressions for a click.
_PRICES = {"cpc": (1.90, 28.0), "paid-social": (3.40, 150.0), "display": (0.60, 420.0)}
_UNITS_OF_A_EURO = {
    "EUR": 1.0, "GBP": 0.86, "SEK": 11.3, "PLN": 4.3, "CHF": 0.95, "JPY": 165.0, "AUD": 1.65, "USD": 1.08, "BRL": 6.1,
    "DKK": 7.46,
}  # fmt: skip
_CENT = 10_000
_KEYS = ("date", "sessionSource", "sessionMedium", "sessionCampaignName")


def ads_table(sessions: pa.Table, currency: str, rng: np.random.Generator) -> pa.Table:
    """The final cost report of a property, sorted by date; its currency is the property's.

    Columns: date, sessionSource, sessionMedium, sessionCampaignName, advertiserAdCost (int64, millionths of a unit of
    the currency, whole hundredths), advertiserAdClicks, advertiserAdImpressions (int64).
    """
    channel = pc.cast(sessions["sessionDefaultChannelGroup"], pa.string())
    paid = by_day(sessions.filter(pc.is_in(channel, pa.array(sorted(PAID_CHANNELS)))), _KEYS, ("sessions",))
    prices = np.array([_PRICES[medium] for medium in paid["sessionMedium"].to_pylist()]).reshape(-1, 2)
    came = paid["sessions"].to_numpy()
    clicks = came + rng.poisson(came * 0.09)
    shown = clicks + rng.poisson(clicks * prices[:, 1] * rng.lognormal(0.0, 0.2, len(clicks)))
    cost = clicks * prices[:, 0] * _UNITS_OF_A_EURO[currency] * rng.lognormal(0.0, 0.12, len(clicks))
    metrics = {
        COST: np.rint(cost * 100).astype(np.int64) * _CENT,
        "advertiserAdClicks": clicks.astype(np.int64),
        "advertiserAdImpressions": shown.astype(np.int64),
    }
    return pa.table({name: paid[name] for name in _KEYS} | {name: pa.array(each) for name, each in metrics.items()})
