"""What the date of a photo says about the tree that it is said to show."""

from __future__ import annotations

import datetime as dt

from fieldapp.errors import Finding, Severity

_CLOCK_DAYS = 1  # a camera on the time of another zone is no day in the future


def check_photo(taken_at_local: str | None, *, planting_year: int | None, today: dt.date) -> list[Finding]:
    """Findings of a photo's own date: older than the planting, or not yet come. A photo without a date has none."""
    try:
        taken = dt.date.fromisoformat((taken_at_local or "")[:10])
    except ValueError:
        return []
    if taken > today + dt.timedelta(days=_CLOCK_DAYS):
        return [Finding("photo_in_future", Severity.AMBER, "taken_at_local", {"day": taken.isoformat()})]
    if planting_year is not None and taken.year < planting_year:
        params = {"day": taken.isoformat(), "planted": planting_year}
        return [Finding("photo_before_planting", Severity.AMBER, "taken_at_local", params)]
    return []
