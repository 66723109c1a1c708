"""What the CRM shows: valid ids, whole references at any instant, orderly versions, the markets' own words."""

from datetime import UTC, datetime
from itertools import pairwise

import pyarrow.compute as pc
import pytest

from sandbox.company.ids import KEY_PREFIXES, checksum
from sandbox.company.locales import ORGS
from sandbox.company.truth import at_six
from sandbox.company.truth.sight import look
from sandbox.company.vocabulary import LEAD_STATUSES, STAGES
from tests.sandbox.crm_reader import visible
from tests.sandbox.small_company import small_company

MOMENTS = [at_six(day) for day in ("2025-04-01", "2026-01-15", "2026-07-01", "2026-07-03")]
MOMENTS.append(datetime(2026, 3, 11, 13, 47, 13, tzinfo=UTC))
REFERENCES = [
    ("Lead", "MasterRecordId", "Lead"),
    ("Lead", "ConvertedContactId", "Contact"),
    ("Lead", "ConvertedAccountId", "Account"),
    ("Lead", "ConvertedOpportunityId", "Opportunity"),
    ("Lead", "OwnerId", "User"),
    ("LeadHistory", "LeadId", "Lead"),
    ("Contact", "MasterRecordId", "Contact"),
    ("Contact", "AccountId", "Account"),
    ("Account", "ParentId", "Account"),
    ("Opportunity", "AccountId", "Account"),
    ("Opportunity", "OwnerId", "User"),
    ("OpportunityHistory", "OpportunityId", "Opportunity"),
    ("OpportunityContactRole", "OpportunityId", "Opportunity"),
    ("OpportunityContactRole", "ContactId", "Contact"),
    ("CampaignMember", "CampaignId", "Campaign"),
    ("CampaignMember", "LeadId", "Lead"),
    ("CampaignMember", "ContactId", "Contact"),
]


@pytest.mark.parametrize("org", list(ORGS))
def test_every_id_has_its_prefix_and_its_checksum(org: str) -> None:
    for name in small_company().crm_objects(org):
        ids = set(small_company().crm_versions(org, name)["Id"].to_pylist())
        assert all(len(one) == 18 and one.startswith(KEY_PREFIXES[name]) for one in ids)
        assert all(checksum(one[:15]) == one[15:] for one in ids)


def test_the_checksum_is_the_one_salesforce_publishes() -> None:
    assert checksum("001A0000006Vm9r") == "IAC"


@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("org", list(ORGS))
def test_what_is_visible_refers_only_to_what_is_visible_or_in_the_bin(org: str, now: datetime) -> None:
    leads = small_company().crm_versions(org, "Lead")
    gone = set(leads.filter(leads["is_purged"])["Id"].to_pylist())
    ids = {
        name: set(visible(small_company(), org, name, now)["Id"].to_pylist()) | gone
        for name in small_company().crm_objects(org)
    }
    for name, field, target in REFERENCES:
        referred = set(visible(small_company(), org, name, now)[field].drop_null().to_pylist())
        assert referred <= ids[target], (name, field)


@pytest.mark.parametrize("org", list(ORGS))
def test_versions_are_ordered_and_committed_within_two_minutes_of_their_stamp(org: str) -> None:
    for name in small_company().crm_objects(org):
        table = small_company().crm_versions(org, name)
        keys = list(zip(table["Id"].to_pylist(), table["commit_at"].to_pylist(), strict=True))
        assert keys == sorted(set(keys))
        stamp = table["SystemModstamp" if "SystemModstamp" in table.column_names else "CreatedDate"]
        delays = pc.milliseconds_between(stamp, table["commit_at"]).filter(pc.invert(table["is_purged"]))
        assert pc.min(delays).as_py() >= 0
        assert pc.max(delays).as_py() <= 120_000


@pytest.mark.parametrize("org", list(ORGS))
def test_nothing_is_committed_while_refreshes_look(org: str) -> None:
    for name in small_company().crm_objects(org):
        commits = small_company().crm_versions(org, name)["commit_at"]
        minute = pc.add(pc.multiply(pc.hour(commits), 60), pc.minute(commits))
        is_hushed = pc.and_(pc.greater(minute, 330), pc.less_equal(minute, 360))
        assert not pc.any(is_hushed).as_py()


def test_the_single_currency_org_has_no_currency_anywhere() -> None:
    company = small_company()
    assert "CurrencyIsoCode" not in company.crm_versions("americas", "Opportunity").column_names
    assert "CurrencyIsoCode" in company.crm_versions("global", "Opportunity").column_names
    assert {"CurrencyType", "DatedConversionRate"} <= set(company.crm_objects("global"))
    assert not {"CurrencyType", "DatedConversionRate"} & set(company.crm_objects("americas"))


def test_dated_rates_leave_no_day_without_one() -> None:
    table = small_company().crm_versions("global", "DatedConversionRate")
    spans = sorted((row["StartDate"], row["NextStartDate"]) for row in table.to_pylist() if row["IsoCode"] == "JPY")
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_a_leads_status_is_always_a_word_of_the_market_it_is_in_then() -> None:
    for lead in look(small_company().world, at_six("2026-07-03")).leads.values():
        for row in lead.statuses:
            here = lead.locale_at(row.at)
            if here is not None:
                assert row.new is not None
                assert LEAD_STATUSES[row.new_words or ""][row.new] == LEAD_STATUSES[here][row.new]


def test_stages_are_words_of_the_org() -> None:
    for org, words in STAGES.items():
        shown = set(small_company().crm_versions(org, "Opportunity")["StageName"].to_pylist())
        assert shown == set(words.values())


def test_a_won_deal_is_never_booked_after_the_day_it_was_won() -> None:
    for deal in look(small_company().world, at_six("2026-09-30")).deals.values():
        if deal.now["stage"] == "won" and deal.rows:
            won_at = max(row.at for row in deal.rows if row.stage == "won")
            assert deal.now["close_day"] <= (won_at + 14 * 3_600) // 86_400


def test_people_live_at_addresses_that_cannot_exist() -> None:
    for org in ORGS:
        for name in ("Lead", "Contact"):
            shown = small_company().crm_versions(org, name)["Email"].drop_null().to_pylist()
            assert all(one.strip().lower().endswith(".example") for one in shown)
