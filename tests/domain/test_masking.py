"""What is masked cannot be read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.masking import mask_account, mask_id, mask_name, mask_phone, surname


def test_forms() -> None:
    assert mask_id("522633199001014210") == "5226**********4210"
    assert mask_account("6210 9512 3456 7890") == "************7890"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_name("杨进光") == "杨**"
    assert mask_name("欧阳锋") == "欧阳**"
    assert mask_name("李") == "李**"
    assert surname("司马光") == "司马"
    assert (mask_id(None), mask_name(None), mask_phone("")) == ("", "", "")


@given(st.text("0123456789", max_size=30))
def test_short_numbers_are_hidden_whole(digits: str) -> None:
    for mask in (mask_id, mask_account, mask_phone):
        shown = mask(digits)
        assert len(shown) == len(digits)
        assert len(digits) < 3 or "***" in shown
