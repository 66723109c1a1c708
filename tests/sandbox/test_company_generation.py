"""The generated company as a whole: the same every time, big enough, and with all its oddities."""

import unicodedata
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from sandbox.company.demand import all_demand
from sandbox.company.instants import day_number, utc_seconds, visible_from
from sandbox.company.locales import LOCALES
from sandbox.company.records import Record
from sandbox.company.store import cache_folder, generate, load_company
from sandbox.company.truth import at_six
from sandbox.company.truth.identity import Prospect, prospects
from sandbox.company.truth.sight import Sight, look
from tests.sandbox.small_company import SCALE, small_company

DEMO = at_six("2026-07-01")


def test_the_same_seed_and_scale_give_the_same_company() -> None:
    first, again, other = generate(7, 0.005), generate(7, 0.005), generate(8, 0.005)
    assert all(table.equals(again.tables[name]) for name, table in first.tables.items())
    assert not all(table.equals(other.tables[name]) for name, table in first.tables.items())


def test_at_full_scale_there_are_sessions_and_leads_enough() -> None:
    last = day_number(date(2026, 6, 30))
    demand = [one for one in all_demand(7, 1.0).values() if one.locale.is_configured]
    assert sum(one.leads[one.days <= last].sum() for one in demand) >= 40_000
    assert sum(one.sessions[one.days <= last].sum() for one in demand) >= 25_000_000


def test_conversion_is_that_of_a_company_selling_to_companies() -> None:
    sight = look(small_company().world, DEMO)
    leads, deals = len(sight.leads), list(sight.deals.values())
    mqls = sum(any(row.new == "mql" for row in lead.statuses) for lead in sight.leads.values())
    won = sum(deal.now["stage"] == "won" for deal in deals)
    assert leads >= 40_000 * SCALE
    assert won >= 2_500 * SCALE
    assert 0.25 < mqls / leads < 0.45
    assert 0.2 < won / len(deals) < 0.5


def test_markets_differ_in_season_and_start_at_go_live() -> None:
    demand = all_demand(7, 1.0)
    for locale in LOCALES:
        assert demand[locale.code].days[0] == day_number(locale.go_live)
    sunday = np.array([(day + 3) % 7 == 6 for day in demand["nl"].days])
    assert demand["nl"].sessions[sunday].mean() < 0.8 * demand["nl"].sessions[~sunday].mean()


@pytest.mark.parametrize("scale", [0, -1, 11])
def test_a_company_of_no_size_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        generate(7, scale)


def test_the_cache_gives_back_what_was_generated(tmp_path: Path) -> None:
    loaded = load_company(tmp_path, 7, 0.005)
    assert cache_folder(tmp_path, 7, 0.005).is_dir()
    generated = generate(7, 0.005)
    assert loaded.tables.keys() == generated.tables.keys()
    assert all(loaded.tables[name].equals(table) for name, table in generated.tables.items())
    assert len(loaded.world.leads) == len(generated.world.leads)


