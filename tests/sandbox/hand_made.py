"""Companies made by hand, person by person, for tests that know the answer."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pyarrow as pa

from sandbox.company.instants import day_number
from sandbox.company.locales import BY_CODE, LOCALES
from sandbox.company.records import (
    Activity,
    Campaign,
    Contact,
    Deal,
    FieldRow,
    Lead,
    LineItem,
    Mailbox,
    Product,
    Response,
    Role,
    StageRow,
    World,
)
from sandbox.company.restatement import SESSION_DIMENSIONS, SESSION_METRICS
from sandbox.company.store import Company
from sandbox.company.truth import Entry, Observation, at_six

Moment = str
DIMENSIONS = SESSION_DIMENSIONS[1:]


def instant(moment: Moment) -> int:
    """Epoch seconds of a UTC moment such as 2026-03-01 10:00."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def day(text: str) -> int:
    """Day number of an ISO date."""
    return day_number(date.fromisoformat(text))


class Play:
    """A world in the making. Every id says what it is: lead1, deal2."""

    def __init__(self) -> None:
        self.world = World()
        self.visits: dict[str, list[tuple[str, str, str, str]]] = {}
        self.sessions: dict[str, list[tuple[date, str, str, int, bool, str]]] = {}
        self.teams: dict[str, str | None] = {}
        self._numbers = count(1)

    def _id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):03d}"

    def lead(self, at: Moment, locale: str | None = "nl", mailbox: int | None = 1, **fields: Any) -> Lead:
        """A lead that appears at `at` in status open."""
        org = fields.pop("org", "americas" if locale in {"us", "br"} else "global")
        created = fields.pop("created_at", at)
        values: dict[str, Any] = {
            "email": None if mailbox is None else Mailbox(mailbox, f"p{mailbox}@a.example"),
            "locale": locale, "status": "open", "words": locale or "uk", "business_line": "sensors",
            "client_id": None, "contact_id": None, "deal_id": None, "merged_into": None, "deleted": False,
            "owner": None,
        } | fields  # fmt: skip
        lead = Lead(self._id("lead"), org, instant(created), [(instant(at), values)])
        self.world.leads.append(lead)
        return lead

    def status(self, lead: Lead, at: Moment, new: str, *, purged: Moment | None = None, tracked: bool = True) -> None:
        """Change a lead's status, with its history row unless it is not tracked."""
        old = lead.latest()["status"]
        if tracked:
            gone = None if purged is None else instant(purged)
            lead.history.append(FieldRow(self._id("row"), lead.id, instant(at), "status", old, new, "nl", "nl", gone))
        lead.update(instant(at), status=new)

    def move(self, lead: Lead, at: Moment, locale: str | None) -> None:
        """Hand a lead to another market."""
        old = lead.latest()["locale"]
        lead.history.append(FieldRow(self._id("row"), lead.id, instant(at), "locale", old, locale, None, None, None))
        lead.update(instant(at), locale=locale)

    def contact(self, at: Moment, locale: str = "nl", mailbox: int | None = 1) -> Contact:
        """A contact."""
        values = {
            "email": None if mailbox is None else Mailbox(mailbox, f"p{mailbox}@a.example"),
            "locale": locale, "merged_into": None, "deleted": False,
        }  # fmt: skip
        contact = Contact(self._id("contact"), "global", instant(at), [(instant(at), values)])
        self.world.contacts.append(contact)
        return contact

    def deal(self, stages: Sequence[tuple[Moment, str]], close: str, locale: str = "nl", **fields: Any) -> Deal:
        """A deal that went through these stages, in euros unless said otherwise."""
        is_tracked = fields.pop("tracked", True)
        values: dict[str, Any] = {
            "amount": 100_000, "currency": "EUR", "close_day": day(close), "locale": locale, "account_id": None,
            "business_line": "sensors", "deleted": False, "kind": None,
        } | fields  # fmt: skip
        updates = [(instant(stages[0][0]), values | {"stage": stages[0][1]})]
        updates += [(instant(at), {"stage": stage}) for at, stage in stages[1:]]
        deal = Deal(self._id("deal"), "global", updates[0][0], updates)
        if is_tracked:
            deal.history = [
                StageRow(self._id("row"), instant(at), stage, values["amount"], day(close)) for at, stage in stages
            ]
        self.world.deals.append(deal)
        return deal

    def activity(self, at: Moment, subtype: str = "Call", *, due: Moment | None = None, **fields: Any) -> Activity:
        """Something sales did at `at`, or a meeting that begins then; with `due`, something it means to do."""
        done = None if due is not None or subtype == "Event" else instant(at)
        values = {
            "who": None, "what": None, "account": None, "deleted": False, "done_at": done, "due_at": instant(due or at),
        } | fields  # fmt: skip
        activity = Activity(
            self._id("act"), "global", instant("2025-12-01 10:00"), [(instant("2025-12-01 10:00"), values)]
        )
        activity.subtype = subtype
        self.world.activities.append(activity)
        return activity

    def line(self, deal: Deal, product: Product, price: int, **fields: Any) -> LineItem:
        """A line of a deal, in hundredths."""
        values = {
            "deal_id": deal.id, "product_id": product.id, "quantity": 1, "unit_price": price, "deleted": False,
        } | fields  # fmt: skip
        line = LineItem(self._id("line"), "global", deal.created_at, [(deal.created_at, values)])
        self.world.lines.append(line)
        return line

    def product(self, revenue_type: str | None) -> Product:
        """Something that can be sold."""
        at = instant("2024-12-01 10:00")
        values = {"revenue_type": revenue_type, "deleted": False}
        product = Product(self._id("prod"), "global", at, [(at, values)])
        self.world.products.append(product)
        return product

    def role(self, deal: Deal, contact: Contact, at: Moment, *, is_primary: bool = True) -> Role:
        """A contact's part in a deal."""
        values = {"deal_id": deal.id, "contact_id": contact.id, "is_primary": is_primary, "deleted": False}
        role = Role(self._id("role"), "global", instant(at), [(instant(at), values)])
        self.world.roles.append(role)
        return role

    def campaign(self, type_name: str = "Webinar") -> Campaign:
        """A campaign that was there from the start."""
        at = instant("2024-12-01 10:00")
        fields = {"status": "Planned", "deleted": False}
        campaign = Campaign(self._id("camp"), "global", at, [(at, fields)], f"{type_name} 1", type_name, "nl")
        self.world.campaigns.append(campaign)
        return campaign

    def response(self, person: Lead | Contact, responded: str, campaign: Campaign) -> Response:
        """Somebody responded on a day."""
        at = max(person.created_at, instant(f"{responded} 12:00"))
        values = {
            "campaign_id": campaign.id, "lead_id": None, "contact_id": None, "has_responded": True,
            "responded_day": day(responded), "deleted": False,
            "lead_id" if isinstance(person, Lead) else "contact_id": person.id,
        }  # fmt: skip
        response = Response(self._id("member"), "global", at, [(at, values)])
        self.world.responses.append(response)
        return response

    def visit(self, client: str, minute: str, channel: str = "Direct", campaign: str = "x", locale: str = "nl") -> None:
        """An identified visit at a local minute (YYYYMMDDHHMM)."""
        self.visits.setdefault(locale, []).append((minute, client, channel, campaign))

    def traffic(
        self, on: str, page: str, sessions: int, *, host: str = "nl.noordlicht.example", locale: str = "nl",
        provisional: bool = False, campaign: str = "(organic)",
    ) -> None:  # fmt: skip
        """One row of the final sessions report."""
        rows = self.sessions.setdefault(locale, [])
        rows.append((date.fromisoformat(on), host, page, sessions, provisional, campaign))

    def company(self) -> Company:
        """The company as it now is."""
        tables = {}
        for locale in LOCALES:
            tables[f"ga4-sessions-{locale.property_id}"] = sessions_table(self.sessions.get(locale.code, []))
            tables[f"ga4-visits-{locale.property_id}"] = _visits_table(self.visits.get(locale.code, []))
        for org, owners in (("global", self.teams), ("americas", {})):
            columns = {"Id": pa.array(list(owners), pa.string()), "Department": pa.array(owners.values(), pa.string())}
            tables[f"crm-{org}-User"] = pa.table(columns)
        return Company(0, 1.0, tables, given_world=self.world)

    def look(self, today: str = "2026-07-01", extra: Sequence[str] = ()) -> Observation:
        """The company at 06:00 UTC of a day, seen by the configured markets and maybe others."""
        markets = [one for one in LOCALES if one.is_configured or one.code in extra]
        return Observation(self.company(), at_six(today), markets)

    def entries(self, today: str = "2026-07-01") -> dict[tuple[int, str], Entry]:
        """(cycle, stage) → entry of a company with one prospect."""
        found = self.look(today).entries
        assert len({one.prospect for one in found}) <= 1
        return {(one.cycle, one.stage): one for one in found}


