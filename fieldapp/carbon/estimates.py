"""What a bulk estimate gives back: columns in the order of computing, and where each tree's row is."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldapp.carbon.estimate import Plan
from fieldapp.carbon.routes import Values
from fieldapp.domain.sinks import Sink

NO_ROW = -1


@dataclass(slots=True)
class Estimates:
    """Results of many trees. `row[place]` is a tree's row in `values`, -1 when it is among the `refused` or `forked`.

    Rows stand as they were computed, plan by plan: bringing a million of them into the order of the input
    would cost a fifth of the whole and is left to who needs it (`sink`).
    """

    row: list[int]
    method_version: str
    values: Values = field(default_factory=lambda: Values([], [], [], [], [], []))
    plan: list[int] = field(default_factory=list)  # row -> place in `plans`
    plans: list[Plan] = field(default_factory=list)
    refused: dict[int, Sink] = field(default_factory=dict)
    forked: dict[int, Sink] = field(default_factory=dict)  # trees of several stems, which have no row of their own

    @classmethod
    def empty(cls, size: int, method_version: str) -> Estimates:
        """Room for `size` trees."""
        return cls([NO_ROW] * size, method_version)

    def __len__(self) -> int:
        return len(self.row)

    def put(self, plan: Plan, places: list[int], values: Values) -> None:
        """Takes in the trees at `places`, which were computed by one plan."""
        row, own = self.row, self.values
        for number, place in enumerate(places, start=len(self.plan)):
            row[place] = number
        self.plan.extend([len(self.plans)] * len(places))
        self.plans.append(plan)
        own.agb.extend(values.agb)
        own.bgb.extend(values.bgb)
        own.carbon.extend(values.carbon)
        own.co2e.extend(values.co2e)
        own.low.extend(values.low)
        own.high.extend(values.high)

    def refuse(self, places: list[int], sink: Sink) -> None:
        """Marks trees that have no result."""
        for place in places:
            self.refused[place] = sink
            self.row[place] = NO_ROW

    def sink(self, place: int) -> Sink:
        """One tree as a `Sink`, the same as the single estimate gives."""
        alone = self.refused.get(place) or self.forked.get(place)
        if alone is not None:
            return alone
        row, values = self.row[place], self.values
        plan = self.plans[self.plan[row]]
        assert plan.route is not None
        return Sink(
            plan.route.equation.id,
            plan.route.status.value,
            values.agb[row],
            values.bgb[row],
            values.carbon[row],
            values.co2e[row],
            values.low[row],
            values.high[row],
            plan.flags,
            self.method_version,
        )
