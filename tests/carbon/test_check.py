"""`methodology check` passes the shipped registry and finds what is planted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldapp import i18n, paths
from fieldapp.carbon import registry
from fieldapp.carbon.check import check
from fieldapp.carbon.registry import Registry

MASSON = "pinus_massoniana-20caf8"


def test_the_shipped_registry_is_clean(shipped: Registry) -> None:
    assert check(shipped) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("equations.csv", "a=0.0881;b=2.4651", "a=0.0882;b=2.4651", "worked"),
        ("equations.csv", "a=0.0881;b=2.4651", "a=0.0881;b=-0.1", "not_monotone"),
        # the widely copied slip: about four times too high
        ("equations.csv", "a=0.0881;b=2.4651", "a=0.8810;b=2.4651", "band"),
        ("equations.csv", "a1=0.190713", "a1=0.290713", "branches"),
        ("equations.csv", "power,a=0.0881;b=2.4651,D,cm,kg", "power,a=0.0881;b=2.4651,D,cm,lb", "word"),
        ("equations.csv", "power,a=0.0881;b=2.4651,D,cm,kg", "power,a=0.0881;b=2.4651,D,inch,kg", "word"),
        ("equations.csv", "luo2018,allodb row 20caf8", "nobody,allodb row 20caf8", "reference"),
        ("equations.csv", "betula_luminifera,species,agb", "betula_luminifera,general,agb", "level"),
        ("equations.csv", ",any,general,agb", ",any,species,agb", "level"),
        ("worked.csv", MASSON, "pinus_massoniana-f79f0f", "no_worked_value"),
        ("densities.csv", "0.485,0.053", "4.85,0.053", "density"),
        ("densities.csv", "pinus_massoniana,0.485", "pinus_nowhere,0.485", "taxon"),
        ("factors.csv", "default,any,root_shoot_ratio,0.25", "default,any,root_shoot,0.25", "missing"),
        ("factors.csv", "root_shoot_ratio,0.25", "root_shoot_ratio,-0.25", "factor"),
        ("factors.csv", "root_shoot_ratio,0.25", "root_shoot_ratio,0.52", "worked"),
        ("factors.csv", "any,carbon_fraction_above,0.47", "any,carbon_fraction_above,0.57", "worked"),
        ("factors.csv", "any,dbh_sd_cm,0.3", "any,dbh_sd_cm,0.03", "worked"),
        ("factors.csv", "any,height_sd_m,0.5", "any,height_sd_m,0.05", "worked"),
        ("factors.csv", "any,residual_sd,0.20", "any,residual_sd,0.02", "worked"),
        ("factors.csv", "any,bias_half_width_large,0.15", "any,bias_half_width_large,0.51", "worked"),
        ("factors.csv", "any,bias_half_width,0.20", "any,bias_half_width,0.002", "worked"),
        ("factors.csv", "any,bias_half_width_small,0.25", "any,bias_half_width_small,0.52", "worked"),
        ("factors.csv", "any,bias_extrapolated,0.15", "any,bias_extrapolated,0.51", "worked"),
        ("factors.csv", "any,root_ratio_sd,0.30", "any,root_ratio_sd,0.03", "worked"),
        ("species.csv", "杉树;沙木", "马尾松;沙木", "name_twice"),
        ("curves.csv", "proportional", "magic", "curve"),
        ("equations.csv", "cunninghamia_lanceolata-lyt2264-bgb,lyt2264", "nothing-bgb,lyt2264", "partner"),
        ("equations.csv", "named,,ji2016", "named,castanopsis_eyrei-root-ji2016,ji2016", "roots"),
    ],
)
def test_what_is_planted_is_found(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    folder = tmp_path / "species"
    shutil.copytree(paths.resources() / "species", folder)
    text = (folder / file).read_text("utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new), "utf-8")
    found = {problem.code for problem in check(registry.load(folder))}
    assert code in found
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        assert all(i18n.t(f"carbon.check.{one}") for one in found)
