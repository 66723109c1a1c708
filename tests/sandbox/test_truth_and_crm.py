"""The people and what the CRM tells of them are the same story: read back from its tables, they give the same truth."""

import pytest

from sandbox.company.locales import LOCALES
from sandbox.company.store import Company
from sandbox.company.truth import Observation, at_six
from tests.sandbox.crm_reader import read_back
from tests.sandbox.small_company import small_company


@pytest.mark.parametrize("day", ["2025-10-15", "2026-07-01", "2026-07-04", "2026-09-30"])
def test_the_visible_tables_give_the_same_stage_entries_as_the_people(day: str) -> None:
    now, told = at_six(day), small_company()
    read = Company(told.seed, told.scale, told.tables, given_world=read_back(told, now))
    markets = [one for one in LOCALES if one.go_live <= now.date()]
    from_people = Observation(told, now, markets).entries
    from_tables = Observation(read, now, markets).entries
    assert len(from_people) > 500
    assert sorted(from_tables) == sorted(from_people)
