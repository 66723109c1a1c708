"""What the company's A/B tests come to, counted visitor by visitor and worked out with pencil and paper.

What was declared of them is written down a second time here, like the rules of the funnel.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from sandbox.company.restatement import visible_visits
from sandbox.company.truth.observation import Observation

_VARIANT = "customEvent:exp_variant_string"
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Declared:
    """An experiment as its owner declared it; the control is the first of its arms (value, code, share)."""

    code: str
    markets: tuple[str, ...]
    first: date
    closing: date
    follow_up: int
    arms: tuple[tuple[str, str, float], ...]
    key_event: str | None = None
    stage: str | None = None

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.closing + timedelta(days=self.follow_up)


DECLARED = (
    Declared(
        "short_form",
        ("nl", "de", "be-nl", "uk", "us", "se"),
        date(2026, 3, 2),
        date(2026, 4, 26),
        14,
        (("NOR-SHORTFORM-LONG", "long_form", 0.5), ("NOR-SHORTFORM-SHORT", "short_form", 0.5)),
        stage="first_identifier",
    ),
    Declared(
        "price_page",
        ("nl", "de", "ch", "pl", "au"),
        date(2026, 5, 4),
        date(2026, 7, 26),
        0,
        (
            ("NOR-PRICES-NONE", "no_prices", 0.4),
            ("NOR-PRICES-LIST", "price_list", 0.3),
            ("NOR-PRICES-CALC", "calculator", 0.3),
        ),
        key_event="quote_request",
    ),
)


class Arm(NamedTuple):
    """Visitors of one variant in one market, how many of them succeeded, and how many saw another one too."""

    visitors: int
    successes: int
    crossed: int


Counts = dict[tuple[str, str], Arm]
"""(Market, variant) → what it came to."""


def outcomes(observation: Observation) -> dict[str, tuple[bool, Counts]]:
    """Experiment → whether its last day is over everywhere, and its counts, of the markets that are claimed."""
    found = {}
    for one in DECLARED:
        markets = [code for code in one.markets if code in observation.claimed]
        counts: Counts = {}
        for code in markets:
            counts |= dict(_market(one, code, observation))
        found[one.code] = (all(observation.claimed[code].last >= one.last for code in markets), counts)
    return found


def _market(one: Declared, code: str, observation: Observation) -> Iterator[tuple[tuple[str, str], Arm]]:
    place, zone = observation.claimed[code], observation.claimed[code].zone
    seen: dict[str, set[str]] = defaultdict(set)
    since: dict[str, str] = {}
    names = {value: variant for value, variant, _ in one.arms}
    for minute, client, value in _rows(observation, code, "exposures", _VARIANT):
        if value in names and one.first <= _day(minute) <= min(one.closing, place.last):
            seen[client].add(names[value])
            since[client] = min(minute, since.get(client, minute))
    end = min(one.last, place.last)
    done = (
        _key_events(one, code, observation, since, end)
        if one.key_event
        else _stages(one, observation, since, end, zone)
    )
    for _, variant, _ in one.arms:
        mine = {client for client, variants in seen.items() if variants == {variant}}
        crossed = sum(len(variants) > 1 and min(variants) == variant for variants in seen.values())
        yield (code, variant), Arm(len(mine), len(mine & done), crossed)


def _rows(observation: Observation, code: str, report: str, word: str) -> Iterator[tuple[str, str, str]]:
    """(Minute, client id, word) of a report as it is shown now; of events, the key ones."""
    company, locale = observation.company, observation.claimed[code].locale
    final = {"exposures": company.ga4_exposures, "visitor-events": company.ga4_visitor_events}[report](
        locale.property_id
    )
    shown = visible_visits(final, locale.time_zone, observation.now)
    if report == "visitor-events":
        shown = shown.filter(pc.equal(shown["isKeyEvent"], "true"))
    return zip(*(shown[name].to_pylist() for name in ("dateHourMinute", "client_id", word)), strict=True)


def _key_events(one: Declared, code: str, observation: Observation, since: dict[str, str], end: date) -> set[str]:
    return {
        client
        for minute, client, name in _rows(observation, code, "visitor-events", "eventName")
        if name == one.key_event and client in since and since[client] <= minute and _day(minute) <= end
    }


def _stages(one: Declared, observation: Observation, since: dict[str, str], end: date, zone: ZoneInfo) -> set[str]:
    reached: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for entry in observation.entries:
        if entry.stage == one.stage:
            reached[entry.prospect].append((entry.entered_at, entry.entered_date))
    found = set()
    for client, minute in since.items():
        shown = datetime.strptime(minute, "%Y%m%d%H%M").replace(tzinfo=zone).timestamp()
        for at, day in reached.get(observation.owners.get(client, ""), ()):
            if at >= shown and day <= end:
                found.add(client)
    return found


def _day(minute: str) -> date:
    return date(int(minute[:4]), int(minute[4:6]), int(minute[6:8]))


class Effect(NamedTuple):
    """Difference and ratio less 1, each with its bounds; None where there is no telling."""

    difference: tuple[float, float, float]
    lift: tuple[float, float, float] | None


def in_one(new: Arm, old: Arm) -> Effect | None:
    """One market's effect: bounds of the difference from Wilson's of both rates, of the ratio from its logarithm's."""
    if not new.visitors or not old.visitors:
        return None
    p, q = new.successes / new.visitors, old.successes / old.visitors
    (p_low, p_high), (q_low, q_high) = _wilson(new), _wilson(old)
    low = p - q - math.hypot(p - p_low, q_high - q)
    high = p - q + math.hypot(p_high - p, q - q_low)
    lift = None
    if new.successes and old.successes:
        error = math.sqrt((1 - p) / new.successes + (1 - q) / old.successes)
        lift = _around(p / q, error)
    return Effect((p - q, low, high), lift)


def in_all(pairs: list[tuple[Arm, Arm]]) -> Effect | None:
    """All markets' effect together, by Mantel and Haenszel."""
    pairs = [(new, old) for new, old in pairs if new.visitors and old.visitors]
    if not any(new.successes + old.successes for new, old in pairs):
        return None
    w = sum(1 / (1 / new.visitors + 1 / old.visitors) for new, old in pairs)
    top = bottom = variance = spread = 0.0
    for new, old in pairs:
        n, m = new.visitors, old.visitors
        total = n + m
        top += new.successes * m / total
        bottom += old.successes * n / total
        p, q = new.successes, old.successes
        spread += (n * m * (p + q) - p * q * total) / total**2
    difference = (top - bottom) / w
    for new, old in pairs:
        n, m, p, q = new.visitors, old.visitors, new.successes, old.successes
        shared = (n**2 * q - m**2 * p + n * m * (m - n) / 2) / (n + m) ** 2
        own = (p * (m - q) + q * (n - p)) / 2 / (n + m)
        variance += difference * shared + own
    error = math.sqrt(max(variance, 0.0)) / w
    lift = _around(top / bottom, math.sqrt(spread / top / bottom)) if top and bottom else None
    return Effect((difference, difference - _Z * error, difference + _Z * error), lift)


def _around(ratio: float, error: float) -> tuple[float, float, float]:
    return ratio - 1, ratio * math.exp(-_Z * error) - 1, ratio * math.exp(_Z * error) - 1


def _wilson(arm: Arm) -> tuple[float, float]:
    n, rate, square = arm.visitors, arm.successes / arm.visitors, _Z**2
    middle = (rate + square / (2 * n)) / (1 + square / n)
    reach = _Z / (1 + square / n) * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return middle - reach, middle + reach
