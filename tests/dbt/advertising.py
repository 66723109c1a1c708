"""What the miniature company pays for: a coded campaign and one that nobody coded, on two days of each market."""

from __future__ import annotations

from datetime import date

from tests.dbt.company import LOCALES, Rows

_CAMPAIGNS = (("google", "cpc", "{market}-SEN-01", "12.50"), ("linkedin", "paid-social", "Spring sale", "7.05"))


def ads() -> Rows:
    """Landed rows of the cost report."""
    return {
        "landing.ga4__ads": [
            {
                "date": day,
                "session_source": source,
                "session_medium": medium,
                "session_campaign_name": campaign.format(market=code.upper()),
                "advertiser_ad_cost": cost,
                "advertiser_ad_clicks": 5,
                "advertiser_ad_impressions": 200,
                "_scope": code,
            }
            for code, *_ in LOCALES
            for day in (date(2026, 2, 2), date(2026, 3, 9))
            for source, medium, campaign, cost in _CAMPAIGNS
        ]
    }
