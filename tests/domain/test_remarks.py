"""A remark of a review waits until it is answered, and waits again when it is made again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import ReviewRemark
from fieldapp.domain.remarks import open_remarks

VILLAGE = "522633100201"
SUBJECTS = [RecordId(bytes([n]) * 16) for n in (1, 2)]


def remark(subject: RecordId, field: str | None = None, text: str = "", answered: int | None = None) -> ReviewRemark:
    """A remark about a field of a subject."""
    return ReviewRemark(
        id=RecordId(new_id()),
        village_code=VILLAGE,
        subject_id=subject,
        field_name=field,
        remark=text,
        answered=answered,
    )


def test_an_answer_settles_its_field_only() -> None:
    one, other = remark(SUBJECTS[0], "phone"), remark(SUBJECTS[0], "bank_account")
    assert open_remarks([one, other, remark(SUBJECTS[0], "phone", answered=1)]) == (other,)


def test_two_remarks_on_a_field_both_wait() -> None:
    first, second = remark(SUBJECTS[0], None, "a"), remark(SUBJECTS[0], None, "b")
    assert open_remarks([first, second]) == (first, second)


@given(st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from([None, "phone"]), st.booleans())))
def test_what_waits_came_after_the_last_answer(acts: list[tuple[RecordId, str | None, bool]]) -> None:
    written = [remark(subject, field, answered=int(answered) or None) for subject, field, answered in acts]
    waiting = open_remarks(written)
    for one in written:
        same = [o for o in written if (o.subject_id, o.field_name) == (one.subject_id, one.field_name)]
        after = same[same.index(one) + 1 :]
        assert (one in waiting) == (not one.answered and not any(o.answered for o in after))
