"""Calling the API politely: few attempts, rests of random length, and a way back for each kind of refusal."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from google.api_core import exceptions as google

from connectors.errors import ConnectorError, IncompleteResponse, SourceUnavailable
from connectors.ga4.faults import (
    BUSY,
    BUSY_SECONDS,
    SERVER_FAULTS,
    STALE_TOKEN,
    TRANSIENT,
    scarcity,
    too_busy,
    translate,
)
from connectors.ga4.login import Login
from connectors.ga4.quota import Place, QuotaGuard, Turn
from connectors.rests import Sleep

ATTEMPTS = 3
"""Every server error counts against an allowance of 10 an hour."""

BUSY_ATTEMPTS = 5
LONGEST_PAUSE = 20.0

T = TypeVar("T")


class Caller:
    """Makes calls for all threads. ``pause`` is the longest first rest, in seconds; ``jitter`` draws the rests."""

    def __init__(self, quota: QuotaGuard, login: Login, sleep: Sleep, jitter: random.Random, pause: float) -> None:
        self._quota = quota
        self._login = login
        self._sleep = sleep
        self._jitter = jitter
        self._pause = pause

    def ask(self, property_id: str, call: Callable[[Place], T], *, is_patient: bool) -> T:
        """``call``'s result: tried again after passing trouble, after the hour when a rolling quota is used up, and
        with a new token when the old one is refused. It must set the place's quota and may raise IncompleteResponse
        for an answer that cannot be read. Raises the errors of ``faults`` and QuotaExhausted."""
        gate, turn = self._quota.gate(property_id), Turn(is_patient)
        failures = rests = 0
        is_renewed = False
        while True:
            token = ""
            try:
                token = self._login.token()
                with gate.place(turn) as place:
                    return _noting_failure(call, place)
            except google.TooManyRequests as error:
                meter = scarcity(str(error.message))
                if meter != BUSY:
                    gate.refuse(meter, str(error.message))
                    continue
                rests += 1
                if rests == BUSY_ATTEMPTS:
                    raise too_busy(str(error.message), property_id) from None
                self._rest(BUSY_SECONDS)
            except STALE_TOKEN as error:
                if is_renewed:
                    raise translate(error, property_id) from None
                is_renewed = True
                self._login.renew(token)
            except (*TRANSIENT, SourceUnavailable, IncompleteResponse) as error:
                failures += 1
                if failures == ATTEMPTS:
                    raise _final(error, property_id) from None
                self._rest(min(LONGEST_PAUSE, self._pause * 2 ** (failures - 1)))
            except google.GoogleAPICallError as error:
                raise translate(error, property_id) from None

    def _rest(self, longest: float) -> None:
        """Full jitter: clients that failed together do not come back together."""
        self._sleep(self._jitter.uniform(0, longest))


def _noting_failure(call: Callable[[Place], T], place: Place) -> T:
    try:
        return call(place)
    except SERVER_FAULTS:
        place.failed = True
        raise


def _final(error: Exception, property_id: str) -> ConnectorError:
    if isinstance(error, google.GoogleAPICallError):
        return translate(error, property_id)
    assert isinstance(error, ConnectorError)
    return error
