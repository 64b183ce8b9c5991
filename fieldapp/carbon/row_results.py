"""One row of a table of trees as its result: the sink, and the modelled year where an age is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.kept_curve import as_dict, inferred, read_curve
from fieldapp.carbon.limits import FIELDS
from fieldapp.carbon.modelled import modelled_stems, modelled_yearly
from fieldapp.carbon.rounding import rounded
from fieldapp.carbon.table import Block
from fieldapp.carbon.words import error_sentence
from fieldapp.domain.sinks import Sink


def sink_and_year(estimator: RegistryEstimator, block: Block, place: int) -> tuple[Sink, float | None]:
    """The row's sink, and what its tree is modelled to bring in a year; then the sink is marked `modelled`."""
    sink = block.sink(place)
    if block.ages is None or sink.error:
        return sink, None
    tree, age, stems = block.tree(place), block.ages[place], block.stems.get(place)
    found = modelled_stems(estimator, tree, stems.diameters_cm, age) if stems else modelled_yearly(estimator, tree, age)
    if found.yearly_kg is None:
        return sink, None
    return replace(sink, flags=(*sink.flags, *found.flags)), found.yearly_kg


def curve_dict(block: Block, place: int) -> dict[str, Any]:
    """The height that a curve gave the row, with the curve, so that anybody can repeat it; nothing without a curve."""
    tree = block.tree(place)
    curve = read_curve(tree.height_curve) if tree.height_curve and tree.height_m is None else None
    found = inferred(curve, tree.dbh_cm) if curve is not None and tree.dbh_cm is not None else None
    return {} if curve is None or found is None else {"height_used_m": found[0], "height_curve": as_dict(curve)}


def result_dict(sink: Sink) -> dict[str, Any]:
    """A row's result in the JSON of `fieldapp estimate`."""
    return {
        "equation_id": sink.equation_id,
        "status": sink.status,
        "agb_kg": rounded(sink.agb_kg),
        "bgb_kg": rounded(sink.bgb_kg),
        "carbon_kg": rounded(sink.carbon_kg),
        "co2e_kg": rounded(sink.co2e_kg),
        "co2e_low_kg": rounded(sink.co2e_low_kg),
        "co2e_high_kg": rounded(sink.co2e_high_kg),
        "flags": list(sink.flags),
        "method_version": sink.method_version,
        "error": error_sentence(sink.error),
        "error_code": sink.error,
        "error_field": FIELDS.get(sink.error, ""),
    }
