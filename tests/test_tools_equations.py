"""What `checked_by` says of an equation can be made again from the values that others evaluated."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tools.check_equations import EQUATIONS, records


def _shipped() -> list[dict[str, str]]:
    with EQUATIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_record_can_be_repeated(shared_data: Path) -> None:
    rows = _shipped()
    assert records(rows, shared_data / "allometry") == {row["id"]: row["checked_by"] for row in rows}


def test_a_value_that_does_not_hold_names_its_equation(shared_data: Path) -> None:
    rows = [row for row in _shipped() if row["allodb_id"] == "20caf8"]
    rows[0]["coefficients"] = "a=0.0818;b=2.4651"
    with pytest.raises(ValueError, match="pinus_massoniana-20caf8"):
        records(rows, shared_data / "allometry")


def test_every_equation_says_who_checked_it_or_that_nobody_did() -> None:
    said = [row["checked_by"] for row in _shipped()]
    assert all(said)
    assert sum(one.startswith("nobody") for one in said) == 12
