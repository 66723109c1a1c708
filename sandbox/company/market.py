"""One market while it is simulated: its calendar, its chances, its id mints and its campaigns."""

from dataclasses import dataclass, field
from random import Random

from sandbox.company.ids import IdMint
from sandbox.company.instants import LocalCalendar, calendar, day_number, settle
from sandbox.company.locales import LAST_DAY, ORGS, Locale
from sandbox.company.records import Campaign, World

# Nothing that would happen from here on is simulated: the start of 2026-10-01, minus the quiet time's width.
END = (day_number(LAST_DAY) + 1) * 86_400 - 3_600

_OBJECTS = (
    "Lead", "LeadHistory", "Contact", "Account", "Opportunity", "OpportunityHistory", "OpportunityContactRole",
    "Campaign", "CampaignMember", "User", "CurrencyType", "DatedConversionRate", "OpportunityLineItem", "Product2",
    "Task", "Event",
)  # fmt: skip
OWNERS_A_MARKET = 4


class OrgBook:
    """What the markets of one org share: the id mints and the owners."""

    def __init__(self, org: str) -> None:
        self.org = org
        self.mints = {name: IdMint(name, ORGS[org].id_pod) for name in _OBJECTS}
        self.owners = [self.mints["User"]() for _ in range(OWNERS_A_MARKET * 12)]


@dataclass(frozen=True, slots=True)
class Chances:
    """What tends to become of a lead here; every market is a little different."""

    mql: float
    sql: float
    sale: float
    response: float


@dataclass(slots=True)
class Market:
    """Everything a journey needs to know of where it happens."""

    locale: Locale
    book: OrgBook
    world: World
    rng: Random
    chances: Chances
    calendar: LocalCalendar
    siblings: tuple[str, ...]
    campaigns: dict[tuple[str, str], list[Campaign]]
    accounts: list[str] = field(default_factory=list)

    def mint(self, object_name: str) -> str:
        """The next id of an object in this market's org."""
        return self.book.mints[object_name]()

    def owner(self) -> str:
        """Somebody of this org's sales team."""
        return self.rng.choice(self.book.owners)

    def later(self, after: int, days: float) -> int:
        """An office moment about `days` after `after`, and at least two hours after it."""
        day = self.calendar.day_of(min(after, END)) + int(days)
        at = self.calendar.office_moment(self.rng, day)
        return at if at > after + 1_800 else settle(after + 7_200)

    def pause(self, median_days: float, spread: float = 0.8) -> float:
        """A waiting time in days around its median, with a long tail that ends after a year and a half."""
        return min(median_days * self.rng.lognormvariate(0.0, spread), 540.0)


def new_market(locale: Locale, book: OrgBook, world: World, seed: int, siblings: tuple[str, ...]) -> Market:
    """A market with its own random stream, so that what happens in one never depends on another."""
    rng = Random(f"{seed}/{locale.code}/journeys")  # noqa: S311 (a simulation, not a secret)
    chances = Chances(
        mql=0.33 + 0.06 * rng.random(),
        sql=0.44 + 0.06 * rng.random(),
        sale=0.33 + 0.06 * rng.random(),
        response=0.36 + 0.08 * rng.random(),
    )
    return Market(locale, book, world, rng, chances, calendar(locale.time_zone), siblings, {})
