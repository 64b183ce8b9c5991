"""What a reviewer wants mended and nobody has answered yet. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.domain.records import ReviewRemark


def open_remarks(remarks: Iterable[ReviewRemark]) -> tuple[ReviewRemark, ...]:
    """The remarks that wait, out of all of them in the order in which they were written.

    A remark is a fact: an answer is another one about the same field with `answered` set. What comes later
    about that field is open again, so that a household may be returned twice for the same reason.
    """
    waiting: dict[tuple[object, str], list[ReviewRemark]] = {}
    for remark in remarks:
        place = remark.subject_id, remark.field_name or ""
        if remark.answered:
            waiting.pop(place, None)
        else:
            waiting.setdefault(place, []).append(remark)
    return tuple(remark for found in waiting.values() for remark in found)
