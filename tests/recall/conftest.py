"""A workspace with a ready MLflow database."""

from tests.registry.conftest import template

__all__ = ["template"]
