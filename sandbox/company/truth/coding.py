"""How well campaigns are coded, and which code may have been meant by those that have none."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from sandbox.company.truth.campaigns import Campaigns, Money, Use, Where, total

_Near = tuple[int, float, int, str]
_QUARTER = timedelta(days=92)


class Coding(NamedTuple):
    """What of a month's traffic and spend by a channel needs a code, and what has one."""

    campaigns: int
    uncoded_campaigns: int
    sessions: int
    coded_sessions: int
    spend: Money | None
    coded_spend: Money | None


class _Span(NamedTuple):
    first: date
    last: date
    sessions: int


def coding(campaigns: Campaigns) -> dict[tuple[str, date, str], Coding]:
    """By market, month and channel."""
    grouped: dict[tuple[str, date, str], list[tuple[str, Use]]] = defaultdict(list)
    for where, use in campaigns.uses.items():
        if use.coded is not None:
            grouped[where[:3]].append((where.campaign, use))
    nothing: Money = (Fraction(), Fraction(), Fraction())
    return {
        key: Coding(
            len({campaign for campaign, _ in uses}),
            len({campaign for campaign, use in uses if not use.coded}),
            sum(use.sessions for _, use in uses),
            sum(use.sessions for _, use in uses if use.coded),
            total(use.spend for _, use in uses),
            total(use.spend if use.coded else use.spend and nothing for _, use in uses),
        )
        for key, uses in grouped.items()
    }


def uncoded(campaigns: Campaigns) -> dict[Where, tuple[Use, str | None]]:
    """The uses of campaigns without the code they need, each with the code that is nearest to it, if one is near."""
    spans = _spans(campaigns)
    codes: dict[str, list[tuple[str, str, _Span]]] = defaultdict(list)
    for (locale, campaign, medium, is_coded), span in spans.items():
        if is_coded:
            codes[locale].append((campaign, medium, span))
    nearest: dict[tuple[str, str], list[_Near]] = defaultdict(list)
    for (locale, campaign, medium, is_coded), span in spans.items():
        if not is_coded:
            its_own = [one for one in codes[locale] if one[1] == medium]
            others = [one for one in codes[locale] if one[1] != medium]
            nearest[locale, campaign] += [(0, *one) for one in _near(campaign, span, its_own)] or [
                (1, *one) for one in _near(campaign, span, others)
            ]
    found = {}
    for where, use in campaigns.uses.items():
        if use.coded is False:
            near = nearest.get((where.locale, where.campaign)) if use.problem in ("malformed", "unknown") else None
            found[where] = use, min(near)[3] if near else None
    return found


def _near(campaign: str, span: _Span, codes: list[tuple[str, str, _Span]]) -> Iterator[tuple[float, int, str]]:
    """How far each code of about the same time is from a campaign's name, and how often it was seen, negatively."""
    for code, _, its in codes:
        if its.first <= span.last + _QUARTER and its.last >= span.first - _QUARTER:
            far, length = distance(campaign.upper(), code), max(len(campaign), len(code))
            if 10 * far <= 4 * length:
                yield far / length, -its.sessions, code


def _spans(campaigns: Campaigns) -> dict[tuple[str, str, str, bool], _Span]:
    spans: dict[tuple[str, str, str, bool], _Span] = {}
    for where, use in campaigns.uses.items():
        if use.coded is not None:
            key = where.locale, where.campaign, where.medium, use.coded
            before = spans.get(key, _Span(use.first, use.last, 0))
            spans[key] = _Span(min(before.first, use.first), max(before.last, use.last), before.sessions + use.sessions)
    return spans


@lru_cache(maxsize=200_000)
def distance(one: str, other: str) -> int:
    """Letters to put in, leave out or change."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, row[0] = row[0], place
        for column, theirs in enumerate(other, start=1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (letter != theirs))
    return row[-1]
