"""What happened to one prospect, as dated events: the raw material of stage entries."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sandbox.company.records import Campaign, Contact, Response
from sandbox.company.truth.identity import Prospect
from sandbox.company.truth.places import (
    DATED_QUALIFICATION,
    DEAL_STAGES,
    LEAD_STAGES,
    UNMAPPED,
    UTC_ZONE,
    Place,
    business_line,
    day_of_number,
    identifying_types,
    local_day,
    local_midnight,
)
from sandbox.company.truth.sight import Seen, SeenDeal, SeenLead, Told, seen_to_change

RANKS = {"first_identifier": 1, "second_identifier": 2, "mql": 3, "sql": 4, "sale": 5, "recycled": 6, "disqualified": 7}


class Event(NamedTuple):
    """Something that happened, in the order in which things count. `locale` is None where no market claims it."""

    at: int
    rank: int
    record_id: str
    kind: str
    day: date
    locale: str | None
    line: str
    deal_id: str | None
    source: str


class Answer(NamedTuple):
    """A response to a campaign of any type, with the instant it counts at."""

    at: int
    record_id: str
    day: date
    locale: str | None
    line: str
    campaign: Campaign


def _zone_day(at: int, locale: str | None, claimed: dict[str, Place]) -> date:
    return local_day(at, claimed[locale].zone if locale in claimed else UTC_ZONE)


def _claimed(locale: str | None, claimed: dict[str, Place]) -> str | None:
    return locale if locale in claimed else None


def first_known(prospect: Prospect) -> tuple[int, SeenLead | Seen[Contact]] | None:
    """When we first held an e-mail of theirs, and on which record; None when we never did."""
    known: list[tuple[int, int, str, SeenLead | Seen[Contact]]] = []
    known += [(one.record.created_at, 0, one.id, one) for one in prospect.leads if one.now["email"] is not None]
    known += [(one.record.created_at, 1, one.id, one) for one in prospect.contacts if one.now["email"] is not None]
    if not known:
        return None
    at, _, _, record = min(known, key=lambda entry: entry[:3])
    return at, record


def _home(record: SeenLead | Seen[Contact], at: int) -> tuple[str | None, str]:
    """Market (at that instant, if it is a lead) and business line (a contact has none) of a person's record."""
    if isinstance(record, SeenLead):
        return record.locale_at(at), business_line(record.now["business_line"])
    return record.now["locale"], UNMAPPED


def answers(prospect: Prospect, claimed: dict[str, Place]) -> list[Answer]:
    """The prospect's responses. A response has a day only: it counts from that day's first local moment, or from the
    moment we first knew the person when that was on the same day."""
    known = first_known(prospect)
    people: dict[str, SeenLead | Seen[Contact]] = {one.id: one for one in prospect.leads}
    people |= {one.id: one for one in prospect.contacts}
    return [
        _answer(response, campaign, people[response.now["lead_id"] or response.now["contact_id"]], known, claimed)
        for response, campaign in prospect.responses
        if response.now["has_responded"] and response.now["responded_day"] is not None
    ]


def _answer(
    response: Seen[Response],
    campaign: Campaign,
    person: SeenLead | Seen[Contact],
    known: tuple[int, SeenLead | Seen[Contact]] | None,
    claimed: dict[str, Place],
) -> Answer:
    day = day_of_number(response.now["responded_day"])
    present = person.now["locale"]
    zone = claimed[present].zone if present in claimed else UTC_ZONE
    at = local_midnight(day, zone)
    if known is not None and local_day(known[0], zone) == day:
        at = known[0]
    locale, line = _home(person, at)
    return Answer(at, response.id, day, _claimed(locale, claimed), line, campaign)


