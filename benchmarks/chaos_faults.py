"""Random faults, from a seed: everything that may go wrong on the wire or at a vendor and is over afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from sandbox.faults import Action, Fault, Match, Rename, Restate

PROPERTIES = ("310000001", "310000009", "310000011")
ORGS = ("salesforce_global", "salesforce_americas")
OBJECTS = (
    "Lead",
    "LeadHistory",
    "Contact",
    "Account",
    "Opportunity",
    "OpportunityHistory",
    "Campaign",
    "CampaignMember",
)
HOURLY = "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour."
DAILY = "Exhausted property tokens per day. These quota tokens will return in under 24 hours."
CONCURRENT = "Exhausted concurrent requests quota."

Maker = Callable[[Random], Action]

ANYWHERE: tuple[Maker, ...] = (
    lambda rng: Action(status=rng.choice((500, 503))),
    lambda rng: Action(delay_seconds=rng.uniform(0.01, 0.2)),
    lambda rng: Action(cut_body_at=rng.randrange(1, 400)),
    lambda rng: Action(truncate_body_at=rng.randrange(1, 400)),
    lambda _: Action(corrupt_gzip=True),
    lambda rng: Action(drop_rows=rng.randrange(1, 5)),
    lambda rng: Action(duplicate_rows=rng.randrange(1, 5)),
    lambda rng: Action(drop_rows=2, duplicate_rows=2),
    lambda rng: Action(reorder_rows=rng.randrange(2, 9)),
    lambda _: Action(shuffle_headers=True),
    lambda _: Action(expire_token=True),
    lambda _: Action(html=True),
)
WEB: tuple[Maker, ...] = (
    *ANYWHERE,
    lambda rng: Action(status=429, message=rng.choice((HOURLY, DAILY, CONCURRENT))),
    lambda rng: Action(drain_tokens=rng.randrange(1_000, 11_000)),
    lambda _: Action(reserved_total=True),
    lambda _: Action(odd_number="NaN"),
    lambda _: Action(status=403),
)
CRM: tuple[Maker, ...] = (
    *ANYWHERE,
    lambda rng: Action(status=rng.choice((406, 420, 429))),
    lambda rng: Action(status=401, html=True),
    lambda _: Action(status=403, code="REQUEST_LIMIT_EXCEEDED", message="TotalRequests Limit exceeded."),
    lambda _: Action(status=400, code="QUERY_TIMEOUT", message="Your query request was running for too long."),
    lambda rng: Action(drain_requests=rng.randrange(1_000, 80_000)),
    lambda _: Action(repeat_locator=True),
    lambda _: Action(expire_locator=True),
    lambda _: Action(done_false_without_next=True),
    lambda rng: Action(wrong_header_count=rng.randrange(1, 5)),
    lambda rng: Action(shrink_page=rng.randrange(20, 120)),
    lambda rng: Action(job_state=rng.choice(("Failed", "Aborted"))),
)
DRAINS = ("drain_tokens", "drain_requests")


def random_faults(rng: Random, count: int, drained: set[str]) -> list[Fault]:
    """``count`` faults; an account (added to ``drained``) is drained but once, or others alone would use it up."""
    faults: list[Fault] = []
    while len(faults) < count:
        fault = _web_fault(rng) if rng.random() < 0.45 else _crm_fault(rng)
        if any(getattr(fault.action, name) for name in DRAINS):
            account = fault.vendor + str(fault.match.property)
            if account in drained:
                continue
            drained.add(account)
            fault = replace(fault, match=replace(fault.match, times=1))
        faults.append(fault)
    return faults


def _web_fault(rng: Random) -> Fault:
    match = replace(_when(rng), property=rng.choice(PROPERTIES))
    return Fault("google_analytics", match, rng.choice(WEB)(rng))


def _crm_fault(rng: Random) -> Fault:
    made = rng.choice(CRM)(rng)
    match = replace(_when(rng), object=rng.choice(OBJECTS))
    if made.job_state:
        match = Match(verb="POST", path="/jobs/query$", object=match.object)
    return Fault(rng.choice(ORGS), match, made)


def _when(rng: Random) -> Match:
    """Which of the calls that fit: any, or the n-th; once, or a few times."""
    times = rng.choice((1, 1, 1, 2, 3))
    return Match(times=times, nth=rng.randrange(1, 6) if times == 1 and rng.random() < 0.6 else None)


def restatements(rng: Random) -> list[Fault]:
    """Days that are provisional now will be shown differently later: a count changes, a tuple goes away."""
    match = Match(property=rng.choice(PROPERTIES), times=0)
    kinds = (
        Action(restate_day=Restate("2026-06-29", percent=rng.randrange(50, 150))),
        Action(rename_tuple=Rename("sessionMedium", "cpc", "(not set)", day="2026-06-30")),
    )
    return [Fault("google_analytics", match, rng.choice(kinds))]
