"""What changed in one tree since the visit before: always an estimate with its range, never a fact."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.growth import Remeasured, stock_change, years_between
from fieldapp.carbon.steps import DECIMALS
from fieldapp.domain.sinks import SinkInput

Visit = tuple[str, float, float | None]  # day, DBH in cm, height in m


def since_last(
    estimator: RegistryEstimator, earlier: Visit | None, tree: SinkInput, measured_on: str | None
) -> dict[str, Any] | None:
    """The change as the card has it; None when the tree was not measured on an earlier day."""
    if earlier is None or not measured_on or tree.dbh_cm is None:
        return None
    day, dbh_cm, height_m = earlier
    years = years_between(dt.date.fromisoformat(day), dt.date.fromisoformat(measured_on))
    if years <= 0:
        return None
    before = replace(tree, dbh_cm=dbh_cm, height_m=height_m)
    change = stock_change(estimator, [Remeasured(before, tree)], years)
    error = change.refused[0] if change.refused else ""
    value, half = change.change_kg, change.half_width_kg
    kilograms = {
        "change_co2e_kg": value,
        "change_low_kg": value - half,
        "change_high_kg": value + half,
        "measurement_half_width_kg": change.random_half_width_kg,
        "equation_half_width_kg": change.correlated_half_width_kg,
    }
    return {
        "from": day,
        "to": measured_on,
        "years": round(years, DECIMALS),
        "dbh_from_cm": dbh_cm,
        "dbh_to_cm": tree.dbh_cm,
        "height_from_m": height_m,
        "height_to_m": tree.height_m,
        **{name: None if error else round(kg, DECIMALS) for name, kg in kilograms.items()},
        "flags": ["provisional"],
        "findings": [finding.code for finding in change.findings],
        "error": error,
    }
