"""Undo and redo that say what they did: which field, of whom, from what to what; personal values stay covered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.current import QUANTITIES
from fieldapp.domain.fields import FieldSpec, Sensitivity
from fieldapp.domain.ids import RecordId
from fieldapp.domain.masking import mask_name
from fieldapp.domain.ops import Value
from fieldapp.domain.records import BY_NAME, Household, Member, Parcel, Record, Tenure, Tree
from fieldapp.ui.history import value_words
from fieldapp.ui.shown import declared, degrees

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.undo import Step

_KEPT = "kept"  # what somebody agreed to is never taken away, it is withdrawn
_PLACE = "place"  # degrees in words: a position is no field of its record
_Values = dict[tuple[str, RecordId, str], Value]  # record, id, field


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one field of one record; of `removed`: the record as a whole went or came back."""

    record: str
    head: str  # of whose household it is
    name: str  # of the record itself: a tag, a place, a number, a person
    field: str
    before: Value
    now: Value
    key: RecordId | None = None


def undo(store: Store) -> list[Change] | None:
    """Takes the last save back and says what that changed; None when there is none."""
    from fieldapp.storage import undo as storage

    return _act(store, storage.next_undo(store), lambda: storage.undo(store) is not None)


def redo(store: Store) -> list[Change] | None:
    """Brings back what was taken back last and says what that changed; None when there is nothing."""
    from fieldapp.storage import undo as storage

    return _act(store, storage.next_redo(store), lambda: storage.redo(store) is not None)


def last_stored(store: Store) -> list[Change]:
    """What the last save of this laptop left standing; empty when there is none."""
    from fieldapp.storage import undo as storage

    now = _values(store, storage.next_undo(store))
    return [Change(record, *_name(store, record, key), name, None, value) for (record, key, name), value in now.items()]


def _act(store: Store, steps: Sequence[Step], work: Callable[[], bool]) -> list[Change] | None:
    before = _values(store, steps)
    if not work():
        return None
    now = _values(store, steps)
    changes = [
        Change(record, *_name(store, record, key), name, value, now.get((record, key, name)), key)
        for (record, key, name), value in before.items()
        if (value or None) != (now.get((record, key, name)) or None)
    ]
    if not changes and any(step.record == "consent" for step in steps):
        return [Change("consent", "", "", _KEPT, None, None)]
    return sorted(changes, key=lambda change: change.field != "removed")  # what came or went as a whole comes first


def _values(store: Store, steps: Sequence[Step]) -> _Values:
    """What stands now in the fields that these steps touch."""
    from fieldapp.storage import reads

    found: _Values = {}
    for step in steps:
        tree_id, subject_id = step.fields.get("tree_id"), step.fields.get("subject_id")
        if step.record == "measurement" and isinstance(tree_id, bytes):
            row = reads.tree_row(store, RecordId(tree_id))
            cleared = str(step.fields.get("cleared") or "").split(",")
            for name in QUANTITIES:
                if row is not None and (step.fields.get(name) is not None or name in cleared):
                    as_measured = row.stems if name == "dbh_cm" else None
                    found["tree", RecordId(tree_id), name] = as_measured or getattr(row, name)
        elif step.record == "position" and isinstance(subject_id, bytes):
            at = reads.position(store, RecordId(subject_id))
            words = degrees(at.lat, at.lon) if at is not None and at.lat is not None and at.lon is not None else None
            found[str(step.fields.get("subject")), RecordId(subject_id), _PLACE] = words
        else:
            record = store.get(BY_NAME[step.record], step.record_id)
            for name in ("removed",) if step.added else step.fields:
                found[step.record, step.record_id, name] = getattr(record, name, None)
    return found


