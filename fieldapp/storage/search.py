"""Finds households, members, parcels and trees by name, tag, tail of an ID number or phone, and pinyin initials."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """One record that was found; `household_id` is where to go, `matched` is how: name, initials, id, number, tag.

    `owner` and `village` are the names of that household's head and of its village, empty where not known.
    """

    record: str
    record_id: RecordId
    household_id: RecordId | None
    village_code: str
    title: str
    matched: str
    owner: str = ""
    village: str = ""


def search(store: Store, text: str, limit: int = 50) -> list[Hit]:
    """The best hits, households first; an empty text finds nothing."""
    folded = terms.fold(text)
    if not folded:
        return []
    hits = _by_words(store, folded, limit)
    if len(hits) < limit:
        hits += _by_tag(store, folded, limit - len(hits))
    return _with_owners(store, sorted(hits, key=lambda hit: _ORDER[hit.record])[:limit])


def _with_owners(store: Store, hits: list[Hit]) -> list[Hit]:
    """Says whose each hit is: two trees may carry one tag, two people one name."""
    marks = ",".join("?" * len(hits))
    heads = dict(store.rows(_HEADS.format(marks), [hit.household_id for hit in hits]))
    villages = dict(store.rows(_VILLAGES))
    return [
        replace(hit, owner=heads.get(hit.household_id, ""), village=villages.get(hit.village_code, "")) for hit in hits
    ]


def _by_words(store: Store, folded: str, limit: int) -> list[Hit]:
    """Walks the words of all households, members and parcels: some thousand short rows, quicker than any index is."""
    asked = {terms.NAME: folded, terms.INITIALS: folded, terms.NUMBER: folded}
    wanted = [folded]
    if len(folded) >= _SHORTEST_TAIL and folded.rstrip("x").isdigit():
        asked[terms.ID_TAIL] = folded[::-1]
        wanted.append(folded[::-1])
    where = " OR ".join(["instr(words, ?)"] * len(wanted))
    hits: list[Hit] = []
    for record, columns in _TITLES.items():
        fitting = []
        for id, household_id, village, title, words in store.rows(f"SELECT {columns} WHERE {where}", wanted):
            if found := terms.matching(words, asked):
                hit = Hit(record, id, household_id, village, title, _MATCHED[found[0]])
                fitting.append((found[1], id, hit))
        hits += [hit for _, _, hit in sorted(fitting)[: limit - len(hits)]]
    return hits


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
    "household": "id, id, village_code, coalesce(head_name, ''), words FROM household",
    "member": "id, household_id, village_code, coalesce(name, ''), words FROM member",
    "parcel": "id, household_id, village_code, coalesce(place_name, ''), words FROM parcel",
}
_TAGS = (
    "SELECT t.id, c.household_id, t.village_code, t.tag FROM tree t CROSS JOIN tree_current c ON c.tree_id = t.id "
    "WHERE c.removed = 0 AND"
)
_HEADS = "SELECT id, coalesce(head_name, '') FROM household WHERE id IN ({})"
_VILLAGES = "SELECT village_code, coalesce(name, '') FROM village"
