"""Records as a surveyor makes them, and laptops that sync without waiting between attempts."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId, derived_id, new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Photo, PhotoLink, Tree, Village
from fieldapp.server.running import RunningServer
from fieldapp.storage.store import Store
from fieldapp.storage.unit import UnitOfWork
from fieldapp.sync import engine, session
from fieldapp.sync.report import SyncReport
from fieldapp.sync.transport import Transport

CODE = "522633100201"


def no_pause(seconds: float) -> None:
    """Tests wait only as long as a server on this machine needs to notice the end of a connection."""
    session.wait(min(seconds, 0.05))


def enrolled(store: Store, server: RunningServer) -> Store:
    """The laptop, known to the server."""
    engine.enrol(store, server.url, server.new_code())
    return store


def sync(store: Store, transport: Transport | None = None) -> SyncReport:
    """One sync."""
    used = transport or engine.connect(store)
    try:
        return engine.sync(store, used, pause=no_pause)
    finally:
        used.close()


def record_household(store: Store, trees: int = 3, village: str = CODE) -> tuple[Household, list[Tree]]:
    """A household with one parcel and measured trees, as one saved act."""
    with store.unit() as unit:
        village_id = derived_id("village", village)
        if store.get(Village, village_id) is None:
            unit.add(
                Village(id=village_id, village_code=village, name="练习村", practice=1 if store.practice else None)
            )
        household = unit.add(
            Household(
                id=new_id(), village_code=village, device_tag=store.tag, number=1, head_name="吴小明", state="draft"
            )
        )
        parcel = unit.add(
            Parcel(id=new_id(), village_code=village, household_id=household.id, species="杉木", area_mu=2.5)
        )
        made = [_tree(unit, parcel.id, village, number) for number in range(1, trees + 1)]
        unit.commit()
    return household, made


def _tree(unit: UnitOfWork, parcel_id: RecordId, village: str, number: int) -> Tree:
    tree = unit.add(
        Tree(id=new_id(), village_code=village, parcel_id=parcel_id, number=number, tag=f"T{number}", state="alive")
    )
    unit.add(
        Measurement(
            id=new_id(), village_code=village, tree_id=tree.id, dbh_cm=5.0 + number / 10, measured_on="2025-10-12"
        )
    )
    return tree


def record_photo(store: Store, subject: Tree, thumbnail: bytes, working: bytes) -> Photo:
    """A photo of a tree, its files stored first."""
    with store.unit() as unit:
        photo = unit.add(
            Photo(
                id=new_id(),
                village_code=subject.village_code,
                sha256=store.blobs.put(working + b"original"),
                thumbnail_sha256=store.blobs.put(thumbnail),
                working_sha256=store.blobs.put(working),
                media_type="image/jpeg",
            )
        )
        unit.add(
            PhotoLink(
                id=new_id(),
                village_code=subject.village_code,
                photo_id=photo.id,
                subject="tree",
                subject_id=subject.id,
            )
        )
        unit.commit()
    return photo
