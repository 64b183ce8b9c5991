"""What is odd about a position."""

from __future__ import annotations

import pytest

from fieldapp.domain import programme
from fieldapp.domain.check_position import check_position
from fieldapp.errors import Severity


def test_positions() -> None:
    assert check_position(26.2, 107.5, inside=True) == check_position(26.2, 107.5) == ()
    assert check_position(0.0, 0.0)[0].severity is Severity.RED
    assert check_position(107.5, 26.2)[0].suggestion == "26.2, 107.5"
    assert check_position(26.2, 107.5, inside=False)[0].code == "position_outside"


@pytest.mark.parametrize(
    ("accuracy_m", "is_rough"), [(None, False), (7.7, False), (15.0, False), (15.1, True), (80.0, True)]
)
def test_a_rough_position_wants_a_reason(accuracy_m: float | None, *, is_rough: bool) -> None:
    rough_m = programme.load().number("position_rough_m")
    found = check_position(26.2, 107.5, inside=True, accuracy_m=accuracy_m, rough_m=rough_m)
    assert [(one.code, one.severity) for one in found] == ([("position_rough", Severity.AMBER)] if is_rough else [])
    both = check_position(26.2, 107.5, inside=False, accuracy_m=accuracy_m, rough_m=rough_m)
    assert [one.code for one in both] == ["position_outside", *(["position_rough"] if is_rough else [])]
