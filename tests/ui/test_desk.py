"""What the desk finds out about a household beyond its rows."""

from __future__ import annotations

from pathlib import Path

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.domain import checks, programme
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Tree
from fieldapp.errors import Severity
from fieldapp.storage import profile, reads
from fieldapp.storage.store import Store
from fieldapp.ui import edits
from fieldapp.ui.desk import read_desk
from fieldapp.ui.form_fields import FieldEdit
from fieldapp.ui.shown import finding_words
from tests.ui.conftest import Window

VILLAGE = "522633100201"


def test_a_tree_that_is_thinner_than_last_year_is_asked_about(tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="王", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=RegistryEstimator(registry.load()))
    with store.unit() as unit:
        household = unit.add(Household(id=new_id(), village_code=VILLAGE, head_name="杨进光"))
        parcel = unit.add(Parcel(id=new_id(), village_code=VILLAGE, household_id=household.id, species="杉木"))
        trees = [unit.add(Tree(id=new_id(), village_code=VILLAGE, parcel_id=parcel.id, tag=tag)) for tag in "abc"]
        for tree, sizes in zip(trees, ((6.5, 5.9), (6.5, 6.4), (20.4, 6.5)), strict=True):
            for day, dbh_cm in zip(("2025-05-01", "2026-05-02"), sizes, strict=True):
                stems = "C20.4" if (tree.tag, dbh_cm) == ("c", 6.5) else None
                fact = Measurement(
                    id=new_id(), village_code=VILLAGE, tree_id=tree.id, dbh_cm=dbh_cm, stems=stems, measured_on=day
                )
                unit.add(fact)
        unit.commit()
    desk = read_desk(store, household.id, programme.load(), lambda lat, lon, county: None)
    store.close()
    assert desk is not None
    asked = {
        tree.tag: [(f.severity, f.field) for f in desk.findings.get(tree.id, ()) if f.code == "dbh_shrunk"]
        for tree in trees
    }
    assert asked == {"a": [(Severity.AMBER, "dbh_cm")], "b": [], "c": []}, (
        "0.1 cm is within what measuring can do; a girth that had been taken for a diameter is set right"
    )


def test_who_else_has_the_number_stands_on_the_desk_and_is_counted_once(tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="王", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=RegistryEstimator(registry.load()))
    number = "520102198002290002"
    with store.unit() as unit:
        for name in ("杨进光", "吴朵"):
            made = unit.add(Household(id=new_id(), village_code=VILLAGE, head_name=name, number=1, id_number=number))
        unit.commit()
    for _ in range(2):  # the second reading meets the counts that the first one kept
        desk = read_desk(store, made.id, programme.load(), lambda lat, lon, county: None)
        assert desk is not None
        assert "杨**" in "".join(finding_words(f) for f in desk.findings[made.id] if f.field == "id_number")
        listed = {row.id: row.findings_red for row in reads.households(store, VILLAGE)}
        assert listed[made.id] == desk.count(Severity.RED)
        assert sorted(listed.values())[0] == 1, "the other one's list line says it before anybody opens it"
    store.close()


def test_a_member_is_checked_and_shown_beside_the_field(window: Window) -> None:
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]

    def add(store: Store) -> None:
        view = reads.household(store, household_id)  # type: ignore[arg-type]
        assert view is not None
        member = edits.add_member(store, view.household)
        view = reads.household(store, household_id)  # type: ignore[arg-type]
        assert view is not None
        box = edits.Box(next(m for m in view.members if m.id == member))
        edits.store_field(store, box, "id_number", "520126")
        edits.store_field(store, box, "phone", "139")

    window.ask(add)
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    page = window.bench.page
    page.show_tab("household")
    notes = [field.editor.accessibleDescription() for field in page.household.members.findChildren(FieldEdit)]
    assert finding_words(checks.check_phone("139")[0]) in "".join(notes)
    assert any("18" in note for note in notes)
