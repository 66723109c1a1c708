"""How the miniature company codes its campaigns, and what it pays for: a coded one and one that nobody coded."""

from __future__ import annotations

from datetime import date
from typing import Any

Rows = dict[str, list[dict[str, Any]]]

_MARKETS = ("nl", "jp", "us")
_CAMPAIGNS = (("google", "cpc", "{market}-SEN-01", "12.50"), ("linkedin", "paid-social", "Spring+Sale", "7.05"))


def campaign_codes() -> Rows:
    """The ``config.*`` tables of a grammar like ``NL-SEN-01``."""
    return {
        "config.campaign_code_parts": [
            {"part": "code", "pattern": "((?:[A-Z]{2})-(?:[A-Z]{3})-(?:[0-9]{2}))", "is_listed": False,
             "part_number": 0},
            {"part": "market", "pattern": "([A-Z]{2})-(?:[A-Z]{3})-(?:[0-9]{2})", "is_listed": True,
             "part_number": 1, "prefix_pattern": "([A-Z]{2})"},
            {"part": "business_line", "pattern": "(?:[A-Z]{2})-([A-Z]{3})-(?:[0-9]{2})", "is_listed": True,
             "part_number": 2, "prefix_pattern": "(?:[A-Z]{2})-([A-Z]{3})"},
            {"part": "number", "pattern": "(?:[A-Z]{2})-(?:[A-Z]{3})-([0-9]{2})", "is_listed": False,
             "part_number": 3, "prefix_pattern": "(?:[A-Z]{2})-(?:[A-Z]{3})-([0-9]{2})"},
        ],
        "config.campaign_code_values": [
            *({"part": "market", "value": market.upper()} for market in _MARKETS),
            *({"part": "business_line", "value": line} for line in ("SEN", "SRV")),
        ],
        "config.coded_channels": [{"channel": channel} for channel in ("Paid Search", "Paid Social", "Email")],
    }  # fmt: skip


def ads() -> Rows:
    """Landed rows of the cost report, on two days of each market."""
    return {
        "landing.ga4__ads": [
            {
                "date": day,
                "session_source": source,
                "session_medium": medium,
                "session_campaign_name": campaign.format(market=market.upper()),
                "advertiser_ad_cost": cost,
                "advertiser_ad_clicks": 5,
                "advertiser_ad_impressions": 200,
                "_scope": market,
            }
            for market in _MARKETS
            for day in (date(2026, 2, 2), date(2026, 3, 9))
            for source, medium, campaign, cost in _CAMPAIGNS
        ]
    }
