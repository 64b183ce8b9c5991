"""The methodology of a profile: kept from its first opening, changed only by a person who has seen the difference.

An adoption begins with one transaction that makes the new methodology the active one and leaves every household with
what it has; then the drafts follow, some households a transaction. Stopped in between, each household is wholly of
one methodology, and the next opening goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.domain.sinks import Method
from fieldapp.errors import ItemError
from fieldapp.storage import methods
from fieldapp.storage.methods import ACTIVE, DUE, FILES, HOUSEHOLD, household_key
from fieldapp.storage.store import Store

# Whoever still works on a household: everything else was handed in, and stays as it was handed in.
DRAFT_STATES = ("", "draft", "returned")
_TREES_A_TRANSACTION = 1_000

Progress = Callable[[int, int], None]  # trees done, all


@dataclass(frozen=True, slots=True)
class InUse:
    """A methodology that this profile keeps, and how many households are computed with it."""

    version: str
    checksum: str
    active: bool
    households: int


def silent(_done: int, _total: int) -> None:
    """Tells nobody."""


def never() -> bool:
    """Goes on to the end."""
    return False


def settle(store: Store) -> None:
    """At every opening: keeps the program's own methodology the first time, ends an adoption that was cut off."""
    shipped = store.methods.shipped
    if not isinstance(shipped, Method):
        return
    if not store.setting(ACTIVE):
        with store.transaction():
            _keep(store, shipped)
            store.set_setting(ACTIVE, shipped.checksum)
    store.methods.current = store.estimator
    resume(store)


def adopt(store: Store, new: Method, progress: Progress = silent, cancelled: Callable[[], bool] = never) -> None:
    """Works with `new` from now on and recomputes the drafts; whatever is not a draft keeps what it was made with.

    Raises ItemError `methodology_same_version`, and then nothing has changed.
    """
    refuse_same_version(store, new)
    with store.transaction():
        active = store.setting(ACTIVE)
        _keep(store, new)
        for household_id, state, kept in _households(store):
            stays = kept.split()[0] if kept else active
            if stays == new.checksum:
                store.write("DELETE FROM local WHERE key = ?", (household_key(household_id),))
            else:
                value = f"{stays} {DUE}" if state in DRAFT_STATES else stays
                store.set_setting(household_key(household_id), value)
        store.set_setting(ACTIVE, new.checksum)
    store.methods.current = store.estimator
    resume(store, progress, cancelled)


def resume(store: Store, progress: Progress = silent, cancelled: Callable[[], bool] = never) -> int:
    """Computes the drafts that an adoption has not come to; returns how many trees it computed."""
    due = _due(store)
    total = sum(len(_trees(store, household_id)) for household_id in due)
    done = 0
    progress(done, total)
    for some in _blocks(store, due):
        if cancelled():
            break
        with store.transaction():
            trees = []
            for household_id in some:
                store.write("DELETE FROM local WHERE key = ?", (household_key(household_id),))
                trees += _trees(store, household_id)
            store.derivation.refresh_trees(sorted(trees))
        done += len(trees)
        progress(min(done, total), total)
    return done


def refuse_same_version(store: Store, new: Method) -> None:
    """One version names one content: another of the same name could not be told apart on any page."""
    for kept in in_use(store):
        if kept.version == new.method_version and kept.checksum != new.checksum:
            raise ItemError(
                "methodology_same_version",
                version=new.method_version,
                kept=kept.checksum[:12],
                found=new.checksum[:12],
            )


def in_use(store: Store) -> list[InUse]:
    """Every methodology that this profile keeps, the active one first."""
    active = store.setting(ACTIVE)
    counts: dict[str, int] = {}
    for household_id, _state, kept in _households(store):
        if household_id is not None:
            checksum = kept.split()[0] if kept else active
            counts[checksum] = counts.get(checksum, 0) + 1
    rows = store.rows("SELECT key, value FROM local WHERE key >= ? AND key < ?", (FILES, FILES[:-1] + ";"))
    found = []
    for key, value in rows:
        checksum = key.removeprefix(FILES)
        version = methods.unpacked(value)[0]
        found.append(InUse(version, checksum, checksum == active, counts.get(checksum, 0)))
    return sorted(found, key=lambda one: (not one.active, one.version))


def is_settled(store: Store, new: Method) -> bool:
    """Whether the profile works with it already and every draft is computed with it."""
    return store.setting(ACTIVE) == new.checksum and not lagging(store)


def lagging(store: Store) -> list[RecordId | None]:
    """Drafts that are not computed with the active methodology: they were handed in when it came, and were returned."""
    return [id for id, state, kept in _households(store) if kept and state in DRAFT_STATES]


def _keep(store: Store, method: Method) -> None:
    store.set_setting(FILES + method.checksum, methods.packed(method.method_version, method.contents))


def _households(store: Store) -> list[tuple[RecordId | None, str, str]]:
    """Every household with its state and its setting; the last, None, stands for trees that have none yet."""
    rows = store.rows(
        "SELECT i.id, coalesce(h.state, ''), coalesce(l.value, '') FROM "
        "(SELECT id FROM household UNION SELECT household_id FROM household_current) i "
        "LEFT JOIN household h ON h.id = i.id LEFT JOIN local l ON l.key = ? || lower(hex(i.id)) ORDER BY i.id",
        (HOUSEHOLD,),
    )
    return [*rows, (None, "", store.setting(household_key(None)))]


def _due(store: Store) -> list[RecordId | None]:
    rows = store.rows(
        "SELECT key FROM local WHERE key >= ? AND key < ? AND value LIKE ?",
        (HOUSEHOLD, HOUSEHOLD[:-1] + ";", f"% {DUE}"),
    )
    ids = [bytes.fromhex(row[0].removeprefix(HOUSEHOLD)) for row in rows]
    return [RecordId(id) if id else None for id in ids]


def _trees(store: Store, household_id: RecordId | None) -> list[RecordId]:
    if household_id is None:
        return [row[0] for row in store.rows("SELECT tree_id FROM tree_current WHERE household_id IS NULL")]
    mine = "SELECT t.id FROM parcel p JOIN tree t ON t.parcel_id = p.id WHERE p.household_id = ?"
    return [row[0] for row in store.rows(mine, (household_id,))]


def _blocks(store: Store, due: list[RecordId | None]) -> Iterator[list[RecordId | None]]:
    """Households that one transaction recomputes together: few enough to let recording go on in between."""
    some: list[RecordId | None] = []
    trees = 0
    for household_id in due:
        some.append(household_id)
        trees += len(_trees(store, household_id))
        if trees >= _TREES_A_TRANSACTION:
            yield some
            some, trees = [], 0
    if some:
        yield some
