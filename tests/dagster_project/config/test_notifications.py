"""Who is told of signals: a mistake in `notifications.yml` is named with its line, and secrets are only named."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.landing import Landing
from dagster_project.config import ConfigurationProblems, load_config
from dagster_project.lib.diagnosis import examine_secrets
from dagster_project.lib.warehouse import fingerprint
from dagster_project.settings import Settings

CHECKOUT = Path(__file__).parents[3]
SMTP = "smtp: {host: smtp.noordlicht.example, sender: signals@noordlicht.example}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "config", tmp_path / "config"))


def mistakes(folder: Path, text: str) -> str:
    (folder / "notifications.yml").write_text(text)
    with pytest.raises(ConfigurationProblems) as error:
        load_config(folder)
    return str(error.value)


def test_a_destination_in_a_country_that_does_not_exist_is_named_with_its_line(folder: Path) -> None:
    said = mistakes(folder, SMTP + "destinations:\n  - {name: countries, email: owner}\n"
                    "  - {name: benelux, email: owner, locales: [nl, lu]}\n")  # fmt: skip
    assert "notifications.yml:4" in said
    assert "'lu'" in said or "lu" in said
    assert "countries" not in said


def test_mail_needs_a_server_and_names_are_used_once(folder: Path) -> None:
    said = mistakes(folder, "destinations:\n  - {name: one, email: owner}\n  - {name: one, webhook_env: HOOK}\n")
    assert "notifications.yml:2" in said
    assert "smtp, to send mail by" in said
    assert "notifications.yml:3" in said
    assert "each name once" in said


def test_a_destination_has_one_way_and_known_kinds(folder: Path) -> None:
    said = mistakes(folder, SMTP + "destinations:\n  - {name: one, email: owner, webhook_env: HOOK}\n"
                    "  - {name: two, email: owner, kinds: [sales]}\n")  # fmt: skip
    assert "either email or webhook_env" in said
    assert "notifications.yml:4" in said


def test_a_webhooks_address_in_the_file_is_refused_without_being_repeated(folder: Path) -> None:
    address = "https://hooks.slack.example/services/T0/B0/secret"
    said = mistakes(folder, f"destinations:\n  - {{name: one, webhook_env: '{address}'}}\n")
    assert "notifications.yml:2" in said
    assert address not in said


def test_without_the_file_nobody_is_told(folder: Path) -> None:
    (folder / "notifications.yml").unlink()
    assert load_config(folder).notifications.destinations == ()


def test_what_sending_needs_is_asked_for_in_live_mode_and_in_the_sandbox_is_not(folder: Path) -> None:
    settings = Settings(folder.parent, folder.parent / "data")
    config = load_config(folder)
    names = {"TRECHTER_SMTP_USERNAME", "TRECHTER_SMTP_PASSWORD", "TRECHTER_HEAD_OFFICE_WEBHOOK"}
    found = {one.subject: one.is_well for one in examine_secrets(settings, config) if one.subject in names}
    assert found == dict.fromkeys(names, True)
    live = config.model_copy(update={"project": config.project.model_copy(update={"mode": "live"})})
    found = {one.subject: one.is_well for one in examine_secrets(settings, live) if one.subject in names}
    assert found == dict.fromkeys(names, False)


def test_telling_somebody_else_starts_no_build(folder: Path) -> None:
    now = datetime(2026, 7, 1, 6, tzinfo=UTC)
    landing = Landing(folder.parent / "landing", lambda: now)
    before = fingerprint(load_config(folder), landing.version(), CHECKOUT / "dbt_project", now)
    (folder / "notifications.yml").unlink()
    assert fingerprint(load_config(folder), landing.version(), CHECKOUT / "dbt_project", now) == before
