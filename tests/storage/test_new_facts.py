"""The short way of a new measurement gives what reading all facts of the tree gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Measurement, Tree
from fieldapp.storage.store import Store
from fieldapp.storage.undo import undo

sizes = st.none() | st.sampled_from([5.0, 6.5, 80.0])
facts = st.tuples(sizes, sizes, st.none() | st.just("2026-05-01"), st.sampled_from([None, "dbh_cm", "dbh_cm,height_m"]))
saves = st.lists(st.just("undo") | st.lists(facts, min_size=1, max_size=3), min_size=1, max_size=6)


def derived(store: Store) -> list[list[tuple[object, ...]]]:
    return [store.rows(f"SELECT * FROM {table} ORDER BY 1") for table in ("tree_current", "household_current")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saves)
def test_a_new_fact_leaves_what_all_facts_say(make_store: Callable[[str], Store], field: Any, steps: list[Any]) -> None:
    store = make_store("p")
    tree = field.plant(store, 1).trees[0]
    for step in steps:
        if step == "undo":
            undo(store)
        else:
            with store.unit() as unit:
                for values in step:
                    unit.add(measured(tree, *values))
                unit.commit()
        short = derived(store)
        with store.transaction():
            store.derivation.refresh_trees([tree.id])
        assert derived(store) == short
    store.close()


def measured(
    tree: Tree, dbh_cm: float | None, height_m: float | None, day: str | None, cleared: str | None
) -> Measurement:
    """A measurement of the tree, not added yet."""
    return Measurement(
        id=new_id(),
        village_code=tree.village_code,
        tree_id=tree.id,
        dbh_cm=dbh_cm,
        height_m=height_m,
        measured_on=day,
        measured_by="杨" if day else None,
        cleared=cleared,
    )
