"""What each variant of an experiment changes, country by country and pooled, and whether visitors were split as meant.

In a country: the difference of two rates with Newcombe's interval (1998, method 10), their ratio with Katz's on the log
scale, Pearson's chi-square test, or Fisher's exact one where an expected count is below 5 (Cochran's rule). Pooled, as
`total`: Mantel and Haenszel's difference with Sato's variance (1989) and ratio with Greenland and Robins's (1985), the
Cochran-Mantel-Haenszel test, and Cochran's Q of the log ratios for whether countries differ. Intervals are of 95 %.
P-values are adjusted by Holm: pooled ones over an experiment's variants, others over its variants and countries.
"""

import math
from itertools import groupby
from typing import Any

P, P_ADJUSTED, P_COUNTRIES, P_SPLIT = "p_value", "p_value_adjusted", "heterogeneity_p_value", "sample_ratio_p_value"
FIGURES = ("effect", "effect_low", "effect_high", "lift", "lift_low", "lift_high", P, P_ADJUSTED, P_COUNTRIES, P_SPLIT)
TOTAL, Z = "total", 1.959963984540054

Figures = dict[str, float | None]
Table = tuple[int, int, int, int]  # conversions and visitors of a variant, then of the control; both have visitors


def effects(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], Figures]:
    """(Locale, variant) -> figures, of the rows of one experiment; the control is the first of its locale."""
    found: dict[tuple[str, str], Figures] = {}
    tables: dict[str, list[Table]] = {}
    split = []
    for locale, arms in ((locale, list(group)) for locale, group in groupby(rows, key=lambda row: row[0])):
        split.append(split_statistic([(arm[4], float(arm[3])) for arm in arms]))
        for _, variant, is_control, _, visitors, conversions in arms:
            tried = [(conversions, visitors, arms[0][5], arms[0][4])] if visitors and arms[0][4] else []
            tables.setdefault(variant, []).extend(() if is_control else tried)
            found[locale, variant] = {} if is_control or not tried else alone(tried[0])
            found[locale, variant][P_SPLIT] = tail(*split[-1])
    adjust(list(found.values()))
    totals = {(TOTAL, v): pooled(mine) if any(a + c for a, _, c, _ in mine) else {} for v, mine in tables.items()}
    adjust(list(totals.values()))
    whole = tail(sum(chi2 for chi2, _ in split), sum(degrees for _, degrees in split))
    return found | {place: {**one, P_SPLIT: whole} for place, one in totals.items()}


def alone(table: Table) -> Figures:
    """One country's effect."""
    a, n, c, m = table
    share, effect = (a + c) / (n + m), a / n - c / m
    (low, high), (low_control, high_control) = rate_bounds(a, n), rate_bounds(c, m)
    bounds = (
        effect - math.hypot(a / n - low, high_control - c / m),
        effect + math.hypot(high - a / n, c / m - low_control),
    )
    is_few = min(n, m) * min(share, 1 - share) < 5
    p = exact(table) if is_few else tail(effect**2 / (share * (1 - share) * (1 / n + 1 / m)), 1)
    error = math.sqrt(1 / a - 1 / n + 1 / c - 1 / m) if a and c else None
    return figures((effect, *bounds), a * m / (c * n) if c else None, error, p)


def rate_bounds(conversions: int, visitors: int) -> tuple[float, float]:
    """Wilson's interval of a rate (1927), of which Newcombe's of a difference is made."""
    middle, width = conversions + Z * Z / 2, Z * math.sqrt(conversions * (1 - conversions / visitors) + Z * Z / 4)
    return (middle - width) / (visitors + Z * Z), (middle + width) / (visitors + Z * Z)


def exact(table: Table) -> float:
    """Fisher's exact test, two-sided."""
    from scipy.stats import fisher_exact  # half a second: only where there are few

    a, n, c, m = table
    return float(fisher_exact([[a, n - a], [c, m - c]])[1])


def pooled(tables: list[Table]) -> Figures:
    """All countries together, which are never mixed: each variant is compared with the control of its own country."""
    p = conditional([table for table in tables if 0 < table[0] + table[2] < table[1] + table[3]])
    weight = sum(n * m / (n + m) for _, n, _, m in tables)
    effect = sum((a * m - c * n) / (n + m) for a, n, c, m in tables) / weight
    shared = sum((n * n * c - m * m * a + n * m * (m - n) / 2) / (n + m) ** 2 for a, n, c, m in tables)
    own = sum((a * (m - c) + c * (n - a)) / (2 * (n + m)) for a, n, c, m in tables)
    width = Z * math.sqrt(max(effect * shared + own, 0)) / weight
    over, under = sum(a * m / (n + m) for a, n, c, m in tables), sum(c * n / (n + m) for a, n, c, m in tables)
    spread = sum((n * m * (a + c) - a * c * (n + m)) / (n + m) ** 2 for a, n, c, m in tables)
    error = math.sqrt(spread / (over * under)) if over and under else None
    found = figures((effect, effect - width, effect + width), over / under if under else None, error, p)
    return found | ({P_COUNTRIES: heterogeneity(tables, over / under)} if error else {})


def conditional(tables: list[Table]) -> float | None:
    """The Cochran-Mantel-Haenszel test, without a correction for continuity; None where nothing tells of anything."""
    if not tables:
        return None
    departure = sum(a - n * (a + c) / (n + m) for a, n, c, m in tables)
    variance = sum(n * m * (a + c) * (n + m - a - c) / ((n + m) ** 2 * (n + m - 1)) for a, n, c, m in tables)
    return tail(departure**2 / variance, 1)


def heterogeneity(tables: list[Table], ratio: float) -> float | None:
    """Whether the countries' ratios are further apart than chance would have it; None of a single one."""
    several = [(math.log(a * m / (c * n) / ratio), 1 / a - 1 / n + 1 / c - 1 / m) for a, n, c, m in tables if a and c]
    return tail(sum(d * d / v for d, v in several if v > 0), sum(v > 0 for _, v in several) - 1)


def split_statistic(arms: list[tuple[int, float]]) -> tuple[float, int]:
    """(Chi-square, degrees of freedom) of visitors beside the shares that were meant."""
    meant = [(count, share * sum(count for count, _ in arms)) for count, share in arms]
    return sum((count - due) ** 2 / due for count, due in meant if due), sum(1 for _, due in meant if due) - 1


def tail(statistic: float, degrees: int) -> float | None:
    """Chance of a chi-square statistic as large as this one or larger; None if nothing was compared."""
    from scipy.special import chdtrc  # without all of scipy.stats

    return float(chdtrc(degrees, statistic)) if degrees > 0 else None


def adjust(family: list[Figures]) -> None:
    """Holm's adjustment of what was tested together (1979)."""
    tested = sorted((p, place) for place, one in enumerate(family) if (p := one.get(P)) is not None)
    adjusted = 0.0
    for before, (p, place) in enumerate(tested):
        adjusted = max(adjusted, min(1.0, p * (len(tested) - before)))
        family[place][P_ADJUSTED] = adjusted


def figures(interval: tuple[float, float, float], ratio: float | None, error: float | None, p: float | None) -> Figures:
    """Difference and ratio with their intervals; a ratio to nothing is none, and one without an error has no bounds."""
    found = dict(zip(FIGURES[:3], interval, strict=True)) | {P: p, "lift": None if ratio is None else ratio - 1}
    bounds = (ratio * math.exp(-Z * error), ratio * math.exp(Z * error)) if ratio and error is not None else ()
    return found | {name: bound - 1 for name, bound in zip(("lift_low", "lift_high"), bounds, strict=False)}
