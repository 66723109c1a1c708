"""The statistics of experiments beside published worked examples and other implementations of the same."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

experiments = importlib.import_module("experiments")

# Thirteen trials of the BCG vaccine (Colditz et al., 1994): cases and others, vaccinated and not.
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
)  # fmt: skip
BCG_TABLES = [(a, a + b, c, c + d) for a, b, c, d in BCG]


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
tables = st.tuples(counts, counts).map(lambda both: (*both[0], *both[1]))


def test_the_pooled_ratio_is_that_of_metafor_and_of_stata() -> None:
    """metafor's own test of `rma.mh` beside Stata's `metan`, of the BCG trials (measure="RR")."""
    found = experiments.pooled(BCG_TABLES)
    logs = [math.log(1 + found[name]) for name in ("lift", "lift_low", "lift_high")]
    assert logs == pytest.approx([-0.4537, -0.5308, -0.3766], abs=5e-5)
    assert [1 + found[name] for name in ("lift", "lift_low", "lift_high")] == pytest.approx(
        [0.6353, 0.5881, 0.6862], abs=5e-5
    )


def test_the_pooled_difference_is_that_of_metafor() -> None:
    """The same (measure="RD"), with Sato's variance: z is -11.4708."""
    found = experiments.pooled(BCG_TABLES)
    interval = [found[name] for name in ("effect", "effect_low", "effect_high")]
    assert interval == pytest.approx([-0.0033, -0.0039, -0.0027], abs=5e-5)
    error = (found["effect_high"] - found["effect"]) / experiments.Z
    assert found["effect"] / error == pytest.approx(-11.4708, abs=5e-5)


def test_whether_countries_differ_is_asked_as_metafor_does() -> None:
    """Its QE of the same trials is 152.5676, on 12 degrees of freedom."""
    ratio = 1 + experiments.pooled(BCG_TABLES)["lift"]
    assert experiments.heterogeneity(BCG_TABLES, ratio) == pytest.approx(stats.chi2.sf(152.5676, 12), rel=1e-3)


def test_the_interval_of_a_difference_is_newcombes_own_example() -> None:
    """Newcombe (1998), table II, method 10: 56 of 70 beside 48 of 80 is 0.2, from 0.0524 to 0.3339."""
    found = experiments.alone((56, 70, 48, 80))
    assert [found[name] for name in ("effect", "effect_low", "effect_high")] == pytest.approx(
        [0.2, 0.0524, 0.3339], abs=5e-5
    )


@pytest.mark.parametrize(
    ("visitors", "p"),
    [
        ((600, 400), 2.54e-10),  # Wikipedia, "Sample ratio mismatch"
        ((44_000, 45_000), 0.0008),  # srm.osc.garden, "Context"
    ],
)
def test_a_split_that_is_not_the_one_meant_is_found_as_published(visitors: tuple[int, int], p: float) -> None:
    statistic, degrees = experiments.split_statistic([(count, 0.5) for count in visitors])
    assert experiments.tail(statistic, degrees) == pytest.approx(p, rel=0.01 if p < 1e-4 else 0.07)


def test_a_chi_square_is_the_textbooks() -> None:
    """10 clicks of 56,000 beside 21 of 78,000: chi-square 1.158368, p 0.2818 (a worked answer on Cross Validated)."""
    assert experiments.alone((10, 56_000, 21, 78_000))["p_value"] == pytest.approx(0.2818, abs=5e-5)


def test_few_conversions_are_judged_exactly() -> None:
    """Fisher's lady: 3 of 4 beside 1 of 4 is 0.4857, two-sided (R's fisher.test of TeaTasting)."""
    assert experiments.alone((3, 4, 1, 4))["p_value"] == pytest.approx(0.4857, abs=5e-5)


def test_what_is_tested_together_is_adjusted_by_holm() -> None:
    """Holm (1979): 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02 (R's p.adjust)."""
    family = [{"p_value": p} for p in (0.01, 0.04, 0.03, 0.005)]
    experiments.adjust(family)
    assert [one["p_value_adjusted"] for one in family] == pytest.approx([0.03, 0.06, 0.06, 0.02])


@settings(max_examples=200, deadline=None)
@given(tables)
def test_one_country_is_what_other_implementations_say(table: tuple[int, int, int, int]) -> None:
    a, n, c, m = table
    found = experiments.alone(table)
    if min(stats.contingency.expected_freq([[a, n - a], [c, m - c]]).ravel()) >= 5:
        assert found["p_value"] == pytest.approx(proportions_ztest([a, c], [n, m])[1])
    else:
        assert found["p_value"] == pytest.approx(stats.fisher_exact([[a, n - a], [c, m - c]])[1])
    if a and c:
        ratio = stats.contingency.relative_risk(a, n, c, m)
        bounds = ratio.confidence_interval(0.95)
        assert [1 + found[name] for name in ("lift", "lift_low", "lift_high")] == pytest.approx(
            [ratio.relative_risk, bounds.low, bounds.high]
        )
    assert found["effect_low"] <= found["effect"] + 1e-12
    assert found["effect"] <= found["effect_high"] + 1e-12


