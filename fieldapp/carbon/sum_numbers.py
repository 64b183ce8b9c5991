"""The numbers of a sum, with every step from them to its range: what its card words, its JSON and its checksum hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from fieldapp.carbon.calculation import taken
from fieldapp.carbon.explain import checksum
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.rounding import rounded
from fieldapp.carbon.two_numbers import platform_value
from fieldapp.carbon.words import equation_names
from fieldapp.domain.programme import Programme
from fieldapp.domain.totals import Total

_MAX_TERMS = 12  # more would not be read
_LEAST_SHARE = 1e-6  # of 15 digits 8 are left to print


class Contribution(Protocol):
    """What storage knows of one equation's part in a sum."""

    @property
    def equation_id(self) -> str:
        """Whose part it is."""

    @property
    def method_version(self) -> str:
        """The version that computed it."""

    @property
    def status(self) -> str:
        """How well the equation is proven."""

    @property
    def n(self) -> int:
        """Trees with a result."""

    @property
    def co2e_kg(self) -> float:
        """Their stock."""

    @property
    def extrapolated(self) -> int:
        """Of them, those outside the equation's range."""

    @property
    def from_curve(self) -> int:
        """Of them, those whose height a curve gave."""


@dataclass(frozen=True, slots=True)
class SumPart:
    """What one equation gives to a sum."""

    equation_id: str
    method_version: str
    status: str
    trees: int
    co2e_kg: float
    name: str = ""
    extrapolated: int = 0  # of its trees
    from_curve: int = 0  # of its trees, those whose height is from a parcel's curve


@dataclass(frozen=True, slots=True)
class Sum:
    """Trees together; `counted` are those alive; `of` says whose: record, id, village_code. Only a household has
    a quota: a parcel has none of its own, and a village's is not the quota of its land together. `doubtful` are in
    the total with a diameter or height that cannot well be right."""

    counted: int
    total: Total
    parts: tuple[SumPart, ...]
    area_mu: float | None
    has_quota: bool = True
    of: Mapping[str, str] = field(default_factory=dict)
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class SumStep:
    """One step in kg; `source` names the error that trees share where it is the half-width of one."""

    name: str
    symbol: str
    formula: str
    calculation: str
    value: float
    source: str = ""
    unit: str = "kg"


def parts_of(found: Iterable[Contribution], registry: Registry | None) -> tuple[SumPart, ...]:
    """The parts of a sum with the names of their equations in the language in force."""

    def named(equation_id: str) -> str:
        return equation_names(registry, equation_id) if registry is not None else ""

    return tuple(
        SumPart(
            *(p.equation_id, p.method_version, p.status, p.n, p.co2e_kg, named(p.equation_id)),
            extrapolated=p.extrapolated,
            from_curve=p.from_curve,
        )
        for p in found
    )


def identity(record: str, record_id: bytes | None, village_code: str) -> dict[str, str]:
    """Whose sum it is, without a name: in the card's numbers, so that its checksum is of no other's."""
    own = {"id": record_id.hex()} if record_id is not None else {}
    return {"record": record, **own, "village_code": village_code}


def as_dict(asked: Sum, programme: Programme) -> dict[str, Any]:
    """The card's numbers; their checksum is taken over them."""
    total, platform = asked.total, platform_value(programme, asked.counted)
    return {
        "of": dict(asked.of),
        "trees": asked.counted,
        "trees_with_result": total.trees,
        "trees_doubtful": asked.doubtful,
        "parts": [_part(part) for part in asked.parts],
        "steps": [_step(step) for step in steps_of_sum(total, asked.parts)] if total.trees else [],
        "co2e_kg": rounded(total.co2e_kg),
        "co2e_low_kg": rounded(total.low_kg),
        "co2e_high_kg": rounded(total.high_kg),
        "random_half_width_kg": rounded(total.random_half_width_kg),
        "shared_half_width_kg": {source: rounded(half) for source, half in sorted(total.shared_half_kg.items())},
        "area_mu": asked.area_mu,
        "quota": programme.quota(asked.area_mu) if asked.has_quota else None,
        "platform_kg_per_year": rounded(platform.co2e_kg),
        "platform_yuan_per_year": rounded(platform.yuan),
        "programme": programme.version,
        "method_versions": sorted({part.method_version for part in asked.parts}),
    }


