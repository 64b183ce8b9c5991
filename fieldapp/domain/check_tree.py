"""What diameter and height of a tree say about each other, its age, its species and the programme."""

from __future__ import annotations

import datetime as dt
import math

from fieldapp.domain.programme import Programme
from fieldapp.errors import Finding, Severity

_TALLEST_M = 60  # more than this was typed in decimetres or centimetres


def check_measurement(
    dbh_cm: float | None,
    height_m: float | None,
    programme: Programme,
    *,
    species: str | None = None,
    age_years: int | None = None,
    last_dbh_cm: float | None = None,
) -> list[Finding]:
    """Findings of one diameter (at 1.3 m, cm) and height (m); empty ones are still missing."""
    findings = _dbh_findings(dbh_cm, height_m, programme, species, age_years)
    shrunk_cm = last_dbh_cm - dbh_cm if dbh_cm is not None and last_dbh_cm is not None else 0.0
    if round(shrunk_cm, 6) > programme.number("shrink_tolerance_cm"):  # 6.4 - 6.1 is 0.3, not more
        findings.append(Finding("dbh_shrunk", Severity.AMBER, "dbh_cm", {"last": f"{last_dbh_cm:g}"}))
    return findings + _height_findings(dbh_cm, height_m, programme, girth=any(f.code == "dbh_girth" for f in findings))


def age_when_measured(planting_year: int | None, measured_on: str | None, today: dt.date) -> int | None:
    """A tree's age in years on the day of its measurement, today's without one: what was right then stays right."""
    if planting_year is None:
        return None
    return int(measured_on[:4] if measured_on else today.year) - planting_year


def likely_girth(
    dbh_cm: float,
    height_m: float | None,
    programme: Programme,
    species: str | None = None,
    age_years: int | None = None,
) -> bool:
    """Whether a diameter looks like a girth: too thick for what is known of the tree, and right once divided by pi.

    What is known is, in this order: the age, the height, or else only the programme's range.
    """
    low, high = programme.dbh_range_cm
    from_girth_cm = dbh_cm / math.pi
    if dbh_cm <= high or from_girth_cm < low / 2:
        return False
    if too_thick(dbh_cm, programme, species, age_years):
        return not too_thick(from_girth_cm, programme, species, age_years)
    if height_m is not None:
        stout = height_m * 100 / dbh_cm < programme.number("girth_ratio_max")
        return stout and height_m * 100 / from_girth_cm <= programme.number("height_ratio_max")
    return age_years is None and low <= from_girth_cm <= 2 * high


def _dbh_findings(
    dbh_cm: float | None, height_m: float | None, programme: Programme, species: str | None, age_years: int | None
) -> list[Finding]:
    if dbh_cm is None:
        # whoever measured the height stood before the tree
        return [Finding("dbh_missing", Severity.GREY if height_m is None else Severity.AMBER, "dbh_cm")]
    if dbh_cm <= 0:
        return [Finding("dbh_negative" if dbh_cm < 0 else "dbh_zero", Severity.RED, "dbh_cm")]
    low, high = programme.dbh_range_cm
    limit_cm = programme.number("dbh_limit_cm")
    if dbh_cm > limit_cm:
        return [Finding("dbh_impossible", Severity.RED, "dbh_cm", {"limit": f"{limit_cm:g}"})]
    found = _point_left_out(dbh_cm, low, high)  # before the girth: what it proposes fits the programme
    if likely_girth(dbh_cm, height_m, programme, species, age_years):
        likely = f"{dbh_cm / math.pi:.1f}"
        params = {"likely": likely, "girth": f"{dbh_cm:g}"}
        found.append(Finding("dbh_girth", Severity.AMBER, "dbh_cm", params, suggestion=likely))
    if found or low <= dbh_cm <= high:
        return found
    if too_thick(dbh_cm, programme, species, age_years):
        largest = f"{programme.largest_dbh_cm(species, age_years or 0):g}"
        return [Finding("dbh_age", Severity.AMBER, "dbh_cm", {"age": age_years, "largest": largest})]
    return [Finding("dbh_range", Severity.AMBER, "dbh_cm", {"low": f"{low:g}", "high": f"{high:g}"})]


def too_thick(dbh_cm: float, programme: Programme, species: str | None, age_years: int | None) -> bool:
    """Whether no tree of this age is believed to be so thick."""
    return age_years is not None and age_years >= 1 and dbh_cm > programme.largest_dbh_cm(species, age_years)


def _point_left_out(dbh_cm: float, low: float, high: float) -> list[Finding]:
    """62 for 6.2."""
    if dbh_cm < 50 or dbh_cm != int(dbh_cm) or not low <= dbh_cm / 10 <= high:
        return []
    likely = f"{dbh_cm / 10:g}"
    return [Finding("dbh_point", Severity.AMBER, "dbh_cm", {"likely": likely}, suggestion=likely)]


def _height_findings(
    dbh_cm: float | None, height_m: float | None, programme: Programme, *, girth: bool
) -> list[Finding]:
    if height_m is None:
        return [Finding("height_missing", Severity.GREY, "height_m")]
    if height_m <= 0:
        return [Finding("height_negative" if height_m < 0 else "height_zero", Severity.RED, "height_m")]
    if height_m > _TALLEST_M:
        return [_too_tall(height_m, programme.number("height_limit_m"))]
    if dbh_cm is None or dbh_cm <= 0 or girth:
        return []
    ratio = height_m * 100 / dbh_cm
    if programme.number("height_ratio_min") <= ratio <= programme.number("height_ratio_max"):
        return []
    return [Finding("height_ratio", Severity.AMBER, "height_m", {"ratio": f"{ratio:.0f}"})]


def _too_tall(height_m: float, limit_m: float) -> Finding:
    """What was probably meant; red beyond the tallest tree there is."""
    severity = Severity.RED if height_m > limit_m else Severity.AMBER
    likely_m = height_m / (100 if height_m >= 200 else 10)
    if likely_m > _TALLEST_M:
        return Finding("height_impossible", severity, "height_m", {"limit": f"{limit_m:g}"})
    return Finding("height_unit", severity, "height_m", {"likely": f"{likely_m:g}"}, suggestion=f"{likely_m:g}")
