"""The province as a box: a first look at whether a place can be meant, without projections or outlines."""

from __future__ import annotations

GUIZHOU = (24.5, 29.35, 103.5, 109.7)  # south, north, west, east, with a margin of some kilometres


def in_guizhou(lat: float, lon: float) -> bool:
    """Whether a WGS 84 place lies in or very near Guizhou."""
    south, north, west, east = GUIZHOU
    return south <= lat <= north and west <= lon <= east
