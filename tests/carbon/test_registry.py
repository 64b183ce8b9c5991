"""Names are found however they are typed; a damaged folder is told by file, line and column."""

from __future__ import annotations

import csv
import lzma
import shutil
from pathlib import Path

import pytest

from fieldapp import paths
from fieldapp.carbon import registry
from fieldapp.carbon.check import check_contents
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import read_folder
from fieldapp.errors import ItemError

SHIPPED = paths.resources() / "species"


@pytest.mark.parametrize(
    ("name", "species"),
    [
        ("杉木", "cunninghamia_lanceolata"),
        ("Cunninghamia  LANCEOLATA ", "cunninghamia_lanceolata"),
        ("Ｃunninghamia lanceolata", "cunninghamia_lanceolata"),
        ("cunninghamia_lanceolata", "cunninghamia_lanceolata"),
        ("枫香", "liquidambar_formosana"),
        ("Cyclobalanopsis glauca", "quercus_glauca"),
        ("Cryptomeria fortunei", "cryptomeria_japonica_sinensis"),
        ("光皮桦", "betula_luminifera"),
        ("核桃", "juglans_regia"),
    ],
)
def test_species_by_any_name(shipped: Registry, name: str, species: str) -> None:
    found = shipped.species(name)
    assert found is not None
    assert found.id == species


def test_equation_by_the_row_of_the_compilation(shipped: Registry) -> None:
    found = shipped.equation(" 20CAF8 ")
    assert found is not None
    assert found.id == "pinus_massoniana-20caf8"


# Global Wood Density Database v2: name, mean and sd in g/cm3
DENSITIES = """
    杉木 .323 .042, 马尾松 .485 .053, 云南松 .500 .061, 华山松 .382 .046, 湿地松 .518 .043, 柳杉 .309 .047,
    柏木 .478 .086, 麻栎 .721 .059, 栓皮栎 .773 .054, 青冈 .707 .057, 亮叶桦 .522 .082, 响叶杨 .421 .094,
    核桃 .471 .102, 枫香 .505 .052, 木荷 .574 .062, 檫木 .476 .056, 樟 .473 .050, 板栗 .599 .083,
    香椿 .449 .063, 水杉 .307 .055, 泡桐 .273 .054, 刺槐 .606 .090, 铁坚油杉 .449 .099, 楠 .513 .080,
    化香 .624 .070, 喜树 .447 .067, 油桐 .377 .097
"""


def test_the_densities_of_the_methodology_are_all_there(shipped: Registry) -> None:
    told = [entry.split() for entry in DENSITIES.split(",")]
    assert len(told) == 27
    for name, mean, sd in told:
        species = shipped.species(name)
        assert species is not None, name
        found = shipped.densities[species.id]
        assert (found.density_g_cm3, found.sd_g_cm3) == (float(mean), float(sd)), name


def test_version_and_checksum_belong_together(shipped: Registry) -> None:
    assert shipped.version.endswith(shipped.about["version"])
    assert len(shipped.checksum) == 64
    assert registry.load().checksum == shipped.checksum


def test_sources_are_not_mixed_in_the_volume_route(shipped: Registry) -> None:
    """The expansion factor belongs to the inventory's density (0.380), not to the data base's (0.485)."""
    factor = shipped.factor("volume", "wood_density", ("pinus_massoniana",))
    assert factor is not None
    assert float(factor.value) == 0.380
    assert factor.status.value == "memory"


def test_every_column_is_in_the_dictionary(shipped: Registry) -> None:
    for note in shipped.dictionary:
        assert note.english
        assert note.chinese
        assert note.type


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("equations.csv", "a=0.0881", "a=0.08x1", "methodology_unreadable"),
        ("equations.csv", "coefficients", "koefficients", "methodology_unreadable"),
        ("equations.csv", "transcribed,choice", "certain,choice", "methodology_unreadable"),
        ("densities.csv", "0.485", "", "methodology_unreadable"),
        ("version.json", "{", "[", "methodology_unreadable"),
        pytest.param("version.json", "{", "[" * 100_000, "methodology_unreadable", id="nested without end"),
        ("version.json", '"2026.2"', '"\\ud800"', "methodology_unreadable"),
        pytest.param("references.csv", "project,", "p" * 140_000 + ",", "methodology_unreadable", id="long cell"),
        ("columns.csv", "exact number", "dice", "methodology_unreadable"),
    ],
)
def test_damage_names_its_place(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    folder = tmp_path / "species"
    shutil.copytree(SHIPPED, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ItemError) as caught:
        registry.load(folder)
    assert caught.value.code == code
    assert caught.value.params["file"] == file
    assert {problem.file for problem in check_contents(read_folder(folder))[1]} == {file}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ItemError) as caught:
        registry.load(tmp_path)
    assert caught.value.code == "methodology_file_missing"


def test_an_injected_expression_is_no_coefficient(tmp_path: Path) -> None:
    folder = tmp_path / "species"
    shutil.copytree(SHIPPED, folder)
    text = (folder / "equations.csv").read_text("utf-8")
    (folder / "equations.csv").write_text(text.replace("a=0.0881", "a=__import__('os')"), "utf-8")
    with pytest.raises(ItemError):
        registry.load(folder)


# a genus, a hybrid, a maple of gardens, and a name that the list misspells
_NOT_IN_THE_LIST = {
    "Paulownia",
    "Eucalyptus grandis × Eucalyptus urophylla",
    "Acer palmatum",
    "Broussonetia papyrifera",
}


def test_trees_are_named_as_in_the_national_list(shared_data: Path, shipped: Registry) -> None:
    """By the name in force, an older one or that of the typical variety."""
    file = shared_data / "species" / "plantlist_cnplants.csv.xz"
    with lzma.open(file, "rt", encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["SPECIES"]]
    listed = {row["SPECIES"].partition(" var. ")[0] for row in rows}
    trees = [one for one in shipped.species_list if one.habit == "tree"]
    assert len(trees) > 100
    for tree in trees:
        names = {tree.latin.partition(" var. ")[0].partition(" subsp. ")[0], tree.latin, *tree.latin_synonyms}
        assert names & listed or tree.latin in _NOT_IN_THE_LIST, tree.latin


@pytest.mark.parametrize("name", ["毛竹", "楠竹", "慈竹", "方竹", "箭竹", "竹子", "Phyllostachys edulis", "Bambusa"])
def test_bamboo_is_known_as_bamboo(shipped: Registry, name: str) -> None:
    found = shipped.species(name)
    assert found is not None
    assert found.habit == "bamboo"


def test_what_a_profile_keeps_under_the_shipped_version_is_stamped_when_it_is_something_else(shipped: Registry) -> None:
    estimator = RegistryEstimator(shipped)
    assert estimator.from_contents(shipped.contents).method_version == shipped.version
    changed = shipped.contents["densities.csv"].replace(b"0.485", b"0.585")
    other = estimator.from_contents(shipped.contents | {"densities.csv": changed})
    assert other.method_version == f"{shipped.version}+changed.{other.checksum[:8]}"
