"""What a tree can be computed with but somebody should look at: marks of a row, asked by the window's rules."""

from __future__ import annotations

from math import sqrt

from fieldapp.carbon.registry import Registry
from fieldapp.domain.check_tree import check_measurement, likely_girth, too_thick
from fieldapp.domain.programme import Programme
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import diameter_of_girth

GIRTH_DIFFERS = "girth_differs"
AGE_TOO_YOUNG = "age_too_young"
DBH_GIRTH = "dbh_girth"
DBH_AGE = "dbh_age"
_SELDOM_TALLER_M = 50.0  # from here on the window's rule decides


class Doubts:
    """The questions to a tree, by one methodology and one set of the programme's rules."""

    def __init__(self, registry: Registry, programme: Programme) -> None:
        self._registry = registry
        self._programme = programme
        self._largest_cm = programme.dbh_range_cm[1]
        self._slimmest, self._stoutest = (programme.number(f"height_ratio_{end}") for end in ("max", "min"))
        z, sd_cm = (registry.number("uncertainty", name) for name in ("z_90", "dbh_sd_cm"))
        self._differ_cm = z * sd_cm * sqrt(2.0)  # two measurements of one stem seldom differ by more

    def of(self, tree: SinkInput, age_years: float | None = None) -> tuple[str, ...]:
        """The marks of a tree's diameter and height."""
        if tree.dbh_cm is None or not self.may_be_odd(tree.dbh_cm, tree.height_m):
            return ()
        return self.asked(tree.species, tree.dbh_cm, tree.height_m, age_years)

    def asked(self, species: str, d_cm: float, h_m: float | None, age_years: float | None) -> tuple[str, ...]:
        """What the window would ask about a diameter and a height that may be odd."""
        age = None if age_years is None else int(age_years)
        name = species if age is None else self._name(species)
        if d_cm > self._largest_cm and likely_girth(d_cm, h_m, self._programme, name, age):
            return (DBH_GIRTH,)
        if too_thick(d_cm, self._programme, name, age):
            return (DBH_AGE,)
        if h_m is None or self._fits(d_cm, h_m):
            return ()
        found = check_measurement(d_cm, h_m, self._programme, species=name, age_years=age)
        return tuple(one.code for one in found if one.field == "height_m")

    def differ(self, dbh_cm: float, girth_cm: float) -> bool:
        """Whether a diameter and a girth of the same stem cannot both be right."""
        return not abs(dbh_cm - diameter_of_girth(girth_cm)) <= self._differ_cm

    def may_be_odd(self, d_cm: float, h_m: float | None) -> bool:
        """Quick, because nearly always false."""
        return d_cm > self._largest_cm or (h_m is not None and not self._fits(d_cm, h_m))

    def _fits(self, d_cm: float, h_m: float) -> bool:
        return self._stoutest * d_cm <= h_m * 100 <= self._slimmest * d_cm and h_m <= _SELDOM_TALLER_M

    def _name(self, typed: str) -> str:
        """The names by which the programme may know a fast-growing species."""
        species = self._registry.species(typed)
        return typed if species is None else f"{species.chinese} {species.latin}"
