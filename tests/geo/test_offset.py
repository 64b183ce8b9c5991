"""A place by bearing and distance, with the errors that add up."""

from __future__ import annotations

import pytest

from fieldapp.geo.area import bearing_deg, distance_m
from fieldapp.geo.offset import offset


def test_bearing_and_distance_come_back() -> None:
    far = offset(26.259, 107.519, 62.0, 35.0, declination_deg=-2.0)
    assert distance_m(26.259, 107.519, far.lat, far.lon) == pytest.approx(35.0, abs=1e-6)
    assert bearing_deg(26.259, 107.519, far.lat, far.lon) == pytest.approx(60.0, abs=1e-4)


def test_errors_combine() -> None:
    assert offset(26.0, 107.0, 0.0, 0.0, accuracy_m=3.0).accuracy_m == 3.0
    combined = offset(26.0, 107.0, 0.0, 100.0, accuracy_m=3.0, bearing_error_deg=2.291831, distance_error_m=12.0)
    assert combined.accuracy_m == pytest.approx((3**2 + 12**2 + 4**2) ** 0.5, abs=0.001)
