"""Photo files on their way: in order, resumed, confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Photo, PhotoLink
from fieldapp.storage import counting, reads, receipts, transfers
from fieldapp.storage.store import Store


def test_photo_files_travel_in_order_and_resume(store: Store, field: Any) -> None:
    hashes = [store.blobs.put(bytes([n]) * size) for n, size in ((1, 10), (2, 20), (3, 30))]
    household = field.plant(store, 0).household
    with store.unit() as unit:
        names = dict(zip(("thumbnail_sha256", "working_sha256", "sha256"), hashes, strict=True))
        photo = unit.add(Photo(id=new_id(), village_code=field.village, **names))
        unit.add(
            PhotoLink(
                id=new_id(),
                village_code=field.village,
                photo_id=photo.id,
                subject="household",
                subject_id=household.id,
            )
        )
        unit.commit()
    assert [t.rendition for t in transfers.waiting(store)] == ["thumbnail", "working"]
    transfers.note_offset(store, hashes[1], 5, "/files/1")
    now = counting.status(store)
    assert (now.photos_total, now.photos_waiting, now.photos_waiting_bytes) == (1, 1, 25)
    transfers.mark_sent(store, hashes[:2])
    transfers.confirm(store, hashes[:1])
    assert [(t.rendition, t.state, t.location) for t in transfers.waiting(store)] == [("working", "sent", "/files/1")]
    transfers.want_again(store, [hashes[1]])
    assert transfers.transfer(store, hashes[1]).offset_bytes == 0  # type: ignore[union-attr]
    receipts.keep(store, field.village, b"r", hashes=hashes[:2])
    assert counting.status(store).photos_confirmed == 1
    assert not reads.photos(store, household.id)[0].waiting


def test_two_photos_of_the_same_content_are_two_wherever_photos_are_counted(store: Store, field: Any) -> None:
    thumbnail, working = store.blobs.put(b"t"), store.blobs.put(b"w")
    household = field.plant(store, 0).household
    with store.unit() as unit:
        for original in (b"one", b"other"):  # for instance one of them written again by another program
            photo = Photo(
                id=new_id(),
                village_code=field.village,
                thumbnail_sha256=thumbnail,
                working_sha256=working,
                sha256=store.blobs.put(original),
            )
            link = PhotoLink(id=new_id(), village_code=field.village, photo_id=unit.add(photo).id)
            unit.add(replace(link, subject="household", subject_id=household.id))
        unit.commit()
    now = counting.status(store)
    assert (now.photos_total, now.photos_waiting, now.photos_waiting_bytes) == (2, 2, 2)  # the files travel once
    transfers.confirm(store, [thumbnail, working])
    now = counting.status(store)
    assert (now.photos_waiting, now.photos_confirmed) == (0, len(reads.photos(store, household.id)))
