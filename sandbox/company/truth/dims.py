"""What the company's accounts, campaigns and people are, beside what happened to them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from sandbox.company.instants import utc_seconds
from sandbox.company.records import Fields, Record
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.identity import Prospect
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import STAGES, business_line

AnyRecord = TypeVar("AnyRecord", bound=Record)
AccountKey = tuple[str, str]
"""Org and Id."""

Person = tuple[str, str | None, str, int, int, int, int, str | None]
"""Kind, market, business line, leads, contacts, deals, cycles begun, stage of the last of them."""


def account_groups(observation: Observation) -> dict[AccountKey, tuple[str, int]]:
    """Of every account: the Id of the one at the top, and how many are above it."""
    parents = {
        (account.org, account.id): fields["parent_id"]
        for account, fields in _there(observation, observation.company.world.accounts)
    }
    found = {}
    for org, account in parents:
        top, depth = account, 0
        while (org, parents[org, top]) in parents:
            top, depth = parents[org, top], depth + 1
        found[org, account] = top, depth
    return found


def campaigns(observation: Observation) -> dict[str, tuple[str, date, date]]:
    """Type, first and last day of the CRM's campaigns, by name."""
    return {
        campaign.name: (campaign.type, campaign.start, campaign.end)
        for campaign, _ in _there(observation, observation.company.world.campaigns)
    }


def people(observation: Observation) -> Counter[Person]:
    """How many prospects there are of each description."""
    last: dict[str, Entry] = {}
    for entry in observation.entries:
        best = last.get(entry.prospect)
        if best is None or (entry.cycle, STAGES.index(entry.stage)) > (best.cycle, STAGES.index(best.stage)):
            last[entry.prospect] = entry
    return Counter(_person(one, last.get(one.key), set(observation.claimed)) for one in observation.prospects)


def _person(one: Prospect, last: Entry | None, claimed: set[str]) -> Person:
    kind = "person" if one.leads or one.contacts else "account"
    sizes = len(one.leads), len(one.contacts), len(one.deals)
    if last is not None:
        return kind, last.locale, last.business_line, *sizes, last.cycle, last.stage
    traces = [(trace.age_key, trace.now) for group in (one.leads, one.contacts, one.deals) for trace in group]
    fields = min(traces, key=lambda trace: trace[0])[1]
    market = fields["locale"] if fields["locale"] in claimed else None
    return kind, market, business_line(fields.get("business_line")), *sizes, 0, None


def _there(observation: Observation, records: Iterable[AnyRecord]) -> Iterator[tuple[AnyRecord, Fields]]:
    now = utc_seconds(observation.now)
    for record in records:
        fields = record.as_of(now)
        if fields is not None and not fields["deleted"]:
            yield record, fields
