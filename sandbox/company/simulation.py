"""The whole company, person by person: deterministic from (seed, scale)."""

from collections.abc import Sequence
from random import Random

from sandbox.company import activities, arrivals
from sandbox.company.campaigns import plan_campaigns
from sandbox.company.collector import uncollected
from sandbox.company.demand import Demand, all_demand
from sandbox.company.handovers import hand_over
from sandbox.company.incidents import Incident
from sandbox.company.line_items import itemise, stock
from sandbox.company.locales import LOCALES, ORGS
from sandbox.company.market import Market, OrgBook, new_market
from sandbox.company.mishaps import befall
from sandbox.company.purges import purge_history
from sandbox.company.records import World
from sandbox.company.renewals import renew
from sandbox.company.stage_dates import tell_stages_otherwise
from sandbox.company.upheavals import stir


def _siblings(code: str, org: str) -> tuple[str, ...]:
    """The markets a lead of this one is handed to: neighbours speaking the language first, then all of the org."""
    near = {"be-nl": ("be-fr", "nl"), "be-fr": ("be-nl",), "nl": ("be-nl", "de"), "de": ("ch",), "ch": ("de",)}
    others = tuple(one.code for one in LOCALES if one.org == org and one.code not in {code, "dk"})
    return near.get(code, ()) * 3 + others


def markets(world: World, seed: int) -> list[Market]:
    """All markets with their campaigns planned, ready for people to arrive."""
    books = {org: OrgBook(org) for org in ORGS}
    built = [
        new_market(locale, books[locale.org], world, seed, _siblings(locale.code, locale.org)) for locale in LOCALES
    ]
    for market in built:
        plan_campaigns(market)
    return built


def simulate(
    seed: int, scale: float, demand: dict[str, Demand] | None = None, incidents: Sequence[Incident] = ()
) -> World:
    """Everything that happens in both CRM orgs. A few seconds at scale 1.0."""
    demand = all_demand(seed, scale) if demand is None else demand
    world = World()
    with uncollected():
        built = markets(world, seed)
        people = arrivals.Census()
        for market in built:
            arrivals.populate(market, demand[market.locale.code], people, built)
        stir(built, Random(f"{seed}/upheavals"))  # noqa: S311 (a simulation, not a secret)
        renew(world, Random(f"{seed}/renewals"))  # noqa: S311 (a simulation, not a secret)
        purge_history(world, Random(f"{seed}/purges"))  # noqa: S311 (a simulation, not a secret)
        _work(world, built, seed)
        befall(world, built, incidents, seed)
        tell_stages_otherwise(world, seed)
    return world


def _work(world: World, built: list[Market], seed: int) -> None:
    """What sales does around the people and deals that are there, which it leaves as they are."""
    hand_over(built, world, seed)
    stock(world, {market.locale.org: market.book for market in built})
    itemise(built, world, seed)
    activities.work(built, world, seed)
