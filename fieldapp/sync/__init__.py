"""Frames, transport and the engine that brings laptop and server together."""
