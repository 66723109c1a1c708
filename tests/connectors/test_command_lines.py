import json
from pathlib import Path

import pytest

from connectors.ecb.__main__ import main as ecb
from connectors.ga4.__main__ import main as ga4
from connectors.salesforce.__main__ import main as salesforce
from connectors.windows import days_of_month
from tests.connectors.ecb.test_refresh import FakeBank
from tests.connectors.ga4.fake import FakeGoogle, sessions_row
from tests.connectors.ga4.fake import serving as serving_google
from tests.connectors.salesforce.fake import FakeOrg
from tests.connectors.salesforce.fake import serving as serving_org
from tests.connectors.salesforce.records import fields_of_org, lead

NOW = "2026-07-01T06:00:00Z"


@pytest.mark.parametrize("main", [ga4, salesforce, ecb])
def test_help_gives_an_example(main: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])  # type: ignore[operator]
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "Example:" in text
    assert "--into FOLDER" in text


def test_ecb_runs_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeBank().serving() as connection:
        assert ecb(["--into", str(tmp_path), "--url", connection.url, "--now", NOW]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 9


def test_ga4_runs_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRECHTER_IDENTITY_KEY", "0123456789abcdef")
    options = ["--property", "1", "--locale", "nl", "--time-zone", "Europe/Amsterdam", "--currency", "EUR"]
    days = ["--first", "2026-06-01", "--last", "2026-06-02"]
    google = FakeGoogle()
    google.rows = [sessions_row(day) for day in days_of_month("2026-06")]
    with serving_google(google) as connection:
        monkeypatch.setenv("GOOGLE_ANALYTICS_CREDENTIALS", connection.credentials_json)
        endpoint = ["--endpoint", str(connection.endpoint), "--now", NOW]
        assert ga4(["--into", str(tmp_path), *options, *days, *endpoint]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["rows"], summary["first_day"], summary["last_day"]) == (2, "2026-06-01", "2026-06-02")


def test_ga4_can_be_asked_for_one_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRECHTER_IDENTITY_KEY", "0123456789abcdef")
    options = ["--property", "1", "--locale", "total", "--time-zone", "Europe/Amsterdam", "--currency", "EUR"]
    days = ["--first", "2026-06-01", "--last", "2026-06-02", "--report", "users_by_day", "--report", "users_by_week"]
    with serving_google(FakeGoogle()) as connection:
        monkeypatch.setenv("GOOGLE_ANALYTICS_CREDENTIALS", connection.credentials_json)
        endpoint = ["--endpoint", str(connection.endpoint), "--now", NOW]
        assert ga4(["--into", str(tmp_path), *options, *days, *endpoint]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert [stream["stream"] for stream in summary["streams"]] == ["users_by_day", "users_by_week"]


def test_salesforce_runs_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TRECHTER_IDENTITY_KEY": "0123456789abcdef",
        "SALESFORCE_CONSUMER_KEY": "key",
        "SALESFORCE_CONSUMER_SECRET": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    fields = ["--locale-field", "Locale__c", "--business-line-field", "Business_Line__c"]
    fields += ["--visitor-field", "GA_Client_Id__c", "--locale", "be=BE-NL", "--locale", "be=BE-FR"]
    org = FakeOrg(records={"Lead": [lead(1, "BE-NL"), lead(2, "BE-FR"), lead(3)]}, fields=fields_of_org())
    with serving_org(org) as connection:
        where = [
            "--into",
            str(tmp_path),
            "--domain",
            "noordlicht.my",
            "--endpoint",
            str(connection.endpoint),
            "--now",
            NOW,
        ]
        assert salesforce([*where, *fields]) == 0
    scopes = json.loads(capsys.readouterr().out)["scopes"]
    assert {name: scope["rows"] for name, scope in scopes.items()} == {"be": 2, "unassigned-crm": 1, "shared-crm": 0}


def test_a_missing_secret_is_named_and_the_exit_status_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MY_KEY", raising=False)
    fields = ["--locale-field", "L__c", "--business-line-field", "B__c", "--visitor-field", "V__c"]
    status = salesforce(["--into", str(tmp_path), "--domain", "x.my", "--key-env", "MY_KEY", *fields])
    assert status == 1
    error = capsys.readouterr().err
    assert "MY_KEY is not set" in error
    assert "Next: Set MY_KEY" in error


@pytest.mark.parametrize("text", ["nl", "=NL", "nl="])
def test_a_claim_without_code_or_value_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        salesforce(["--into", str(tmp_path), "--locale", text])
    assert ended.value.code == 2
