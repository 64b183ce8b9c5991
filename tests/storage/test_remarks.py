"""The remarks of a household are those of everything in it, and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldapp import app as composition
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Household, Member, Parcel, Record, ReviewRemark, Tenure, Tree
from fieldapp.storage import profile
from fieldapp.storage.remarks import waiting_remarks

VILLAGE = "522633100201"


def test_remarks_are_gathered_from_every_record_of_the_household(tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="Reviewer", pin=None, practice=True)
    store = composition.open_store(tmp_path / "p", None)
    try:
        at = {"village_code": VILLAGE}
        household = Household(id=new_id(), head_name="杨正光", **at)
        parcel = Parcel(id=new_id(), household_id=household.id, place_name="坡脚", **at)
        tree = Tree(id=new_id(), parcel_id=parcel.id, tag="A1", **at)
        member = Member(id=new_id(), household_id=household.id, name="杨小", **at)
        tenure = Tenure(id=new_id(), household_id=household.id, number="7", **at)
        stranger = Household(id=new_id(), **at)
        subjects: list[Record] = [household, parcel, tree, member, tenure, stranger]
        with store.unit() as unit:
            for record in subjects:
                unit.add(record)
            remarks = [unit.add(_remark(record)) for record in subjects]
            unit.commit()
        found = waiting_remarks(store, household.id)
        assert [row.remark for row in found] == remarks[:-1]
        assert [row.name for row in found] == ["", "坡脚", "A1", "", "7"]  # no personal names
        assert {row.person for row in found} == {"Reviewer"}
        with store.unit() as unit:
            unit.add(replace(remarks[2], id=RecordId(new_id()), version=b"", answered=1))
            unit.commit()
        assert [row.remark.subject for row in waiting_remarks(store, household.id)] == [
            "household",
            "parcel",
            "member",
            "tenure",
        ]
    finally:
        store.close()


def _remark(record: Record) -> ReviewRemark:
    return ReviewRemark(
        id=new_id(),
        village_code=VILLAGE,
        subject=record.record_name,
        subject_id=record.id,
        remark="please look again",
    )