def sum_json(asked: Sum, programme: Programme) -> str:
    """The card as `fieldapp explain --json` prints it, byte for byte."""
    card = as_dict(asked, programme)
    return json.dumps(card | {"checksum": checksum(card)}, ensure_ascii=False, indent=2)


def _part(part: SumPart) -> dict[str, Any]:
    return {
        "equation_id": part.equation_id,
        "method_version": part.method_version,
        "status": part.status,
        "trees": part.trees,
        "co2e_kg": rounded(part.co2e_kg),
        "extrapolated": part.extrapolated,
        "from_curve": part.from_curve,
    }


def _step(step: SumStep) -> dict[str, Any]:
    return {
        "name": f"{step.name} {step.source}".strip(),
        "symbol": step.symbol,
        "formula": step.formula,
        "calculation": step.calculation,
        "value": rounded(step.value),
        "unit": step.unit,
    }


def steps_of_sum(total: Total, found: Sequence[SumPart]) -> tuple[SumStep, ...]:
    """From what each equation gives to the sum and its range; a pocket calculator can repeat them."""
    shared = sorted(total.shared_half_kg.items())
    names = [f"B_{_letter(place)}" for place in range(len(shared))]
    half, whole = taken(total.half_width_kg), taken(total.co2e_kg)
    random, both = taken(total.random_half_width_kg), taken(total.correlated_half_width_kg)
    squares = " + ".join(f"{taken(kg)}^2" for _source, kg in shared)
    is_above_zero = total.low_kg > 0
    return (
        SumStep("sum", "CO2", "Σ", " + ".join(taken(part.co2e_kg) for part in found), total.co2e_kg),
        *(
            SumStep("shared_by", name, *_shared_by(total, source), kg, source)
            for name, (source, kg) in zip(names, shared, strict=True)
        ),
        SumStep(
            "shared",
            "B",
            f"√({' + '.join(f'{name}²' for name in names)})",
            f"√({squares})" if shared else "0",
            total.correlated_half_width_kg,
        ),
        SumStep("random", "A", "√(ΣU_i² − ΣB_i²)", _random(total), total.random_half_width_kg),
        SumStep("half", "U", "√(A² + B²)", f"√({random}^2 + {both}^2)", total.half_width_kg),
        SumStep(
            *("low", "CO2_low", "CO2 − U" if is_above_zero else "0", f"{whole} - {half}" if is_above_zero else "0"),
            total.low_kg,
        ),
        SumStep("high", "CO2_high", "CO2 + U", f"{whole} + {half}", total.high_kg),
    )


def _shared_by(total: Total, source: str) -> tuple[str, str]:
    """Formula and calculation of an error that trees share: so much of so many kg; of many kinds of trees the sum."""
    terms = sorted(total.shared_terms.get(source, {}).items())
    if not terms or len(terms) > _MAX_TERMS:
        return "", taken(total.shared_half_kg[source])
    return "Σ U_b × CO2", " + ".join(f"{taken(half)} × {taken(kg)}" for half, kg in terms)


def _random(total: Total) -> str:
    """The trees' squared half-widths less what is shared in them; the root alone where digits would cancel out."""
    shared = total.tree_half_squared - total.random_half_squared
    if (
        shared < 0
        or total.random_half_squared < total.tree_half_squared * _LEAST_SHARE
        or not total.random_half_squared
    ):
        return taken(total.random_half_width_kg)
    return f"√({taken(total.tree_half_squared)} - {taken(shared)})"


def _letter(place: int) -> str:
    """a, b … z, aa, ab …: names for the sources of shared errors."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    head, tail = divmod(place, len(alphabet))
    return (_letter(head - 1) if head else "") + alphabet[tail]
