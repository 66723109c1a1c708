"""What sales did in the miniature company, and what it sold, counted by hand from its story in `people.py`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.dbt.runner import PRODUCTION, DbtProject, change, rows


def test_a_hand_over_is_followed_up_accepted_sent_back_or_forgotten(built: Path) -> None:
    found = rows(
        built,
        "select locale, owner_team, handed_over, followed_up, followed_up_in_time, accepted, rejected,"
        " never_followed_up, waiting, median_lead_response_hours from marts.mart_handover"
        " where business_line = 'all' and month = '2026-01-01' order by locale, owner_team",
    )
    inside, all_of_nl = (1, 1, 1, 1, 0, 0, 0, Decimal(4)), (3, 2, 1, 1, 2, 0, 0, Decimal(26))
    others, chie = (2, 1, 0, 0, 2, 0, 0, Decimal(48)), (1, 0, 0, 0, 0, 1, 0, None)
    assert found == [
        # Chie waits since January.
        ("jp", "all", *chie),
        ("jp", "unknown", *chie),
        # Anna; Bert, who was recycled, and Dirk, who was disqualified.
        ("nl", "Inside sales", *inside),
        ("nl", "all", *all_of_nl),
        ("nl", "unknown", *others),
        ("total", "Inside sales", *inside),
        ("total", "all", 4, 2, 1, 1, 2, 1, 0, Decimal(26)),
        ("total", "unknown", 3, 1, 0, 0, 2, 1, 0, Decimal(48)),
    ]


def test_bert_came_back_and_nobody_called(built: Path) -> None:
    found = rows(
        built,
        "select handed_over, followed_up, never_followed_up from marts.mart_handover"
        " where locale = 'nl' and business_line = 'all' and owner_team = 'all' and month = '2026-02-01'",
    )
    assert found == [(1, 0, 1)]


def test_deals_say_their_kind_and_what_of_them_recurs(built: Path) -> None:
    found = rows(
        built,
        "select locale, deal_kind, amount, recurring_amount, one_off_amount_eur,"
        " has_matching_lines from marts.mart_deals order by locale, opportunity_id",
    )
    assert found == [
        ("jp", "new", Decimal(500), Decimal(0), Decimal(360), False),
        ("jp", "new", Decimal(80000), None, None, None),
        ("nl", "renewal", Decimal("1000.10"), Decimal("400.10"), Decimal(600), True),
        ("us", "new", Decimal(2000), None, None, None),
    ]


def test_a_lead_is_as_good_as_what_became_of_it(built: Path) -> None:
    found = rows(
        built,
        "select channel, credited_leads, credited_mqls, credited_sales, credited_disqualified, amount_eur,"
        " median_days_to_mql from marts.mart_lead_quality where locale = 'nl' and business_line = 'sensors'"
        " and month = '2026-01-01' and model = 'linear' order by channel",
    )
    assert found == [
        # Anna came by two touches of one minute.
        ("Email", Decimal("0.5"), Decimal("0.5"), Decimal("0.5"), 0, Decimal("500.05"), Decimal("6.9583")),
        ("Paid Search", Decimal("0.5"), Decimal("0.5"), Decimal("0.5"), 0, Decimal("500.05"), Decimal("6.9583")),
        # Bert in his first trip, and Dirk.
        ("unattributed", Decimal(2), Decimal(2), 0, Decimal(1), 0, Decimal("1.9583")),
    ]


def test_customers_are_worth_what_they_bought(built: Path) -> None:
    found = rows(
        built,
        "select locale, channel, value_type, is_mature, customers, deals, amount_local, currency"
        " from marts.mart_customer_value where locale = 'nl' and value_type in ('total', 'recurring', '12_months')"
        " order by value_type",
    )
    whole, part = Decimal("1000.10"), Decimal("400.10")
    assert found == [
        ("nl", "Email", "12_months", False, 1, 1, whole, "EUR"),
        ("nl", "Email", "recurring", True, 1, 1, part, "EUR"),
        ("nl", "Email", "total", True, 1, 1, whole, "EUR"),
    ]


def test_lines_that_often_do_not_add_up_are_warned_about(project: DbtProject, warehouse: Path) -> None:
    # Anna's deal twenty times over, under Ids of their own, without a line that adds up.
    change(
        warehouse,
        "insert into landing.salesforce__opportunity by name"
        " select deals.* replace ('006N' || lpad(number::varchar, 14, '0') as id, null as account_id)"
        " from landing.salesforce__opportunity as deals, generate_series(1, 20) as numbers (number)"
        " where id like '006A%' and _connection = 'global'",
        "insert into landing.salesforce__opportunity_line_item by name select lines.* replace ("
        "'00kN' || lpad(number::varchar, 14, '0') as id, '006N' || lpad(number::varchar, 14, '0') as opportunity_id)"
        " from landing.salesforce__opportunity_line_item as lines, generate_series(1, 20) as numbers (number)"
        " where id like '00kA0%'",
    )
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.succeeded
    assert outcome.statuses["lines_add_up_to_their_deals"] == "warn"
