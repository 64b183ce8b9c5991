"""Schema changes of the server, applied in order at its start."""
