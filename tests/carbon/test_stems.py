"""Girths and forks."""

from __future__ import annotations

from math import pi

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.stems import estimate_stems
from fieldapp.carbon.words import equation_names
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import diameter_of_girth, equivalent_diameter


def test_a_girth() -> None:
    assert diameter_of_girth(39.3) == pytest.approx(12.5, abs=0.01)
    assert diameter_of_girth(pi) == pytest.approx(1.0)


def test_each_stem_of_a_fork_is_a_tree(estimator: RegistryEstimator) -> None:
    tree = SinkInput("马尾松", None)
    forked = estimate_stems(estimator, tree, [6.0, 7.5])
    single = [estimator.estimate(SinkInput("马尾松", d)).co2e_kg or 0 for d in (6.0, 7.5)]
    assert forked.co2e_kg == pytest.approx(sum(single))
    assert forked.flags[0] == "forked"
    thick = estimator.estimate(SinkInput("马尾松", equivalent_diameter([6.0, 7.5]))).co2e_kg
    assert forked.co2e_kg < (thick or 0)


def test_one_bad_stem_refuses_the_tree(estimator: RegistryEstimator) -> None:
    assert estimate_stems(estimator, SinkInput("马尾松", None), [6.0, 0.0]).error == "carbon_dbh_not_positive"
    assert estimate_stems(estimator, SinkInput("马尾松", None), []).error == "carbon_dbh_missing"
    assert estimate_stems(estimator, SinkInput("马尾松", None), [6.0]) == estimator.estimate(SinkInput("马尾松", 6.0))


def test_the_equivalent_diameter_has_the_stems_basal_area() -> None:
    assert equivalent_diameter([6.0, 8.0]) == pytest.approx(10.0)


def test_the_equations_of_a_forks_stems_are_named_one_by_one(estimator: RegistryEstimator) -> None:
    sink = estimator.estimate(SinkInput("马尾松", 12.4, stems="3+12"))
    assert equation_names(estimator.registry, sink.equation_id) == "马尾松 3a2cba + 马尾松 20caf8"
    assert equation_names(estimator.registry, f"{sink.equation_id};gone") == ""
    assert estimator.shared_half_widths("马尾松", sink.equation_id, sink.flags) is None, "rather too wide than untrue"
