"""dlt, fed row by row as its verified sources feed it, into Parquet: ``dlt_rows.py <vendors.json> <folder> <name>``.

The verified sources are copied from a repository, not installed; these two resources do what theirs do: a dict a row.
Run with dlt's own Python; prints the rows loaded.
"""

# mypy: ignore-errors
# dlt is not installed where we type-check.

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import dlt
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.loopback import ToLoopback, grpc_transport

TEXTS = [f"Text_{column}__c" for column in range(19)]
FIELDS = ["Id", "Email", "IsDeleted", "ConvertedDate", "CreatedDate", "SystemModstamp", *TEXTS]
DIMENSIONS = ["date", "hostName", "landingPage", "sessionDefaultChannelGroup", "sessionSource", "sessionMedium"]
METRICS = ["sessions", "engagedSessions", "screenPageViews", "userEngagementDuration", "keyEvents"]
PAGE_ROWS = 100_000


def leads(contract):
    """simple-salesforce's records, one by one."""
    import requests
    from simple_salesforce import Salesforce

    session = requests.Session()
    session.mount("https://", ToLoopback(contract["endpoints"]["salesforce_global"]))
    key, secret = (contract["env"][f"SALESFORCE_GLOBAL_CONSUMER_{part}"] for part in ("KEY", "SECRET"))
    client = Salesforce(
        domain="noordlicht.my", consumer_key=key, consumer_secret=secret, version="64.0", session=session
    )
    for record in client.query_all_iter(f"SELECT {', '.join(FIELDS)} FROM Lead"):
        record.pop("attributes", None)
        yield record


def report(contract):
    """The report's rows, dates parsed and numbers typed."""
    from google.analytics.data_v1beta import BetaAnalyticsDataClient
    from google.analytics.data_v1beta.types import DateRange, Dimension, Metric, RunReportRequest

    client = BetaAnalyticsDataClient(transport=grpc_transport(contract))
    offset, count = 0, 1
    while offset < count:
        answer = client.run_report(
            RunReportRequest(
                property="properties/310000001",
                dimensions=[Dimension(name=name) for name in [*DIMENSIONS, "sessionCampaignName"]],
                metrics=[Metric(name=name) for name in METRICS],
                date_ranges=[DateRange(start_date="2025-01-01", end_date=date(2026, 5, 15).isoformat())],
                offset=offset,
                limit=PAGE_ROWS,
            )
        )
        dimensions = [header.name for header in answer.dimension_headers]
        metrics = [header.name for header in answer.metric_headers]
        for row in answer.rows:
            found = dict(zip(dimensions, (value.value for value in row.dimension_values), strict=True))
            found["date"] = datetime.strptime(found["date"], "%Y%m%d").replace(tzinfo=UTC)
            found |= dict(zip(metrics, (float(value.value) for value in row.metric_values), strict=True))
            yield found
        count, offset = answer.row_count, offset + PAGE_ROWS


def main():
    """Extract, normalise, load."""
    contract, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    source = leads if sys.argv[3].startswith("salesforce") else report
    pipeline = dlt.pipeline(
        "benchmark",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.filesystem(bucket_url=(folder / "out").as_uri()),
        dataset_name="landed",
    )
    pipeline.run(dlt.resource(source(contract), name="rows"), loader_file_format="parquet")
    files = [*(folder / "out").rglob("rows/*.parquet")]
    sys.stdout.write(f"\n{sum(pq.ParquetFile(path).metadata.num_rows for path in files)}\n")


if __name__ == "__main__":
    main()
