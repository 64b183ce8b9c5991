"""What changed in one tree since the visit before: always an estimate with its range, never a fact."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.growth import Remeasured, stems_changed, stock_change, years_between
from fieldapp.carbon.rounding import DECIMALS
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import stem_diameters

Visit = tuple[str, float, float | None, str | None]  # day, DBH in cm, height in m, stems as measured
STEMS_CHANGED = "stems_changed"


def since_last(
    estimator: RegistryEstimator, earlier: Visit | None, tree: SinkInput, measured_on: str | None
) -> dict[str, Any] | None:
    """The change as the card has it; None when the tree was not measured on an earlier day."""
    if earlier is None or not measured_on or tree.dbh_cm is None:
        return None
    day, dbh_cm, height_m, stems = earlier
    years = years_between(dt.date.fromisoformat(day), dt.date.fromisoformat(measured_on))
    if years <= 0:
        return None
    both = Remeasured(replace(tree, dbh_cm=dbh_cm, height_m=height_m, stems=stems), tree)
    change = stock_change(estimator, [both], years)
    forked = any(stem_diameters(text) for text in (stems, tree.stems))
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
        **({"stems_from": stems, "stems_to": tree.stems} if forked else {}),
        "height_from_m": height_m,
        "height_to_m": tree.height_m,
        **{name: None if error else round(kg, DECIMALS) for name, kg in kilograms.items()},
        "flags": ["provisional"],
        "findings": [finding.code for finding in change.findings] + [STEMS_CHANGED] * stems_changed(both),
        "error": error,
    }
