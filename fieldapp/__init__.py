"""fieldapp: single-tree carbon sinks recorded offline in mountain villages."""

__version__ = "0.1.0"
