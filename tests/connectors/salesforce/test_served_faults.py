"""The connector against a served org that misbehaves: nothing is lost, nothing counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigurationError, ConnectorError, IncompleteResponse, QuotaExhausted, SourceUnavailable
from connectors.salesforce import bulk
from connectors.salesforce.ledger import JobLedger
from connectors.salesforce.streams import CURRENCY_TYPE, DATED_CONVERSION_RATE, LEAD, OPPORTUNITY
from sandbox.faults import Action
from tests.connectors.salesforce.served import ServedOrg

RESULTS = "/jobs/query/750.*/results"


def test_a_first_refresh_lands_every_record_once_and_leaves_no_job(served: ServedOrg) -> None:
    """SF-05, SF-25."""
    summary = served.refresh()
    assert served.everything_landed_once()
    assert summary.bulk_jobs > 3
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)


@pytest.mark.parametrize(
    ("match", "action"),
    [
        pytest.param({"path": RESULTS}, Action(cut_body_at=500), id="cut SF-29"),
        pytest.param({"path": RESULTS}, Action(truncate_body_at=500), id="cut at its promised length SF-08"),
        pytest.param({"path": RESULTS}, Action(corrupt_gzip=True), id="gzip SF-29"),
        pytest.param({"path": RESULTS, "page": 2}, Action(drop_rows=3), id="rows dropped SF-08"),
        pytest.param({"path": RESULTS}, Action(duplicate_rows=3), id="rows doubled SF-07"),
        pytest.param({"path": RESULTS}, Action(drop_rows=3, duplicate_rows=3), id="one for another SF-07"),
        pytest.param({"path": RESULTS}, Action(wrong_header_count=3), id="header SF-08"),
        pytest.param({"path": RESULTS}, Action(shuffle_headers=True), id="columns moved SF-28"),
        pytest.param({"path": RESULTS}, Action(reorder_rows=5), id="rows moved SF-28"),
        pytest.param({"path": RESULTS, "page": 2}, Action(status=404), id="second page missing SF-11"),
        pytest.param({"path": RESULTS}, Action(repeat_locator=True), id="locator repeats SF-10"),
        pytest.param({"path": RESULTS}, Action(html=True), id="maintenance page SF-54"),
        pytest.param({"path": RESULTS}, Action(status=420), id="edge SF-55"),
        pytest.param({"path": RESULTS}, Action(status=406), id="edge SF-55"),
        pytest.param({"path": "/limits"}, Action(status=503), id="unavailable SF-54"),
        pytest.param({"path": "/limits"}, Action(status=401, html=True), id="401 page SF-14"),
        pytest.param({"path": "/queryAll"}, Action(status=200, body="<html>"), id="page as JSON SF-54"),
        pytest.param({"path": "/query"}, Action(redirect="https://noordlicht-2.my.salesforce.com"), id="moved SF-53"),
        pytest.param({"verb": "POST", "path": "/jobs/query$"}, Action(status=503), id="job not made SF-54"),
        pytest.param({"verb": "POST", "path": "/jobs/query$"}, Action(job_state="Failed"), id="job failed SF-22"),
        pytest.param({"verb": "POST", "path": "/jobs/query$"}, Action(job_state="Aborted"), id="job aborted SF-22"),
        pytest.param({"verb": "POST", "path": "/jobs/query$"}, Action(job_state="InProgress"), id="stuck SF-22"),
        pytest.param(
            {"verb": "POST", "path": "/jobs/query$"}, Action(status=400, code="API_ERROR"), id="not for bulk SF-24"
        ),
        pytest.param({"path": "/jobs/query/750", "nth": 2}, Action(expire_token=True), id="session ends SF-13"),
        pytest.param({"path": "oauth2/token"}, Action(status=503), id="login busy SF-54"),
        pytest.param(
            {"path": "/queryAll"},
            Action(status=403, message="ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
            id="too many at once SF-19",
        ),
        pytest.param({"path": "/queryAll", "object": "Campaign"}, Action(delay_seconds=0.1), id="slow"),
    ],
)
def test_a_passing_fault_costs_neither_a_row_nor_a_double(
    served: ServedOrg, match: dict[str, Any], action: Action
) -> None:
    """SF-07, SF-08, SF-10, SF-11, SF-13, SF-14, SF-19, SF-22, SF-24, SF-28, SF-29, SF-53, SF-54, SF-55."""
    served.fault(action, **match)
    served.refresh()
    assert served.network.faults.fired[0]["fired"] == 1
    assert served.everything_landed_once()
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)


@pytest.mark.parametrize(
    ("match", "action"),
    [
        pytest.param({"page": 2}, Action(expire_locator=True), id="locator expires SF-12"),
        pytest.param({"page": 1}, Action(done_false_without_next=True), id="no next page SF-59"),
        pytest.param({"page": 1}, Action(shrink_page=50), id="small page SF-59"),
        pytest.param({"page": 2}, Action(drop_rows=2), id="rows dropped SF-09"),
        pytest.param({"page": 1}, Action(repeat_locator=True), id="link repeats SF-10"),
        pytest.param({"page": 2}, Action(status=404), id="second page missing SF-11"),
    ],
)
def test_a_passing_fault_of_rest_pages_costs_neither_a_row_nor_a_double(
    served: ServedOrg, match: dict[str, Any], action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-09, SF-10, SF-11, SF-12, SF-59."""
    monkeypatch.setattr("connectors.salesforce.extract.BULK_ABOVE_ROWS", 10_000)
    served.fault(Action(shrink_page=100), object="Lead", page=1, nth=2)
    served.fault(action, object="Lead", **match)
    served.refresh()
    assert served.everything_landed_once()


