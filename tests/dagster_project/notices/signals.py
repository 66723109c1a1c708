"""Published builds with signals in them, and projects that tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.config import Config, load_config
from dagster_project.config.notifications import Notifications
from dagster_project.lib.builds import DATABASE, point_to
from dagster_project.notices.signals import Signal
from dagster_project.settings import Settings

CONFIG = load_config(Path(__file__).parents[3] / "config")
OWNER = "marketing.nl@noordlicht.example"


def now() -> datetime:
    return datetime(2026, 7, 1, 6, tzinfo=UTC)


def signal(signal_id: str, **other: Any) -> Signal:
    """An open signal of the Netherlands."""
    usual = Signal(
        signal_id, "kpi_deviation", "nl", "Netherlands", "sessions", "", "open", date(2026, 6, 29), date(2026, 6, 30),
        None, Decimal("-0.6"), 100_000, "Sessions: 4000, where 10000 would be usual", OWNER,
    )  # fmt: skip
    return replace(usual, **other)


def over(one: Signal, status: str = "recovered") -> Signal:
    return replace(one, signal_status=status, recovered_date=date(2026, 7, 2))


def publish(settings: Settings, signals: Sequence[Signal]) -> None:
    """A build with these signals, made current."""
    builds = settings.published / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    folder = builds / f"{len(list(builds.iterdir())) + 1:06d}"
    folder.mkdir()
    with duckdb.connect(folder / DATABASE) as connection:
        names = [field.name for field in fields(Signal) if field.name != "name"]
        kinds = {
            "since_date": "DATE",
            "last_seen_date": "DATE",
            "recovered_date": "DATE",
            "deviation_rate": "DECIMAL(38, 10)",
        }
        columns = ", ".join(
            f"{name} {kinds.get(name, 'BIGINT' if name == 'once_in_days' else 'VARCHAR')}" for name in names
        )
        connection.execute(f"CREATE TABLE mart_signals ({columns})")
        connection.execute("CREATE TABLE mart_locales AS SELECT 'nl' AS locale, 'Netherlands' AS name")
        for one in signals:
            values = [value for field, value in zip(fields(one), astuple(one), strict=True) if field.name != "name"]
            connection.execute(f"INSERT INTO mart_signals VALUES ({', '.join('?' * len(values))})", values)
    point_to(settings.published, folder)


def project(
    folder: Path, notifications: dict[str, Any], secrets: dict[str, str], mode: str = "live"
) -> tuple[Settings, Config]:
    """A project with these `notifications.yml` and secrets, of a folder of its own."""
    config = CONFIG.model_copy(
        update={
            "notifications": Notifications.model_validate(notifications),
            "project": CONFIG.project.model_copy(update={"mode": mode}),
        }
    )
    return Settings(folder, folder / "data", {}, secrets), config
