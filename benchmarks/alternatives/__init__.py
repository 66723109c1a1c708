"""What else one could pick, installed from the package index into environments of their own, on demand.

They are not dependencies of ours: each lives in a folder for temporary files, and is told through `shim.py` to talk to
the sandbox. Nothing of theirs is changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOME = Path(tempfile.gettempdir()) / "trechter-alternatives"
CHECKOUT = Path(__file__).parents[2]
INSTALL_SECONDS = 600


@dataclass(frozen=True)
class Tool:
    """A tool: what to install, and the console script's module and function (empty: our `dlt_rows.py`)."""

    requirements: tuple[str, ...]
    module: str = ""
    function: str = ""


TOOLS = {
    "salesforce_airbyte": Tool(("airbyte-source-salesforce==2.10.3",), "source_salesforce.run", "run"),
    "salesforce_tap": Tool(("tap-salesforce==2.8.1",), "tap_salesforce", "main"),
    "salesforce_dlt": Tool(("dlt[parquet]==1.31.0", "simple-salesforce==1.12.10", "google-analytics-data==0.23.3")),
    "ga4_airbyte": Tool(
        ("airbyte-source-google-analytics-data-api==2.8.2",), "source_google_analytics_data_api.run", "run"
    ),
    "ga4_tap": Tool(("tap-ga4==0.4.0",), "tap_ga4", "main"),
    "ga4_dlt": Tool(("dlt[parquet]==1.31.0", "simple-salesforce==1.12.10", "google-analytics-data==0.23.3")),
}
NOT_COMPARABLE = {
    "tap-google-analytics 1.1.3": "speaks the Reporting API v4 of Universal Analytics, which was switched off in 2024;"
    " its successor for GA4 is tap-ga4, which is measured",
}


def alternatives() -> tuple[dict[str, list[str]], dict[str, str]]:
    """The commands of the tools that install here, and why others are missing."""
    commands: dict[str, list[str]] = {}
    missing = dict(NOT_COMPARABLE)
    for name, tool in TOOLS.items():
        try:
            environment(tool)
        except (OSError, subprocess.SubprocessError) as error:
            missing[name] = f"{', '.join(tool.requirements)} did not install: {type(error).__name__}"
        else:
            commands[name] = [sys.executable, "-m", "benchmarks.alternatives.tool", name]
    return commands, missing


def environment(tool: Tool) -> Path:
    """The tool's Python, made if it is not there. Raises SubprocessError or OSError when it cannot be."""
    folder = HOME / "-".join(requirement.partition("[")[0] for requirement in tool.requirements)
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        installer = shutil.which("uv") or str(CHECKOUT / ".tools" / "bin" / "uv")
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        subprocess.run([installer, "venv", "--quiet", "--clear", "--python", version, str(folder)], check=True)
        command = [installer, "pip", "install", "--quiet", "--python", str(python), *tool.requirements]
        subprocess.run(command, check=True, timeout=INSTALL_SECONDS)
        ready.touch()
    return python
