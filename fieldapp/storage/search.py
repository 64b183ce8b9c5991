"""Finds households, members, parcels and trees by name, tag, tail of an ID number or phone, and pinyin initials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.storage import terms
from fieldapp.storage.store import Store

_SHORTEST_TAIL = 3
_SHORTEST_INSIDE = 2
_ORDER = {"household": 0, "member": 1, "parcel": 2, "tree": 3}
# The wide forms lie in U+FF00 to U+FF7F: their UTF-8 begins with one of two pairs of bytes.
_IS_WIDE = "(instr(CAST(tag AS BLOB), x'EFBC') OR instr(CAST(tag AS BLOB), x'EFBD'))"
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found; `household_id` is where to go, `matched` is how: name, initials, id, number, tag."""

    record: str
    record_id: RecordId
    household_id: RecordId | None
    village_code: str
    title: str
    matched: str


def search(store: Store, text: str, limit: int = 50) -> list[Hit]:
    """The best hits, households first; an empty text finds nothing."""
    folded = terms.fold(text)
    if not folded:
        return []
    hits = _by_words(store, folded, limit)
    if len(hits) < limit:
        hits += _by_tag(store, folded, limit - len(hits))
    return sorted(hits, key=lambda hit: _ORDER[hit.record])[:limit]


def _by_words(store: Store, folded: str, limit: int) -> list[Hit]:
    found: dict[RecordId, tuple[str, str]] = {}
    for kinds, prefix in _prefixes(folded):
        marks = ",".join("?" * len(kinds))
        rows = store.rows(
            f"SELECT record_id, record, kind FROM search_term WHERE term >= ? AND term < ? AND kind IN ({marks}) "
            "ORDER BY length(term) LIMIT ?",
            (prefix, prefix + _LAST, *kinds, limit * 4),
        )
        for record_id, record, kind in rows:
            found.setdefault(record_id, (record, kind))
    best = sorted(found.items(), key=lambda item: _ORDER[item[1][0]])[:limit]
    return [hit for record_id, (record, kind) in best if (hit := _hit(store, record, record_id, kind)) is not None]


def _prefixes(folded: str) -> list[tuple[tuple[str, ...], str]]:
    asked: list[tuple[tuple[str, ...], str]] = [((terms.NAME, terms.INITIALS, terms.NUMBER), folded)]
    tail = folded.rstrip("x")
    if len(folded) >= _SHORTEST_TAIL and tail.isdigit():
        asked.append(((terms.ID_TAIL,), folded[::-1]))
    return asked


def _hit(store: Store, record: str, record_id: RecordId, kind: str) -> Hit | None:
    rows = store.rows(_TITLES[record], (record_id,))
    if not rows:
        return None
    household_id, village_code, title = rows[0]
    return Hit(record, record_id, household_id, village_code, title, _MATCHED[kind])


def _by_tag(store: Store, folded: str, limit: int) -> list[Hit]:
    """Tags that begin so; when none does, tags that hold it anywhere (a walk over one narrow index)."""
    rows = store.rows(f"{_TAGS} t.tag >= ? AND t.tag < ? ORDER BY t.tag LIMIT ?", (folded, folded + _LAST, limit))
    if not rows and len(folded) >= _SHORTEST_INSIDE:
        inside = "SELECT id FROM tree INDEXED BY tree_by_tag WHERE tag LIKE ? ESCAPE '\\' LIMIT ?"
        rows = store.rows(f"{_TAGS} t.id IN ({inside})", (f"%{_escaped(folded)}%", limit))
    if not rows and folded.isascii():
        rows = _full_width_tags(store, folded, limit)
    return [Hit("tree", row[0], row[1], row[2], row[3], "tag") for row in rows]


def _full_width_tags(store: Store, folded: str, limit: int) -> list[tuple[Any, ...]]:
    """Tags written with a Chinese keyboard's wide letters and digits; few, so that folding them here is quick."""
    wide = store.rows(f"SELECT id, tag FROM tree INDEXED BY tree_by_tag WHERE {_IS_WIDE}")
    ids = [row[0] for row in wide if folded in terms.fold(row[1])][:limit]
    return store.rows(f"{_TAGS} t.id IN ({','.join('?' * len(ids))}) ORDER BY t.tag", ids) if ids else []


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_MATCHED = {terms.NAME: "name", terms.INITIALS: "initials", terms.ID_TAIL: "id", terms.NUMBER: "number"}
_TITLES = {
    "household": "SELECT id, village_code, coalesce(head_name, '') FROM household WHERE id = ?",
    "member": "SELECT household_id, village_code, coalesce(name, '') FROM member WHERE id = ?",
    "parcel": "SELECT household_id, village_code, coalesce(place_name, '') FROM parcel WHERE id = ?",
}
_TAGS = (
    "SELECT t.id, c.household_id, t.village_code, t.tag FROM tree t CROSS JOIN tree_current c ON c.tree_id = t.id "
    "WHERE c.removed = 0 AND"
)
