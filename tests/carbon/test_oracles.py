"""Values computed by others: published tables, R packages, printed worked values."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput

FIR = "cunninghamia_lanceolata-lyt2264-agb"


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.mark.parametrize(
    ("d", "h", "agb", "bgb", "carbon"),
    [
        (2.093, 2.2, 0.765, 0.145, 0.453),
        (5.134, 4.787, 3.844, 0.854, 2.340),
        (7.197, 8.826, 10.283, 1.868, 6.056),
        (9.043, 11.333, 18.444, 3.233, 10.805),
        (10.347, 12.6, 25.501, 4.488, 14.948),
    ],
)
def test_fir_of_the_standard(
    estimator: RegistryEstimator, d: float, h: float, agb: float, bgb: float, carbon: float
) -> None:
    sink = estimator.estimate(SinkInput("杉木", d, h))
    assert sink.equation_id == FIR
    assert sink.agb_kg == pytest.approx(agb, abs=0.003)
    assert sink.bgb_kg == pytest.approx(bgb, abs=0.003)
    assert sink.carbon_kg == pytest.approx(carbon, abs=0.003)
    assert sink.co2e_kg == pytest.approx(sink.carbon_kg * 44 / 12)


@pytest.mark.parametrize(
    ("group", "volume"),
    [
        ("cunninghamia_lanceolata", "0.24896"),
        ("pinus_massoniana", "0.24046"),
        ("pinus_yunnanensis", "0.25536"),
        ("pinus_armandii", "0.24800"),
        ("cypress", "0.22956"),
        ("softwood", "0.23497"),
        ("hardwood", "0.23287"),
    ],
)
def test_guizhou_volumes_to_five_digits(shipped: Registry, group: str, volume: str) -> None:
    found = shipped.equations[f"{group}-volume-guizhou"].model.column([20.0], [15.0], [])[0]
    assert f"{found:.5f}" == volume


def test_chave_equation_4(shared_data: Path, estimator: RegistryEstimator) -> None:
    rows = _rows(shared_data / "allometry" / "chave2014_biomass.csv")
    assert len(rows) >= 49
    for row in rows:
        tree = SinkInput(
            f"{row['genus']} {row['species']}",
            float(row["dbh_cm"]),
            float(row["height_m"]),
            float(row["wd_g_cm3"]),
            "chave2014-eq4",
        )
        sink = estimator.estimate(tree)
        assert sink.agb_kg == pytest.approx(float(row["AGB_kg_chave2014_eq4"]), abs=1e-9, rel=0), row


def test_every_shipped_row_of_the_compilation(shared_data: Path, shipped: Registry) -> None:
    rows = _rows(shared_data / "allometry" / "china_equations_allodb_eval.csv")
    compared = set()
    for row in rows:
        equation = shipped.equation(row["equation_id"])
        if equation is None:
            continue
        value = equation.model.column([float(row["dbh_cm"])], [], [])[0] * equation.to_kg
        assert value == pytest.approx(float(row["biomass_kg"]), abs=1e-6, rel=1e-9), row["equation_id"]
        assert equation.d_min_cm == float(row["in_range_min"])
        assert equation.d_max_cm == float(row["in_range_max"])
        compared.add(equation.id)
    assert len(compared) >= 60


def test_organs_by_d2h(shared_data: Path, shipped: Registry) -> None:
    rows = _rows(shared_data / "allometry" / "china_published_D2H_eval.csv")
    organs = {"stem": "stem", "branch": "branch", "leaf": "foliage", "root": "root"}
    for row in rows:
        species = shipped.species(row["species_cn"])
        taxon = species.id if species and row["species_latin"] != "other" else "broadleaf"
        d, h = [float(row["dbh_cm"])], [float(row["height_m"])]
        if row["component"] in organs:
            ids = [f"{taxon}-{organs[row['component']]}-ji2016"]
        elif row["component"] == "AGB":
            ids = [f"{taxon}-jiulongshan"]
        else:
            ids = [f"{taxon}-ji2016"] + ([f"{taxon}-root-ji2016"] if row["component"].startswith("total") else [])
        value = sum(shipped.equations[one].model.column(d, h, [])[0] for one in ids)
        assert value == pytest.approx(float(row["biomass_kg"]), abs=1e-6), row


def test_plausible_beside_another_compilation(shared_data: Path, estimator: RegistryEstimator) -> None:
    """A weighted mix of equations of other places: the same order of magnitude, never equality."""
    ratios = []
    for row in _rows(shared_data / "allometry" / "allodb_get_biomass.csv"):
        tree = SinkInput(f"{row['genus']} {row['species']}", float(row["dbh_cm"]))
        sink = estimator.estimate(tree)
        if sink.agb_kg is not None:
            ratios.append(sink.agb_kg / float(row["AGB_kg_allodb_Guiyang"]))
    assert len(ratios) > 30
    assert sum(0.33 < ratio < 3 for ratio in ratios) > 0.9 * len(ratios)


def test_every_worked_value_holds(shipped: Registry, trusting: RegistryEstimator) -> None:
    from fieldapp.carbon.check_worked import value_of

    for worked in shipped.worked:
        found = value_of(trusting, worked)
        assert found == pytest.approx(worked.value, abs=worked.tolerance), worked
