"""Names as people write them: the same species, a marked reading, or a clear refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.names import plain
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput


@pytest.mark.parametrize(
    ("name", "species"),
    [
        ("　杉木 ", "cunninghamia_lanceolata"),
        ("杉 木", "cunninghamia_lanceolata"),
        ("杉木\u200b", "cunninghamia_lanceolata"),
        ("杉木。", "cunninghamia_lanceolata"),
        ("杉木（人工）", "cunninghamia_lanceolata"),
        ("杉木（Cunninghamia lanceolata）", "cunninghamia_lanceolata"),
        ("Cunninghamia lanceolata 杉木", "cunninghamia_lanceolata"),
        ("杉木 Cunninghamia lanceolata", "cunninghamia_lanceolata"),
        ("馬尾松/Pinus massoniana Lamb.", "pinus_massoniana"),
        ("马尾松 Pinus sp.", "pinus_massoniana"),
        ("Pinus massoniana 老家的松", "pinus_massoniana"),
        ("Cunninghamia lanceolata (Lamb.) Hook.", "cunninghamia_lanceolata"),
        ("CUNNINGHAMIA  LANCEOLATA", "cunninghamia_lanceolata"),
        ("Cinnamomum camphora (L.) J.Presl", "cinnamomum_camphora"),
        ("Cryptomeria japonica (L. f.) D. Don var. sinensis Miq.", "cryptomeria_japonica_sinensis"),
        ("Cyclobalanopsis glauca (Thunb.) Oerst.", "quercus_glauca"),
        ("Ｐｉｎｕｓ　ｍａｓｓｏｎｉａｎａ", "pinus_massoniana"),
        ("馬尾松", "pinus_massoniana"),
        ("楓香樹", "liquidambar_formosana"),
        ("銀杏", "ginkgo_biloba"),
        ("油松", "pinus_tabuliformis"),
        ("Pinus tabuliformis Carrière", "pinus_tabuliformis"),
        ("松树", "pine_other"),
        ("Pinus sp.", "pine_other"),
        ("Betula spp.", "betula"),
        ("Phyllostachys nidularia Munro", "phyllostachys"),
    ],
)
def test_names_of_one_species(shipped: Registry, name: str, species: str) -> None:
    found, mark = shipped.read_species(name)
    assert found is not None
    assert (found.id, mark) == (species, "")


@pytest.mark.parametrize("name", ["sm", "ｓｍ", "shanmu", "shan mu", "shān mù", "shan-mu"])
def test_letters_are_a_marked_reading(estimator: RegistryEstimator, name: str) -> None:
    tree = SinkInput(name, 8.0, 6.0)
    sink, named = estimator.estimate(tree), estimator.estimate(SinkInput("杉木", 8.0, 6.0))
    assert (sink.co2e_kg, sink.flags) == (named.co2e_kg, (*named.flags, "name_read"))
    column = ColumnEstimator(estimator).estimate(Inputs([name, "杉木"], [8.0, 8.0], [6.0, 6.0]))
    assert [column.sink(place) for place in (0, 1)] == [sink, named]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("铁树王", "carbon_species_unknown"),
        ("SM", "carbon_species_unknown"),  # may be a code of another list
        ("PT", "carbon_species_unknown"),
        ("ss", "carbon_species_ambiguous"),
        ("杉木（马尾松）", "carbon_species_ambiguous"),
        ("Pinus massoniana 杉木", "carbon_species_ambiguous"),
        ("杉木 Pinus massoniana", "carbon_species_ambiguous"),
        ("杉木 Pinus", "carbon_species_ambiguous"),
        ("杉木 sm", "carbon_species_unknown"),
        ("Pinus strobus", "carbon_species_of_genus"),
        ("Pinus massoniana hainanensis", "carbon_species_of_genus"),
        ("Sequoia sempervirens", "carbon_species_unknown"),
        ("Phyllostachys nidularia", "carbon_bamboo"),
        ("a" * 10_000, "carbon_species_unknown"),
        (" ", "carbon_species_missing"),
    ],
)
def test_a_clear_refusal(estimator: RegistryEstimator, name: str, error: str) -> None:
    assert estimator.estimate(SinkInput(name, 8.0, 6.0)).error == error


def test_a_genus_takes_only_what_its_species_share(estimator: RegistryEstimator) -> None:
    sink = estimator.estimate(SinkInput("Acer", 8.0))
    assert not sink.error
    assert {"group_equation", "general_equation"} & set(sink.flags)


@given(st.text(max_size=40))
def test_no_name_is_too_odd(shipped: Registry, name: str) -> None:
    found, _code = shipped.read_species(name)
    assert found is None or shipped.species(f" {name} ") is found
    assert plain(plain(name)) == plain(name)
