"""Positions: projections, NMEA, averaging, offsets, areas; pure but for pyproj."""
