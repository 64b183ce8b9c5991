"""The word for a PIN."""

from __future__ import annotations

import pytest

from fieldapp.ui.pin import pin_strength


@pytest.mark.parametrize(
    ("pin", "word"),
    [("", "empty"), ("12", "short"), ("1234", "weak"), ("4321", "weak"), ("1111", "weak"), ("1999", "weak"),
     ("1112", "weak"), ("2718", "fair"), ("271828", "fair"), ("27182818", "good"), ("x7kq2m", "good")],
)  # fmt: skip
def test_pin_strength(pin: str, word: str) -> None:
    assert pin_strength(pin) == word
