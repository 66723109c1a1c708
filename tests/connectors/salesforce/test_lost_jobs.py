"""Jobs that exist though nobody wrote down their Ids: they are found, deleted, and nobody else's are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConnectorError, QuotaExhausted, Stopped
from connectors.salesforce import bulk, refresh
from connectors.salesforce.ledger import ANNOUNCED, JobLedger
from connectors.salesforce.lost_jobs import _listed
from sandbox.faults import Action
from tests.connectors.salesforce.served import ServedOrg

CREATION = {"verb": "POST", "path": "/jobs/query$"}


class _KilledError(BaseException):
    """What SIGKILL looks like from inside."""


def killed_before_writing_a_job_down(served: ServedOrg, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise _KilledError

    with monkeypatch.context() as patched:
        patched.setattr(JobLedger, "own", die)
        patched.setattr(refresh, "delete_orphans", lambda *_: 0)
        with pytest.raises(_KilledError):
            served.refresh(workers=1)


def announcements(served: ServedOrg) -> list[Path]:
    return list(served.landing.root.rglob(f"*{ANNOUNCED}"))


def test_a_job_whose_creator_was_killed_before_writing_it_down_is_found_and_deleted(
    served: ServedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-23."""
    killed_before_writing_a_job_down(served, monkeypatch)
    assert served.meter("jobs_kept") >= 1
    assert announcements(served)
    served.refresh()
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)
    assert not announcements(served)
    assert served.everything_landed_once()


def test_a_job_whose_creation_was_not_answered_is_deleted_by_the_same_refresh(served: ServedOrg) -> None:
    """SF-23, SF-54: the org made the job, then the connection broke."""
    served.fault(Action(cut_body_at=10), **CREATION)
    with pytest.raises(ConnectorError, match="did not answer"):
        served.refresh(workers=1)
    assert served.network.faults.fired[0]["fired"] == 1
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)
    assert not announcements(served)


def test_a_refused_creation_leaves_no_announcement_to_look_after(served: ServedOrg) -> None:
    """SF-23."""
    served.fault(Action(status=403, code="REQUEST_LIMIT_EXCEEDED", message="TotalRequests Limit exceeded."), **CREATION)
    with pytest.raises(QuotaExhausted):
        served.refresh(workers=1)
    assert not announcements(served)


OTHERS: dict[str, dict[str, str]] = {
    "another user": {"createdById": "005000000000009AAA"},
    "another hour": {"createdDate": "2026-07-01T08:00:00.000+0000"},
    "another object": {"object": "Case"},
    "another operation": {"operation": "query"},
}


@pytest.mark.parametrize("other", OTHERS)
def test_other_programs_jobs_are_left_alone(served: ServedOrg, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    """SF-23."""
    killed_before_writing_a_job_down(served, monkeypatch)
    client = served.client()
    listed = [{**job, **OTHERS[other]} for job in _listed(client)]
    kept = served.meter("jobs_kept")
    body = json.dumps({"done": True, "records": listed, "nextRecordsUrl": None})
    served.fault(Action(status=200, body=body), verb="GET", path="/jobs/query$")
    bulk.delete_orphans(client, JobLedger(served.landing.root, "global"))
    assert served.network.faults.fired[0]["fired"] == 1
    assert served.meter("jobs_kept") == kept == len(listed)


def test_whoever_stops_a_refresh_waits_for_no_pull_and_leaves_no_job(
    served: ServedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-23: Ctrl-C, say; what is under way is not gone on with, only cleaned up."""
    client = served.client()

    def interrupt(*_: Any) -> None:
        raise _KilledError

    with monkeypatch.context() as patched:
        patched.setattr(refresh, "as_completed", interrupt)
        with pytest.raises(_KilledError):
            served.refresh(client)
    with pytest.raises(Stopped):
        client.check()
    assert (served.meter("jobs_open"), served.meter("jobs_kept")) == (0, 0)
    served.refresh()
    assert served.everything_landed_once()
