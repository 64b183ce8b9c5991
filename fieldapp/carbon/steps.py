"""Every step from the measured diameter to the range of a tree's CO2, each as formula, calculation, value and unit."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.carbon.bias import biases
from fieldapp.carbon.calculation import bracketed, given, slope_text, taken, value_text
from fieldapp.carbon.entries import Density, Equation
from fieldapp.carbon.estimate import Plan, columns_of_one
from fieldapp.carbon.forms import short, written
from fieldapp.carbon.height_curve import HeightCurve
from fieldapp.carbon.limits import BREAST_HEIGHT_M
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.routes import KG_PER_TONNE, Route, Values
from fieldapp.carbon.step import GRID, Step
from fieldapp.domain.sinks import Sink, SinkInput


def steps_of(
    registry: Registry, plan: Plan, tree: SinkInput, sink: Sink, curve: HeightCurve | None = None
) -> tuple[Step, ...]:
    """All steps of one tree; none when it has no result. `curve` is where its height comes from, if not measured."""
    if plan.route is None or plan.choice is None or tree.dbh_cm is None or sink.error:
        return ()
    writer = _Writer(plan.route, tree)
    if curve is not None:
        writer.height(curve)
    writer.masses()
    writer.elasticities()
    route = plan.route
    off = biases(registry, route.species, route.equation, inside=plan.choice.inside)
    density = registry.densities.get(route.species.id) if tree.wood_density is None else None
    writer.errors([given(float(half.value)) for half in off], density)
    return tuple(writer.steps.values())


class _Writer:
    """Writes the steps of one tree one after the other; later ones take up what earlier ones gave, to 15 digits."""

    def __init__(self, route: Route, tree: SinkInput) -> None:
        assert tree.dbh_cm is not None
        self._route, self._tree = route, tree
        self._values: Values = columns_of_one(route, tree)
        self._facts: dict[str, float | None] = {"D": tree.dbh_cm, "H": tree.height_m, "ρ": route.density}
        self.steps: dict[str, Step] = {}

    def height(self, curve: HeightCurve) -> None:
        """The height by the parcel's curve."""
        a, b, d, base = (given(one) for one in (curve.a, curve.b, self._d, BREAST_HEIGHT_M))
        formula = f"{base} + D² / ({a} + {b}·D)²"
        text = f"{base} + {d}^2 / ({a} + {b} × {d})^2"
        self._add("height", "H", formula, text, curve.height(self._d), "m")
        self._facts["H"] = float(self._of("height"))

    def masses(self) -> None:
        """Biomass above and below ground, carbon of both, CO2."""
        route, values = self._route, self._values
        above, below = route.factor("carbon_fraction_above"), route.factor("carbon_fraction_below")
        self._above()
        if route.roots is not None:
            under = written(route.roots.form, route.roots.coefficients, self._tree.dbh_cm)
            self._add("bgb", "BGB", under, value_text(route.roots, self._facts), values.bgb[0], grid=GRID)
        else:
            ratio = given(route.factor("root_shoot_ratio"))
            self._add("bgb", "BGB", f"AGB × R {ratio}", f"{self._of('agb')} × {ratio}", values.bgb[0])
        for name, symbol, mass, fraction in (
            ("carbon_above", "C_a", "agb", above),
            ("carbon_below", "C_b", "bgb", below),
        ):
            text = given(fraction)
            value = self.steps[mass].value * fraction
            self._add(name, symbol, f"{mass.upper()} × CF {text}", f"{self._of(mass)} × {text}", value)
        both = f"{self._of('carbon_above')} + {self._of('carbon_below')}"
        self._add("carbon", "C", "C_a + C_b", both, values.carbon[0])
        factor = route.factor("co2_per_carbon")
        to_co2 = "44/12" if factor == 44 / 12 else short(route.factors["co2_per_carbon"].value)
        self._add("co2e", "CO2", f"C × {to_co2}", f"{self._of('carbon')} × {to_co2}", values.co2e[0])

    def _above(self) -> None:
        route, equation, tree = self._route, self._route.equation, self._tree
        formula, text = written(equation.form, equation.coefficients, tree.dbh_cm), value_text(equation, self._facts)
        if equation.needs_density and route.density is not None:
            self._add("wood_density", "ρ", "ρ", given(route.density), route.density, "g/cm3")
        heights = [tree.height_m] if equation.needs_height and tree.height_m is not None else []
        if equation.output == "volume":
            volume = equation.model.column([self._d], heights, [])[0]
            self._add("volume", "V", formula, text, volume, "m3", grid=GRID)
            wd, bef = (given(route.factor(name)) for name in ("wood_density", "biomass_expansion_factor"))
            tonne = given(KG_PER_TONNE)
            formula = f"V × WD {wd} × BEF {bef} × {tonne}"
            text = f"{self._of('volume')} × {wd} × {bef} × {tonne}"
        elif equation.to_kg != 1.0:
            mass = equation.model.column([self._d], heights, [])[0]
            self._add("mass", "M", formula, text, mass, equation.output_unit, grid=GRID)
            factor = given(equation.to_kg)
            formula, text = f"M × {factor}", f"{self._of('mass')} × {factor}"
        published = {"volume", "mass"} & self.steps.keys()
        self._add("agb", "AGB", formula, text, self._values.agb[0], grid="" if published else GRID)

    def elasticities(self) -> None:
        """How strongly the tree's carbon follows D, H and density: what an error in one of them does to it."""
        route, values = self._route, self._values
        heights = [self._tree.height_m] if self._tree.height_m is not None else []
        rho = [route.density] if route.density is not None and route.equation.needs_density else []
        slopes = route.slopes([self._d], heights, rho, values.agb, values.bgb, values.carbon)
        base = self._of(next(name for name in ("volume", "mass", "agb") if name in self.steps))
        for name, which, slope in zip(("slope_dbh", "slope_height", "slope_density"), "DHρ", slopes, strict=True):
            value = slope if isinstance(slope, float) else slope[0]
            if not value:
                continue
            over = slope_text(route.equation, self._facts, which, base)
            if route.roots is None:
                self._add(name, f"E_{which}", f"d ln AGB / d ln {which}", over, value, "1", _grid(over))
            else:
                self._of_both(name, which, route.roots, over, value)

    def _of_both(self, name: str, which: str, roots: Equation, over: str, value: float) -> None:
        """Of a tree whose roots have an equation of their own: both elasticities, each by its share of the carbon."""
        route, values, d = self._route, self._values, [self._d]
        under = slope_text(roots, self._facts, which, self._of("bgb"))
        h = [self._tree.height_m] if self._tree.height_m is not None else []
        parts = []
        for part, equation, text, known in (
            ("above", route.equation, over, route.published(values.agb, d, h, [])),
            ("below", roots, under, values.bgb),
        ):
            if text == "0":
                continue
            if _grid(text):  # taken up as it is on the grid
                slope = equation.model.slopes(d, h, [], known)["DHρ".index(which)]
                assert not isinstance(slope, float)
                mass = "AGB" if part == "above" else "BGB"
                self._add(
                    f"{name}_{part}", f"E_{which},{mass}", f"d ln {mass} / d ln {which}", text, slope[0], "1", GRID
                )
                text = self._of(f"{name}_{part}")
            parts.append(f"{_in_brackets(text)} × {self._of(f'carbon_{part}')} / {self._of('carbon')}")
        self._add(name, f"E_{which}", f"d ln C / d ln {which}", " + ".join(parts), value, "1")

    def errors(self, bias: Sequence[str], shipped: Density | None) -> None:
        """Relative errors by source, the half-width at 90 % and both ends of the range."""
        errors, tree = self._route.errors, self._tree
        for name, which, sd, size in (
            ("dbh", "D", errors.dbh_sd_cm, tree.dbh_cm),
            ("height", "H", errors.height_sd_m, self._facts["H"]),
        ):
            slope = self.steps.get(f"slope_{name}")
            if slope is not None and size is not None:
                formula, text = f"E_{which} × s_{which} / {which}", f"{slope.taken} × {given(sd)} / {given(size)}"
                self._add(f"error_{name}", f"u_{which}", formula, text, slope.value * sd / size, "1")
        self._density_error(shipped)
        if self._route.roots is None:
            share, sd = self._route.below_share, errors.root_ratio_sd
            text = f"{self._of('carbon_below')} / {self._of('carbon')} × {given(sd)}"
            self._add("error_roots", "u_R", "C_b / C × s_R", text, share * sd, "1")
        for name, which, sd in (
            ("wood_density", "WD", errors.volume_density_sd),
            ("expansion_factor", "BEF", errors.expansion_factor_sd),
        ):
            if sd:
                self._add(f"error_{name}", f"u_{which}", f"s_{which}", given(sd), sd, "1")
        self._add("error_scatter", "u_s", "s", given(errors.residual_sd), errors.residual_sd, "1")
        z = given(errors.z)
        squares = " + ".join(f"({half} / {z})^2" for half in bias)
        self._add("error_bias", "u_b", "√Σ(U_b / z)²", f"√({squares})", errors.bias_sd, "1")
        self._range(z)

    def _density_error(self, shipped: Density | None) -> None:
        """Of a table's density by its sd in g/cm3, of a typed one by a relative sd."""
        slope, sd = self.steps.get("slope_density"), self._route.errors.density_sd
        if slope is None or not sd:
            return
        formula, text = "E_ρ × s_ρ", f"{slope.taken} × {taken(sd)}"
        if shipped is not None:
            spread, mean = given(shipped.sd_g_cm3), given(shipped.density_g_cm3)
            formula, text = f"{formula} / ρ", f"{slope.taken} × {spread} / {mean}"
        self._add("error_density", "u_ρ", formula, text, slope.value * sd, "1")

    def _range(self, z: str) -> None:
        sources = [step for name, step in self.steps.items() if name.startswith("error_")]
        sink, values = self._values.co2e[0], self._values
        half = (values.high[0] - sink) / sink if sink else 0.0
        formula = f"z × √({' + '.join(f'{step.symbol}²' for step in sources)})"
        squares = " + ".join(f"{bracketed(step.taken)}^2" for step in sources)
        self._add("half_width", "U", formula, f"{z} × √({squares})", half, "1")
        co2, text = self._of("co2e"), self._of("half_width")
        low = ("CO2 × (1 − U)", f"{co2} × (1 - {text})") if half < 1.0 else ("0 (U ≥ 1)", "0")
        self._add("co2e_low", "CO2_low", *low, values.low[0])
        self._add("co2e_high", "CO2_high", "CO2 × (1 + U)", f"{co2} × (1 + {text})", values.high[0])

    @property
    def _d(self) -> float:
        return self._tree.dbh_cm or 0.0

    def _of(self, name: str) -> str:
        return self.steps[name].taken

    def _add(
        self, name: str, symbol: str, formula: str, calculation: str, value: float, unit: str = "kg", grid: str = ""
    ) -> None:
        self.steps[name] = Step(name, symbol, formula, calculation, value, unit, grid)


def _grid(slope: str) -> str:
    """An elasticity that is calculated and no power of the equation's is on the grid."""
    return GRID if " " in slope else ""


def _in_brackets(text: str) -> str:
    return f"({text})" if " " in text or text.startswith("-") else text
