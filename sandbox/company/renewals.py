"""Deals with customers that are the same again, and deals whose type nobody has filled in."""

from random import Random

from sandbox.company.records import World

_RENEWED, _UNSAID = 0.35, 0.04


def renew(world: World, rng: Random) -> None:
    """Call some of the deals with existing customers renewals, and leave the type of a few deals empty."""
    for deal in world.deals:
        kinds, luck = deal.updates[0][1], rng.random()
        if luck < _UNSAID:
            kinds["kind"] = None
        elif kinds["kind"] == "Existing Business" and luck < _UNSAID + _RENEWED:
            kinds["kind"] = "Renewal"
