"""The product as its users have it: the command line, in a process of its own, on a project folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.config import Config, load_config
from dagster_project.lib.builds import Build, current_folder, read_build
from sandbox.company.locales import Locale
from sandbox.company.store import Company, load_company
from sandbox.company.truth import at_six
from tests.e2e.comparison import Comparison
from tests.e2e.comparison_history import HistoryComparison
from tests.e2e.differences import Difference

CHECKOUT = Path(__file__).parents[2]


class Product:
    """A project in `home` with a sandbox company of a size of its own."""

    def __init__(self, home: Path, scale: float) -> None:
        self.home = home
        self.data = home / "data"
        self.scale = scale
        self.looks: set[datetime] = set()
        home.mkdir(parents=True)
        shutil.copytree(CHECKOUT / "config", home / "config")
        (home / "dbt_project").symlink_to(CHECKOUT / "dbt_project")
        self.edit("project.yml", "sandbox_scale: 1.0", f"sandbox_scale: {scale}")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace text in a configuration file."""
        path = self.home / "config" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def run(self, *arguments: str, fails: bool = False) -> subprocess.CompletedProcess[str]:
        """Run `trechter`; it must succeed, or fail if that is what is expected."""
        done = subprocess.run(
            [sys.executable, "-m", "dagster_project.cli", *arguments],
            env={**_clean_environment(), "TRECHTER_HOME": str(self.home)},
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        self._note_look()
        return done

    def kill_while_building(self, *arguments: str) -> None:
        """Start `trechter`, and kill it and its children when dbt is at work."""
        results = self.data / "dbt" / "target" / "run_results.json"
        assert results.is_file(), "there must have been a build before"
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster_project.cli", *arguments],
            env={**_clean_environment(), "TRECHTER_HOME": str(self.home)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        while results.is_file():
            assert process.poll() is None, "it ended before it built"
            time.sleep(0.05)
        time.sleep(3)
        assert process.poll() is None, "it ended before it could be killed"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._note_look()

    def json(self, *arguments: str, fails: bool = False) -> Any:
        """Run `trechter … --json` and read its answer."""
        return json.loads(self.run(*arguments, "--json", fails=fails).stdout)

    @property
    def config(self) -> Config:
        return load_config(self.home / "config")

    @property
    def company(self) -> Company:
        return replace(load_company(self.data / "sandbox", scale=self.scale), looks=tuple(sorted(self.looks)))

    @property
    def build(self) -> Build:
        return read_build(current_folder(self.data / "published"))

    def differences(self, today: str, markets: list[Locale] | None = None) -> dict[str, list[Difference]]:
        """Where the current build differs from the company's own truth on a day."""
        now: datetime = at_six(today)
        return Comparison(self.data / "published", self.company, now, self.config, markets).differences()

    def _note_look(self) -> None:
        """Whatever the command did, it may have looked at the CRM on the day it is in the sandbox now."""
        clock = self.data / "sandbox" / "clock.json"
        if clock.is_file():
            self.looks.add(at_six(json.loads(clock.read_text())["today"]))

    def history(self, days: dict[int, str]) -> HistoryComparison:
        """What the current build remembers, to be compared with the truth of builds that spoke of these days."""
        instants = {build: at_six(today) for build, today in days.items()}
        return HistoryComparison(self.data / "published", self.company, self.config, instants)

    def landed(self, scope: str) -> dict[str, str]:
        """The landed files of a scope and their contents' hashes, as their names say them."""
        root = self.data / "landing"
        return {path.relative_to(root).as_posix(): path.name for path in root.glob(f"*/*/{scope}/*.parquet")}


def _clean_environment() -> dict[str, str]:
    """This process's environment without anything that would point the product at another project."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TRECHTER_", "DAGSTER_", "DBT_"))}
