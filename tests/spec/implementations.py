"""The implementations that the vectors are put to."""

from collections.abc import Mapping

from docs.spec.v1.scenarios.reference import Reference
from tests.spec.engine import Engine
from tests.spec.protocol import Implementation

IMPLEMENTATIONS: Mapping[str, Implementation] = {"verify.py": Reference(), "engine": Engine()}
