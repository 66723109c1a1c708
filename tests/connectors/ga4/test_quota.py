"""What happens when an allowance runs low, out, or is somebody else's."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.analytics.data_v1beta.types import PropertyQuota, QuotaStatus, RunReportRequest, RunReportResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import QuotaExhausted, RetriableError, SourceUnavailable
from connectors.ga4.client import GA4Client
from connectors.ga4.extract import extract_days
from connectors.ga4.meters import meters_of
from connectors.ga4.quota import Place, PropertyGate, Turn
from connectors.ga4.requests import build_request
from connectors.ga4.streams import SESSIONS
from connectors.privacy import Pseudonymiser
from connectors.rests import Rests
from connectors.specs import STANDARD_QUOTA, GA4Quota
from tests.connectors.ga4.fake import NL, NOW, FakeGoogle, Now, Refusal, Trouble, refuse, sessions_row

PROPERTY = "310000001"
DAY = "Exhausted property tokens per day. These quota tokens will return in under 24 hours."
HOURLY = [
    "Exhausted property tokens per hour.",
    "Exhausted property tokens for a project per hour.",
    "Exhausted potentially thresholded requests quota.",
]
TODAY = (NOW.date(), NOW.date())


def no_more(message: str) -> Trouble:
    return refuse(grpc.StatusCode.RESOURCE_EXHAUSTED, message)


def ask(client: GA4Client) -> None:
    client.run_report(build_request(SESSIONS, PROPERTY, TODAY, 0, 10))


def test_the_days_quota_comes_back_at_midnight_pacific_and_until_then_nothing_is_asked(
    client: GA4Client, google: FakeGoogle, now: Now
) -> None:
    """GA-01."""
    google.troubles = [no_more(DAY)]
    for _ in range(2):
        with pytest.raises(QuotaExhausted) as raised:
            ask(client)
        assert raised.value.resume_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert len(google.requests) == 1
    assert not now.slept
    now.instant += timedelta(hours=1)
    ask(client)


@pytest.mark.parametrize("message", HOURLY)
def test_an_hours_quota_is_waited_for(client: GA4Client, google: FakeGoogle, now: Now, message: str) -> None:
    """GA-02, GA-04: longer than any deadline of a single call."""
    google.troubles = [no_more(message)]
    ask(client)
    assert now.slept == [3600]
    assert len(google.requests) == 2


def test_a_quota_that_does_not_come_back_is_not_waited_for_for_ever(
    client: GA4Client, google: FakeGoogle, now: Now
) -> None:
    """GA-02."""
    google.troubles = [no_more(HOURLY[0])] * 99
    with pytest.raises(QuotaExhausted) as raised:
        ask(client)
    assert len(now.slept) == 3
    assert raised.value.resume_at == now() + timedelta(hours=1)


def test_a_check_of_the_account_waits_for_nothing(client: GA4Client, google: FakeGoogle, now: Now) -> None:
    google.troubles = [no_more(HOURLY[0])]
    with pytest.raises(QuotaExhausted) as raised:
        client.check(PROPERTY)
    assert raised.value.resume_at == NOW + timedelta(hours=1)
    assert not now.slept


@pytest.mark.parametrize("message", ["Exhausted concurrent requests quota.", "Quota exceeded: requests per minute"])
def test_too_many_at_once_is_a_matter_of_a_rest(client: GA4Client, google: FakeGoogle, now: Now, message: str) -> None:
    """GA-03."""
    google.troubles = [no_more(message)] * 2
    ask(client)
    assert len(google.requests) == 3
    assert all(0 < seconds < 30 for seconds in now.slept)
    google.troubles = [no_more(message)] * 9
    with pytest.raises(RetriableError, match="at once"):
        ask(client)
    ask_again = len(google.requests)
    google.troubles = []
    ask(client)
    assert len(google.requests) == ask_again + 1


def test_forty_at_once_are_never_more_than_eight_at_the_source(client: GA4Client, google: FakeGoogle) -> None:
    """GA-03."""
    under_way, most, lock, together = 0, 0, threading.Lock(), threading.Event()

    def linger(_: RunReportRequest, __: RunReportResponse) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
            if under_way == 8:
                together.set()
        together.wait(0.05 if together.is_set() else 0.2)
        with lock:
            under_way -= 1

    google.troubles = [linger] * 40
    with ThreadPoolExecutor(40) as pool:
        for future in [pool.submit(ask, client) for _ in range(40)]:
            future.result()
    assert most == 8


def test_a_server_that_breaks_down_is_left_alone_before_the_budget_is_used_up(
    client: GA4Client, google: FakeGoogle
) -> None:
    """GA-05: the tenth error of the hour would lock the whole project out of the property."""
    google.troubles = [refuse(grpc.StatusCode.UNAVAILABLE)] * 99
    outcomes = []
    for _ in range(6):
        try:
            ask(client)
        except (SourceUnavailable, QuotaExhausted) as error:
            outcomes.append(type(error))
    assert len(google.requests) == 9
    assert outcomes == [SourceUnavailable] * 3 + [QuotaExhausted] * 3


def test_after_an_hour_a_broken_server_is_tried_again(client: GA4Client, google: FakeGoogle, now: Now) -> None:
    """GA-05."""
    google.troubles = [no_more("Exhausted server errors quota.")]
    with pytest.raises(QuotaExhausted) as raised:
        ask(client)
    assert raised.value.resume_at == now() + timedelta(hours=1)
    now.instant = raised.value.resume_at
    ask(client)


@pytest.mark.parametrize(("remaining", "meter"), [(20_000, "day"), (4_000, "hour"), (1_400, "project per hour")])
def test_the_last_tenth_of_a_quota_is_left_to_others(
    client: GA4Client, google: FakeGoogle, remaining: int, meter: str
) -> None:
    """GA-06."""
    google.remaining = remaining
    client.check(PROPERTY)
    with pytest.raises(QuotaExhausted, match=f"{remaining} of .* tokens per .* are left"):
        client.check(PROPERTY)
    assert len(google.requests) == 1
    client.check("310000002")


@pytest.mark.parametrize("remaining", [0, -1])
def test_nothing_left_can_be_less_than_nothing(client: GA4Client, google: FakeGoogle, remaining: int) -> None:
    """GA-06: "remaining" may be -1 just before a refusal."""
    google.remaining = remaining
    client.check(PROPERTY)
    with pytest.raises(QuotaExhausted, match=f"{remaining} of 200000 tokens per day"):
        client.check(PROPERTY)


def test_a_quota_that_runs_low_halfway_is_waited_for_and_the_report_goes_on_where_it_was(
    client: GA4Client, google: FakeGoogle, now: Now
) -> None:
    """GA-02, GA-06: pages that have come are kept."""

    def low(_: RunReportRequest, response: RunReportResponse) -> None:
        response.property_quota.tokens_per_hour = QuotaStatus(consumed=3, remaining=3_999)

    google.page_rows = 1
    google.rows = [sessions_row(NOW.date() - timedelta(days=9), f"/{n}") for n in range(3)]
    google.troubles = [low]
    extracted = extract_days(
        client, SESSIONS, NL, [NOW.date() - timedelta(days=9)], clock=now, pseudonymiser=Pseudonymiser(b"0" * 16)
    )
    assert len(extracted.table) == 3
    assert (now.slept, [request.offset for request in google.requests]) == ([3600], [0, 1, 2])


class Bank:
    """A property's hourly tokens as Google counts them, with threads that ask all at once."""

    def __init__(self, tokens: int, costs: Iterator[int]) -> None:
        self.tokens, self.left, self.costs = tokens, tokens, costs
        self.now = Now()
        limits = GA4Quota(10**6, tokens, 10**6)
        self.gate = PropertyGate(PROPERTY, limits, self.now, Rests("ga4", self.wait))
        self.lowest = tokens

    def wait(self, seconds: float) -> None:
        self.now.sleep(seconds)
        self.left = self.tokens

    def charge(self, cost: int) -> Any:
        self.left -= cost
        self.lowest = min(self.lowest, self.left)
        return PropertyQuota.pb(
            PropertyQuota(
                tokens_per_day=QuotaStatus(consumed=cost, remaining=10**6),
                tokens_per_hour=QuotaStatus(consumed=cost, remaining=self.left),
            )
        )


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.tuples(st.integers(1, 10), st.booleans()), min_size=1, max_size=8), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_whatever_the_requests_cost_and_in_whichever_order_answers_come_the_reserve_stays_whole(
    rounds: list[list[tuple[int, bool]]], order: object
) -> None:
    """GA-06, GA-03."""
    bank = Bank(300, iter(()))
    for requests in rounds:
        with ExitStack() as under_way:
            places: list[tuple[Place, Any, bool]] = []
            for cost, answers in requests:
                gate = bank.gate
                if places and not gate._is_open():
                    break
                place = under_way.enter_context(gate.place(Turn(is_patient=True)))
                places.append((place, bank.charge(cost), answers))
            order.shuffle(places)  # type: ignore[attr-defined]
            for place, quota, answers in places:
                if answers:
                    place.quota = quota
    assert bank.lowest >= 30


