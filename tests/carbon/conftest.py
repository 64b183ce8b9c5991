"""The shipped registry and an estimator over it, read once."""

from __future__ import annotations

import pytest

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry


@pytest.fixture(scope="session")
def shipped() -> Registry:
    """The registry in resources/species."""
    return registry.load()


@pytest.fixture(scope="session")
def estimator(shipped: Registry) -> RegistryEstimator:
    """Estimates without numbers that were not found in a text."""
    return RegistryEstimator(shipped)


@pytest.fixture(scope="session")
def trusting(shipped: Registry) -> RegistryEstimator:
    """Estimates with them."""
    return RegistryEstimator(shipped, allow_memory=True)
