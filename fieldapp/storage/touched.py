"""What changed rows mean for derived rows and search words: collected, then brought up to date once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fieldapp.domain.current import FACT_FIELDS, MeasurementFact
from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.storage import household_sums, terms

if TYPE_CHECKING:
    from fieldapp.storage.connection import Connection
    from fieldapp.storage.derived import Derivation

_TREE_FIELDS = {"parcel_id", "species", "state", "removed"}
_PARCEL_TREE_FIELDS = {"household_id", "species", "equation_id", "height_curve", "removed"}
_PARCEL_HOUSEHOLD_FIELDS = {"household_id", "area_mu", "removed"}
_SUBJECT_FACTS = {"position"}


class Touched:
    """Collects changes; `settle` recomputes what depends on them, in the transaction of the changes."""

    def __init__(self) -> None:
        self.trees: set[RecordId] = set()
        self.facts: dict[RecordId, MeasurementFact] = {}  # the only new fact about a tree, by the tree
        self.parcels: set[RecordId] = set()  # whose trees must be computed anew
        self.households: set[RecordId] = set()  # whose parcels and photos must be counted anew
        self.subjects: set[RecordId] = set()  # shown by a photo: tree, parcel or household
        self.words: dict[RecordId, tuple[str, Mapping[str, Value]]] = {}

    def note(
        self,
        record: str,
        record_id: RecordId,
        changed: Mapping[str, Value],
        now: Mapping[str, Value],
        old: Value = None,
    ) -> None:
        """One row changed: `changed` holds the fields that moved, `now` all of them, `old` its former owner."""
        if record == "tree":
            if not _TREE_FIELDS.isdisjoint(changed):
                self.trees.add(record_id)
        elif record == "measurement":
            _put(self.trees, now.get("tree_id"))
        elif record == "parcel":
            self._note_parcel(record_id, changed, now, old)
        elif record == "photo_link":
            _put(self.subjects, now.get("subject_id"))
            _put(self.subjects, old)
        elif record in _SUBJECT_FACTS and now.get("subject") == "tree":
            _put(self.trees, now.get("subject_id"))
        if terms.matters(record, changed):
            self.words[record_id] = (record, now)

    def note_fact(self, record_id: RecordId, hlc: int, values: Mapping[str, Any]) -> None:
        """A measurement of this laptop was added; its stamp is greater than any known one."""
        tree = values["tree_id"]
        if tree is None:
            return
        if tree in self.facts:
            self.trees.add(tree)
        self.facts[tree] = MeasurementFact(hlc, record_id, *map(values.get, FACT_FIELDS))

    def only_facts(self) -> bool:
        """Whether measurements are all that changed."""
        others = self.trees or self.parcels or self.households or self.subjects or self.words
        return bool(self.facts) and not others

    def _note_parcel(
        self, record_id: RecordId, changed: Mapping[str, Value], now: Mapping[str, Value], old: Value
    ) -> None:
        if not _PARCEL_TREE_FIELDS.isdisjoint(changed):
            self.parcels.add(record_id)
        if not _PARCEL_HOUSEHOLD_FIELDS.isdisjoint(changed):
            _put(self.households, now.get("household_id"))
            _put(self.households, old)

    def settle(self, connection: Connection, derivation: Derivation) -> set[RecordId]:
        """Brings derived rows, counters and search words up to date.

        Returns the facts whose household is already marked as having changes that the server does not hold.
        """
        for record in sorted({record for record, _ in self.words.values()}):
            found = [(id, values) for id, (named, values) in self.words.items() if named == record]
            terms.reindex(connection, record, found)
        if self.subjects:
            self._resolve_subjects(connection)
        for parcel_id in self.parcels:
            self.trees.update(derivation.trees_of_parcel(parcel_id))
        # A tree that is computed anew anyway reads its facts there.
        marked = set()
        for tree, fact in self.facts.items():
            if tree not in self.trees and derivation.add_fact(tree, fact):
                marked.add(fact.id)
            else:
                self.trees.add(tree)
        if self.trees:
            derivation.refresh_trees(sorted(self.trees))
        if self.households:
            household_sums.refresh_parcels_of(connection, sorted(self.households))
        return marked

    def _resolve_subjects(self, connection: Connection) -> None:
        for subject in sorted(self.subjects):
            if connection.execute("SELECT 1 FROM tree WHERE id = ?", (subject,)).fetchone():
                self.trees.add(subject)
                continue
            parcel = connection.execute("SELECT household_id FROM parcel WHERE id = ?", (subject,)).fetchone()
            if parcel:
                _put(self.households, parcel[0])
            elif connection.execute("SELECT 1 FROM household WHERE id = ?", (subject,)).fetchone():
                self.households.add(subject)


def _put(into: set[RecordId], value: Value) -> None:
    if isinstance(value, bytes):
        into.add(RecordId(value))
