"""What a tree can be computed with but somebody should look at: marks of a row, asked by the window's rules."""

from __future__ import annotations

from math import sqrt

from fieldapp.carbon.registry import Registry
from fieldapp.carbon.stems import diameter_of_girth
from fieldapp.domain.check_tree import check_measurement
from fieldapp.domain.programme import Programme
from fieldapp.domain.sinks import SinkInput

GIRTH_DIFFERS = "girth_differs"
AGE_TOO_YOUNG = "age_too_young"
MODELLED_FLAG = "modelled"
_ASKED = ("dbh_girth", "height_ratio", "height_unit")  # of the window's questions those about a slip of the hand


class Doubts:
    """The questions to a tree, by one methodology and one set of the programme's rules."""

    def __init__(self, registry: Registry, programme: Programme) -> None:
        self._registry = registry
        self._programme = programme
        self._largest_cm = programme.dbh_range_cm[1]
        self._slimmest, self._stoutest = (programme.number(f"height_ratio_{end}") for end in ("max", "min"))
        z, sd_cm = (registry.number("uncertainty", name) for name in ("z_90", "dbh_sd_cm"))
        self._differ_cm = z * sd_cm * sqrt(2.0)  # two measurements of one stem seldom differ by more

    def of(self, tree: SinkInput, age_years: float | None = None, *, from_girth: bool = False) -> tuple[str, ...]:
        """The marks of a tree's diameter and height; a diameter that came from a girth is none itself."""
        d_cm, h_m = tree.dbh_cm, tree.height_m
        if d_cm is None or not self.may_be_odd(d_cm, h_m):
            return ()
        species = self._registry.species(tree.species)
        name = tree.species if species is None else f"{species.chinese} {species.latin}"
        age = None if age_years is None else int(age_years)
        found = [one.code for one in check_measurement(d_cm, h_m, self._programme, species=name, age_years=age)]
        return tuple(code for code in found if code in _ASKED and not (from_girth and code == "dbh_girth"))

    def differ(self, dbh_cm: float, girth_cm: float) -> bool:
        """Whether a diameter and a girth of the same stem cannot both be right."""
        return not abs(dbh_cm - diameter_of_girth(girth_cm)) <= self._differ_cm

    def may_be_odd(self, d_cm: float, h_m: float | None) -> bool:
        """Quick, because nearly always false."""
        if d_cm > self._largest_cm:
            return True
        return h_m is not None and not self._stoutest * d_cm <= h_m * 100 <= self._slimmest * d_cm