@settings(max_examples=200, deadline=None)
@given(st.lists(tables, min_size=1, max_size=6))
def test_pooling_is_what_other_implementations_say(strata: list[tuple[int, int, int, int]]) -> None:
    found = experiments.pooled(strata)
    telling = [[[a, n - a], [c, m - c]] for a, n, c, m in strata if 0 < a + c < n + m]
    test = StratifiedTable(telling).test_null_odds(correction=False) if telling else None
    assert found["p_value"] == (pytest.approx(float(test.pvalue)) if test else None)
    if any(a for a, _, _, _ in strata) and any(c for _, _, c, _ in strata):
        other = StratifiedTable([[[a, n - a], [c, m - c]] for a, n, c, m in strata])
        assert 1 + found["lift"] == pytest.approx(float(other.riskratio_pooled))
    weights = [n * m / (n + m) for _, n, _, m in strata]
    differences = [a / n - c / m for a, n, c, m in strata]
    assert found["effect"] == pytest.approx(np.average(differences, weights=weights), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(tables.filter(lambda one: 0 < one[0] < one[1] and 0 < one[2] < one[3]))
def test_a_single_country_pooled_has_its_own_effect(table: tuple[int, int, int, int]) -> None:
    alone, pooled = experiments.alone(table), experiments.pooled([table])
    assert pooled["effect"] == pytest.approx(alone["effect"], abs=1e-12)
    assert [pooled[name] for name in ("lift", "lift_low", "lift_high")] == pytest.approx(
        [alone[name] for name in ("lift", "lift_low", "lift_high")]
    )
    assert pooled["heterogeneity_p_value"] is None


def test_a_country_whose_visitors_were_lost_shows_there_and_in_the_total() -> None:
    rows = [
        ("de", "old", True, 0.5, 1000, 100), ("de", "new", False, 0.5, 990, 120),
        ("se", "old", True, 0.5, 1000, 90), ("se", "new", False, 0.5, 650, 80),
    ]  # fmt: skip
    found = experiments.effects(rows)
    assert found["de", "new"]["sample_ratio_p_value"] > 0.5
    assert found["se", "new"]["sample_ratio_p_value"] < 1e-12
    assert found["se", "old"]["sample_ratio_p_value"] == found["se", "new"]["sample_ratio_p_value"]
    assert found["total", "new"]["sample_ratio_p_value"] < 1e-12
    assert "p_value" not in found["total", "old"]


def test_an_experiment_that_nobody_has_seen_has_no_figures() -> None:
    rows = [("de", "old", True, 0.5, 0, 0), ("de", "new", False, 0.5, 0, 0)]
    assert experiments.effects(rows) == {
        key: {"sample_ratio_p_value": None}
        for key in (("de", "old"), ("de", "new"), ("total", "old"), ("total", "new"))
    }


def test_a_country_where_one_variant_is_not_shown_yet_is_left_out_of_the_pool() -> None:
    rows = [
        ("de", "old", True, 0.5, 1000, 100), ("de", "new", False, 0.5, 1000, 120),
        ("se", "old", True, 0.5, 10, 1), ("se", "new", False, 0.5, 0, 0),
    ]  # fmt: skip
    found = experiments.effects(rows)
    assert "effect" not in found["se", "new"]
    assert found["total", "new"]["effect"] == pytest.approx(0.02)


def test_chance_is_called_an_effect_no_more_often_than_it_says() -> None:
    """A thousand experiments in five countries of nothing at all; the pooled interval covers 0 in 95 of 100."""
    random = np.random.default_rng(7)
    visitors = random.integers(200, 2000, (1000, 5, 2))
    conversions = random.binomial(visitors, random.uniform(0.01, 0.2, (1000, 5, 1)))
    found = [
        experiments.pooled([(int(c[0]), int(n[0]), int(c[1]), int(n[1])) for c, n in zip(*one, strict=True)])
        for one in zip(conversions, visitors, strict=True)
    ]
    missed = np.mean([not one["effect_low"] <= 0 <= one["effect_high"] for one in found])
    called = np.mean([one["p_value"] < 0.05 for one in found])
    assert 0.03 <= missed <= 0.07
    assert 0.03 <= called <= 0.07


@settings(max_examples=200, deadline=None)
@given(tables)
def test_the_interval_is_statsmodels(table: tuple[int, int, int, int]) -> None:
    interval = confint_proportions_2indep(*table, method="newcomb", compare="diff")
    found = experiments.alone(table)
    assert (found["effect_low"], found["effect_high"]) == pytest.approx(interval, abs=1e-12)


def test_where_nobody_converted_there_is_nothing_to_find() -> None:
    found = experiments.alone((0, 20, 0, 30))
    assert (found["effect"], found["p_value"], found["lift"]) == (0, 1.0, None)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_adjustment_is_statsmodels(p_values: list[float]) -> None:
    family = [{"p_value": p} for p in p_values]
    experiments.adjust([*family, {"p_value": None}, {}])
    expected = multipletests(p_values, method="holm")[1] if p_values else []
    assert [one["p_value_adjusted"] for one in family] == pytest.approx(list(expected))