def test_a_query_that_takes_the_org_too_long_is_cut_until_it_does_not(served: ServedOrg) -> None:
    """SF-21."""
    served.fault(Action(status=400, code="QUERY_TIMEOUT"), object="Lead", path="/queryAll", above_days=300, times=0)
    served.refresh()
    assert served.network.faults.fired[0]["fired"] > 3
    assert served.everything_landed_once()


def test_a_query_that_always_takes_too_long_ends_red_and_names_its_window(served: ServedOrg) -> None:
    """SF-21."""
    served.fault(Action(status=400, code="QUERY_TIMEOUT"), object="Lead", path="/queryAll", times=0)
    with pytest.raises(ConnectorError, match="took the org too long") as raised:
        served.refresh()
    assert (raised.value.scope, raised.value.stream) == ("global", "lead")
    assert served.landing.is_new(LEAD.dataset, "nl")


def test_an_answer_that_never_stays_whole_is_refused_and_nothing_lands(served: ServedOrg) -> None:
    """SF-08."""
    served.fault(Action(drop_rows=1), path=RESULTS, object="Lead", times=0)
    with pytest.raises(IncompleteResponse):
        served.refresh()
    assert len(served.landing.read(LEAD.dataset)) == 0
    assert len(served.landing.read(OPPORTUNITY.dataset)) > 0
    assert not list((served.landing.root / ".staging").iterdir())


def test_an_answer_that_trickles_in_is_given_up_at_its_deadline(served: ServedOrg) -> None:
    """OP-10, SF-18."""
    served.fault(Action(slow_loris_seconds=6), path="/limits", times=0)
    with pytest.raises(SourceUnavailable, match=r"no end of the answer within 0.2 s"):
        served.client(deadline=0.2).check()


def test_a_session_that_ends_while_a_job_runs_costs_one_login_and_no_second_job(served: ServedOrg) -> None:
    """SF-13."""
    served.fault(Action(expire_token=True), path=RESULTS, object="Lead", page=2)
    summary = served.refresh()
    assert (served.meter("logins"), served.meter("jobs_created")) == (2, summary.bulk_jobs)
    assert served.everything_landed_once()


def test_sessions_that_are_never_accepted_do_not_storm_the_login(served: ServedOrg) -> None:
    """SF-16, SF-17."""
    served.fault(Action(status=401), path="/services/data", times=0)
    client = served.client()
    for _ in range(5):
        with pytest.raises(ConnectorError):
            served.refresh(client)
    assert served.meter("logins") == 2


def test_two_locales_and_all_their_objects_share_one_login(served: ServedOrg) -> None:
    """SF-15, SF-17."""
    served.refresh()
    assert served.meter("logins") == 1


