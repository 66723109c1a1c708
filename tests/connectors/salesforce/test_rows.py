from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.errors import IncompleteResponse
from connectors.privacy import Pseudonymiser
from connectors.salesforce.resolve import ResolvedStream, resolve_stream
from connectors.salesforce.rows import landed_rows, parse_csv, parse_records
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import CAMPAIGN_MEMBER, LEAD, LEAD_HISTORY, OPPORTUNITY
from tests.connectors.salesforce.fake import as_csv, connection
from tests.connectors.salesforce.records import fields_of_org, history, lead, member, opportunity

PEOPLE = Pseudonymiser(b"0123456789abcdef")


def resolve(stream: SalesforceStream, *without: str, currency: str | None = None) -> ResolvedStream:
    fields = fields_of_org(*without)
    return resolve_stream(stream, connection(currency=currency), lambda name: frozenset(fields[name]))


def landed(stream: SalesforceStream, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    resolved = resolve(stream)
    rows: list[dict[str, Any]] = landed_rows(
        parse_records(records, resolved.selected), resolved, PEOPLE, None
    ).to_pylist()
    return rows


@pytest.mark.parametrize(
    ("stream", "records"),
    [
        (LEAD, [lead(1), lead(2, None, Email=None, GA_Client_Id__c="", Status='Eén\n"twee", 三')]),
        (LEAD_HISTORY, [history(1, "Status", None, "Nieuw"), history(2, "Locale__c", "NL", "DE", None)]),
        (CAMPAIGN_MEMBER, [member(1, "NL", "DE"), member(2, None, "DE"), member(3, None, None)]),
        (OPPORTUNITY, [opportunity(1, Decimal("1234567890123.4567")), opportunity(2, None), opportunity(3, 5)]),
    ],
)
def test_bulk_and_rest_pages_of_the_same_records_are_the_same_rows(
    stream: SalesforceStream, records: list[dict[str, Any]]
) -> None:
    selected = resolve(stream).selected
    from_bulk = parse_csv(as_csv(records, list(selected)), len(records), selected)
    assert from_bulk.to_pylist() == parse_records(records, selected).to_pylist()


def test_a_lead_lands_typed_and_pseudonymous() -> None:
    """PR-01."""
    [row] = landed(LEAD, [lead(1)])
    assert row["system_modstamp"] == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert row["email_key"] == PEOPLE.email_key("person1@loom.example")
    assert row["visitor_key"] == PEOPLE.visitor_key("1.99")
    assert (row["locale_value"], row["_locale"], row["business_line_value"]) == ("NL", "NL", "Sensors")
    assert not [value for value in map(str, row.values()) if "@" in value or "1.99" in value]


def test_history_fields_get_our_names_and_others_are_dropped() -> None:
    changes = ("Status", "Locale__c", "created", "leadConverted", "Phone")
    rows = landed(LEAD_HISTORY, [history(n, field, "a", "b") for n, field in enumerate(changes)])
    assert [row["field"] for row in rows] == ["status", "locale", "created", "lead_converted"]
    assert {row["is_deleted"] for row in rows} == {False}
    assert rows[0]["system_modstamp"] == rows[0]["created_date"]


def test_a_members_locale_is_its_leads_else_its_contacts() -> None:
    rows = landed(CAMPAIGN_MEMBER, [member(1, "NL", "DE"), member(2, None, "DE"), member(3, None, None)])
    assert [row["_locale"] for row in rows] == ["NL", "DE", None]
    assert rows[0]["first_responded_date"] == date(2026, 3, 1)


def test_amounts_are_exact() -> None:
    """SF-51."""
    amounts = [Decimal("0.1"), Decimal("1000000000000.01"), 7]
    rows = landed(OPPORTUNITY, [opportunity(n, amount) for n, amount in enumerate(amounts)])
    assert [row["amount"] for row in rows] == [Decimal("0.1"), Decimal("1000000000000.01"), Decimal(7)]
    assert {row["currency_iso_code"] for row in rows} == {"EUR"}


def test_in_an_org_with_one_currency_every_amount_is_in_it() -> None:
    """SF-44."""
    resolved = resolve(OPPORTUNITY, "CurrencyIsoCode", currency="USD")
    page = parse_records([opportunity(1, 5, None)], resolved.selected)
    assert landed_rows(page, resolved, PEOPLE, "USD")["currency_iso_code"].to_pylist() == ["USD"]


def test_nul_bytes_and_a_byte_order_mark_are_taken_out() -> None:
    """SF-27, SF-28."""
    selected = resolve(LEAD).selected
    content = b"\xef\xbb\xbf" + as_csv([lead(1, Status="Ni\0euw")], list(selected))
    assert parse_csv(content, 1, selected)["Status"].to_pylist() == ["Nieuw"]


def test_an_empty_page_is_a_header_alone() -> None:
    """SF-25."""
    selected = resolve(LEAD).selected
    assert len(parse_csv(as_csv([], list(selected)), 0, selected)) == 0


@pytest.mark.parametrize("lost", [1, 150, 330])
def test_a_page_cut_short_is_noticed_and_quotes_nobody(lost: int) -> None:
    """SF-08, PR-08."""
    selected = resolve(LEAD).selected
    content = as_csv([lead(1), lead(2)], list(selected))
    with pytest.raises(IncompleteResponse) as raised:
        parse_csv(content[:-lost], 3, selected)
    assert "loom.example" not in str(raised.value)


def test_a_value_of_another_kind_is_an_error_that_names_the_field() -> None:
    with pytest.raises(IncompleteResponse, match="SystemModstamp has a value that is no instant"):
        parse_records([lead(1, SystemModstamp="soon")], resolve(LEAD).selected)
    with pytest.raises(IncompleteResponse, match="lacks Status"):
        parse_records([{k: v for k, v in lead(1).items() if k != "Status"}], resolve(LEAD).selected)
