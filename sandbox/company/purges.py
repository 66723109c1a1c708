"""Field history that is gone: orgs keep it for so long, and rows that were purged never say so."""

from datetime import date
from random import Random

from sandbox.company.instants import day_number
from sandbox.company.records import World

# All purges are over before the demo's first refresh: a purge between two refreshes is a matter of its own, since a
# warehouse that already holds the rows then knows more than the CRM.
_PURGE_DAYS = tuple(day_number(date(2025, 10, 1)) + 30 * n for n in range(6))
_KEPT_DAYS = 150
_SHARE = 0.04


def purge_history(world: World, rng: Random) -> None:
    """Take the oldest history rows of some leads away, for good, at half past one on the morning of a purge day."""
    for lead in world.leads:
        if not lead.history or rng.random() >= _SHARE:
            continue
        purged_at = rng.choice(_PURGE_DAYS) * 86_400 + 5_400
        horizon = purged_at - _KEPT_DAYS * 86_400
        lead.history = [row._replace(purged_at=purged_at) if row.at < horizon else row for row in lead.history]
