"""dbt's process: started before it is known what it has to build, and told when it is.

dbt takes a second to load. Whoever expects a build lets it do so beside other work; a build that nobody expected starts
it when it is due.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dagster_project.lib.dbt_program import TOLD_LATER
from dagster_project.settings import Settings


def dbt_executable() -> str:
    """The path of dbt's command line, as this package starts it (see dbt_program)."""
    return str(Path(sys.executable).with_name("trechter-dbt"))


class DbtProcess:
    """A process of dbt for one build of a project."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.loading: subprocess.Popen[bytes] | None = None

    def load(self) -> None:
        """Start dbt, unless that has been done; it loads, and waits until it is told what to build."""
        if self.loading is None:
            project, target = str(self._settings.dbt_project), str(self._settings.dbt_target)
            self.loading = subprocess.Popen(
                [dbt_executable(), TOLD_LATER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=project,
                env={
                    **os.environ,
                    "PYTHONUNBUFFERED": "1",
                    "DBT_PROJECT_DIR": project,
                    "DBT_PROFILES_DIR": project,
                    "DBT_TARGET_PATH": target,
                    "DBT_LOG_PATH": target,
                },
            )

    def run(self, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Let dbt run a command. Returns its process, whose output is dbt's log as JSON, a line an event."""
        self.load()
        assert self.loading is not None, "load has just started it"
        process, self.loading = self.loading, None
        process.args = [dbt_executable(), *arguments]
        assert process.stdin is not None, "load asks for a pipe"
        # A dbt that did not get as far as waiting has said why in its output.
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(json.dumps(list(arguments)).encode())
        process.stdin = None
        return process

    def drop(self) -> None:
        """End a process that nobody has told anything."""
        if self.loading is not None:
            process, self.loading = self.loading, None
            process.kill()
            process.communicate()
