import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigurationError, IncompleteResponse
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce import extract
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.refresh import ConnectionSummary, refresh_connection
from connectors.salesforce.streams import LEAD, LEAD_HISTORY
from connectors.specs import LocaleSpec
from connectors.windows import CrmWindow
from tests.connectors.salesforce.fake import NOW, Answer, FakeOrg, error, object_of
from tests.connectors.salesforce.records import campaign, history, lead, member, opportunity

PEOPLE = Pseudonymiser(b"0123456789abcdef")
NL = LocaleSpec("nl", "Europe/Amsterdam", "EUR", "1", "global", ("NL",))
DK = LocaleSpec("dk", "Europe/Copenhagen", "DKK", "2", "global", ("DK",))
END = NOW - timedelta(minutes=5)

Refresh = Callable[..., ConnectionSummary]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, lambda: NOW)


@pytest.fixture
def refresh(client: SalesforceClient, landing: Landing, org: FakeOrg) -> Refresh:
    org.records = {
        "Lead": [lead(1), lead(2, "DK"), lead(3, None)],
        "LeadHistory": [history(1, "Status", "Nieuw", "In behandeling")],
        "CampaignMember": [member(1, "NL", None)],
        "Campaign": [campaign(1)],
        "Opportunity": [opportunity(1, 5)],
    }

    def run(*locales: LocaleSpec, now: datetime = NOW, **options: Any) -> ConnectionSummary:
        client.clock = client.meter._clock = lambda: now
        return refresh_connection(
            client, landing, client.connection, locales or (NL,), clock=lambda: now, pseudonymiser=PEOPLE, **options
        )

    return run


def lead_ids(landing: Landing, scope: str) -> list[int]:
    return sorted(int(row["id"][3:]) for row in landing.read(LEAD.dataset, scope).to_pylist())


def test_the_first_refresh_lands_every_record_in_its_scope(refresh: Refresh, landing: Landing) -> None:
    summary = refresh()
    assert {scope: s.rows for scope, s in summary.scopes.items()} == {
        "nl": 4,
        "unassigned-global": 2,
        "shared-global": 1,
    }
    assert (summary.rows, summary.changed, summary.window_end) == (7, True, END)
    assert (lead_ids(landing, "nl"), lead_ids(landing, "unassigned-global")) == ([1], [2, 3])
    assert summary.scopes["nl"].streams["lead_history"] == 1
    assert {row["_connection"] for row in landing.read(LEAD.dataset).to_pylist()} == {"global"}


def test_each_object_is_counted_once_and_pulled_once_for_all_locales(refresh: Refresh, org: FakeOrg) -> None:
    refresh(NL, DK)
    lead_queries = [query for query in org.queries if "FROM Lead " in query]
    assert len(lead_queries) == 2
    assert not [query for query in lead_queries if "Locale__c IN" in query]


def test_many_rows_come_as_a_bulk_job_and_few_by_rest(
    refresh: Refresh, org: FakeOrg, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "BULK_ABOVE_ROWS", 2)
    assert refresh().bulk_jobs == 1
    [window] = landing.windows("salesforce", "lead", "nl")
    assert (json.loads(window.metadata)["method"], json.loads(window.metadata)["rows"]) == ("bulk", 3)
    assert org.jobs == {}


def test_refreshing_again_at_the_same_instant_pulls_nothing(refresh: Refresh, org: FakeOrg) -> None:
    refresh()
    org.queries.clear()
    summary = refresh()
    assert (org.queries, summary.rows, summary.changed, summary.window_end) == ([], 0, False, END)
    assert summary.scopes["nl"].window_end is None


def test_the_next_window_overlaps_the_last_and_lands_only_what_is_new(
    refresh: Refresh, org: FakeOrg, landing: Landing
) -> None:
    """SF-01, SF-04."""
    org.records["Lead"] = [lead(1), lead(4)]
    refresh()
    changed = lead(1, Status="In behandeling", SystemModstamp="2026-07-01T12:00:00.000+0000")
    org.records["Lead"] = [changed, lead(4)]
    summary = refresh(now=NOW + timedelta(days=1))
    assert (summary.scopes["nl"].streams["lead"], summary.scopes["nl"].new_rows) == (2, 1)
    assert summary.scopes["nl"].window_start == END - timedelta(minutes=15)
    assert [w.end for w in landing.windows("salesforce", "lead", "nl")][-1] == (END + timedelta(days=1)).isoformat()


