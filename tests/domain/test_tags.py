"""Tags that count up."""

from __future__ import annotations

import pytest

from fieldapp.domain.tags import next_tag


@pytest.mark.parametrize(
    ("tag", "after"),
    [("0312", "0313"), ("LX00999", "LX01000"), ("A9", "A10"), ("7-12b", "7-13b"), ("0099", "0100"),
     ("none", ""), ("", ""), (None, "")],
)  # fmt: skip
def test_next_tag(tag: str | None, after: str) -> None:
    assert next_tag(tag) == after
