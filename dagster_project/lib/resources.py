"""The one resource of the project: the session a run works in."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from dagster_project.lib.session import Session, open_session
from dagster_project.project import project

_shared: list[Session] = []


@contextmanager
def shared(session: Session) -> Iterator[None]:
    """Let all runs of this process use one session: the command line starts many, and each would start the vendors."""
    _shared.append(session)
    try:
        yield
    finally:
        _shared.remove(session)


def build_session_resource() -> dg.ResourceDefinition:
    """A resource that gives a run the shared session, or one of its own. No secret is in Dagster's configuration."""

    @dg.resource(description="Configuration, clock, landing and one client an account.")
    @contextmanager
    def session(_context: dg.InitResourceContext) -> Iterator[Session]:
        if _shared:
            yield _shared[-1]
            return
        here = project()
        with open_session(here.settings, here.config) as opened:
            yield opened

    return session
