"""Tree to CO2: equation registry, choice, estimate, explanation; pure."""
