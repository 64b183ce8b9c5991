"""What is odd about a position. Pure."""

from __future__ import annotations

from math import inf

from fieldapp.errors import Finding, Severity


def check_position(
    lat: float | None,
    lon: float | None,
    *,
    inside: bool | None = None,
    accuracy_m: float | None = None,
    rough_m: float = inf,
) -> tuple[Finding, ...]:
    """A position in degrees; `inside` tells whether it lies in the village's county (None: outline unknown).

    One that is less accurate than `rough_m` wants to be taken again, or a reason.
    """
    if lat is None or lon is None:
        return (Finding("position_missing", Severity.GREY, "position"),)
    if lat == 0 and lon == 0:
        return (Finding("position_zero", Severity.RED, "position"),)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        swapped = f"{lon}, {lat}" if -90 <= lon <= 90 and -180 <= lat <= 180 else ""
        return (Finding("position_range", Severity.RED, "position", suggestion=swapped),)
    found = (Finding("position_outside", Severity.AMBER, "position"),) if inside is False else ()
    if accuracy_m is not None and accuracy_m > rough_m:
        return (*found, Finding("position_rough", Severity.AMBER, "position", {"accuracy": f"{accuracy_m:.0f}"}))
    return found
