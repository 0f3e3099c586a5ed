"""A workspace with a ready MLflow database."""

from tests.tracking.conftest import template

__all__ = ["template"]
