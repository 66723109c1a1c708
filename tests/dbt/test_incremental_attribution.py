"""Credit that is kept from build to build is what a full build would give, row for row, whoever changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.dbt.published_paths import MODELS, load
from tests.dbt.runner import DbtProject, change, copied, rows, show_held

BUILT = (
    *MODELS, "int_cycles_entered", "int_months", "int_campaigns_credited", "int_contents_credited",
    "mart_attribution", "mart_attribution_content", "mart_paths", "mart_path_lengths",
)  # fmt: skip
KEPT = (
    "facts.fct_touch_credits", "facts.fct_attribution", "intermediate.int_paths_unconverted",
    "intermediate.int_channel_effects", "marts.mart_attribution", "marts.mart_attribution_content",
    "marts.mart_paths", "marts.mart_path_lengths",
)  # fmt: skip


@pytest.fixture
def examples(built: Path, tmp_path: Path) -> Path:
    warehouse = copied(built, tmp_path)
    load(warehouse)
    markets = "select distinct locale from facts.fct_stage_entries"
    change(
        warehouse,
        "insert into marts.mart_locales by name select held.* replace (entries.locale as locale)"
        f" from marts.mart_locales as held cross join ({markets}) as entries where held.locale = 'nl'",
        f"insert into config.attribution_models select locale, 'markov' from ({markets})",
    )
    return warehouse


def upheaval(chance: random.Random, warehouse: Path) -> list[str]:
    """Some prospects lose touches, gain one, get further, move to another market, or are gone; these are named."""
    everybody = rows(warehouse, "select distinct prospect_id from facts.fct_stage_entries order by 1")
    changed = [who for (who,) in chance.sample(everybody, 15)]
    for number, who in enumerate(changed):
        where = f"where prospect_id = '{who}'"
        happenings = (
            f"delete from facts.fct_touchpoints {where} and substr(md5(touchpoint_id), 1, 1) < '8'",
            f"insert into facts.fct_touchpoints by name select * replace ('{chance.random()}' as touchpoint_id,"
            " touched_at - interval 1 minute as touched_at, 'New' as channel)"
            f" from facts.fct_touchpoints {where} limit 1",
            "insert into facts.fct_stage_entries by name select * replace (stage_entry_id || 'x' as stage_entry_id,"
            f" 'sql' as stage) from facts.fct_stage_entries {where} limit 1",
            f"update facts.fct_stage_entries set locale = 'random' {where}",
            f"delete from facts.fct_stage_entries {where}",
        )
        change(warehouse, happenings[number % 5])
    return changed


def set_changed(warehouse: Path, whom: str) -> None:
    """Tell the next build whom it works on."""
    change(warehouse, f"create or replace table intermediate.int_prospects_changed as {whom}")


@pytest.mark.parametrize("seed", [1, 2])
def test_incremental_equals_full_refresh_whoever_changed(
    seed: int, project: DbtProject, examples: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    project.run(examples, "run", "--full-refresh", "--select", *BUILT)
    show_held(examples)
    for _ in range(2):
        changed = upheaval(chance, examples)
        set_changed(examples, f"select unnest({changed}) as prospect_id")
        assert project.run(examples, "run", "--select", *BUILT).succeeded
    (tmp_path / "fresh").mkdir()
    fresh = copied(examples, tmp_path / "fresh")
    set_changed(fresh, "select distinct prospect_id from facts.fct_stage_entries")
    assert project.run(fresh, "run", "--full-refresh", "--select", *BUILT).succeeded
    for table in KEPT:
        query = f"from {table} order by all"
        assert rows(examples, query) == rows(fresh, query), table
