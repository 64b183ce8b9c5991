"""Values have one canonical form; what does not fit its field is refused and nothing else."""

from __future__ import annotations

import pytest

from fieldapp.domain.fields import spec
from fieldapp.domain.records import Household, Measurement, Photo, Tree
from fieldapp.domain.values import canonical
from fieldapp.errors import ItemError

REMARKS = spec(Tree, "remarks")


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "🌲", "'; DROP TABLE tree; --", "ÅÅ", "杨\u200b光", "﷽", "\u202etxt"]
)
def test_any_text_stays_as_it_was_typed(text: str) -> None:
    assert canonical(REMARKS, text) == text


def test_half_an_emoji_becomes_a_question_mark_instead_of_an_error() -> None:
    assert canonical(REMARKS, "a\ud83cb") == "a?b"


def test_whole_numbers_become_reals_where_the_field_is_real() -> None:
    value = canonical(spec(Measurement, "dbh_cm"), 6)
    assert isinstance(value, float)
    assert value == 6.0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "6.1", b"6"])
def test_what_is_no_number_is_refused(value: float | str | bytes) -> None:
    with pytest.raises(ItemError, match="value_refused"):
        canonical(spec(Measurement, "dbh_cm"), value)


@pytest.mark.parametrize("value", [2**63, -(2**70), 1.5, "1"])
def test_integers_fit_the_database(value: float | str) -> None:
    with pytest.raises(ItemError, match="value_refused"):
        canonical(spec(Household, "number"), value)


def test_ids_and_hashes_have_their_length() -> None:
    assert canonical(spec(Photo, "sha256"), b"h" * 32) == b"h" * 32
    with pytest.raises(ItemError, match="value_refused"):
        canonical(spec(Photo, "sha256"), b"h" * 31)
