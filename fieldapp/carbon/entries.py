"""What stands in a methodology registry: one frozen record per row of its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from fieldapp.carbon.exact import CONTEXT, decimal, snap
from fieldapp.carbon.forms import FORMS, least_diameter
from fieldapp.carbon.models import Model
from fieldapp.errors import ItemError


class Status(StrEnum):
    """How far a number can be trusted; the order is from best to worst."""

    VERIFIED = "verified"  # read in the standard or paper, or in two sources that agree
    DECISION = "decision"  # set by this project or office, with a written reason
    TRANSCRIBED = "transcribed"  # one secondary source
    MEMORY = "memory"  # not found in a text: only with a switch, and marked on every output

    @property
    def rank(self) -> int:
        """0 is best."""
        return list(Status).index(self)


@dataclass(frozen=True, slots=True)
class Species:
    """A species, or a name that a form may carry for a group of them."""

    id: str
    latin: str
    chinese: str
    pinyin_initials: str
    latin_synonyms: tuple[str, ...]
    chinese_synonyms: tuple[str, ...]
    family: str
    groups: tuple[str, ...]
    national_code: str
    national_code_status: str
    habit: str
    guizhou: str

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a person may call it, id and Latin name first."""
        return (self.id, self.latin, self.chinese, *self.latin_synonyms, *self.chinese_synonyms)


@dataclass(frozen=True)
class Equation:
    """One published equation, with coefficients and units exactly as published."""

    id: str
    allodb_id: str
    taxon: str
    level: str
    output: str
    form: str
    coefficients: dict[str, Decimal] = field(hash=False)
    inputs: tuple[str, ...]
    d_unit: str
    output_unit: str
    d_min_cm: float | None
    d_max_cm: float | None
    h_min_m: float | None
    h_max_m: float | None
    n: int | None
    r2: float | None
    log_bias: str
    log_bias_factor: float | None
    place: str
    place_class: str
    lat: float | None
    lon: float | None
    status: Status
    use: str
    partner: str
    reference: str
    locator: str
    transcribed_by: str
    checked_by: str
    note: str

    @cached_property
    def model(self) -> Model:
        """The equation ready to be used; coefficients beyond all arithmetic are an ItemError."""
        try:
            return FORMS[self.form](self.coefficients)
        except ArithmeticError as error:
            raise ItemError(
                "methodology_unreadable", file="equations.csv", line=self.id, column="coefficients"
            ) from error

    @property
    def needs_height(self) -> bool:
        """Whether it cannot do without a height."""
        return "H" in self.inputs

    @property
    def needs_density(self) -> bool:
        """Whether it cannot do without a wood density."""
        return "rho" in self.inputs

    @cached_property
    def least_d_cm(self) -> float:
        """The diameter down to which it was never meant to go: from there down it gives nothing, or more for less."""
        return least_diameter(self.form, self.coefficients)

    def covers_d(self, d_cm: float) -> bool:
        """Whether the diameter lies in the published range; an unknown range covers everything."""
        return (self.d_min_cm is None or d_cm >= self.d_min_cm) and (self.d_max_cm is None or d_cm <= self.d_max_cm)

    def covers_h(self, h_m: float | None) -> bool:
        """The same for height, when the equation uses it."""
        if h_m is None or not self.needs_height:
            return True
        return (self.h_min_m is None or h_m >= self.h_min_m) and (self.h_max_m is None or h_m <= self.h_max_m)

    @property
    def to_kg(self) -> float:
        """Factor from the published unit of a mass to kg; volumes stay in m3."""
        return 0.001 if self.output_unit == "g" else 1.0


@dataclass(frozen=True, slots=True)
class Density:
    """Basic wood density with its standard deviation."""

    species: str
    density_g_cm3: float
    sd_g_cm3: float
    basis: str
    status: Status
    reference: str
    note: str


@dataclass(frozen=True, slots=True)
class Factor:
    """A number that is no equation: a carbon fraction, a root-shoot ratio, an expansion factor, an uncertainty."""

    set: str
    taxon: str
    quantity: str
    value: Decimal
    unit: str
    status: Status
    reference: str
    note: str


@dataclass(frozen=True, slots=True)
class Curve:
    """How a diameter grew, for the modelled yearly value; forms: proportional, power (c), increment (a, cm a year)."""

    id: str
    taxon: str
    form: str
    coefficients: dict[str, Decimal]
    status: Status
    reference: str
    note: str

    def diameter_before(self, d_cm: float, age_years: float) -> float:
        """The diameter one year earlier; ValueError for a form that is not known."""
        if self.form == "proportional":
            return d_cm * (age_years - 1.0) / age_years
        if self.form == "increment":
            return max(0.0, d_cm - float(self.coefficients["a"]))
        if self.form == "power":
            power = self.coefficients["c"]
            share = (age_years - 1.0) / age_years
            raw = d_cm * share ** float(power)
            return snap(raw, lambda: CONTEXT.multiply(decimal(d_cm), CONTEXT.power(decimal(share), power)))
        raise ValueError(self.form)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a number was published."""

    id: str
    title: str
    authors: str
    year: str
    doi: str
    note: str


@dataclass(frozen=True, slots=True)
class WorkedValue:
    """A value computed elsewhere that the equation must reproduce."""

    equation: str
    d_cm: float
    h_m: float | None
    wood_density: float | None
    quantity: str
    value: float
    unit: str
    tolerance: float
    source: str