def _name(store: Store, record: str, record_id: RecordId) -> tuple[str, str]:
    """The head of the household to which a record belongs, and what the record itself is called."""
    one: Record | None = store.get(BY_NAME[record], record_id) if record in BY_NAME else None
    if isinstance(one, Tree):
        parcel = store.get(Parcel, one.parcel_id) if one.parcel_id is not None else None
        return _head(store, parcel), one.tag or ""
    if isinstance(one, Parcel | Member | Tenure):
        name = one.place_name if isinstance(one, Parcel) else one.name if isinstance(one, Member) else one.number
        return _head(store, one), name or ""
    return (one.head_name or "" if isinstance(one, Household) else ""), ""


def _head(store: Store, one: Parcel | Member | Tenure | None) -> str:
    household = store.get(Household, one.household_id) if one is not None and one.household_id is not None else None
    return (household.head_name or "") if household is not None else ""


def tree_back(changes: Sequence[Change] | None) -> RecordId | None:
    """The tree that came back out of the bin, for the cursor to go to."""
    first = changes[0] if changes else None
    return first.key if first and first.record == "tree" and first.field == "removed" and not first.now else None


def undone_words(changes: Sequence[Change] | None, hidden: bool) -> str:
    """What undo says."""
    if not changes:
        return i18n.t("ui.nothing_to_undo" if changes is None else "ui.undone.other")
    if changes[0].field == _KEPT:
        return i18n.t("ui.undone.consent")
    return i18n.t("ui.undone", what=change_words(changes, hidden=hidden))


def redone_words(changes: Sequence[Change] | None, hidden: bool) -> str:
    """What redo says."""
    if not changes:
        return i18n.t("ui.nothing_to_redo" if changes is None else "ui.undone.other")
    if changes[0].field == _KEPT:
        return i18n.t("ui.redone.consent")
    return i18n.t("ui.redone", what=change_words(changes, hidden=hidden))


def stored_words(changes: Sequence[Change], *, hidden: bool) -> str:
    """What was stored, in words: of whom, which field, which value; "" where nothing was, or nothing that has words."""
    first = next((change for change in changes if change.field != "removed"), changes[0] if changes else None)
    if first is None or first.field == _KEPT:
        return ""
    if first.field == "removed":
        return _whose(first, hidden=hidden)
    spec = _spec(first)
    label = i18n.t(spec.label) if spec is not None else i18n.t("ui.column.position")
    return f"{_whose(first, hidden=hidden)} · {label} {_words(first, spec, first.now, hidden)}"


def _whose(change: Change, *, hidden: bool) -> str:
    head = mask_name(change.head) if hidden and change.head else change.head
    name = mask_name(change.name) if hidden and change.record == "member" and change.name else change.name
    own = f"{i18n.t(f'record.{change.record}')} {name}".strip()
    return f"{own} {head}".strip() if change.record == "household" else " · ".join(filter(None, (head, own)))


def change_words(changes: Sequence[Change], *, hidden: bool) -> str:
    """The first change in words, and how many more there are."""
    first = changes[0]
    whose = _whose(first, hidden=hidden)
    if first.field == "removed":
        words = i18n.t("ui.undone.gone" if first.now else "ui.undone.back", whose=whose)
    else:
        spec = _spec(first)
        label = i18n.t(spec.label) if spec is not None else i18n.t("ui.column.position")
        before, now = (_words(first, spec, value, hidden) for value in (first.before, first.now))
        words = i18n.t("ui.undone.field", whose=whose, field=label, before=before, now=now)
    return i18n.t("ui.undone.more", what=words, n=len(changes)) if len(changes) > 1 else words


def _spec(change: Change) -> FieldSpec | None:
    if change.field == _PLACE:
        return None
    return declared("measurement" if change.field in QUANTITIES else change.record, change.field)


def _words(change: Change, spec: FieldSpec | None, value: Value, hidden: bool) -> str:
    if spec is None:
        return str(value or "—")
    secret = spec.sensitivity is Sensitivity.SENSITIVE or (hidden and spec.sensitivity is not Sensitivity.PUBLIC)
    return value_words(change.record, spec, value, covered=secret)
