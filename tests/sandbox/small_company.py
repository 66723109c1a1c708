"""One small company for all tests that need a whole one: generated once a process, never written to disk."""

from functools import cache

from sandbox.company.store import Company, generate

SCALE = 0.03


@cache
def small_company() -> Company:
    """The company at a thirtieth of its size."""
    return generate(7, SCALE)
