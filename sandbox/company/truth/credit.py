"""Attribution: how the credit for every stage entry is shared over what touched the prospect before it."""

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sandbox.company.truth import chain
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.shares import Path, Touch, shares
from sandbox.company.truth.worth import worth

STAGES = ("first_identifier", "second_identifier", "mql", "sql", "sale")
UNATTRIBUTED = "unattributed"
LOOKBACK_DAYS = {"services": 120}
"""Where it is not ninety: services are decided slowly."""


class Credit(NamedTuple):
    """Credit of one channel, campaign and content; all are `unattributed` where nothing touched."""

    locale: str
    business_line: str
    date: date
    stage: str
    model: str
    channel: str
    campaign: str
    content: str
    credit: float
    amount_local: float
    amount_eur: float
    amount_eur_constant: float


def _near(touches: list[Touch], until: int, line: str | None = None) -> list[Touch]:
    since = until - LOOKBACK_DAYS.get(line or "", 90) * 86_400
    return sorted(touch for touch in touches if since <= touch.at <= until)


def before(observation: Observation) -> dict[Entry, Path]:
    """What came before every entry of a claimed market."""
    leads: dict[str, int | None] = {}
    deals: dict[str, int] = {}
    for one in observation.prospects:
        leads[one.key] = min((lead.record.created_at for lead in one.leads), default=None)
        deals |= {deal.id: deal.record.created_at for deal in one.deals}
    begun: dict[tuple[str, int], int] = {}
    for entry in observation.entries:
        if entry.opportunity_id is not None:
            trip = entry.prospect, entry.cycle
            begun[trip] = min(begun.get(trip, deals[entry.opportunity_id]), deals[entry.opportunity_id])
    return {
        entry: Path(
            entry.stage,
            entry.entered_at,
            _near(observation.touches[entry.prospect], entry.entered_at, entry.business_line),
            leads[entry.prospect],
            begun.get((entry.prospect, entry.cycle)),
        )
        for entry in observation.entries
    }


def _effects(observation: Observation, paths: dict[Entry, Path]) -> dict[tuple[str | None, str], dict[str, float]]:
    """Removal effects by market and stage."""
    walked: dict[tuple[str | None, str], list[tuple[list[str], bool]]] = defaultdict(list)
    furthest: dict[str, Entry] = {}
    for entry, path in paths.items():
        if path.touches:
            walked[entry.locale, entry.stage].append(([touch.channel for touch in path.touches], True))
        best = furthest.get(entry.prospect)
        if best is None or (entry.cycle, STAGES.index(entry.stage)) > (best.cycle, STAGES.index(best.stage)):
            furthest[entry.prospect] = entry
    aimless: list[tuple[str | None, str | None, int, list[Touch]]] = [
        (last.locale, last.business_line, STAGES.index(last.stage) + 1, touches)
        for prospect, touches in observation.touches.items()
        if touches and (last := furthest.get(prospect))
    ]
    aimless += [
        (locale, None, 0, [Touch(*visit) for visit in visits])
        for (locale, _), visits in observation.unknown_visits.items()
    ]
    for locale, line, missing, touches in aimless:
        channels = [touch.channel for touch in _near(touches, max(touch.at for touch in touches), line)]
        for stage in STAGES[missing:]:
            walked[locale, stage].append((channels, False))
    return {key: chain.effects(everybody) for key, everybody in walked.items()}


@lru_cache(maxsize=2)
def _groundwork(observation: Observation) -> tuple[dict[Entry, Path], dict[tuple[str | None, str], dict[str, float]]]:
    """The paths of all entries and the removal effects they lead to; worked out once."""
    paths = before(observation)
    return paths, _effects(observation, paths)


def credited(observation: Observation, entry: Entry) -> tuple[list[Touch], dict[str, list[float]]]:
    """The touches of an entry, oldest first, and the weights each model gives them, which sum to 1."""
    paths, effects = _groundwork(observation)
    path = paths[entry]
    touches = path.touches or [Touch(entry.entered_at, UNATTRIBUTED, UNATTRIBUTED, UNATTRIBUTED)]
    alone = {UNATTRIBUTED: 1.0}
    own = effects[entry.locale, entry.stage] if path.touches else alone
    return touches, shares(path._replace(touches=touches), own)


def attribution(observation: Observation, budget_rates: BudgetRates) -> list[Credit]:
    """Credit for every counted stage entry, by day of entry, stage, model, channel, campaign and content."""
    sums: dict[tuple[str, str, date, str, str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for entry in observation.counted:
        assert entry.locale is not None
        amounts = (0.0, 0.0, 0.0)
        if entry.stage == "sale":
            value = worth(observation, entry, budget_rates)
            amounts = (float(value.local), float(value.eur), float(value.eur_constant))
        touches, weights = credited(observation, entry)
        for model, parts in weights.items():
            for (_, *what), weight in zip(touches, parts, strict=True):
                if weight:
                    channel, campaign, content = what
                    where = entry.locale, entry.business_line, entry.entered_date
                    total = sums[*where, entry.stage, model, channel, campaign, content]
                    total[0] += weight
                    for place, amount in enumerate(amounts, start=1):
                        total[place] += amount * weight
    return [Credit(*key, *total) for key, total in sorted(sums.items())]
