"""What the orchestrator hands in: frozen values, already validated. ``repr()`` never shows a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from connectors.errors import ConfigurationError
from connectors.windows import RESTATEMENT_DAYS

Clock = Callable[[], datetime]
"""Returns now as an aware UTC datetime."""

ECB_HISTORY_URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"


@dataclass(frozen=True, slots=True)
class LocaleSpec:
    """One market: where its web traffic and its slice of the CRM are found.

    ``ga4_property`` is the bare number; ``crm_locale_values`` are the values of the org's locale field it claims.
    """

    code: str
    time_zone: str
    currency: str
    ga4_property: str
    crm_connection: str
    crm_locale_values: tuple[str, ...]
    restatement_days: int = RESTATEMENT_DAYS
    """For how many days after a day has ended its figures may still change."""
    hosts: tuple[str, ...] = ()
    """Hosts (with their subdomains) that most of its visits are to; without any, no host is looked at."""


@dataclass(frozen=True, slots=True)
class GA4Quota:
    """Tokens a property grants; the API reports what remains, not out of how many.

    Source: developers.google.com/analytics/devguides/reporting/data/v1/quotas.
    """

    tokens_per_day: int
    tokens_per_hour: int
    tokens_per_project_per_hour: int


STANDARD_QUOTA = GA4Quota(200_000, 40_000, 14_000)
ANALYTICS_360_QUOTA = GA4Quota(2_000_000, 400_000, 140_000)


@dataclass(frozen=True, slots=True)
class GA4Connection:
    """A service account (its key file's JSON text). ``endpoint`` is host:port of a loopback server, else Google's.

    ``visitor_dimension`` is the user-scoped custom dimension in which the properties keep the visitor's client id,
    ``variant_dimension`` the event-scoped one that says which variant of an experiment a visitor was shown.
    ``transport`` ``rest`` is for networks whose proxies do not let gRPC through; it is several times slower.
    """

    credentials_json: str = field(repr=False)
    endpoint: str | None = None
    quota: GA4Quota = STANDARD_QUOTA
    visitor_dimension: str = "customUser:client_id"
    variant_dimension: str = "customEvent:exp_variant_string"
    transport: Literal["grpc", "rest"] = "grpc"


@dataclass(frozen=True, slots=True)
class SalesforceConnection:
    """One org and its own names for our custom fields. ``currency`` is set when the org has only one.

    Login: with a ``private_key`` (PEM) and ``username`` by JWT bearer; with ``username`` and ``password`` (and
    ``security_token``) by these; else by client credentials. ``daily_calls_share`` of the org's API calls in 24 hours,
    whoever made them, is where we stop. ``sweep_days``: how often every Id is compared, to find what is gone for good.
    ``corporate_currency`` accepts that the org's has changed; ``without`` names fields (``Lead.Country``) that it no
    longer has. ``mql_date_field`` of a lead and ``sql_date_field`` of an opportunity are date/time fields in which the
    org notes when a stage was entered.
    """

    name: str
    domain: str
    api_version: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    locale_field: str
    business_line_field: str
    visitor_field: str
    currency: str | None = None
    endpoint: str | None = None
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    security_token: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    daily_calls_share: float = 0.80
    sweep_days: int = 7
    corporate_currency: str | None = None
    without: tuple[str, ...] = ()
    mql_date_field: str | None = None
    sql_date_field: str | None = None


@dataclass(frozen=True, slots=True)
class ECBConnection:
    """The European Central Bank's reference-rate history, one zipped CSV."""

    url: str = ECB_HISTORY_URL


def require_loopback(endpoint: str, source: str) -> str:
    """Return ``endpoint`` if its host is this machine; traffic without TLS may go nowhere else (PR-15).

    Raises ConfigurationError otherwise.
    """
    host = urlsplit(endpoint if "//" in endpoint else f"//{endpoint}").hostname
    if host not in ("127.0.0.1", "localhost", "::1"):
        raise ConfigurationError(
            f"An endpoint override must be on this machine, not {host!r}",
            source=source,
            next_step="Remove the endpoint to use the vendor's own address, or give one on 127.0.0.1.",
        )
    return endpoint
