"""Where a laptop is enrolled is kept in its encrypted database."""

from __future__ import annotations

from fieldapp.storage import counting, enrolment
from fieldapp.storage.store import Store


def test_the_enrolment_lies_in_the_encrypted_database(store: Store) -> None:
    assert enrolment.enrolment(store) is None
    made = enrolment.Enrolment("http://127.0.0.1:1", "token", b"k" * 32, practice=True)
    enrolment.set_enrolment(store, made)
    enrolment.note_sync(store, 5)
    assert enrolment.enrolment(store) == made
    assert counting.status(store).last_sync_at == 5
    enrolment.note_answer(store, 9)
    now = counting.status(store)
    assert (now.last_sync_at, now.last_complete_sync_at) == (9, 5)
    enrolment.set_enrolment(store, None)
    assert enrolment.enrolment(store) is None
