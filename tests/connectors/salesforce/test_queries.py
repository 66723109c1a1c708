from datetime import UTC, datetime

import pytest

from connectors.errors import ConfigurationError
from connectors.salesforce.resolve import ResolvedStream, resolve_stream
from connectors.salesforce.soql import conditions_of, count_query, select_query
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import CAMPAIGN_MEMBER, LEAD, LEAD_HISTORY, OPPORTUNITY, STREAMS
from connectors.windows import CrmWindow
from tests.connectors.salesforce.fake import connection
from tests.connectors.salesforce.records import fields_of_org

WINDOW = CrmWindow(datetime(2026, 6, 30, 5, 40, tzinfo=UTC), datetime(2026, 7, 1, 5, 55, tzinfo=UTC))
PERSONAL = {
    "FirstName", "LastName", "Name", "Phone", "Company", "Title", "Subject", "Description", "Street", "MobilePhone",
}  # fmt: skip
NAMED_THINGS = {"campaign", "product2"}


def resolve(stream: SalesforceStream, *without: str, **settings: str) -> ResolvedStream:
    fields = fields_of_org(*without)
    return resolve_stream(stream, connection(**settings), lambda name: frozenset(fields[name]))


def test_a_query_takes_a_half_open_window_of_changes_without_order_or_limit() -> None:
    """SF-03, SF-04."""
    query = select_query(resolve(LEAD), conditions_of(resolve(LEAD), WINDOW, None))
    assert query.startswith("SELECT Id, IsDeleted, SystemModstamp, CreatedDate, MasterRecordId, Email,")
    assert query.endswith(
        "FROM Lead WHERE SystemModstamp >= 2026-06-30T05:40:00+00:00 AND SystemModstamp < 2026-07-01T05:55:00+00:00"
    )


def test_the_first_query_has_no_lower_bound() -> None:
    """SF-05."""
    [condition] = conditions_of(resolve(LEAD), CrmWindow(None, WINDOW.end), None)
    assert condition == "SystemModstamp < 2026-07-01T05:55:00+00:00"


def test_field_history_is_asked_for_the_fields_we_take_by_its_creation() -> None:
    query = count_query(resolve(LEAD_HISTORY), conditions_of(resolve(LEAD_HISTORY), WINDOW, ["NL"]))
    assert query.startswith("SELECT COUNT() FROM LeadHistory WHERE CreatedDate >= ")
    assert "Field IN ('Status','Locale__c','created','leadConverted')" in query
    assert query.endswith("AND Lead.Locale__c IN ('NL')")


def test_a_campaign_member_belongs_to_its_leads_locale_else_its_contacts() -> None:
    condition = conditions_of(resolve(CAMPAIGN_MEMBER), WINDOW, ["BE-FR", "NL"])[-1]
    assert condition == (
        "(Lead.Locale__c IN ('BE-FR','NL') OR (Lead.Locale__c = null AND Contact.Locale__c IN ('BE-FR','NL')))"
    )


def test_values_cannot_break_out_of_their_quotes() -> None:
    """SF-50, PR-11."""
    condition = conditions_of(resolve(LEAD), WINDOW, ["O'Brien' OR ''='"])[-1]
    assert condition == r"Locale__c IN ('O\'Brien\' OR \'\'=\'')"


@pytest.mark.parametrize("name", ["Locale__c FROM Lead--", "", "1st", "A.B", "x" * 81])
def test_field_names_that_are_no_identifiers_are_refused(name: str) -> None:
    """SF-50, PR-11."""
    with pytest.raises(ConfigurationError, match="not a field name"):
        resolve(LEAD, locale_field=name)


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_nothing_personal_is_selected_but_the_address_and_the_client_id(stream: SalesforceStream) -> None:
    """PR-04, SF-58."""
    names = set(resolve(stream).selected)
    assert not (PERSONAL - ({"Name"} if stream.name in NAMED_THINGS else set())) & names
    kinds = {field.path: field.kind for field in stream.all_fields}
    assert kinds.get("Email", "email") == "email"
    assert kinds.get("{visitor}", "visitor") == "visitor"


def test_a_missing_field_is_named_with_its_object() -> None:
    """SF-49."""
    with pytest.raises(ConfigurationError, match="Lead has no field GA_Client_Id__c") as raised:
        resolve(LEAD, "GA_Client_Id__c")
    assert (raised.value.scope, raised.value.stream) == ("global", "lead")


def test_a_parent_without_the_locale_field_is_named() -> None:
    fields = fields_of_org()
    fields["Contact"].remove("Locale__c")
    with pytest.raises(ConfigurationError, match=r"CampaignMember has no field Contact.Locale__c"):
        resolve_stream(CAMPAIGN_MEMBER, connection(), lambda name: frozenset(fields[name]))


def test_an_org_with_one_currency_need_not_have_the_currency_field_but_others_must() -> None:
    """SF-44."""
    assert "CurrencyIsoCode" not in resolve(OPPORTUNITY, "CurrencyIsoCode", currency="USD").selected
    with pytest.raises(ConfigurationError, match="CurrencyIsoCode"):
        resolve(OPPORTUNITY, "CurrencyIsoCode")
