from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from connectors.errors import ConfigurationError
from connectors.salesforce.scopes import build_scopes, plan_pulls, scope_names, split_rows
from connectors.salesforce.streams import CAMPAIGN, LEAD
from connectors.specs import LocaleSpec
from connectors.windows import OVERLAP, CrmWindow
from tests.connectors.salesforce.fake import connection

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
END = NOW - timedelta(minutes=5)
YESTERDAY = END - timedelta(days=1)


def locale(code: str, *values: str, org: str = "global") -> LocaleSpec:
    return LocaleSpec(code, "UTC", "EUR", "1", org, values)


LOCALES = [locale("nl", "NL"), locale("be", "BE-NL", "BE-FR"), locale("us", "US", org="americas")]
SCOPES = build_scopes(connection(), LOCALES)


def test_an_orgs_scopes_are_its_locales_nobody_and_everybody() -> None:
    assert scope_names(connection(), LOCALES) == ("nl", "be", "unassigned-global", "shared-global")


def test_a_value_claimed_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="nl and xx"):
        build_scopes(connection(), [*LOCALES, locale("xx", "NL")])


def test_one_pull_brings_all_scopes_that_are_equally_far() -> None:
    cursors = dict.fromkeys(SCOPES.of_stream(LEAD), YESTERDAY)
    [pull] = plan_pulls(LEAD, SCOPES, cursors, NOW)
    assert pull.scopes == ("nl", "be", "unassigned-global")
    assert pull.window == CrmWindow(YESTERDAY - OVERLAP, END)
    assert pull.locale_values is None


def test_a_new_locale_gets_a_full_pull_of_its_own() -> None:
    cursors = {"nl": YESTERDAY, "unassigned-global": YESTERDAY, "be": None}
    old, new = plan_pulls(LEAD, SCOPES, cursors, NOW)
    assert (old.scopes, old.locale_values) == (("nl", "unassigned-global"), None)
    assert (new.scopes, new.window, new.locale_values) == (("be",), CrmWindow(None, END), ("BE-FR", "BE-NL"))


def test_a_pull_of_everything_also_serves_the_scopes_that_are_further_along() -> None:
    """SF-41: a child row follows its parent into another locale without a change of its own."""
    cursors = {"nl": YESTERDAY + OVERLAP, "be": YESTERDAY, "unassigned-global": YESTERDAY}
    ahead, everything = plan_pulls(LEAD, SCOPES, cursors, NOW)
    assert (ahead.scopes, ahead.locale_values) == (("nl",), ("NL",))
    assert (everything.scopes, everything.locale_values) == (("nl", "be", "unassigned-global"), None)
    assert everything.window == CrmWindow(YESTERDAY - OVERLAP, END)


def test_scopes_that_are_as_far_as_may_be_are_not_pulled() -> None:
    assert plan_pulls(LEAD, SCOPES, dict.fromkeys(SCOPES.of_stream(LEAD), END), NOW) == ()


def test_a_backfill_pulls_its_window_whatever_the_cursors_say() -> None:
    window = CrmWindow(YESTERDAY, END)
    [pull] = plan_pulls(LEAD, SCOPES, {"nl": END}, NOW, window)
    assert (pull.scopes, pull.window, pull.locale_values) == (("nl",), window, ("NL",))


def test_org_wide_objects_are_pulled_for_the_shared_scope_only() -> None:
    [pull] = plan_pulls(CAMPAIGN, SCOPES, {"shared-global": None}, NOW)
    assert (pull.scopes, pull.locale_values) == (("shared-global",), None)
    assert plan_pulls(CAMPAIGN, SCOPES, {}, NOW) == ()


ROWS = pa.table({"id": ["1", "2", "3", "4", "5"], "_locale": ["NL", "DK", None, "BE-FR", "nl"]})


def test_every_row_has_one_scope_and_what_nobody_claims_is_unassigned() -> None:
    parts = split_rows(ROWS, LEAD, SCOPES, SCOPES.of_stream(LEAD))
    ids = {scope: rows["id"].to_pylist() for scope, rows in parts.items()}
    assert ids == {"nl": ["1"], "be": ["4"], "unassigned-global": ["2", "3", "5"]}
    assert "_locale" not in parts["nl"].column_names


def test_rows_of_scopes_that_are_not_wanted_are_left_to_their_own_pulls() -> None:
    assert {s: len(r) for s, r in split_rows(ROWS, LEAD, SCOPES, ["nl"]).items()} == {"nl": 1}
    assert {s: len(r) for s, r in split_rows(ROWS, CAMPAIGN, SCOPES, ["shared-global"]).items()} == {"shared-global": 5}
