"""What each kind of field costs to store durably, beside a bare commit of one row interleaved in the same run.

A measurement is durable with its operation before its tree's sink is computed; both moments are given.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.big_profile import VILLAGE, build
from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Measurement, Tree
from fieldapp.domain.sinks import Estimator
from fieldapp.storage import profile, reads
from fieldapp.storage.store import Store

TREES = 20_000
_ROUNDS, _WARM, _FRESH = 320, 40, 100
_SURNAMES, _FIRST, _SECOND = "杨吴龙石潘王李张刘陈", "进光秀英老三昌明胜", "再兴通海玉兰正华小妹国"
_SEED = 5
_WITH_SINK = {"tree: DBH": "tree: DBH, and its sink", "tree: height": "tree: height, and its sink"}


def run(trees: int = TREES) -> list[Figure]:
    """On a profile in use and on a fresh one; all with synchronous=FULL."""
    estimator = RegistryEstimator(load())
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        store = build(Path(folder) / "used", trees=trees, estimator=estimator)
        in_use = _figures("", _measured(_Person(store, *_found(store)), _ROUNDS), _WARM)
        store.close()
        fresh = _fresh(Path(folder) / "fresh", estimator)
        first = _figures(", first saves of a fresh profile", _measured(fresh, _FRESH), 0)
        fresh.store.close()
    return [*in_use, *first]


def _found(store: Store) -> tuple[list[Household], list[Tree]]:
    rows = reads.households(store, VILLAGE)[:4]
    views = [view for row in rows if (view := reads.household(store, row.id))]
    trees = [row.tree for view in views for row in reads.tree_rows(store, view.household.id)]
    random.Random(_SEED).shuffle(trees)
    return [view.household for view in views], trees


def _fresh(folder: Path, estimator: Estimator) -> _Person:
    """A profile that was just made, with one household and its trees recorded in one save."""
    profile.create(folder, person="bench", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=estimator)
    with store.unit() as unit:
        household = unit.add(Household(id=new_id(), village_code=VILLAGE, number=1, head_name="杨进光"))
        trees = [unit.add(Tree(id=new_id(), village_code=VILLAGE, species="杉木")) for _ in range(_FRESH)]
        unit.commit()
    return _Person(store, [household], trees)


class _Person:
    """Does what a person does, a field at a time, round after round."""

    def __init__(self, store: Store, households: list[Household], trees: list[Tree]) -> None:
        self.store = store
        self._households = households
        self._trees = trees
        self.acts: dict[str, Callable[[int], float]] = {
            "one bare commit of one row": self._bare,
            "tree: remark": self._remark,
            "tree: DBH": lambda n: self._measure(n, dbh_cm=5 + n % 30 / 10),
            "tree: height": lambda n: self._measure(n, height_m=4 + n % 40 / 10),
            "household: name": lambda n: self._edit(0, head_name=_name(n)),
            "household: ID number": lambda n: self._edit(1, id_number=f"52263319600101{n:04d}"),
            "household: phone": lambda n: self._edit(2, phone=f"139{n:08d}"),
            "household: bank account": lambda n: self._edit(3, bank_account=f"6228480{n:012d}"),
        }

    def _tree(self, n: int) -> Tree:
        return self._trees[n % len(self._trees)]

    def _bare(self, n: int) -> float:
        connection = self.store.connection
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE tree SET remarks = ? WHERE id = ?", (f"bare {n}", self._tree(n).id))
        connection.execute("COMMIT")
        return time.perf_counter()

    def _remark(self, n: int) -> float:
        with self.store.unit() as unit:
            unit.edit(self._tree(n), remarks=f"remark {n}")
            unit.commit()
            return time.perf_counter()

    def _measure(self, n: int, **values: float) -> float:
        quantities: dict[str, Any] = dict(values)
        fact = Measurement(id=new_id(), village_code=VILLAGE, tree_id=self._tree(n).id, **quantities)
        with self.store.unit() as unit:
            unit.add(fact)
            unit.commit()
            return time.perf_counter()

    def _edit(self, which: int, **changes: str) -> float:
        place = which % len(self._households)
        with self.store.unit() as unit:
            self._households[place] = unit.edit(self._households[place], **changes)
            unit.commit()
            return time.perf_counter()


def _name(n: int) -> str:
    return _SURNAMES[n % len(_SURNAMES)] + _FIRST[n % len(_FIRST)] + _SECOND[n % len(_SECOND)]


def _measured(person: _Person, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every act; each round in another order, since a kind pays for what ran before it."""
    taken: dict[str, list[float]] = {name: [] for name in [*person.acts, *_WITH_SINK.values()]}
    order, chance = list(person.acts), random.Random(_SEED)
    for n in range(rounds):
        chance.shuffle(order)
        for name in order:
            started = time.perf_counter()
            durable = person.acts[name](n)
            ended = time.perf_counter()
            taken[name].append((durable - started) * 1000)
            if name in _WITH_SINK:
                taken[_WITH_SINK[name]].append((ended - started) * 1000)
    return taken


def _figures(where: str, taken: dict[str, list[float]], warm: int) -> list[Figure]:
    medians = {name: statistics.median(times[warm:]) for name, times in taken.items()}
    bare_name, *names = medians
    bare = medians[bare_name]
    figures = [Figure(bare_name + where, bare, "ms", None, note="synchronous=FULL, between the other saves")]
    figures += [
        Figure(
            name + where,
            medians[name],
            "ms",
            None if name in _WITH_SINK.values() else 2 * bare,
            note=f"{medians[name] / bare:.2f} bare commits",
        )
        for name in names
    ]
    if warm:
        durable = [one for name in names if name not in _WITH_SINK.values() for one in taken[name][warm:]]
        with_sink = [one for name in _WITH_SINK.values() for one in taken[name][warm:]]
        figures.append(Figure("slowest of a hundred saves, any field", _p99(durable), "ms", 2))
        figures.append(Figure("slowest of a hundred, and its sink", _p99(with_sink), "ms", None))
    return figures


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]