def test_a_locale_added_later_gets_its_whole_past_with_a_filter_of_its_own(
    refresh: Refresh, org: FakeOrg, landing: Landing
) -> None:
    refresh(NL)
    org.queries.clear()
    refresh(NL, DK, now=NOW + timedelta(days=1))
    [full] = [q for q in org.queries if "FROM Lead " in q and "COUNT()" not in q and "IN ('DK')" in q]
    assert "SystemModstamp >=" not in full
    assert lead_ids(landing, "dk") == [2]
    assert lead_ids(landing, "nl") == [1]
    org.queries.clear()
    refresh(NL, DK, now=NOW + timedelta(days=2))
    assert not [query for query in org.queries if "Locale__c IN" in query]


def test_a_backfill_of_one_locale_asks_for_and_changes_only_that_locale(
    refresh: Refresh, org: FakeOrg, landing: Landing
) -> None:
    refresh()
    before = landing.files("salesforce", "lead", "unassigned-global")
    org.queries.clear()
    org.records["Lead"] = [lead(1, Status="Omgezet"), lead(2, "DK", Status="New")]
    window = CrmWindow(END - timedelta(days=30), NOW + timedelta(days=30))
    summary = refresh(window=window, only=["nl"])
    assert set(summary.scopes) == {"nl"}
    assert summary.window_end == END
    # Tasks and events have no locale of their own to ask for: theirs is their parents'.
    assert all("'NL'" in query or object_of(query) in ("Task", "Event") for query in org.queries)
    assert landing.files("salesforce", "lead", "unassigned-global") == before
    assert landing.read(LEAD.dataset, "nl")["status"].to_pylist() == ["Omgezet"]


def answering(monkeypatch: pytest.MonkeyPatch, change: Callable[[str, Answer], None]) -> None:
    """Change the org's answers to queries of leads."""
    usual = FakeOrg.first_page

    def first_page(self: FakeOrg, soql: str) -> Answer:
        answer = usual(self, soql)
        if "FROM Lead " in soql:
            change(soql, answer)
        return answer

    monkeypatch.setattr(FakeOrg, "first_page", first_page)


def test_an_object_that_fails_does_not_hold_up_the_others_and_is_resumed(
    refresh: Refresh, org: FakeOrg, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-21."""

    def lose_a_record(_: str, answer: Answer) -> None:
        answer.body["records"] = answer.body["records"][1:]

    org.records["Lead"] = [lead(1), lead(2)]
    with monkeypatch.context() as patched:
        answering(patched, lose_a_record)
        with pytest.raises(IncompleteResponse, match="1 of 2") as raised:
            refresh()
    assert (raised.value.scope, raised.value.stream) == ("global", "lead")
    assert raised.value.window == f"the beginning..{END.isoformat()}"
    assert len(landing.read(LEAD_HISTORY.dataset)) == 1
    assert len(landing.read(LEAD.dataset)) == 0
    assert refresh().scopes["nl"].streams == {"lead": 2}


def test_records_edited_while_they_are_pulled_are_accepted_when_a_second_count_agrees(
    refresh: Refresh, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-07."""
    counts: list[int] = []

    def count_one_more_at_first(soql: str, answer: Answer) -> None:
        if "COUNT()" in soql:
            answer.body["totalSize"] += not counts
            counts.append(answer.body["totalSize"])

    answering(monkeypatch, count_one_more_at_first)
    refresh()
    assert counts == [4, 3]
    assert len(landing.read(LEAD.dataset)) == 3


def test_rows_that_no_count_explains_are_refused(
    refresh: Refresh, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-07, SF-09."""

    def count_one_more(soql: str, answer: Answer) -> None:
        answer.body["totalSize"] += "COUNT()" in soql

    answering(monkeypatch, count_one_more)
    with pytest.raises(IncompleteResponse, match="3 rows arrived, 4 were counted"):
        refresh()
    assert len(landing.read(LEAD.dataset)) == 0


def test_a_query_that_breaks_off_on_the_server_is_begun_again(refresh: Refresh, org: FakeOrg, landing: Landing) -> None:
    """SF-12."""
    org.troubles = [("query/Lead-2", error(400, "INVALID_QUERY_LOCATOR"))] * 2
    refresh()
    assert len(landing.read(LEAD.dataset)) == 3


def test_a_scope_the_org_does_not_serve_is_refused(refresh: Refresh) -> None:
    with pytest.raises(ConfigurationError, match="serves no us"):
        refresh(only=["us"])


def test_nothing_landed_names_a_person(refresh: Refresh, landing: Landing) -> None:
    """SF-30, PR-04."""
    refresh()
    stored = b"".join(path.read_bytes() for path in landing.root.rglob("*") if path.is_file())
    texts = str([landing.read(dataset).to_pylist() for dataset in (LEAD.dataset, LEAD_HISTORY.dataset)])
    assert "loom.example" not in texts
    assert b"loom.example" not in stored
