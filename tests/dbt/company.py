"""A miniature company: three locales in two CRM orgs, a few people whose fate is known by hand.

The as-of instant is 2026-03-10 06:00 UTC: the last complete day is 9 March everywhere, but 8 March in Los Angeles
would be wrong only for someone who reads UTC dates (there it is still 9 March in the evening).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tests.dbt import advertising

AS_OF = "2026-03-10 06:00:00+00"
GO_LIVE = date(2026, 1, 1)

Row = dict[str, Any]
Rows = dict[str, list[Row]]

LOCALES = (
    ("nl", "Netherlands", "NL", "nl", "Europe/Amsterdam", "EUR", "global", "NL"),
    ("jp", "Japan", "JP", "ja", "Asia/Tokyo", "JPY", "global", "JP"),
    ("us", "United States", "US", "en", "America/Los_Angeles", "USD", "americas", "US"),
)
STAGES = {
    "lead": {
        "New": "open",
        "Qualified": "mql",
        "Returned": "recycled",
        "Rejected": "disqualified",
        "Done": "converted",
    },
    "opportunity": {"Talking": "open", "Accepted": "sql", "Won": "sale", "Lost": "lost"},
}
RATES = {"USD": ("1.250000", "0.800000000000000000"), "JPY": ("160.000000", "0.006250000000000000")}
ATTRIBUTION_MODELS = (
    "first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay", "w_shaped", "full_path",
    "markov", "shapley",
)  # fmt: skip
KPIS = (
    ("sessions", "count", "sessions", None, "google_analytics"),
    ("first_identifiers", "count", "first_identifiers", None, "crm"),
    ("second_identifiers", "count", "second_identifiers", None, "crm"),
    ("mqls", "count", "mqls", None, "crm"),
    ("sqls", "count", "sqls", None, "crm"),
    ("sales", "count", "sales", None, "crm"),
    ("sales_amount", "money", "sales_amount", None, "crm"),
    ("mql_to_sql_rate", "rate", "sqls", "mqls", "crm"),
    ("visitor_to_customer_rate", "rate", "sales", "sessions", "crm"),
)


def configuration() -> Rows:
    """Every ``config.*`` table of the miniature company."""
    return {
        "config.build": [{"as_of_at": AS_OF, "fiscal_year_start_month": 1, "fx_policy": "ecb", "build_id": 1}],
        "config.attribution_windows": [
            {"business_line": line, "lookback_days": 90, "half_life_days": "7"}
            for line in ("sensors", "services", "unmapped")
        ],
        "config.attribution_models": [
            {"locale": code, "model": model} for code, *_ in LOCALES for model in ATTRIBUTION_MODELS
        ],
        "config.build_hashes": [
            {"input": kind, "scope": code, "content_hash": "first"}
            for code, *_ in LOCALES
            for kind in ("web_mapping", "crm_mapping")
        ],
        "config.locales": [
            {
                "locale": code,
                "name": name,
                "country_code": country,
                "language": language,
                "time_zone": zone,
                "currency": currency,
                "owner": f"marketing.{code}@noordlicht.example",
                "go_live_date": GO_LIVE,
                "first_weekend_day": 6,
                "last_weekend_day": 7,
            }
            for code, name, country, language, zone, currency, _, _ in LOCALES
        ],
        "config.locale_currencies": [
            {"locale": code, "currency": currency, "valid_from": date.min, "valid_to": date.max}
            for code, _, _, _, _, currency, _, _ in LOCALES
        ],
        "config.holidays": [
            {"locale": "jp", "holiday_date": date(2026, 2, 11), "holiday_name": "建国記念の日"},
            {"locale": "us", "holiday_date": date(2026, 2, 16), "holiday_name": "Washington's Birthday"},
        ],
        "config.crm_locales": [
            {"connection": connection, "source_value": value, "locale": code} for code, *_, connection, value in LOCALES
        ],
        "config.crm_unreported_values": [{"connection": "global", "source_value": "DK"}],
        "config.crm_stages": [
            {"locale": code, "object": kind, "source_value": value, "stage": stage}
            for code, *_ in LOCALES
            for kind, stages in STAGES.items()
            for value, stage in stages.items()
        ],
        "config.deal_kinds": [
            {"connection": connection, "source_value": value, "deal_kind": kind}
            for connection in ("global", "americas")
            for value, kind in (("First", "new"), ("More", "expansion"), ("Again", "renewal"))
        ],
        "config.revenue_types": [
            {"connection": connection, "source_value": value, "revenue_type": kind}
            for connection in ("global", "americas")
            for value, kind in (("Yearly", "recurring"), ("Once", "one_off"))
        ],
        "config.hand_overs": [
            {"locale": code, "response_hours": 24, "forgotten_after_days": 14} for code, *_ in LOCALES
        ],
        "config.second_identifier_campaign_types": [
            {"locale": code, "campaign_type": kind} for code, *_ in LOCALES for kind in ("Webinar", "Demo")
        ],
        "config.business_lines": [
            {"business_line": "sensors", "name": "Sensors", "sort_order": 1, "campaign_code": "SEN"},
            {"business_line": "services", "name": "Services", "sort_order": 2, "campaign_code": "SRV"},
        ],
        **advertising.campaign_codes(),
        "config.crm_business_lines": [
            {"connection": connection, "source_value": value, "business_line": value.lower()}
            for connection in ("global", "americas")
            for value in ("Sensors", "Services")
        ],
        "config.web_business_line_rules": [
            {"priority": 1, "host": "sensors.noordlicht.example", "business_line": "sensors"},
            {"priority": 2, "path_prefix": "/sensors", "business_line": "sensors"},
            {"priority": 3, "path_prefix": "/services", "business_line": "services"},
        ],
        "config.budget_rates": [
            {
                "fiscal_year": 2026,
                "currency": currency,
                "rate": rate,
                "inverse_rate": inverse,
                "valid_from": date(2026, 1, 1),
                "valid_to": date(2027, 1, 1),
            }
            for currency, rate, inverse in (
                ("EUR", "1", "1"),
                ("USD", "1.111111", "0.9"),
                ("JPY", "166.666667", "0.006"),
            )
        ],
        "config.fixed_rates": [
            {"currency": "EUR", "valid_from": date(1999, 1, 1), "rate": "1", "inverse_rate": "1"},
        ],
        "config.reporting_currencies": [{"currency": "JPY"}],
        "config.currencies": [
            {"currency": currency, "minor_units": units} for currency, units in (("EUR", 2), ("USD", 2), ("JPY", 0))
        ],
        **catalogue(KPIS),
        "config.benchmark_settings": [{"minimum_denominator": 2}],
        "config.benchmark_figures": [
            {
                "kpi": "mql_to_sql_rate",
                "locale": "all",
                "business_line": "all",
                "period_type": "fiscal_year",
                "period_start": date(2026, 1, 1),
                "period_end": date(2026, 12, 31),
                "value": "0.4",
                "source": "a panel of suppliers",
            }
        ],
        "config.experiments": [
            {
                "experiment": "short_form",
                "name": "Short contact form",
                "hypothesis": "Fewer fields bring more enquiries.",
                "owner": "head-office@noordlicht.example",
                "opening_date": date(2026, 2, 2),
                "closing_date": date(2026, 2, 15),
                "counted_to_date": date(2026, 3, 1),
                "metric": "quote_request",
                "key_event": "quote_request",
            }
        ],
        "config.experiment_locales": [{"experiment": "short_form", "locale": code} for code in ("nl", "us")],
        "config.experiment_variants": [
            {
                "experiment": "short_form",
                "variant": variant,
                "variant_value": f"NOR-{variant}",
                "share": "0.5",
                "is_control": variant == "long",
                "sort_order": order,
            }
            for order, variant in enumerate(("long", "short"), start=1)
        ],
        "config.targets": [
            target(
                target_id="T1",
                kpi="sales_amount",
                locale="us",
                period_type="month",
                value="2000",
                currency="USD",
                period_start=date(2026, 2, 1),
                period_end=date(2026, 2, 28),
                source_line=2,
            ),
            target(
                target_id="T2",
                kpi="sessions",
                locale="total",
                period_type="fiscal_year",
                value="100000",
                period_start=date(2026, 1, 1),
                period_end=date(2026, 12, 31),
                source_line=3,
            ),
        ],
    }


def catalogue(kpis: Iterable[tuple[str, str, str, str | None, str]]) -> Rows:
    """The tables of head KPIs of one source each: (KPI, unit, numerator, denominator, source)."""
    return {
        "config.kpis": [
            {
                **{"kpi": kpi, "name": kpi, "tier": "head", "unit": unit, "direction": "up", "owner_role": "marketer"},
                **{"numerator": numerator, "denominator": denominator, "source": source, "description": kpi},
                "is_additive_over_locales": denominator is None,
                "is_additive_over_business_lines": denominator is None,
                "is_additive_over_days": denominator is None,
                "is_from_web": source == "google_analytics",
                "sort_order": place,
            }
            for place, (kpi, unit, numerator, denominator, source) in enumerate(kpis, start=1)
        ],
        "config.kpi_names": [{"kpi": kpi, "language": "en", "name": kpi} for kpi, *_ in kpis],
        "config.kpi_sources": [
            {"kpi": kpi, "locale": code, "source": source} for kpi, *_, source in kpis for code, *_ in LOCALES
        ],
    }


def target(**fields: Any) -> Row:
    """An accepted absolute target for all business lines."""
    return {
        "business_line": "all",
        "owner": "head-office@noordlicht.example",
        "status": "accepted",
        "kind": "absolute",
        "is_fixed": False,
        "source_file": "targets/2026.csv",
        **fields,
    }


def rates() -> Rows:
    """A reference rate every Monday of the winter: always within seven days."""
    mondays = [date(2025, 12, 29) + timedelta(weeks=week) for week in range(11)]
    return {
        "landing.ecb__rates": [
            {"rate_date": day, "currency": currency, "rate": rate, "inverse_rate": inverse, "_scope": "shared-ecb"}
            for day in mondays
            for currency, (rate, inverse) in RATES.items()
        ]
    }


def merged(*parts: Rows) -> Rows:
    """Rows of several parts of the company together, by table."""
    together: Rows = {}
    for part in parts:
        for table, rows in part.items():
            together.setdefault(table, []).extend(rows)
    return together
