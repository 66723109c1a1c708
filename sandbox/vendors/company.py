"""What the servers need of a company: the interface between the generated data and the vendors that serve it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from sandbox.company.locales import Locale


class CrmRecords(Protocol):
    """What the CRM orgs know, for all time; what is visible at the virtual now is the servers' business."""

    def crm_versions(self, org: str, object_name: str) -> pa.Table:
        """Every version of every record of an object, sorted by (Id, commit_at)."""
        ...


class Company(CrmRecords, Protocol):
    """Everything the vendors know, for all time; what is visible at the virtual now is the servers' business."""

    @property
    def locales(self) -> Sequence[Locale]:
        """The markets, each with its GA4 property."""
        ...

    @property
    def rollup(self) -> Locale:
        """Head office's roll-up property, as if it were a market's."""
        ...

    def ga4_sessions(self, property_id: str) -> pa.Table:
        """Final session counts of a property, by day and session dimensions, sorted by date."""
        ...

    def ga4_visits(self, property_id: str) -> pa.Table:
        """Every visit of an identified visitor of a property, sorted by minute."""
        ...

    def ga4_users(self, property_id: str) -> pa.Table:
        """Final users of a property by day and by the days since their previous visit, sorted by date."""
        ...

    def ga4_key_events(self, property_id: str) -> pa.Table:
        """Final counts of a property's events by day and channel, sorted by date."""
        ...

    def ga4_content(self, property_id: str) -> pa.Table:
        """Final counts of a property by day and page, sorted by date."""
        ...

    def ga4_ads(self, property_id: str) -> pa.Table:
        """Final advertising costs of a property by day and campaign, sorted by date."""
        ...

    def ga4_exposures(self, property_id: str) -> pa.Table:
        """What visitors of a property were shown of experiments, sorted by minute."""
        ...

    def ga4_visitor_events(self, property_id: str) -> pa.Table:
        """Events that the same visitors sent, sorted by minute."""
        ...
