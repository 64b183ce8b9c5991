"""Headings as people write them: no measured column is passed over, none is taken in a unit that it does not name."""

from __future__ import annotations

import pytest

from fieldapp import i18n
from fieldapp.carbon.headings import places_of
from fieldapp.errors import ItemError


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("树高（米）", "height_m"),
        ("Height (m)", "height_m"),
        ("树高/m", "height_m"),
        ("胸径（厘米）", "dbh_cm"),
        ("DBH (cm)", "dbh_cm"),
        ("胸径 cm", "dbh_cm"),
        ("胸围", "girth_cm"),
        ("age_years", "age"),
        ("树龄（年）", "age"),
        ("wood density (g/cm3)", "wood_density"),
    ],
)
def test_a_unit_is_read_however_it_is_written(heading: str, column: str) -> None:
    assert places_of(["tag", heading])[column] == 1


@pytest.mark.parametrize("heading", ["height", "height_cm", "树高(cm)", "dbh_mm", "胸径（毫米）", "木材密度 kg/m³"])
def test_a_measured_column_in_another_unit_is_not_passed_over(heading: str) -> None:
    with pytest.raises(ItemError) as caught:
        places_of(["species", heading])
    assert caught.value.code == "estimate_column_unit"
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        assert heading in i18n.t("error.estimate_column_unit.message", **caught.value.params)


def test_another_unit_beside_the_right_one_does_not_matter() -> None:
    assert places_of(["dbh_mm", "dbh_cm"])["dbh_cm"] == 1


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(ItemError) as caught:
        places_of(["species", "胸径", "dbh_cm"])
    assert (caught.value.code, caught.value.params) == ("estimate_columns_alike", {"names": "胸径, dbh_cm"})
