"""The company seen at one instant by somebody who claims certain markets: everything the truth counts starts here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property

from sandbox.company.collector import uncollected
from sandbox.company.locales import Locale
from sandbox.company.store import Company
from sandbox.company.truth import cycles, web
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.events import answers, events, is_history_incomplete
from sandbox.company.truth.identity import Prospect, prospects
from sandbox.company.truth.places import Place, configured, places
from sandbox.company.truth.shares import Touch
from sandbox.company.truth.sight import Sight, look

_HOUR = 6


def at_six(day: str) -> datetime:
    """The instant at which the company's day is looked at: 06:00 UTC of an ISO date."""
    return datetime.fromisoformat(day).replace(hour=_HOUR, tzinfo=UTC)


class Observation:
    """What can be known at `now`; each part is worked out once, when it is first asked for."""

    def __init__(self, company: Company, now: datetime, markets: Sequence[Locale] | None = None) -> None:
        self.company = company
        self.now = now
        self.claimed: dict[str, Place] = places(configured() if markets is None else markets, now)

    @cached_property
    def sight(self) -> Sight:
        """The records that count."""
        world = self.company.world
        with uncollected():
            return look(world, self.now, self.company.looks)

    @cached_property
    def prospects(self) -> list[Prospect]:
        """Who is who."""
        return prospects(self.sight)

    @cached_property
    def entries(self) -> list[Entry]:
        """All stage entries of all prospects, also those of no claimed market and of days the marts do not count."""
        found: list[Entry] = []
        everybody = self.prospects
        with uncollected():
            for one in everybody:
                is_incomplete = is_history_incomplete(one, self.claimed)
                found += cycles.entries(one.key, events(one, self.claimed), is_incomplete)
        return found

    @cached_property
    def counted(self) -> list[Entry]:
        """The stage entries the marts count: of a claimed market, from its go-live to its last ended day."""
        return [
            one for one in self.entries if one.locale is not None and self.claimed[one.locale].counts(one.entered_date)
        ]

    @cached_property
    def sessions(self) -> list[web.Sessions]:
        """Sessions as GA4 shows them now."""
        return web.sessions(self.company, self.now, self.claimed)

    @cached_property
    def owners(self) -> dict[str, str]:
        """Client id → the prospect whose it is: that of the oldest lead that carries it."""
        owners: dict[str, str] = {}
        ages: dict[str, tuple[int, str]] = {}
        for one in self.prospects:
            for lead in one.leads:
                client = lead.now["client_id"]
                if client is not None and (client not in ages or lead.age_key < ages[client]):
                    ages[client], owners[client] = lead.age_key, one.key
        return owners

    @cached_property
    def unknown_visits(self) -> dict[tuple[str, str], list[web.Visit]]:
        """(Market, client id) → visits of those who are no prospect."""
        return web.strangers(self.company, self.now, self.claimed, set(self.owners))

    @cached_property
    def touches(self) -> dict[str, list[Touch]]:
        """Prospect → every visit and campaign response of theirs; what was seen is a page, or the campaign itself."""
        owners = self.owners
        found: dict[str, list[Touch]] = {one.key: [] for one in self.prospects}
        for client, seen in web.visits(self.company, self.now, self.claimed, set(owners)).items():
            found[owners[client]] += [Touch(*visit) for visit in seen]
        for one in self.prospects:
            found[one.key] += [
                Touch(answer.at, f"Campaign: {answer.campaign.type}", answer.campaign.name, answer.campaign.name)
                for answer in answers(one, self.claimed)
            ]
        return found
