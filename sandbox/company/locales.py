"""The thirteen markets of the company and the two CRM orgs that serve them.

Twelve have a configuration; Denmark is live at the vendors and deliberately not configured, so that its CRM rows
are what no market claims, until somebody adds its file.
"""

from dataclasses import dataclass
from datetime import date

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2026, 9, 30)


@dataclass(frozen=True, slots=True)
class Org:
    """A Salesforce org: its own-domain name, its id, its corporate currency, its custom field names."""

    name: str
    domain: str
    org_id: str
    currency: str
    is_multi_currency: bool
    locale_field: str
    business_line_field: str
    id_pod: str


@dataclass(frozen=True, slots=True)
class Locale:
    """One market: `crm_value` is what the org's locale field holds, `hosts[0]` its own web host."""

    code: str
    name: str
    country: str
    language: str
    time_zone: str
    currency: str
    go_live: date
    org: str
    crm_value: str
    property_id: str
    hosts: tuple[str, ...]
    is_configured: bool = True


ORGS: dict[str, Org] = {
    "global": Org("global", "noordlicht.my", "00D000000000001EAA", "EUR", True, "Locale__c", "Business_Line__c", "1E"),
    "americas": Org(
        "americas",
        "noordlicht-americas.my",
        "00D000000000002EAA",
        "USD",
        False,
        "Market__c",
        "Product_Line__c",
        "2U",
    ),
}

SENSORS_HOST = "sensors.noordlicht.example"


def _market(row: tuple[str, ...], number: int) -> Locale:
    code, name, country, language, zone, currency, live, org, host = row
    hosts = [f"{host}.noordlicht.example"]
    if code in {"de", "uk", "us"}:
        hosts.append(SENSORS_HOST)
    return Locale(
        code, name, country, language, zone, currency, date.fromisoformat(live), org, code.upper(),
        f"3100000{number:02d}", tuple(hosts), code != "dk",
    )  # fmt: skip


_ROWS: tuple[tuple[str, ...], ...] = (
    ("nl", "Netherlands", "NL", "nl", "Europe/Amsterdam", "EUR", "2025-01-01", "global", "nl"),
    ("de", "Germany", "DE", "de", "Europe/Berlin", "EUR", "2025-01-01", "global", "de"),
    ("be-nl", "Belgium (Dutch)", "BE", "nl", "Europe/Brussels", "EUR", "2025-02-01", "global", "be"),
    ("be-fr", "Belgium (French)", "BE", "fr", "Europe/Brussels", "EUR", "2025-02-01", "global", "be"),
    ("uk", "United Kingdom", "GB", "en", "Europe/London", "GBP", "2025-01-01", "global", "uk"),
    ("se", "Sweden", "SE", "sv", "Europe/Stockholm", "SEK", "2025-03-01", "global", "se"),
    ("pl", "Poland", "PL", "pl", "Europe/Warsaw", "PLN", "2025-06-01", "global", "pl"),
    ("ch", "Switzerland", "CH", "de", "Europe/Zurich", "CHF", "2025-04-01", "global", "ch"),
    ("jp", "Japan", "JP", "ja", "Asia/Tokyo", "JPY", "2025-09-01", "global", "jp"),
    ("au", "Australia", "AU", "en", "Australia/Sydney", "AUD", "2025-07-01", "global", "au"),
    ("us", "United States", "US", "en", "America/Los_Angeles", "USD", "2025-01-01", "americas", "us"),
    ("br", "Brazil", "BR", "pt", "America/Sao_Paulo", "BRL", "2025-10-01", "americas", "br"),
    ("dk", "Denmark", "DK", "da", "Europe/Copenhagen", "DKK", "2026-01-01", "global", "dk"),
)

LOCALES: tuple[Locale, ...] = tuple(_market(row, number) for number, row in enumerate(_ROWS, start=1))
BY_CODE: dict[str, Locale] = {locale.code: locale for locale in LOCALES}
BY_PROPERTY: dict[str, Locale] = {locale.property_id: locale for locale in LOCALES}

ROLLUP = Locale(
    "total", "All countries", "", "", "Europe/Amsterdam", "EUR", FIRST_DAY, "", "", "310000099", (), is_configured=False
)
"""Head office's roll-up property: the visitors of all configured markets together, each counted once."""
