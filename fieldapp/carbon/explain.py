"""Explains one number: inputs, equation, coefficients, source, range, each step with its unit, version and a checksum.

The same card serves window, paper and `fieldapp explain --json`; a second implementation that follows the
steps arrives at the same digits. The checksum is SHA-256 over the canonical JSON of everything but sentences.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from fieldapp.carbon import modelled
from fieldapp.carbon.calculation import SIGNIFICANT_DIGITS, TAKEN_DIGITS
from fieldapp.carbon.doubts import Doubts
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.forked import explained_stems, sums_of
from fieldapp.carbon.height_curve import HeightCurve
from fieldapp.carbon.kept_curve import FROM_CURVE, OUTSIDE, read_curve
from fieldapp.carbon.kept_curve import as_dict as curve_as_dict
from fieldapp.carbon.limits import FIELDS
from fieldapp.carbon.rounding import DECIMALS, rounded
from fieldapp.carbon.routes import Route
from fieldapp.carbon.since import Visit, since_last
from fieldapp.carbon.sources import described, factors_of
from fieldapp.carbon.step import Step
from fieldapp.carbon.steps import steps_of
from fieldapp.domain import programme
from fieldapp.domain.current import COUNTED_STATES
from fieldapp.domain.records import Parcel, Tree
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.domain.stems import stem_diameters

SENTENCES = ("checksum", "reason")
Provenance = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A tree's number with everything that led to it; `reason` is a catalogue key with parameters."""

    inputs: dict[str, Any]
    equation: dict[str, Any] | None
    factors: list[dict[str, Any]]
    steps: tuple[Step, ...]
    sink: Sink
    modelled: dict[str, Any] | None
    reason: str
    reason_params: dict[str, Any]
    method: dict[str, str]
    change: dict[str, Any] | None = None
    height_curve: dict[str, Any] | None = None
    stems: tuple[Explanation, ...] = ()  # of a tree that forks: each has its own equation and steps

    def as_dict(self, reason: str = "") -> dict[str, Any]:
        """The JSON of `fieldapp explain`; `reason` is the sentence in the language of the reader."""
        sink = self.sink
        card = {
            "inputs": self.inputs,
            "equation": self.equation,
            "factors": self.factors,
            "steps": [step.as_dict() for step in self.steps],
            "agb_kg": rounded(sink.agb_kg),
            "bgb_kg": rounded(sink.bgb_kg),
            "carbon_kg": rounded(sink.carbon_kg),
            "co2e_kg": rounded(sink.co2e_kg),
            "co2e_low_kg": rounded(sink.co2e_low_kg),
            "co2e_high_kg": rounded(sink.co2e_high_kg),
            "modelled_yearly": self.modelled,
            "status": sink.status,
            "flags": list(sink.flags),
            "rounding": {
                "decimals": DECIMALS,
                "rule": "half to even; a step with a grid goes to its nearest multiple first",
                "printed_significant_digits": SIGNIFICANT_DIGITS,
                "calculation_significant_digits": TAKEN_DIGITS,
            },
            "discount": {"applied": False, "rule": "AR-TOOL14 Appendix 2, in reports only"},
            "method_version": sink.method_version,
            "method": self.method,
            "error": sink.error,
            "error_field": FIELDS.get(sink.error, ""),
        }
        if self.change is not None:  # only then, so that the checksum of a card printed before still holds
            card["change_since_last"] = self.change
        if self.height_curve is not None:
            card["height_curve"] = self.height_curve
        if self.stems:
            card["stems"] = [_of_stem(stem.as_dict()) for stem in self.stems]
        return card | {"reason": reason, "checksum": checksum(card)}


def checksum(card: Mapping[str, Any]) -> str:
    """SHA-256 over the card as JSON with sorted keys, without spaces, in UTF-8; sentences are left out."""
    plain = {key: value for key, value in card.items() if key not in SENTENCES}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _of_stem(card: dict[str, Any]) -> dict[str, Any]:
    """What differs from stem to stem."""
    names = ("equation", "factors", "steps", "agb_kg", "bgb_kg", "carbon_kg", "co2e_kg", "co2e_low_kg", "co2e_high_kg")
    return {"dbh_cm": card["inputs"]["dbh_cm"]} | {name: card[name] for name in (*names, "flags", "error")}


