"""What was typed and has no meaning for its field: it stays with its record, for everybody, until it is mended.

Records that have no room for it keep it on this laptop alone, as all did in older programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Parcel, Record, Tenure, Tree
from fieldapp.domain.unread import typed_texts, with_text

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

_KEPT = "typed_without_meaning"
_ROOMY: tuple[type[Tree | Parcel | Tenure], ...] = (Tree, Parcel, Tenure)
R = TypeVar("R", bound=Record)


def keep_typed(store: Store, record_id: RecordId, name: str, text: str) -> Record | None:
    """Keeps a text that its field does not understand, "" forgets it; the record as it then is, where it holds it."""
    record = next((found for kind in _ROOMY if (found := store.get(kind, record_id)) is not None), None)
    if record is None:
        _keep_here(store, record_id, name, text)
        return None
    forget_here(store, [(record_id, name)])
    unread = with_text(record.unread, name, text)
    if unread == record.unread:
        return record
    with store.unit() as unit:
        written = unit.edit(record, unread=unread)
        unit.commit()
    return written


def mended(store: Store, shown: R, name: str) -> tuple[R, dict[str, Value]]:
    """A field of a record is given a value: the record to edit, and the change that takes its unread text away."""
    if not isinstance(shown, _ROOMY):
        return shown, {}
    stored = store.get(type(shown), shown.id)
    if stored is None or name not in typed_texts(stored.unread):
        return shown, {}
    return replace(shown, unread=stored.unread), {"unread": with_text(stored.unread, name, "")}


def kept_typed(store: Store, records: Iterable[Record]) -> dict[RecordId, dict[str, str]]:
    """The texts that are kept of these records, by record and field."""
    found = _kept_here(store)
    for record in records:
        texts = typed_texts(record.unread) if isinstance(record, _ROOMY) and record.unread else {}
        if texts:
            found[record.id] = {**found.get(record.id, {}), **texts}
    return found


def forget_here(store: Store, fields: Iterable[tuple[RecordId, str]]) -> None:
    """Forgets what this laptop alone keeps of some fields."""
    if store.setting(_KEPT):
        for record_id, name in fields:
            _keep_here(store, record_id, name, "")


def _keep_here(store: Store, record_id: RecordId, name: str, text: str) -> None:
    kept = _kept_here(store)
    fields = kept.setdefault(record_id, {})
    if fields.get(name, "") == text:
        return
    fields[name] = text
    plain = {key.hex(): {n: t for n, t in texts.items() if t} for key, texts in kept.items()}
    left = {key: texts for key, texts in plain.items() if texts}
    store.set_setting(_KEPT, json.dumps(left, ensure_ascii=False) if left else "")


def _kept_here(store: Store) -> dict[RecordId, dict[str, str]]:
    text = store.setting(_KEPT)
    return {RecordId(bytes.fromhex(key)): texts for key, texts in json.loads(text).items()} if text else {}
