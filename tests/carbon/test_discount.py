"""The figures of AR-TOOL14 and Student's t."""

from __future__ import annotations

import pytest

from fieldapp.carbon.discount import difference_share, discounted, sample_half_width, student_t_90


def test_sixty_plus_minus_nine() -> None:
    assert discounted(60, 9).value == pytest.approx(57.75)


@pytest.mark.parametrize(
    ("half", "part"),
    [(5, 0), (10, 0), (10.01, 0.25), (15, 0.25), (18, 0.5), (20, 0.5), (25, 0.75), (30, 0.75), (31, 1)],
)
def test_steps_of_the_discount(half: float, part: float) -> None:
    found = discounted(100, half)
    assert found.value == pytest.approx(100 - part * half)
    assert found.deducted_share == pytest.approx(part * half / 100)


def test_nothing_below_nothing_is_reported() -> None:
    assert discounted(100, 150).value == 0
    assert discounted(100, 150).deducted_share == 1
    assert discounted(-50, 20).value == -70


@pytest.mark.parametrize("n", [1, 0])
def test_one_plot_says_nothing_about_its_spread(n: int) -> None:
    with pytest.raises(ValueError, match=str(n)):
        sample_half_width(12.776, n)


def test_mean_of_34_plots() -> None:
    half = sample_half_width(12.776, 34, 1.692)
    assert half == pytest.approx(3.707, abs=5e-4)
    assert 100 * half / 45.328 == pytest.approx(8.18, abs=5e-3)
    assert 100 * sample_half_width(12.776, 34) / 45.328 == pytest.approx(8.18, abs=5e-3)


@pytest.mark.parametrize(
    ("degrees", "t"), [(1, 6.314), (5, 2.015), (10, 1.812), (33, 1.692), (120, 1.658), (10000, 1.645)]
)
def test_students_t(degrees: int, t: float) -> None:
    assert student_t_90(degrees) == pytest.approx(t, abs=5e-4)


def test_uncertainty_of_a_difference() -> None:
    assert difference_share(100, 0.1, 150, 0.1) == pytest.approx((10**2 + 15**2) ** 0.5 / 50)
