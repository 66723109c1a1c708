"""How many sessions and how many leads each market has each day: size, growth, season, weekday, noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandbox.company.instants import day_number
from sandbox.company.locales import FIRST_DAY, LAST_DAY, LOCALES, Locale

FIRST = day_number(FIRST_DAY)
LAST = day_number(LAST_DAY)

# Sessions on an average day, and leads a session: business-to-business sites convert around two in a thousand.
_SESSIONS_A_DAY = {
    "nl": 6_500, "de": 8_600, "be-nl": 2_300, "be-fr": 1_900, "uk": 7_600, "se": 3_300, "pl": 2_900,
    "ch": 2_500, "jp": 5_200, "au": 2_700, "us": 9_200, "br": 4_100, "dk": 1_500,
}  # fmt: skip
_LEADS_A_SESSION = {
    "nl": 0.0020, "de": 0.0017, "be-nl": 0.0021, "be-fr": 0.0018, "uk": 0.0016, "se": 0.0019, "pl": 0.0022,
    "ch": 0.0017, "jp": 0.0013, "au": 0.0018, "us": 0.0015, "br": 0.0021, "dk": 0.0019,
}  # fmt: skip

_WEEKDAYS = np.array([1.16, 1.22, 1.20, 1.15, 0.98, 0.62, 0.67])
_MONTHS = np.array([1.00, 1.04, 1.10, 1.04, 1.03, 1.00, 0.83, 0.78, 1.09, 1.12, 1.08, 0.80])
# Summer is in January where the seasons are turned round.
_SOUTHERN_MONTHS = np.roll(_MONTHS, 6)
_SOUTHERN = {"au", "br"}
# Forms are filled in at work; at weekends people only read.
_LEAD_WEEKDAYS = np.array([1.10, 1.12, 1.10, 1.06, 0.92, 0.22, 0.24])
_GROWTH_A_YEAR = 0.14
_LAUNCH_WEEKS = 6


@dataclass(frozen=True, slots=True)
class Demand:
    """One market: `days[i]` (days since 1970) has `sessions[i]` expected sessions and `leads[i]` new leads."""

    locale: Locale
    days: NDArray[np.int64]
    sessions: NDArray[np.float64]
    leads: NDArray[np.int64]


def market_demand(locale: Locale, seed: int, scale: float) -> Demand:
    """The demand of one market from its go-live to the last day; traffic builds up over the first weeks."""
    live = day_number(locale.go_live)
    days = np.arange(live, LAST + 1)
    rng = np.random.default_rng([seed, int(locale.property_id), 1])
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    season = _SOUTHERN_MONTHS if locale.code in _SOUTHERN else _MONTHS
    weekday = (days + 3) % 7
    # A market that existed on the company's first day is not new; the others start from little.
    launched = np.clip((days - live + 10) / (7 * _LAUNCH_WEEKS), 0.25, 1.0) if live > FIRST else 1.0
    growth = (1 + _GROWTH_A_YEAR) ** ((days - FIRST) / 365.25)
    noise = rng.lognormal(0.0, 0.07, len(days))
    sessions = _SESSIONS_A_DAY[locale.code] * scale * _WEEKDAYS[weekday] * season[months] * growth * launched * noise
    leads = rng.poisson(sessions * _LEADS_A_SESSION[locale.code] * _LEAD_WEEKDAYS[weekday])
    return Demand(locale, days, sessions, leads)


def all_demand(seed: int, scale: float) -> dict[str, Demand]:
    """Demand by locale code, Denmark included."""
    return {locale.code: market_demand(locale, seed, scale) for locale in LOCALES}
