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