def test_what_was_never_answered_counts_until_a_request_that_set_out_later_is_answered() -> None:
    """GA-06: an answer that overtakes it knows nothing of what it cost."""
    bank = Bank(300, iter(()))
    with bank.gate.place(Turn(is_patient=True)) as first:
        first.quota = bank.charge(10)
    bank.left = 70
    with bank.gate.place(Turn(is_patient=True)) as answered:
        answered.quota = bank.charge(10)
        with bank.gate.place(Turn(is_patient=True)):
            bank.charge(10)
    assert bank.gate.remaining()["tokens_per_hour"] == 60
    with bank.gate.place(Turn(is_patient=True)) as later:
        assert bank.gate._is_open(), "10 more leave 30 of the 50"
        later.quota = bank.charge(1)
        with bank.gate.place(Turn(is_patient=True)):
            assert not bank.gate._is_open()


def test_every_meter_keeps_a_tenth() -> None:
    assert {meter.name: (meter.limit, meter.reserve) for meter in meters_of(STANDARD_QUOTA)} == {
        "tokens_per_day": (200_000, 20_000),
        "tokens_per_hour": (40_000, 4_000),
        "tokens_per_project_per_hour": (14_000, 1_400),
        "server_errors_per_project_per_hour": (10, 1),
        "potentially_thresholded_requests_per_hour": (120, 12),
    }


def test_requests_that_may_be_thresholded_stop_at_their_own_reserve(client: GA4Client, google: FakeGoogle) -> None:
    """GA-04."""

    def thresholded(_: RunReportRequest, response: RunReportResponse) -> None:
        response.property_quota.potentially_thresholded_requests_per_hour = QuotaStatus(consumed=1, remaining=12)

    google.troubles = [thresholded]
    client.check(PROPERTY)
    with pytest.raises(QuotaExhausted, match="12 of 120 potentially thresholded"):
        client.check(PROPERTY)


def test_one_sleep_serves_all_who_wait(client: GA4Client, google: FakeGoogle, now: Now) -> None:
    """GA-02."""
    left = [3]

    def dry(_: RunReportRequest, __: RunReportResponse) -> None:
        if left[0]:
            left[0] -= 1
            raise Refusal(grpc.StatusCode.RESOURCE_EXHAUSTED, HOURLY[0])

    ask(client)
    google.troubles = [dry] * 50
    with ThreadPoolExecutor(6) as pool:
        for future in [pool.submit(ask, client) for _ in range(12)]:
            future.result()
    assert now.slept.count(3600) <= 3
