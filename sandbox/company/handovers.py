"""Deals that change hands: whoever converts a lead does not always sell to it."""

from random import Random

from sandbox.company.market import Market
from sandbox.company.records import World

_SHARE = 0.14


def hand_over(markets: list[Market], world: World, seed: int) -> None:
    """Give some deals another owner, at a moment at which somebody edits them anyway."""
    rng = Random(f"{seed}/handovers")  # noqa: S311 (a simulation, not a secret)
    owners = {market.locale.org: market.book.owners for market in markets}
    for deal in world.deals:
        later = [update for _, update in deal.updates[1:] if not update.get("deleted")]
        if later and rng.random() < _SHARE:
            first = deal.updates[0][1]["owner"]
            rng.choice(later[:2])["owner"] = rng.choice([one for one in owners[deal.org] if one != first])
