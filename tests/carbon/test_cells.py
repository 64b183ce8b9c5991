"""Cells as people and spreadsheets write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.carbon import registry
from fieldapp.carbon.cells import OUTPUTS, read_number, result_cells
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.domain.sinks import SinkInput

ESTIMATOR = RegistryEstimator(registry.load())
MASSON = "pinus_massoniana-20caf8"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7.5", 7.5),
        (" 7.5 ", 7.5),
        ("７．５", 7.5),
        ("7,5", 7.5),
        ("7。5", 7.5),
        ("七点五", 7.5),
        ("", None),
        ("1e1", 10.0),
    ],
)
def test_numbers(cell: str, value: float | None) -> None:
    assert read_number(cell, "cm") == value


@pytest.mark.parametrize("cell", ["abc", "1_2", "7.5.1", "--", "7 5"])
def test_no_numbers(cell: str) -> None:
    with pytest.raises(ValueError, match="number_"):
        read_number(cell, "cm")


@given(st.floats(0.5, 60))
def test_results_are_written_to_ten_decimals(d: float) -> None:
    cells = dict(zip(OUTPUTS, result_cells(ESTIMATOR.estimate(SinkInput("马尾松", d)), ""), strict=True))
    assert float(cells["agb_kg"]) == pytest.approx(0.0881 * d**2.4651, abs=1e-9) or cells["equation_id"] != MASSON


def test_a_refused_row_has_no_numbers() -> None:
    cells = dict(zip(OUTPUTS, result_cells(ESTIMATOR.estimate(SinkInput("毛竹", 9.0)), "because"), strict=True))
    assert cells["error"] == "because"
    assert cells["agb_kg"] == cells["flags"] == ""