def _deal_events(deal: SeenDeal, is_converted: bool, claimed: dict[str, Place]) -> Iterator[Event]:
    """A deal becomes an sql once and a sale once, whatever happens to it afterwards."""
    locale = _claimed(deal.now["locale"], claimed)
    zone, created = claimed[locale].zone if locale else UTC_ZONE, deal.record.created_at
    line, booked = business_line(deal.now["business_line"]), day_of_number(deal.now["close_day"])
    # Where nobody claims the deal nobody knows what its stages mean; that a lead was converted into it is known.
    meanings = DEAL_STAGES if locale else {}
    rows = [Told(row.at, row.stage, "history") for row in deal.rows] or seen_to_change(deal)
    told = [one._replace(meaning=meanings.get(one.meaning, UNMAPPED)) for one in rows]
    accepted = next((one for one in told if one.meaning in {"sql", "sale"}), None)
    sold = next((one for one in told if one.meaning == "sale"), None)
    if not deal.rows and is_converted:
        accepted = Told(created, "sql", "none")
    if sold is not None and sold.source == "none":
        sold = sold._replace(at=max(local_midnight(booked, zone), created))
    if accepted is not None:
        day = local_day(accepted.at, zone)
        yield Event(accepted.at, 4, deal.id, "sql", day, locale, line, deal.id, accepted.source)
    if sold is not None:
        yield Event(sold.at, 5, deal.id, "sale", booked, locale, line, deal.id, sold.source)


def _lead_events(lead: SeenLead, claimed: dict[str, Place]) -> Iterator[Event]:
    line = business_line(lead.now["business_line"])
    told = [one._replace(meaning=LEAD_STAGES[one.meaning]) for one in lead.status_events()]
    counting = [one for one in told if lead.locale_at(one.at) in claimed and one.meaning in RANKS]
    for at, kind, source in _with_noted_date(lead, counting, claimed):
        locale = lead.locale_at(at)
        yield Event(at, RANKS[kind], lead.id, kind, _zone_day(at, locale, claimed), locale, line, None, source)


def _with_noted_date(lead: SeenLead, told: list[Told], claimed: dict[str, Place]) -> list[Told]:
    """Where the market notes when a lead qualified, that is when it did on that trip; other trips are as their statuses
    tell. A trip ends when the lead is recycled."""
    noted = lead.now.get("mql_at")
    if noted is None or lead.locale_at(noted) not in DATED_QUALIFICATION.intersection(claimed):
        return told

    def trip(at: int) -> int:
        return sum(one.meaning == "recycled" and one.at < at for one in told)

    others = [one for one in told if one.meaning != "mql" or trip(one.at) != trip(noted)]
    return [*others, Told(noted, "mql", "datetime_field")]


def events(prospect: Prospect, claimed: dict[str, Place]) -> list[Event]:
    """Everything that happened to a prospect, in order."""
    found: list[Event] = []
    known = first_known(prospect)
    if known is not None:
        at, record = known
        locale, line = _home(record, at)
        day = _zone_day(at, locale, claimed)
        found.append(Event(at, 1, record.id, "first_identifier", day, _claimed(locale, claimed), line, None, "record"))
    for answer in answers(prospect, claimed):
        if answer.locale is not None and answer.campaign.type in identifying_types(answer.locale):
            who = answer.record_id, "second_identifier", answer.day, answer.locale, answer.line
            found.append(Event(answer.at, 2, *who, None, "record"))
    converted = {lead.now["deal_id"] for lead in prospect.leads}
    for lead in prospect.leads:
        found += _lead_events(lead, claimed)
    for deal in prospect.deals:
        found += _deal_events(deal, deal.id in converted, claimed)
    return sorted(found)


def is_history_incomplete(prospect: Prospect, claimed: dict[str, Place]) -> bool:
    """Whether the CRM has forgotten how the prospect got where it is."""
    for lead in prospect.leads:
        began = lead.status_events()[0].meaning
        is_open = lead.locale_at(lead.record.created_at) in claimed and LEAD_STAGES[began] == "open"
        if not lead.statuses and not is_open:
            return True
    return any(not deal.rows for deal in prospect.deals)
