"""Runs a tool's command with its requests sent to this machine: ``python shim.py <vendors.json> <module> <name> …``.

Run with the tool's own Python; it may import nothing of ours. Logins become the client-credentials flow, whatever the
tool knows; nothing else of the tool is changed.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit


def redirect_requests(contract: dict[str, Any]) -> None:
    """Everything that goes out through requests, to the vendor it is meant for."""
    import requests

    send = requests.adapters.HTTPAdapter.send

    def to_loopback(self: Any, request: Any, *arguments: Any, **named: Any) -> Any:
        parts = urlsplit(request.url)
        endpoint = {
            "analyticsdata.googleapis.com": contract["endpoints"]["google_analytics_rest"],
            "oauth2.googleapis.com": contract["endpoints"]["google_analytics_rest"],
            "127.0.0.1": f"http://{parts.netloc}",
        }.get(parts.hostname, contract["endpoints"]["salesforce_global"])
        request.url = endpoint + parts.path + (f"?{parts.query}" if parts.query else "")
        if endpoint == contract["endpoints"]["salesforce_global"] and parts.path.endswith("/oauth2/token"):
            key, secret = (contract["env"][f"SALESFORCE_GLOBAL_CONSUMER_{part}"] for part in ("KEY", "SECRET"))
            form = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}
            request.prepare_body(urlencode(form), None)
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        return send(self, request, *arguments, **named)

    setattr(requests.adapters.HTTPAdapter, "send", to_loopback)  # noqa: B010 - as an attribute mypy objects


def redirect_google_client(contract: dict[str, Any]) -> None:
    """Google's own client, whatever credentials it is given, with the sandbox's transport."""
    try:
        from google.analytics import data_v1beta
    except ImportError:
        return  # this tool does not use it
    from benchmarks.loopback import grpc_transport

    client = data_v1beta.BetaAnalyticsDataClient
    ours = lambda **_: client(transport=grpc_transport(contract))  # noqa: E731
    setattr(data_v1beta, "BetaAnalyticsDataClient", ours)  # noqa: B010 - as an attribute mypy objects


def main() -> None:
    """Patch, then hand over as the console script would."""
    contract = json.loads(Path(sys.argv[1]).read_text())
    module, name = sys.argv[2:4]
    redirect_requests(contract)
    sys.path.insert(0, str(Path(__file__).parents[2]))
    redirect_google_client(contract)
    sys.argv = [name, *sys.argv[4:]]
    sys.exit(getattr(importlib.import_module(module), name)())


if __name__ == "__main__":
    main()
