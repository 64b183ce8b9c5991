"""Measurements of what the product must reach; each figure is printed beside its limit."""
