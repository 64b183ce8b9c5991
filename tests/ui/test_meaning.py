"""Numbers of people, cards and plates as a Chinese keyboard gives them."""

from __future__ import annotations

import pytest

from fieldapp.domain.fields import spec
from fieldapp.domain.records import Household, Tree
from fieldapp.ui.meaning import understand


@pytest.mark.parametrize(
    ("record", "name", "typed", "kept"),
    [
        (Household, "id_number", "５２２６３２ 19900101 000x", "52263219900101000X"),
        (Household, "id_number", "不详", "不详"),
        (Household, "bank_account", "6228 ４８０0 1234", "622848001234"),
        (Household, "phone", "１３９００００１２３４", "13900001234"),
        (Household, "phone", "+86 139 0000 1234", "13900001234"),
        (Household, "phone", "0855-1234567", "0855-1234567"),
        (Household, "phone", "邻居代接", "邻居代接"),
        (Household, "head_name", "Ｎａｍｅ", "Ｎａｍｅ"),
        (Tree, "tag", "ＬＸ０００１", "LX0001"),
        (Tree, "tag", "路边第１株", "路边第１株"),
    ],
)
def test_full_width_digits_and_blanks_go_and_words_stay(record: type, name: str, typed: str, kept: str) -> None:
    assert understand(spec(record, name), typed) == kept
