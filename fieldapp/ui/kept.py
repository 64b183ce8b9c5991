"""What was typed and has no meaning for its field: kept on this laptop alone, so that a power cut takes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

_KEPT = "typed_without_meaning"


def keep_typed(store: Store, record_id: RecordId, name: str, text: str) -> None:
    """Keeps a text that its field does not understand; "" forgets it."""
    kept = kept_typed(store)
    fields = kept.setdefault(record_id, {})
    if fields.get(name, "") == text:
        return
    fields[name] = text
    plain = {key.hex(): {n: t for n, t in texts.items() if t} for key, texts in kept.items()}
    store.set_setting(_KEPT, json.dumps({key: texts for key, texts in plain.items() if texts}, ensure_ascii=False))


def kept_typed(store: Store) -> dict[RecordId, dict[str, str]]:
    """The texts that are kept, by record and field."""
    text = store.setting(_KEPT)
    return {RecordId(bytes.fromhex(key)): texts for key, texts in json.loads(text).items()} if text else {}
