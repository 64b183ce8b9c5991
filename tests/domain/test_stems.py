"""Girths and forks as people type them, kept as they were measured."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.stems import MOST_STEMS, Stems, read_stems, says_stems, stem_diameters
from fieldapp.errors import Finding


@pytest.mark.parametrize(
    ("typed", "kept", "dbh_cm"),
    [
        ("周20.4", "C20.4", 20.4 / pi),
        ("胸围 20.4cm", "C20.4", 20.4 / pi),
        ("ｃ２０．４", "C20.4", 20.4 / pi),
        ("围20.4", "C20.4", 20.4 / pi),
        ("g20.4", "C20.4", 20.4 / pi),
        ("6.5+7.2", "6.5+7.2", 9.7),
        ("６．５ ＋ ７．２厘米", "6.5+7.2", 9.7),
        ("c3+4", "C3+C4", 5 / pi),
        ("6.5、7.2", "6.5+7.2", 9.7),
        ("2 ＋ 3、6", "2+3+6", 7.0),
        ("3+4", "3+4", 5.0),
    ],
)
def test_as_people_type_them(typed: str, kept: str, dbh_cm: float) -> None:
    stems = read_stems(typed)
    assert says_stems(typed)
    assert isinstance(stems, Stems)
    assert (stems.text, stems.dbh_cm) == (kept, pytest.approx(dbh_cm))


@pytest.mark.parametrize("typed", ["6.5+", "周", "6+x", "+".join(["5"] * (MOST_STEMS + 1)), "c20m"])
def test_what_means_nothing_is_said(typed: str) -> None:
    assert says_stems(typed)
    assert isinstance(read_stems(typed), Finding)


@pytest.mark.parametrize("typed", ["6.5", "+6.5", "六点五", "", " 12 "])
def test_a_diameter_is_none_of_them(typed: str) -> None:
    assert not says_stems(typed)


@given(st.lists(st.decimals("0.1", 400, places=1), min_size=1, max_size=8), st.booleans())
def test_what_is_kept_means_the_same_when_read_again(sizes: list[object], girth: bool) -> None:
    stems = read_stems("+".join(f"{'周' if girth else ''}{size}" for size in sizes))
    assert isinstance(stems, Stems)
    assert read_stems(stems.text) == stems
    assert stem_diameters(stems.text) == (stems.diameters_cm if len(sizes) > 1 else ())


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(read_stems(text), Stems | Finding)
    assert isinstance(stem_diameters(text), tuple)
