"""What a tree's numbers must be to be computed with; outside, the row is refused with a code that names the field."""

from __future__ import annotations

from math import isfinite, isnan, pi

# far beyond any tree of the programme; 300 cm is more than the thickest ginkgo stems but one, and 400 is a slip
MAX_DBH_CM = 300.0
MAX_HEIGHT_M = 100.0
MAX_AGE_YEARS = 5_000.0  # older than any tree that was ever counted
BREAST_HEIGHT_M = 1.3
MIN_DENSITY = 0.05
MAX_DENSITY = 1.5

# code -> the field it is about
FIELDS = {
    "carbon_species_missing": "species",
    "carbon_species_unknown": "species",
    "carbon_species_ambiguous": "species",
    "carbon_species_of_genus": "species",
    "carbon_species_changed": "species",
    "carbon_tree_twice": "",
    "carbon_tree_nameless": "",
    "carbon_bamboo": "species",
    "carbon_no_equation": "species",
    "carbon_dbh_missing": "dbh_cm",
    "carbon_dbh_not_a_number": "dbh_cm",
    "carbon_dbh_not_positive": "dbh_cm",
    "carbon_dbh_too_large": "dbh_cm",
    "carbon_forked_compare": "dbh_cm",
    "carbon_girth_not_a_number": "girth_cm",
    "carbon_girth_not_positive": "girth_cm",
    "carbon_girth_too_large": "girth_cm",
    "carbon_height_not_a_number": "height_m",
    "carbon_height_too_low": "height_m",
    "carbon_height_too_large": "height_m",
    "carbon_density_not_a_number": "wood_density",
    "carbon_density_out_of_range": "wood_density",
    "carbon_equation_unknown": "equation",
    "carbon_equation_is_part": "equation",
    "carbon_equation_memory": "equation",
    "carbon_equation_needs_height": "height_m",
    "carbon_equation_needs_density": "wood_density",
    "carbon_equation_gives_nothing": "equation",
    "carbon_no_factors": "equation",
    "carbon_age_not_a_number": "age",
    "carbon_age_negative": "age",
    "carbon_age_too_large": "age",
    "carbon_age_missing": "age",
    "carbon_age_too_young": "age",
    "carbon_no_curve": "species",
    "table_cells": "",  # the whole row
    "table_long": "",
    "table_quote": "",
}


def refused_numbers(dbh_cm: float | None, height_m: float | None, density: float | None) -> str:
    """ "" or the code that says which number cannot be."""
    return refused_dbh(dbh_cm) or refused_height(height_m) or refused_density(density)


def refused_dbh(dbh_cm: float | None) -> str:
    """ "" or why this diameter cannot be computed with."""
    if dbh_cm is None:
        return "carbon_dbh_missing"
    if not isfinite(dbh_cm):
        return "carbon_dbh_not_a_number"
    if dbh_cm <= 0:
        return "carbon_dbh_not_positive"
    return "carbon_dbh_too_large" if dbh_cm > MAX_DBH_CM else ""


def refused_girth(girth_cm: float) -> str:
    """ "" or why no diameter follows from this girth."""
    if not isfinite(girth_cm):
        return "carbon_girth_not_a_number"
    if girth_cm <= 0:
        return "carbon_girth_not_positive"
    return "carbon_girth_too_large" if girth_cm > MAX_DBH_CM * pi else ""


def refused_height(height_m: float | None) -> str:
    """ "" or why this height cannot be; a tree with a DBH is taller than 1.3 m."""
    if height_m is None:
        return ""
    if not isfinite(height_m):
        return "carbon_height_not_a_number"
    if height_m <= BREAST_HEIGHT_M:
        return "carbon_height_too_low"
    return "carbon_height_too_large" if height_m > MAX_HEIGHT_M else ""


def refused_density(density: float | None) -> str:
    """ "" or why no wood has this density (g/cm3)."""
    if density is None:
        return ""
    if not isfinite(density):
        return "carbon_density_not_a_number"
    return "" if MIN_DENSITY <= density <= MAX_DENSITY else "carbon_density_out_of_range"


def refused_age(age_years: float) -> str:
    """ "" or why no tree has this age."""
    if isnan(age_years):
        return "carbon_age_not_a_number"
    if age_years < 0:
        return "carbon_age_negative"
    return "carbon_age_too_large" if age_years > MAX_AGE_YEARS else ""
