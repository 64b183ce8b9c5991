"""Dates of photos: what cannot be is told, what is not known is not."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp.domain.check_photo import check_photo

TODAY = dt.date(2025, 6, 15)


@pytest.mark.parametrize(
    ("taken", "planted", "codes"),
    [
        ("2008-10-22T16:28:39", 2013, ["photo_before_planting"]),
        ("2013-01-01T00:00:00+08:00", 2013, []),
        ("2025-06-16T00:10:00+09:00", 2013, []),  # a camera that runs ahead by a zone
        ("2025-06-17T00:00:00", 2013, ["photo_in_future"]),
        ("2099-01-01T00:00:00", None, ["photo_in_future"]),
        ("2008-10-22T16:28:39", None, []),
        (None, 2013, []),
        ("", 2013, []),
        ("0000-00-00", 2013, []),
    ],
)
def test_a_date_that_cannot_be_is_told(taken: str | None, planted: int | None, codes: list[str]) -> None:
    assert [finding.code for finding in check_photo(taken, planting_year=planted, today=TODAY)] == codes
