"""The one resource of the project, for runs that Dagster starts itself."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from dagster_project.lib.session import Session, open_session
from dagster_project.project import project


def build_session_resource() -> dg.ResourceDefinition:
    """A resource that opens a session for a run and closes it at its end. No secret is in Dagster's configuration."""

    @dg.resource(description="Configuration, clock, landing and one client an account.")
    @contextmanager
    def session(_context: dg.InitResourceContext) -> Iterator[Session]:
        here = project()
        with open_session(here.settings, here.config) as opened:
            yield opened

    return session
