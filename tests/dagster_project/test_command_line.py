"""The command line with no build, no secret, or a mistake: it says what to do, and fails."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dagster_project.cli import app

CHECKOUT = Path(__file__).parents[2]
COMMANDS = ("demo", "refresh", "backfill", "status", "doctor", "locales", "query", "restatements", "targets")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "config", tmp_path / "config")
    (tmp_path / "dbt_project").symlink_to(CHECKOUT / "dbt_project")
    return tmp_path


def trechter(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", *arguments],
        env={"TRECHTER_HOME": str(home), "PATH": str(Path(sys.executable).parent)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    answer = CliRunner().invoke(app, [command, "--help"])
    assert answer.exit_code == 0
    assert f"Example: trechter {command}" in " ".join(answer.output.split())
    assert "--json" in answer.output


@pytest.mark.parametrize("arguments", [("status",), ("query", "select 1"), ("restatements",), ("targets",)])
def test_without_a_build_it_says_how_to_make_one(home: Path, arguments: tuple[str, ...]) -> None:
    done = trechter(home, *arguments)
    assert done.returncode == 1
    assert "Run `trechter demo` or `trechter refresh` first." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistake_in_the_configuration_stops_everything_with_its_line(home: Path) -> None:
    path = home / "config" / "locales" / "uk.yml"
    path.write_text(path.read_text().replace("currency: GBP", "currency: GPB"))
    for arguments in (("locales",), ("refresh",), ("doctor",)):
        done = trechter(home, *arguments)
        assert done.returncode == 2
        assert "locales/uk.yml:6: currency: found 'GPB'" in done.stderr
    assert not (home / "data" / "landing").exists()


def test_in_live_mode_the_doctor_names_every_missing_secret_and_asks_no_account(home: Path) -> None:
    path = home / "config" / "project.yml"
    path.write_text(path.read_text().replace("mode: sandbox", "mode: live"))
    done = trechter(home, "doctor", "--json")
    assert done.returncode == 1
    findings = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
    for name in ("TRECHTER_IDENTITY_KEY", "GOOGLE_ANALYTICS_CREDENTIALS", "SALESFORCE_GLOBAL_CONSUMER_SECRET"):
        assert not findings[name]["is_well"]
        assert "missing" in findings[name]["says"]
    assert "ga4 nl" not in findings


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("backfill", "xx", "--from", "2025-01-01", "--to", "2025-01-31"), "There is no locale 'xx'. Known are: au,"),
        (("backfill", "nl", "--from", "2025-02-01", "--to", "2025-01-31"), "lies before --from"),
        (("backfill", "jp", "--from", "2025-01-01", "--to", "2025-01-31"), "went live on 2025-09-01"),
        (
            ("backfill", "total", "--from", "2026-01-01", "--to", "2026-01-31", "--source", "salesforce"),
            "nothing in Salesforce",
        ),
        (("backfill", "nl", "--from", "soon", "--to", "2025-01-31"), "does not match"),
    ],
)
def test_a_backfill_that_makes_no_sense_is_refused_before_anything_runs(
    home: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = trechter(home, *arguments)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())


def test_in_live_mode_no_calendar_can_be_moved(home: Path) -> None:
    path = home / "config" / "project.yml"
    path.write_text(path.read_text().replace("mode: sandbox", "mode: live"))
    done = trechter(home, "refresh", "--days", "3")
    assert done.returncode == 2
    assert "live mode" in done.stderr


def test_locales_answers_a_program(home: Path) -> None:
    answer = json.loads(trechter(home, "locales", "--json").stdout)
    assert [locale["locale"] for locale in answer][:2] == ["au", "be-fr"]
