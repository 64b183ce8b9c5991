"""What species and equations are called, and which equations a person may choose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldapp import app as composition
from fieldapp import i18n
from fieldapp.domain.sinks import SinkInput
from fieldapp.ui.registry_names import RegistryNames


@pytest.fixture
def names() -> Iterator[RegistryNames]:
    yield RegistryNames(composition.estimator)
    i18n.set_language(i18n.LANGUAGES[0])


@pytest.mark.parametrize("typed", ["sm", "SM", "杉木", "杉树", "Cunninghamia lanceolata", "cunninghamia_lanceolata"])
def test_a_species_is_understood_by_every_name(names: RegistryNames, typed: str) -> None:
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        assert names.species(typed) == "杉木"  # what is stored does not depend on the language of the window


def test_a_species_is_shown_in_the_language_in_force(names: RegistryNames) -> None:
    assert names.shown("杉木") == "杉木"
    i18n.set_language("en")
    assert names.shown("杉木") == "Cunninghamia lanceolata"
    assert names.shown("") == ""


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("m", None),
        ("mw", "马尾松"),
        ("马", "马尾松"),
        ("Pinus mas", "马尾松"),
        ("massoniana", "马尾松"),
        ("尾松", "马尾松"),
        ("sm", "杉木"),
    ],
)
def test_what_is_typed_may_become_a_species(names: RegistryNames, typed: str, first: str | None) -> None:
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        found = names.offers(typed)
        assert found
        assert all(names.shown(names.species(str(one.value))) == one.value in one.words for one in found)
        assert first is None or names.species(str(found[0].value)) == first


def test_everything_is_offered_for_nothing_and_nothing_for_what_nobody_knows(names: RegistryNames) -> None:
    assert len(names.offers("")) == len(composition.estimator().registry.species_list)
    assert names.offers("no such tree") == names.offers("没有的树") == []


def test_what_nobody_knows_stays_as_typed(names: RegistryNames) -> None:
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        assert names.species("no such tree") == names.shown("no such tree") == "no such tree"
        assert names.equation("no such equation") == "no such equation"
        assert names.equations("no such tree") == []


def test_every_equation_offered_gives_a_number_and_says_what_it_is(names: RegistryNames) -> None:
    estimator = composition.estimator()
    for species in ("杉木", "马尾松", "柳杉", "Betula luminifera"):
        offers = names.equations(species)
        assert offers
        for offer in offers:
            sink = estimator.estimate(SinkInput(species, 6.5, 5.0, None, str(offer.value)))
            assert (sink.error, sink.equation_id) == ("", offer.value)
            equation = estimator.registry.equation(str(offer.value))
            assert equation is not None
            assert equation.place in offer.words
            assert equation.n is None or f"n = {equation.n}" in offer.words
            assert i18n.t(f"carbon.status.{equation.status.value}") in offer.words
            if equation.d_min_cm is not None:
                assert f"{equation.d_min_cm:g}" in offer.words
