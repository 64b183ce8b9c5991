"""Species, place, range, status: and the reason is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from typing import Any

import pytest

from fieldapp import i18n
from fieldapp.carbon.choice import Tree, candidates, choose, explained
from fieldapp.carbon.entries import Equation, Species, Status
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.words import reason_text
from fieldapp.domain.sinks import SinkInput


@pytest.mark.parametrize(
    ("name", "tree", "equation", "flags"),
    [
        ("杉木", Tree(6.0, 5.0), "cunninghamia_lanceolata-lyt2264-agb", {"range_unknown"}),
        ("杉木", Tree(6.5), "cunninghamia_lanceolata-342cd3", set()),
        ("马尾松", Tree(10.0), "pinus_massoniana-20caf8", set()),
        ("马尾松", Tree(30.0), "pinus_massoniana-3a2cba", set()),
        ("亮叶桦", Tree(7.0), "betula_luminifera-35cabf", set()),
        ("光皮桦", Tree(30.0), "betula_luminifera-35cabf", {"extrapolated"}),
        ("柳杉", Tree(6.0), "cryptomeria_japonica_sinensis-ac6bb3", {"extrapolated"}),
        ("云南松", Tree(8.0), "pinus_yunnanensis-cf842a", set()),
        ("枫香", Tree(8.0), "liquidambar_formosana-c0bb58", set()),
        ("木荷", Tree(8.0), "schima_superba-493907", set()),
        ("漆", Tree(8.0), "deciduous_broadleaf-c925a6", {"group_equation"}),
        ("柏木", Tree(8.0), "zeng2018-general", {"general_equation", "range_unknown"}),
    ],
)
def test_choice(shipped: Registry, name: str, tree: Tree, equation: str, flags: set[str]) -> None:
    species = shipped.species(name)
    assert species is not None
    choice = choose(shipped, species, tree)
    assert choice is not None
    assert choice.equation.id == equation
    assert set(choice.flags) == flags


class Few(Registry):
    """The shipped registry, as if it had only these equations."""

    few: Sequence[Equation] = ()

    def equations_for(self, species: Species) -> list[Equation]:
        """The same for every species."""
        return list(self.few)


def _like(equation: Equation, **other: Any) -> Equation:
    return replace(equation, **{"id": "-".join(str(value) for value in other.values())} | other)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"level": "species"}, {"level": "genus", "place_class": "guizhou"}),
        ({"place_class": "guizhou", "d_max_cm": 5.0}, {"place_class": "national"}),
        ({"place_class": "national", "d_max_cm": 5.0}, {"place_class": "neighbour"}),
        ({"place_class": "neighbour", "d_max_cm": 5.0}, {"place_class": "south"}),
        ({"place_class": "south", "d_max_cm": 5.0}, {"place_class": "elsewhere"}),
        ({"status": Status.TRANSCRIBED}, {"status": Status.VERIFIED, "d_max_cm": 5.0}),
        ({"status": Status.VERIFIED, "n": 3}, {"status": Status.TRANSCRIBED, "n": 300}),
        ({"n": 40}, {"n": 31}),
        ({"n": 30}, {"n": 29, "d_max_cm": 90.0}),
        ({"n": 12, "d_max_cm": 90.0}, {"n": 28}),
        ({"d_min_cm": 11.0, "n": 3}, {"d_min_cm": 12.0, "n": 300}),
        ({"d_max_cm": 9.0, "n": 3}, {"d_min_cm": 12.0, "status": Status.VERIFIED}),
    ],
)
def test_species_then_place_then_range_then_status(
    shipped: Registry, better: dict[str, Any], worse: dict[str, Any]
) -> None:
    pine, base = shipped.species("马尾松"), shipped.equation("pinus_massoniana-20caf8")
    assert pine is not None
    assert base is not None
    one, other = _like(base, **better), _like(base, **worse)
    for equations in ([one, other], [other, one]):
        few = Few(shipped.contents)
        few.few = equations
        assert candidates(few, pine, Tree(10.0)) == [one, other]


def test_the_reason_in_words(shipped: Registry) -> None:
    species = shipped.species("Pinus massoniana")
    assert species is not None
    choice = choose(shipped, species, Tree(10.0))
    assert choice is not None
    i18n.set_language("en")
    text = reason_text(choice.reason, choice.params)
    assert text == "species equation, Guangxi, China, n = 36, D 10 in range 4.5–16 cm, transcribed"
    outside = choose(shipped, species, Tree(70.0))
    assert outside is not None
    assert "extrapolated" in reason_text(outside.reason, outside.params)


def test_nothing_fits_without_a_density(shipped: Registry) -> None:
    species = shipped.species("其他针叶树")
    assert species is not None
    choice = choose(shipped, species, Tree(7.0))
    assert choice is not None
    assert choice.equation.id == "any-36b4db"


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (Tree(6.5, 5.0), "胸径 6.5 在范围 6–20 cm 内"),
        (Tree(5.8, 40.0), "胸径 5.8 超出范围"),
        (Tree(6.5, 40.0), "树高超出范围"),
    ],
)
def test_only_what_is_outside_is_named(shipped: Registry, tree: Tree, words: str) -> None:
    species = shipped.species("杉木")
    assert species is not None
    with_height = shipped.equations["cunninghamia_lanceolata-lyt2264-agb"]
    equation = replace(with_height, d_min_cm=6.0, d_max_cm=20.0, h_max_m=30.0)
    choice = explained(species, equation, tree)
    assert words in reason_text(choice.reason, choice.params)


@pytest.mark.parametrize(
    ("equation", "least_cm"),
    [
        ("keteleeria_davidiana-c49b11", 1.1347 / (2 * 0.4437)),  # the lowest point of 1.0738 - 1.1347 D + 0.4437 D^2
        ("eucalyptus-7ce0bf", 8.0913 / (2 * 0.8522)),
        ("lithocarpus_glaber-46754b", sqrt(3.114 / 0.4371)),  # where -3.114 + 0.4371 D^2 is zero
        ("quercus_glauca-694466", 45.151 / 9.4051),
        ("pinus_massoniana-20caf8", 0.0),
    ],
)
def test_where_an_equation_gives_nothing_or_turns(shipped: Registry, equation: str, least_cm: float) -> None:
    known = shipped.equations[equation]
    assert known.least_d_cm == pytest.approx(least_cm)
    assert known.d_min_cm is None or known.least_d_cm < known.d_min_cm


def test_below_that_the_next_one_is_taken_and_a_person_who_asks_is_told(estimator: RegistryEstimator) -> None:
    own = "keteleeria_davidiana-c49b11"
    found = [estimator.estimate(SinkInput("铁坚油杉", d_cm)) for d_cm in (1.0, 1.2, 1.28, 1.5)]
    assert [sink.equation_id for sink in found] == ["zeng2018-general"] * 2 + [own] * 2
    assert not any(sink.error for sink in found)
    assert estimator.estimate(SinkInput("铁坚油杉", 1.2, None, None, own)).error == "carbon_equation_gives_nothing"
