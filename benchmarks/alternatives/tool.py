"""One alternative over all rows: ``python -m benchmarks.alternatives.tool <name> <rows> <folder>``.

Writes the tool's configuration, runs it, counts the records it writes, prints what `benchmarks.ways` prints.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.alternatives import TOOLS, environment
from benchmarks.ways import CRM_FIELDS, FIRST_DAY, days
from sandbox.company.restatement import SESSION_DIMENSIONS

HERE = Path(__file__).parent
METRICS = ("sessions", "engagedSessions", "screenPageViews", "userEngagementDuration", "keyEvents")


def _letters(name: str) -> str:
    """A field's name however a tool spells it."""
    return name.replace("_", "").lower()


WANTED = {_letters(name) for name in (*CRM_FIELDS, *SESSION_DIMENSIONS, *METRICS)}
PROPERTY, REPORT = "310000001", "wide"
SALESFORCE = {"client_id": "-", "client_secret": "-", "refresh_token": "-", "start_date": "2020-01-01T00:00:00Z"}

Run = Callable[..., list[str]]


def _airbyte(folder: Path, stream: str, fields: tuple[str, ...], config: dict[str, Any]) -> list[str]:
    schema = {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in fields}}
    described = {"name": stream, "json_schema": schema, "supported_sync_modes": ["full_refresh", "incremental"]}
    configured = {"stream": described, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
    catalog = _file(folder, "catalog", {"streams": [configured]})
    return ["read", "--config", _file(folder, "config", config), "--catalog", catalog]


def _singer(folder: Path, run: Run, stream: str, config: dict[str, Any]) -> list[str]:
    """Discovered, then the benchmark's fields selected of one stream."""
    path = _file(folder, "config", config)
    found = subprocess.run(run("--config", path, "--discover"), stdout=subprocess.PIPE, check=True).stdout
    catalog = json.loads(found)
    catalog["streams"] = [one for one in catalog["streams"] if stream in (one["tap_stream_id"], one["stream"])]
    for entry in (entry for one in catalog["streams"] for entry in one["metadata"]):
        field = entry["breadcrumb"][-1] if entry["breadcrumb"] else None
        entry["metadata"]["selected"] = field is None or _letters(field) in WANTED
    selected = _file(folder, "catalog", catalog)
    return ["--config", path, "--catalog", selected, "--properties", selected]  # older taps know only the second


def _arguments(name: str, folder: Path, run: Run, contract: dict[str, Any]) -> list[str]:
    last = days()[-1].isoformat()
    if name == "salesforce_airbyte":
        return _airbyte(folder, "Lead", tuple(CRM_FIELDS), {**SALESFORCE, "auth_type": "Client", "is_sandbox": False})
    if name == "salesforce_tap":
        return _singer(folder, run, "Lead", {**SALESFORCE, "api_type": "REST", "select_fields_by_default": True})
    if name == "ga4_airbyte":
        service = {"auth_type": "Service", "credentials_json": contract["env"]["GOOGLE_ANALYTICS_CREDENTIALS"]}
        report = {"name": REPORT, "dimensions": list(SESSION_DIMENSIONS), "metrics": list(METRICS)}
        config = {
            "credentials": service,
            "property_ids": [PROPERTY],
            "date_ranges_start_date": FIRST_DAY.isoformat(),
            "date_ranges_end_date": last,
            "window_in_days": 364,  # the most it takes
            "custom_reports_array": [report],
        }
        return _airbyte(folder, REPORT, (*SESSION_DIMENSIONS, *METRICS, "property_id"), config)
    if name == "ga4_tap":
        config = {
            "start_date": f"{FIRST_DAY}T00:00:00Z",
            "end_date": f"{last}T00:00:00Z",
            "oauth_client_id": "-",
            "oauth_client_secret": "-",
            "refresh_token": "-",
            "property_id": PROPERTY,
            "account_id": "1",
            "request_window_size": "30",
            "report_definitions": [{"id": REPORT, "name": REPORT}],
        }
        return _singer(folder, run, REPORT, config)
    return [str(folder), name]


def _file(folder: Path, name: str, content: dict[str, Any]) -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content))
    return str(path)


def main() -> None:
    """Run it, and count."""
    name, folder = sys.argv[1], Path(sys.argv[3])
    tool, vendors = TOOLS[name], folder / "vendors.json"
    python = str(environment(tool))

    def run(*arguments: str) -> list[str]:
        if not tool.module:
            return [python, str(HERE / "dlt_rows.py"), str(vendors), *arguments]
        return [python, str(HERE / "shim.py"), str(vendors), tool.module, tool.function, *arguments]

    arguments = _arguments(name, folder, run, json.loads(vendors.read_text()))
    started = time.perf_counter()
    process = subprocess.Popen(run(*arguments), stdout=subprocess.PIPE, cwd=folder)
    assert process.stdout
    if tool.module:
        rows = sum(b'"type":"RECORD"' in line or b'"type": "RECORD"' in line for line in process.stdout)
    else:
        rows = int(process.stdout.read().split()[-1])
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, name)
    print(json.dumps({"rows": rows, "work_seconds": round(time.perf_counter() - started, 3)}))


if __name__ == "__main__":
    main()