def test_several_processes_that_ask_at_once_get_one_company(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        asked = [pool.submit(load_company, tmp_path, 7, 0.003) for _ in range(2)]
        first, second = (one.result().tables for one in asked)
    assert first.keys() == second.keys()
    assert all(table.equals(second[name]) for name, table in first.items())
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [cache_folder(tmp_path, 7, 0.003).name]


def test_a_half_written_cache_is_not_taken_for_a_company(tmp_path: Path) -> None:
    folder = cache_folder(tmp_path, 7, 0.005)
    left_over = folder.with_name(f"{folder.name}.part")
    left_over.mkdir()
    (left_over / "crm-global-Lead.parquet").write_bytes(b"half")
    assert load_company(tmp_path, 7, 0.005).crm_versions("global", "Lead").num_rows > 0
    assert not left_over.exists()


def test_one_mailbox_number_is_one_address_however_it_is_spelt() -> None:
    numbers: dict[str, set[int]] = {}
    spellings: dict[int, set[str]] = {}
    for record in (*small_company().world.leads, *small_company().world.contacts):
        for _, update in record.updates:
            if update.get("email"):
                number, text = update["email"]
                key = unicodedata.normalize("NFKC", text.strip().casefold())
                numbers.setdefault(key, set()).add(number)
                spellings.setdefault(number, set()).add(key)
                assert key.endswith(".example")
    assert all(len(one) == 1 for one in numbers.values())
    assert all(len(one) == 1 for one in spellings.values())


def _lead_oddities(sight: Sight) -> Counter[str]:
    found: Counter[str] = Counter()
    for lead in sight.leads.values():
        now, news = lead.now, [row.new for row in lead.statuses]
        purged = any(row.purged_at for row in lead.record.history)
        found["without address"] += now["email"] is None
        found["without market"] += now["locale"] is None
        found["Danish"] += now["locale"] == "dk"
        found["merged"] += now["merged_into"] is not None
        found["moved"] += bool(lead.moves)
        found["without business line"] += now["business_line"] is None
        found["robotics"] += now["business_line"] == "robotics"
        found["imported"] += lead.record.created_at < lead.record.updates[0][0]
        found["without history"] += not lead.statuses and now["status"] != "open"
        found["purged history"] += purged
        found["converted without a deal"] += bool(now["contact_id"] and not now["deal_id"])
        found["converted unqualified"] += bool(now["contact_id"] and news and "mql" not in news)
        found["regressed"] += any((row.old, row.new) == ("mql", "working") for row in lead.statuses)
        found["recycled"] += "recycled" in news
        found["disqualified"] += "disqualified" in news
        found["respelt"] += now["email"] is not None and now["email"].text != now["email"].text.strip().lower()
    return found


def _prospect_oddities(found: list[Prospect]) -> Counter[str]:
    return Counter(
        {
            "several leads": sum(len(one.leads) > 1 for one in found),
            "two orgs": sum(len({lead.record.org for lead in one.leads}) > 1 for one in found),
            "several deals": sum(len(one.deals) > 1 for one in found),
            "contacts only": sum(not one.leads and bool(one.contacts) for one in found),
            "accounts only": sum(one.key.startswith("account") for one in found),
            "deals only": sum(one.key.startswith("deal") for one in found),
        }
    )


def _deal_oddities(sight: Sight) -> Counter[str]:
    found: Counter[str] = Counter()
    home = {locale.code: locale.currency for locale in LOCALES}
    for deal in sight.deals.values():
        now, stages = deal.now, [row.stage for row in deal.rows]
        found["foreign currency"] += deal.record.org == "global" and now["currency"] != home[now["locale"]]
        found["deal without history"] += not deal.rows
        found["jumped"] += "won" in stages and "proposal" not in stages
        found["reopened"] += "won" in stages[:-1] and "negotiation" in stages[stages.index("won") :]
        booked = next((row.at for row in deal.rows if row.stage == "won"), 0) // 86_400 - now["close_day"]
        found["backdated booking"] += now["stage"] == "won" and booked > 2
        found["rebooked"] += len({update["locale"] for _, update in deal.record.updates if "locale" in update}) > 1
    return found


def test_every_oddity_is_there() -> None:
    world = small_company().world
    sight = look(world, DEMO)
    found = _lead_oddities(sight) + _prospect_oddities(prospects(sight)) + _deal_oddities(sight)
    now = utc_seconds(DEMO)
    for one in world.leads:
        fields = one.as_of(now)
        found["deleted"] += bool(fields and fields["deleted"] and not fields["merged_into"])
        found["restored"] += any(update.get("deleted") is False for _, update in one.updates[1:])
        found["gone for good"] += bool(one.latest().get("purged"))
    found["contacts merged"] = sum(one.now["merged_into"] is not None for one in sight.contacts.values())
    found["late response"] = sum(
        bool(one.now["has_responded"]) and one.record.created_at // 86_400 - one.now["responded_day"] > 2
        for one, _ in sight.responses
    )
    found["only invited"] = sum(not one.now["has_responded"] for one, _ in sight.responses)
    expected = {
        "without address", "without market", "Danish", "merged", "moved", "without business line", "robotics",
        "imported", "without history", "purged history", "converted without a deal", "converted unqualified",
        "regressed", "recycled", "disqualified", "respelt", "several leads", "two orgs", "several deals",
        "contacts only", "accounts only", "deals only", "foreign currency", "deal without history", "jumped",
        "reopened", "backdated booking", "rebooked", "deleted", "restored", "gone for good", "contacts merged",
        "late response", "only invited",
    }  # fmt: skip
    assert {name: found[name] for name in expected if found[name] < 1} == {}


def test_merges_form_chains() -> None:
    leads = look(small_company().world, DEMO).leads
    depths: Counter[int] = Counter()
    for lead in leads.values():
        depth, one = 0, lead
        while one.now["merged_into"] in leads:
            depth, one = depth + 1, leads[one.now["merged_into"]]
        depths[depth] += 1
    assert depths[1] >= 5
    assert depths[2] >= 1
    assert max(depths) <= 4


def test_every_refresh_after_the_demo_finds_changed_records_of_every_kind() -> None:
    world = small_company().world
    kinds: dict[str, list[Record]] = {
        "leads": list(world.leads), "contacts": list(world.contacts), "deals": list(world.deals),
        "responses": list(world.responses),
    }  # fmt: skip
    for day in ("2026-07-01", "2026-07-02", "2026-07-03"):
        start = utc_seconds(at_six(day))
        for records in kinds.values():
            assert any(start < visible_from(at) <= start + 86_400 for one in records for at, _ in one.updates[1:])
