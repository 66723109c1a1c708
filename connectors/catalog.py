"""Every dataset that the connectors land, for views, checks and documentation."""

from __future__ import annotations

from connectors.ecb.streams import RATES
from connectors.ga4.experiment_streams import EXPERIMENT_STREAMS
from connectors.ga4.streams import STREAMS as GA4_STREAMS
from connectors.landing.dataset import Dataset
from connectors.salesforce.streams import STREAMS as SALESFORCE_STREAMS

DATASETS: tuple[Dataset, ...] = (
    *(stream.dataset for stream in (*GA4_STREAMS, *EXPERIMENT_STREAMS)),
    *(stream.dataset for stream in SALESFORCE_STREAMS),
    RATES,
)


def dataset(source: str, stream: str) -> Dataset:
    """The dataset ``<source>/<stream>``. Raises KeyError when there is none."""
    return {(known.source, known.stream): known for known in DATASETS}[source, stream]
