"""A profile as big as one laptop's can get, for benchmarks: 300 households, 135,000 trees by default."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind, Value, hlc_of
from fieldapp.domain.sinks import Estimator
from fieldapp.storage import oplog, profile
from fieldapp.storage.store import Store, wall_ms

VILLAGE = "522633100201"
TREES_PER_HOUSEHOLD = 450
_SURNAMES = "杨吴龙石潘王李张刘陈罗周黄姚田"
_GIVEN = ("进光", "秀英", "老三", "昌明", "胜美", "再兴", "通海", "玉兰", "正华", "小妹")
_OTHER = DeviceId(b"another laptop!!")


def build(
    folder: Path,
    *,
    trees: int = 135_000,
    estimator: Estimator,
    first: int = TREES_PER_HOUSEHOLD,
    each: int = TREES_PER_HOUSEHOLD,
) -> Store:
    """Makes a practice profile with so many measured trees, taken in as from another laptop; leaves it open."""
    profile.create(folder, person="bench", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=estimator)
    batch: list[Op] = []
    for op in operations(trees, first=first, each=each):
        batch.append(op)
        if len(batch) == 10_000:
            oplog.apply(store, batch, village_code=VILLAGE)
            batch = []
    oplog.apply(store, batch, village_code=VILLAGE)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store


def operations(
    trees: int, device: DeviceId = _OTHER, *, first: int = TREES_PER_HOUSEHOLD, each: int = TREES_PER_HOUSEHOLD
) -> Iterator[Op]:
    """The adding operations of that many trees with their households, parcels and measurements.

    `first` trees are of the first household, `each` of every other one.
    """
    start = hlc_of(wall_ms() - 86_400_000)
    counter = 0

    def add(record: str, record_id: RecordId, **fields: Value) -> Op:
        nonlocal counter
        counter += 1
        return Op(device, counter, start + counter, VILLAGE, record, record_id, OpKind.ADD, fields, person="bench")

    parcel_id = new_id()
    yield add("village", new_id(), name="岑卡村", township="丹寨县龙泉镇", practice=1)
    for number in range(trees):
        household, place = divmod(number - first, each) if number >= first else (-1, number)
        household += 1
        if place == 0:
            household_id, parcel_id = new_id(), new_id()
            name = _SURNAMES[household % len(_SURNAMES)] + _GIVEN[household % len(_GIVEN)]
            tail = f"52263319600101{household % 10_000:04d}"
            yield add(
                "household", household_id, device_tag="BNCH", number=household + 1, head_name=name, id_number=tail
            )
            yield add("parcel", parcel_id, household_id=household_id, species="杉木", area_mu=2.0, planting_year=2012)
        tree_id = new_id()
        yield add(
            "tree",
            tree_id,
            parcel_id=parcel_id,
            device_tag="BNCH",
            number=number + 1,
            tag=f"T{number + 1:06d}",
            state="alive",
        )
        yield add("measurement", new_id(), tree_id=tree_id, dbh_cm=5 + number % 31 / 10, measured_on="2026-05-01")
