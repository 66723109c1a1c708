"""Two markets whose CRM tells its stages in another way than by history rows.

Sweden's org notes the moment of qualification itself, in a field of the lead. Brazil's leads and deals came from a
system that keeps no history at all: what they were can only be known by whoever looked in time.
"""

from random import Random

from sandbox.company.records import Lead, World

DATED = "se"
UNTRACKED = "br"
DAY = 86_400
_BACKDATED, _FORGOTTEN, _BEFORE_CREATION = 0.2, 0.03, 0.02


def tell_stages_otherwise(world: World, seed: int) -> None:
    """Fill Sweden's field and empty Brazil's histories; draws from a stream of its own, and no record is added."""
    rng = Random(f"{seed}/stage-dates")  # noqa: S311 (a simulation, not a secret)
    for lead in world.leads:
        _date_qualifications(rng, lead)
        if lead.updates[0][1]["words"] == UNTRACKED:
            lead.history = [row for row in lead.history if row.field != "status"]
    for deal in world.deals:
        if deal.updates[0][1]["locale"] == UNTRACKED:
            deal.history = []


def _date_qualifications(rng: Random, lead: Lead) -> None:
    """Each time a lead qualifies there the field is set: mostly by a flow, to that moment; sometimes by hand, to an
    earlier one (even, mistyped, to one before the lead was created); now and then nobody remembers."""
    locale = None
    for at, update in lead.updates:
        locale = update.get("locale", locale)
        if update.get("status") != "mql" or locale != DATED:
            continue
        luck = rng.random()
        if luck < _BEFORE_CREATION:
            update["mql_at"] = lead.created_at - DAY
        elif luck < _BACKDATED:
            update["mql_at"] = max(lead.created_at, at - rng.randrange(1, 3 * DAY))
        elif luck < 1 - _FORGOTTEN:
            update["mql_at"] = at