def _strings(values: list[str]) -> pa.Array:
    return pa.array(values, pa.string()).dictionary_encode()


def sessions_table(rows: list[tuple[date, str, str, int, bool, str]]) -> pa.Table:
    """A sessions table in the store's shape: direct traffic but for the campaign."""
    rows = sorted(rows, key=lambda row: row[0])
    dims = {"hostName": [r[1] for r in rows], "landingPage": [r[2] for r in rows]}
    dims |= {name: ["x"] * len(rows) for name in DIMENSIONS[2:5]}
    dims["sessionCampaignName"] = [r[5] for r in rows]
    columns = {"date": pa.array([r[0] for r in rows], pa.date32())}
    columns |= {name: _strings(values) for name, values in dims.items()}
    columns |= {name: pa.array([r[3] for r in rows], pa.int64()) for name in SESSION_METRICS}
    columns["provisional_campaign"] = pa.array([r[4] for r in rows], pa.bool_())
    return pa.table(columns)


def _visits_table(rows: list[tuple[str, str, str, str]]) -> pa.Table:
    rows = sorted(rows)
    dates = [date(int(r[0][:4]), int(r[0][4:6]), int(r[0][6:8])) for r in rows]
    columns = {"date": pa.array(dates, pa.date32()), "dateHourMinute": pa.array([r[0] for r in rows], pa.string())}
    columns["client_id"] = pa.array([r[1] for r in rows], pa.string())
    columns |= {name: _strings(["x"] * len(rows)) for name in DIMENSIONS}
    columns["sessionDefaultChannelGroup"] = _strings([r[2] for r in rows])
    columns["sessionCampaignName"] = _strings([r[3] for r in rows])
    columns["late"] = pa.array([False] * len(rows), pa.bool_())
    return pa.table(columns)


def local(entry: Entry) -> str:
    """The UTC moment an entry was made at, as the tests write moments."""
    return datetime.fromtimestamp(entry.entered_at, UTC).strftime("%Y-%m-%d %H:%M")


NETHERLANDS = BY_CODE["nl"]
