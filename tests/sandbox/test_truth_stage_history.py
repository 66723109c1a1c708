"""Stages whose moments no history row tells: noted in a field, seen from look to look, or guessed."""

from dataclasses import replace
from datetime import date

from sandbox.company.locales import LOCALES
from sandbox.company.truth import Entry, Observation, at_six
from tests.sandbox.hand_made import Play, instant, local

MARKETS = [one for one in LOCALES if one.is_configured]


def entries(play: Play, today: str, looks: tuple[str, ...] = ()) -> dict[tuple[int, str], Entry]:
    """(cycle, stage) → entry, for somebody who also looked on other days."""
    company = replace(play.company(), looks=tuple(map(at_six, looks)))
    found = Observation(company, at_six(today), MARKETS).entries
    return {(one.cycle, one.stage): one for one in found}


def test_an_untracked_lead_qualified_when_somebody_saw_that_it_had() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-09 10:00", "mql", tracked=False)
    lead.update(instant("2026-03-10 10:00"), client_id="x")
    seen = entries(play, "2026-03-12", ("2026-03-08", "2026-03-11"))[1, "mql"]
    # Two changes between two looks are one: the newest version's stamp is all that is left of them.
    assert (local(seen), seen.history_source, seen.history_incomplete) == ("2026-03-10 10:00", "observed", False)
    unseen = entries(play, "2026-03-12", ("2026-03-11",))[1, "mql"]
    assert (local(unseen), unseen.history_source, unseen.history_incomplete) == ("2026-03-01 10:00", "none", True)


def test_looks_that_are_still_to_come_tell_nothing() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-09 10:00", "mql", tracked=False)
    assert (1, "mql") not in entries(play, "2026-03-08", ("2026-03-05", "2026-03-10"))


def test_an_untracked_deal_was_sold_when_it_was_seen_to_be_whatever_became_of_it() -> None:
    play = Play()
    stages = [("2026-03-01 10:00", "open"), ("2026-03-05 10:00", "won"), ("2026-03-09 10:00", "lost")]
    play.deal(stages, close="2026-03-04", tracked=False)
    found = entries(play, "2026-03-12", ("2026-03-03", "2026-03-07"))
    sale = found[1, "sale"]
    assert (local(sale), sale.entered_date, sale.history_source) == ("2026-03-05 10:00", date(2026, 3, 4), "observed")
    assert found[1, "sql"].history_source == "observed"
    assert entries(play, "2026-03-12") == {}


def test_sweden_notes_when_a_lead_qualified_and_that_counts_for_its_trip() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", "se")
    play.status(lead, "2026-03-09 10:00", "mql")
    lead.update(instant("2026-03-09 10:00"), mql_at=instant("2026-03-08 09:00"))
    play.status(lead, "2026-03-20 10:00", "recycled")
    play.status(lead, "2026-04-02 10:00", "mql")
    found = entries(play, "2026-05-01")
    assert (local(found[1, "mql"]), found[1, "mql"].history_source) == ("2026-03-08 09:00", "datetime_field")
    assert (local(found[2, "mql"]), found[2, "mql"].history_source) == ("2026-04-02 10:00", "history")


def test_the_same_field_filled_elsewhere_tells_nothing() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", "nl")
    play.status(lead, "2026-03-09 10:00", "mql")
    lead.update(instant("2026-03-09 10:00"), mql_at=instant("2026-03-08 09:00"))
    assert local(entries(play, "2026-05-01")[1, "mql"]) == "2026-03-09 10:00"


def test_an_entry_that_is_imputed_is_told_by_whatever_told_the_next() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-09 10:00", "mql")
    found = entries(play, "2026-05-01")
    assert found[1, "first_identifier"].history_source == "record"
    assert found[1, "second_identifier"].is_imputed
    assert found[1, "second_identifier"].history_source == "history"
