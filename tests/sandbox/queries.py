"""Queries to ask of an org, and what comes back."""

from __future__ import annotations

import csv
import io
from typing import Any

DATA = "/services/data/v64.0"


def ids(answer: Any) -> list[str]:
    return [record["Id"] for record in answer["records"]]


def selected(salesforce: Any, where: str, from_: str = "Lead") -> list[str]:
    return ids(salesforce.query_all(f"SELECT Id FROM {from_} WHERE {where}", include_deleted=True))


def bulk_rows(salesforce: Any, soql: str, **options: Any) -> list[dict[str, str]]:
    pages = salesforce.bulk2.Lead.query_all(soql, wait=0.01, **options)
    return [row for page in pages for row in csv.DictReader(io.StringIO(page, newline=""))]