def of_record(
    tree: Tree,
    parcel: Parcel | None,
    dbh_cm: float | None,
    height_m: float | None,
    measured: tuple[str | None, str | None],
    stems: str | None = None,
) -> tuple[SinkInput, dict[str, str | int]]:
    """What is asked about a recorded tree, and its provenance; `measured` says by whom and on which day."""
    species = tree.species or (parcel.species if parcel else None) or ""
    equation, curve = (parcel.equation_id, parcel.height_curve) if parcel else (None, None)
    planted = tree.planting_year or (parcel.planting_year if parcel else None)
    by, on = measured
    known = {"tag": tree.tag, "measured_by": by, "measured_on": on, "planting_year": planted, "stems": stems}
    known |= {"state": tree.state if tree.state not in COUNTED_STATES else None}  # dead, felled: not counted
    known |= {"equation_reason": parcel.equation_reason if parcel and equation else None}
    provenance = {name: value for name, value in known.items() if value}
    return SinkInput(species, dbh_cm, height_m, None, equation or None, curve or None, stems or None), provenance


def explain(
    estimator: RegistryEstimator,
    tree: SinkInput,
    provenance: Provenance | None = None,
    earlier: Visit | None = None,
) -> Explanation:
    """The card of one tree; `provenance` says which it is, who measured it, when, and when it was planted."""
    stems = explained_stems(lambda stem: explain(estimator, stem), tree)
    registry = estimator.registry
    sink = estimator.estimate(tree)
    first = replace(tree, dbh_cm=stem_diameters(tree.stems)[0], stems=None) if stems else tree
    plan = estimator.plan(first)
    filled, _how = estimator.with_height(first)
    curve = read_curve(tree.height_curve or "") if FROM_CURVE in sink.flags else None
    species = registry.species(tree.species) if tree.species else None
    if not sink.error:
        asked = Doubts(registry, programme.load()).of(tree, modelled.age_of(provenance or {}))
        sink = replace(sink, flags=(*sink.flags, *asked))
    forked = {"stems": tree.stems} if tree.stems else {}
    inputs: dict[str, Any] = {
        "species": species.id if species else tree.species,
        "species_chinese": species.chinese if species else "",
        "species_latin": species.latin if species else "",
        "dbh_cm": finite(tree.dbh_cm),
        "height_m": finite(tree.height_m),
        "wood_density": finite(tree.wood_density),
        "equation": tree.equation_id,
    } | {**forked, **(provenance or {})}
    choice, route = plan.choice, plan.route
    method = {"version": registry.version, "dated": registry.about.get("dated", ""), "sha256": registry.checksum}
    return Explanation(
        inputs=inputs,
        equation=None if choice is None else described(registry, choice.equation, route, first.dbh_cm),
        factors=[]
        if route is None or sink.error
        else factors_of(registry, route, filled if curve is not None else first),
        steps=sums_of(stems) if stems else steps_of(registry, plan, filled, sink, curve),
        sink=sink,
        modelled=modelled.as_dict(estimator, tree, inputs),
        reason=choice.reason if choice else "",
        reason_params=choice.params if choice else {},
        method=method,
        change=since_last(estimator, earlier, tree, inputs.get("measured_on")),
        height_curve=None if curve is None or route is None else _from_curve(estimator, curve, filled, sink, route),
        stems=stems,
    )


def _from_curve(
    estimator: RegistryEstimator, curve: HeightCurve, filled: SinkInput, sink: Sink, route: Route
) -> dict[str, Any]:
    """The curve with the height that it gave, and what the tree would have without it."""
    bare = estimator.estimate(replace(filled, height_m=None, height_curve=None))
    without = {
        "equation": bare.equation_id,
        "co2e_kg": rounded(bare.co2e_kg),
        "co2e_low_kg": rounded(bare.co2e_low_kg),
        "co2e_high_kg": rounded(bare.co2e_high_kg),
        "error": bare.error,
    }
    found = {
        "height_m": rounded(filled.height_m),
        "height_error_m": route.errors.height_sd_m,
        "extrapolated": OUTSIDE in sink.flags,
    }
    return curve_as_dict(curve) | found | {"without_curve": without}


def finite(value: float | None) -> float | None:
    """JSON knows no infinity: what is not a number was refused already."""
    return value if value is not None and isfinite(value) else None
