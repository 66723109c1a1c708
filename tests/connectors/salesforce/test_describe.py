"""Which fields are asked for, and in what form what comes is landed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import connectors.salesforce
from connectors.errors import ConfigurationError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.extract import halves, has_repetition
from connectors.salesforce.ids import long_id, long_ids
from connectors.salesforce.resolve import resolve_stream
from connectors.salesforce.rows import parse_csv
from connectors.salesforce.streams import DATED_CONVERSION_RATE, LEAD, OPPORTUNITY
from connectors.windows import CrmWindow
from tests.connectors.salesforce.fake import Answer, FakeOrg, as_csv
from tests.connectors.salesforce.records import lead


def describing(org: FakeOrg, **kinds: dict[str, Any]) -> None:
    """Let an object's describe say more of some fields."""

    def more(answer: Answer) -> Answer:
        fields = [{**field, **kinds.get(field["name"], {})} for field in answer.body["fields"]]
        return Answer(body={"fields": fields})

    org.troubles = [("describe", more)] * 9


def test_formulas_and_compound_fields_are_not_selected(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-24, SF-31."""
    describing(org, Country={"calculated": True}, LeadSource={"type": "address"})
    found = client.fields_of("Lead")
    assert "Country" not in found
    assert "LeadSource" not in found
    assert "Status" in found


def test_a_needed_field_that_is_a_formula_stops_the_object(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-31."""
    describing(org, Locale__c={"calculated": True})
    with pytest.raises(ConfigurationError, match="Locale__c"):
        resolve_stream(LEAD, client.connection, client.fields_of)


def test_an_object_the_org_lacks_is_found_out_not_assumed(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-45."""
    org.troubles = [("DatedConversionRate/describe", lambda _: Answer(404, [{"errorCode": "NOT_FOUND"}]))]
    assert client.has_object("Lead")
    assert not client.has_object(DATED_CONVERSION_RATE.object_name)


@pytest.mark.parametrize(
    ("short", "long"),
    [("001D000000IRFma", "001D000000IRFmaIAH"), ("00Q1E0000010abC", "00Q1E0000010abCUAQ"), ("odd", "odd"), ("", "")],
)
def test_short_ids_get_the_checksum_that_says_their_capitals(short: str, long: str) -> None:
    """SF-52."""
    assert long_id(short) == long
    assert long_id(long) == long


def test_a_column_of_ids_has_one_form() -> None:
    """SF-52."""
    column = pa.chunked_array([["001D000000IRFma", None], ["001D000000IRFmaIAH"]])
    assert long_ids(column).to_pylist() == ["001D000000IRFmaIAH", None, "001D000000IRFmaIAH"]
    assert long_ids(pa.chunked_array([pa.array([], pa.string())])).to_pylist() == []


def test_texts_in_any_script_arrive_as_they_are_whatever_byte_a_block_ends_at(client: SalesforceClient) -> None:
    """SF-26, SF-28."""
    selected = resolve_stream(LEAD, client.connection, lambda _: frozenset(_all_of_lead())).selected
    for padding in range(4):
        text = "x" * padding + 'Köln\r\n東京 😀, "Ærø"' * 50
        page = as_csv([lead(n, Status=text) for n in range(40)], list(selected))
        assert set(parse_csv(page, 40, selected)["Status"].to_pylist()) == {text}


def test_get_deleted_is_asked_with_instants_that_know_their_zone(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-36."""
    asked: list[str] = []
    usual = org.handle

    def watch(method: str, url: str, body: bytes) -> Answer:
        asked.append(url)
        return usual(method, url, body)

    org.handle = watch  # type: ignore[method-assign]
    end = datetime(2026, 7, 1, 8, tzinfo=timezone(timedelta(hours=2)))
    assert client.deletions("Lead", end - timedelta(days=1), end).covered_until == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert asked[-1].endswith("deleted/?start=2026-06-30T06%3A00%3A00%2B00%3A00&end=2026-07-01T06%3A00%3A00%2B00%3A00")


def test_no_query_asks_the_org_to_convert_or_format_money() -> None:
    """SF-48."""
    folder = Path(connectors.salesforce.__file__).parent
    sources = " ".join(path.read_text() for path in folder.glob("*.py"))
    assert not re.search(r"convertCurrency|\bFORMAT\(", sources)
    amounts = [field.path for field in OPPORTUNITY.fields if field.kind == "money"]
    assert amounts == ["Amount"]


def test_halves_of_a_window_meet_and_leave_nothing_out() -> None:
    """SF-21."""
    whole = CrmWindow(None, datetime(2026, 7, 1, tzinfo=UTC))
    first, second = halves(whole)
    assert first.end == second.start
    assert second.end == whole.end
    assert first.start is not None
    assert first.start.year < 1999


def test_an_id_that_comes_twice_is_noticed() -> None:
    """SF-07."""
    from array import array

    assert not has_repetition(array("q", []))
    assert not has_repetition(array("q", [3, 1, 2]))
    assert has_repetition(array("q", [3, 1, 3]))


def _all_of_lead() -> list[str]:
    return [name for name in lead(1) if name != "attributes"]
