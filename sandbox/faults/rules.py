"""A fault: which calls it befalls, and what then happens. Frozen, and the same in JSON (see ``coding``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

VENDORS = ("google_analytics", "google_identity", "salesforce_global", "salesforce_americas", "ecb")
JOB_STATES = ("InProgress", "Failed", "Aborted")


@dataclass(frozen=True)
class Match:
    """The calls a fault befalls: all conditions that are given hold.

    ``verb`` is the HTTP method, at Google Analytics the method's name (``RunReport``, ``BatchRunReports``,
    ``GetMetadata``, ``CheckCompatibility``) on either transport. ``path`` is a regular expression, searched in the
    path. ``page`` counts from 1. ``above_days`` asks for a report or query over more days (a query without a lower
    bound has no end of them). ``nth`` takes only the nth call of those that fit; ``probability`` throws a seeded die
    for each; ``times`` is how often the fault happens, 0 for always.
    """

    verb: str | None = None
    path: str | None = None
    property: str | None = None
    object: str | None = None
    page: int | None = None
    above_days: int | None = None
    nth: int | None = None
    probability: float | None = None
    times: int = 1


@dataclass(frozen=True)
class Restate:
    """GA4: the counts of a day (ISO; every day without one) are other than before, in percent."""

    day: str | None = None
    percent: int = 110


@dataclass(frozen=True)
class Rename:
    """GA4: rows whose dimension reads ``old`` now read ``new``, on one day or on all."""

    dimension: str
    old: str
    new: str
    day: str | None = None


@dataclass(frozen=True)
class Remove:
    """GA4: rows whose dimension has this value are gone, on one day or on all; without a dimension all rows are."""

    dimension: str | None = None
    value: str | None = None
    day: str | None = None


@dataclass(frozen=True)
class Truncation:
    """GA4: nothing before ``date`` (ISO), and ``dataTruncationReasons`` says so."""

    date: str
    type: str = "DATA_TRUNCATION_TYPE_PROPERTY"


@dataclass(frozen=True)
class Edit:
    """Salesforce: somebody changes records (by Id, or the first so many by Id) at the moment the fault was added.

    ``fields`` are new values by API name, ISO text for dates and instants. Without fields only ``SystemModstamp``
    moves; with ``is_stamped`` false it does not, as when a formula's outcome changes.
    """

    records: int | tuple[str, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_stamped: bool = True


@dataclass(frozen=True)
class Action:
    """What happens. Everything that is set happens together.

    Instead of an answer: ``status`` (with ``code``, ``message``, or a literal ``body``), ``html``, ``redirect`` (the
    address of another server), ``expire_token``. With it: ``delay_seconds``, ``hang`` (until the faults are
    cleared), ``slow_loris_seconds`` (the body comes in drops over that time), ``cut_body_at`` (the connection breaks),
    ``truncate_body_at`` (the body ends early and nothing tells), ``corrupt_gzip``. The other fields change rows, what
    the vendor says about them, or what it knows.
    """

    status: int | None = None
    code: str | None = None
    message: str | None = None
    body: str | None = None
    html: bool = False
    redirect: str | None = None
    expire_token: bool = False
    delay_seconds: float = 0.0
    hang: bool = False
    slow_loris_seconds: float = 0.0
    cut_body_at: int | None = None
    truncate_body_at: int | None = None
    corrupt_gzip: bool = False
    # Rows of one page, whatever the counts beside them say.
    empty: bool = False
    drop_rows: int = 0
    duplicate_rows: int = 0
    reorder_rows: int = 0
    shuffle_headers: bool = False
    # Allowances that others use up.
    drain_tokens: int = 0
    drain_requests: int = 0
    # GA4: what it knows, and what it says of it.
    restate_day: Restate | None = None
    rename_tuple: Rename | None = None
    remove_tuple: Remove | None = None
    truncation: Truncation | None = None
    switch_time_zone: str | None = None
    switch_currency: str | None = None
    restricted_metric: str | None = None
    reserved_total: bool = False
    other_row: int = 0
    """Only so many rows a day are kept; the others become one ``(other)``."""
    thresholded: int = 0
    """Rows with fewer sessions are withheld."""
    sampled: int = 0
    """Percent of the data that was read."""
    odd_number: str | None = None
    """The first row's first metric reads like this."""
    # Both: a dimension, metric or field that does not exist (any more, or for this user).
    remove_field: str | None = None
    # Salesforce: what describe says of a field; Bulk refuses a compound one.
    calculated_field: str | None = None
    compound_field: str | None = None
    repeat_locator: bool = False
    expire_locator: bool = False
    shrink_page: int = 0
    done_false_without_next: bool = False
    wrong_header_count: int | None = None
    job_state: str | None = None
    delay_commits: float = 0.0
    """Commits become visible so many seconds later than they would."""
    system_touch: int | tuple[str, ...] = 0
    hard_delete: int | tuple[str, ...] = 0
    edit: Edit | None = None

    @property
    def is_standing(self) -> bool:
        """Whether it changes what the vendor knows, rather than one answer: such faults add up."""
        return any(getattr(self, name) for name in STANDING)

    def over(self, other: Action) -> Action:
        """Both; where both set something, this one's."""
        mine = {item.name: getattr(self, item.name) for item in fields(self)}
        return replace(other, **{name: value for name, value in mine.items() if value != getattr(NOTHING, name)})

    def set_fields(self) -> tuple[str, ...]:
        """Names of the fields that are set."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name) != getattr(NOTHING, item.name))


STANDING = (
    "restate_day", "rename_tuple", "remove_tuple", "truncation", "switch_time_zone", "switch_currency",
    "restricted_metric", "remove_field", "calculated_field", "compound_field",
    "delay_commits", "system_touch", "hard_delete", "edit",
)  # fmt: skip
NOTHING = Action()


@dataclass(frozen=True)
class Fault:
    """One rule. Raises ValueError for a vendor there is none of, an action that does nothing, a path that is no
    regular expression.
    """

    vendor: str
    match: Match
    action: Action

    def __post_init__(self) -> None:
        if self.vendor not in VENDORS:
            raise ValueError(f"vendors are {', '.join(VENDORS)}, not {self.vendor}")
        if self.action == NOTHING:
            raise ValueError("a fault's action must set something")
        if self.action.job_state not in {None, *JOB_STATES}:
            raise ValueError(f"job states are {', '.join(JOB_STATES)}, not {self.action.job_state}")
        try:
            re.compile(self.match.path or "")
        except re.error as error:
            raise ValueError(f"path {self.match.path!r} is no regular expression: {error}") from error
