"""The names of species and equations as the methodology has them, in the language in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.sinks import SinkInput
from fieldapp.ui import height_curves
from fieldapp.ui.names import Names, Offer

if TYPE_CHECKING:
    from fieldapp.carbon.entries import Equation, Species
    from fieldapp.carbon.estimate import RegistryEstimator
    from fieldapp.carbon.height_curve import HeightCurve

_ORDINARY = (10.0, 8.0)  # DBH cm and height m of a tree that every usable equation can answer for


class RegistryNames:
    """Asks the registry on first use: a window that shows no species never waits for it."""

    def __init__(self, estimator: Callable[[], RegistryEstimator]) -> None:
        self._estimator = estimator
        self._usable = lru_cache(maxsize=64)(self._find_usable)
        self._keys = lru_cache(maxsize=4)(self._find_keys)

    def names(self) -> Names:
        """What the window is given."""
        return Names(
            *(self.species, self.equation, self.shown, self.short, self.equations, self.height_curves, self.offers)
        )

    def species(self, text: str) -> str:
        """What a typed species means: the full name of a known one (by name or pinyin initials), or the text itself."""
        found = self._species(text)
        return (found.chinese or found.latin) if found is not None else text

    def offers(self, text: str) -> list[Offer]:
        """The species that a text may become: by the beginning of a name, pinyin initials, a part of a Chinese name."""
        from fieldapp.carbon.names import plain

        typed, found = plain(text), []
        for one, keys in self._keys(self._estimator().method_version, i18n.language()):
            begins = [place + 1 for place, key in enumerate(keys) if key.startswith(typed)]
            if typed in keys:
                begins = [0]
            elif not typed.isascii() and typed in one.chinese:
                begins.append(len(keys) + 1)
            if begins:
                found.append((min(begins), one))
        found.sort(key=lambda ranked: ranked[0])  # stable: the registry has the usual ones first
        return [_offer(one) for _, one in found]

    def shown(self, stored: str) -> str:
        """A stored species as this language calls it: Chinese, or Latin; one that nobody knows stays as typed."""
        if i18n.language() != "en":
            return stored
        found = self._estimator().registry.species(stored) if stored else None
        return found.latin if found is not None else stored

    def short(self, stored: str) -> str:
        """The same for a narrow column: `C. lanceolata`, unless another species is called so too."""
        if i18n.language() != "en":
            return stored
        known = self._estimator().registry
        found = known.species(stored) if stored else None
        if found is None:
            return stored
        brief = _short(found)
        return brief if sum(_short(one) == brief for one in known.species_list) == 1 else found.latin

    def equation(self, equation_id: str) -> str:
        """A short name of an equation: the species or group it was fitted to, in the language in force."""
        known = self._estimator().registry
        equation = known.equation(equation_id.partition(";")[0])  # a fork's stems are of one species
        if equation is None:
            return equation_id
        species = known.species(equation.taxon)
        return _short(species) if species is not None else equation_id

    def equations(self, species: str) -> list[Offer]:
        """The equations that a person may choose for a species, the nearest to it first; none for an unknown one."""
        return [
            Offer(equation.id, self._words(equation))
            for equation in self._usable(species, self._estimator().method_version)
        ]

    def height_curves(self, trees: Sequence[SinkInput], kept: str) -> list[Offer]:
        """What a person may choose for a parcel's missing heights; None is the route without a height."""
        asked = trees[0].equation_id if trees else None

        def matters(curve: HeightCurve) -> bool:
            d_cm = (curve.d_min_cm + curve.d_max_cm) / 2
            route = self._estimator().plan(SinkInput(curve.species, d_cm, curve.height(d_cm), None, asked)).route
            return route is not None and route.uses_height

        return height_curves.offers(trees, kept, self._id, self._called, matters)

    def _id(self, name: str) -> str:
        found = self._estimator().registry.species(name) if name else None
        return found.id if found is not None else ""

    def _called(self, species_id: str) -> str:
        found = self._estimator().registry.species(species_id)
        return _short(found) if found is not None else species_id

    def _find_usable(self, name: str, _version: str) -> tuple[Equation, ...]:
        from fieldapp.carbon.choice import LEVELS, PLACES

        estimator = self._estimator()
        species = estimator.registry.species(name) if name else None
        if species is None:
            return ()
        d_cm, h_m = _ORDINARY
        usable = [
            equation
            for equation in estimator.registry.equations_for(species)
            if not estimator.plan(SinkInput(name, d_cm, h_m, None, equation.id)).error
        ]
        usable.sort(key=lambda e: (LEVELS.index(e.level), PLACES.index(e.place_class), -(e.n or 0), e.id))
        return tuple(usable)

    def _words(self, equation: Equation) -> str:
        own = equation.id.removeprefix(f"{equation.taxon}-")
        name = self.equation(equation.id)
        parts = [f"{name} {own}" if name != equation.id else name, equation.place]
        if equation.n is not None:
            parts.append(f"n = {equation.n}")
        low, high = equation.d_min_cm, equation.d_max_cm
        if low is None and high is None:
            parts.append(i18n.t("ui.equation.range_unknown"))
        else:
            parts.append(f"D {'…' if low is None else f'{low:g}'}–{'…' if high is None else f'{high:g}'} cm")
        if equation.needs_height:
            parts.append(i18n.t("ui.equation.needs_height"))
        parts.append(i18n.t(f"carbon.status.{equation.status.value}"))
        return " · ".join(parts)

    def _find_keys(self, _version: str, language: str) -> tuple[tuple[Species, tuple[str, ...]], ...]:
        """By what beginnings each species is found, those of the language in force first."""
        from fieldapp.carbon.names import plain

        found = []
        for one in self._estimator().registry.species_list:
            chinese, latin = (one.chinese, one.pinyin_initials), (one.latin, *one.latin.split()[1:2])
            first = (*latin, *chinese) if language == "en" else (*chinese, *latin)
            names = (*first, *one.chinese_synonyms, *one.latin_synonyms)
            found.append((one, tuple(plain(name) for name in names)))
        return tuple(found)

    def _species(self, text: str) -> Species | None:
        known = self._estimator().registry
        found = known.species(text)
        letters = text.strip().lower()
        if found is None and letters.isascii() and letters.isalpha():
            return next((one for one in known.species_list if one.pinyin_initials == letters), None)
        return found


def _offer(species: Species) -> Offer:
    names = [name for name in (species.chinese, species.latin) if name]
    if i18n.language() == "en":
        names.reverse()
    return Offer(names[0], " · ".join(names))


def _short(species: Species) -> str:
    if i18n.language() != "en" and species.chinese:
        return species.chinese
    genus, _, rest = species.latin.partition(" ")
    return f"{genus[0]}. {rest.split()[0]}" if rest else species.latin
