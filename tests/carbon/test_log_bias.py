"""Corrections of the logarithmic bias are told with their size, and are no part of a result."""

from __future__ import annotations

import pytest

from fieldapp.carbon.document import markdown
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import explain
from fieldapp.carbon.log_bias import PUBLISHED, would_add
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput


def test_the_organs_factors_are_weighted_by_their_mass(shipped: Registry) -> None:
    schima = shipped.equations["schima_superba-493907"]
    stem, branch, foliage = (0.0516638 * 12**2.621, 0.0927357 * 12**2.022, 0.0685632 * 12**1.690)
    factors = [
        shipped.equations[f"schima_superba-{one}"].log_bias_factor or 0
        for one in ("stem-f0ade9", "branch-beb7b1", "foliage-eedbc9")
    ]
    with_them = stem * factors[0] + branch * factors[1] + foliage * factors[2]
    assert would_add(shipped, schima, 12.0) == pytest.approx(with_them / (stem + branch + foliage) - 1, rel=1e-4)
    assert would_add(shipped, shipped.equations["pinus_massoniana-20caf8"], 12.0) is None


def test_the_page_lists_each_and_none_exceeds_what_the_range_allows_for(shipped: Registry) -> None:
    trees = [one for one in shipped.equations.values() if one.log_bias == PUBLISHED and one.output == "agb"]
    page = markdown(shipped)
    assert len(trees) == 12
    for one in trees:
        shares = [would_add(shipped, one, d_cm) or 0 for d_cm in (6.0, 12.0, 25.0)]
        assert f"| {one.id} | {one.log_bias_factor:g} | {100 * shares[0]:+.1f} % |" in page
        assert 0 < max(shares) < (0.20 if one.level == "species" else 0.25)


def test_the_card_gives_the_factor(estimator: RegistryEstimator) -> None:
    card = explain(estimator, SinkInput("木荷", 12.0), {})
    assert card.equation is not None
    assert (card.equation["log_bias"], card.equation["log_bias_factor"]) == (PUBLISHED, 1.091)
