"""Fetching a few days in June from the small Google, and responses that are not what they should be."""

from datetime import date, timedelta

from google.analytics.data_v1beta.types import RunReportRequest, RunReportResponse

from connectors.ga4.client import GA4Client
from connectors.ga4.extract import Extract, extract_days
from connectors.ga4.streams import SESSIONS, GA4Stream
from connectors.privacy import Pseudonymiser
from tests.connectors.ga4.fake import NL, NOW, Trouble

PEOPLE = Pseudonymiser(b"0123456789abcdef")
FIRST = date(2026, 6, 20)


def extract(client: GA4Client, stream: GA4Stream = SESSIONS, number: int = 3) -> Extract:
    days = [FIRST + timedelta(days=n) for n in range(number)]
    return extract_days(client, stream, NL, days, clock=lambda: NOW, pseudonymiser=PEOPLE)


def change(**fields: object) -> Trouble:
    def trouble(_: RunReportRequest, response: RunReportResponse) -> None:
        for name, value in fields.items():
            target, __, attribute = name.rpartition("__")
            setattr(getattr(response, target) if target else response, attribute, value)

    return trouble
