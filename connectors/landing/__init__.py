"""Landed Parquet and the manifest that says what of it exists.

Layout under one root::

    manifest.sqlite
    <source>/<stream>/<scope>/<segment>-<content hash>.parquet
    .staging/

A commit writes to a staging name, fsyncs, re-reads the footer, renames, and records itself in one manifest transaction;
readers go through the manifest, so they see all of a commit or nothing, and a killed writer leaves at most an
unreferenced file that ``Landing.sweep`` removes.
"""

from connectors.landing.dataset import (
    ChangeWindow,
    Commit,
    Dataset,
    LandedFile,
    LandedWindow,
    LandingState,
    SeriesWindow,
)
from connectors.landing.first_load import FirstLoad
from connectors.landing.records import windows_table
from connectors.landing.store import Landing
from connectors.landing.views import KnownFile, Place, place_of

__all__ = [
    "ChangeWindow",
    "Commit",
    "Dataset",
    "FirstLoad",
    "KnownFile",
    "LandedFile",
    "LandedWindow",
    "Landing",
    "LandingState",
    "Place",
    "SeriesWindow",
    "place_of",
    "windows_table",
]
