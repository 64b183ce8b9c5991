"""Texts without a meaning, by field, in one text of a record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.unread import typed_texts, with_text

TEXTS = st.dictionaries(st.text(min_size=1, max_size=9), st.text(min_size=1, max_size=9), max_size=4)


@given(TEXTS)
def test_what_is_put_in_comes_out_and_goes_again(texts: dict[str, str]) -> None:
    unread = None
    for name, text in texts.items():
        unread = with_text(unread, name, text)
    assert typed_texts(unread) == texts
    for name in texts:
        unread = with_text(unread, name, "")
    assert unread is None


@pytest.mark.parametrize("foreign", ["abc", "[1]", "7", '{"dbh_cm": 7}', '{"dbh_cm": ""}', "", None])
def test_what_another_program_wrote_in_another_form_says_nothing(foreign: str | None) -> None:
    assert typed_texts(foreign) == {}