def test_we_stop_at_our_share_of_the_orgs_calls_whoever_made_them(served: ServedOrg) -> None:
    """SF-20."""
    client = served.client()
    client.check()
    served.fault(Action(drain_requests=115_000 * 80 // 100), path="/queryAll", nth=3)
    with pytest.raises(QuotaExhausted, match="80%") as raised:
        served.refresh(client)
    assert raised.value.resume_at > served.now
    assert served.meter("peak_percent_api_requests") <= 81
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)


def test_an_org_with_nothing_left_is_left_alone(served: ServedOrg) -> None:
    """SF-19."""
    served.fault(Action(status=403, message="TotalRequests Limit exceeded."), path="/queryAll")
    client = served.client()
    with pytest.raises(QuotaExhausted):
        served.refresh(client, workers=1)
    requests = served.meter("requests")
    with pytest.raises(QuotaExhausted):
        client.check()
    assert served.meter("requests") == requests


def test_an_api_version_that_is_no_more_says_so(served: ServedOrg) -> None:
    """SF-56."""
    served.fault(Action(status=410, code="UNSUPPORTED_API_VERSION"), path="/limits", times=0)
    with pytest.raises(ConfigurationError, match="API version"):
        served.client().check()


def test_a_job_left_by_a_killed_process_is_gone_on_with(served: ServedOrg, monkeypatch: pytest.MonkeyPatch) -> None:
    """SF-23."""
    with monkeypatch.context() as patched:
        patched.setattr(bulk, "_wait", _die)
        patched.setattr(bulk, "_dispose", lambda *_: None)
        with pytest.raises(_KilledError):
            served.refresh(workers=1)
    left = served.meter("jobs_kept")
    assert left >= 1
    summary = served.refresh()
    assert served.meter("jobs_created") == left + summary.bulk_jobs
    assert served.everything_landed_once()
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)
    assert JobLedger(served.landing.root, "global").orphans() == ()


def test_a_job_of_another_window_left_by_a_killed_process_is_deleted(
    served: ServedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-23."""
    with monkeypatch.context() as patched:
        patched.setattr(bulk, "_wait", _die)
        patched.setattr(bulk, "_dispose", lambda *_: None)
        with pytest.raises(_KilledError):
            served.refresh(workers=1)
    served.network.clock.advance(days=1)
    served.refresh()
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)


def test_a_job_that_somebody_works_on_is_nobodys_orphan(tmp_path: Path) -> None:
    """SF-23."""
    ledger = JobLedger(tmp_path, "global")
    with ledger.own("750000000000001AAA", "SELECT Id FROM Lead WHERE Email = 'ada@loom.example'"):
        assert JobLedger(tmp_path, "global").orphans() == ()
    [orphan] = ledger.orphans()
    assert orphan.job_id == "750000000000001AAA"
    assert not [path for path in tmp_path.rglob("*.json") if "SELECT" in path.read_text()]


def test_a_multi_currency_org_brings_its_rates_and_others_have_none(served: ServedOrg) -> None:
    """SF-44, SF-45."""
    served.refresh()
    rates = served.landing.read(DATED_CONVERSION_RATE.dataset).to_pylist()
    assert len(served.landing.read(CURRENCY_TYPE.dataset)) > 0
    assert {row["iso_code"] for row in rates} >= {"EUR", "GBP"}
    assert {row["_scope"] for row in rates} == {"shared-global"}


def test_no_fault_puts_a_person_a_secret_or_a_query_into_an_error(served: ServedOrg) -> None:
    """PR-08, SF-30."""
    secrets = [served.connection().consumer_secret, served.connection().consumer_key, "SELECT", "@", "Bearer"]
    for action in (
        Action(status=400, message="SELECT Email FROM Lead WHERE Email = 'ada@loom.example'"),
        Action(status=200, body='{"a": 1}'),
        Action(cut_body_at=10),
        Action(status=500),
    ):
        served.network.faults.clear()
        served.fault(action, path="/queryAll", object="Lead", times=0)
        with pytest.raises(ConnectorError) as raised:
            served.refresh()
        assert not [text for text in secrets if text in f"{raised.value} {raised.value.facts()}"]


class _KilledError(BaseException):
    """What SIGKILL looks like from inside: nothing more of the process runs, least of all its cleaning up."""


def _die(*_: Any) -> int:
    raise _KilledError
