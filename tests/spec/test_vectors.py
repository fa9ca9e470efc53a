"""§22: every implementation answers every vector, and refuses what it must with the failure class that is named."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.spec.v1.make_vectors import VECTORS
from tests.spec.implementations import IMPLEMENTATIONS
from tests.spec.protocol import Refused


def all_cases() -> Iterator[Any]:
    """A parameter for each case of each file and implementation."""
    for file in sorted(VECTORS.glob("*.json")):
        scenario = json.loads(file.read_text(encoding="utf-8"))
        for name in IMPLEMENTATIONS:
            for number, case in enumerate(scenario["cases"]):
                yield pytest.param(name, scenario["name"], case, id=f"{name}-{file.stem}-{number}")


@pytest.mark.parametrize(("implementation", "method", "case"), list(all_cases()))
def test_an_implementation_answers_as_the_vector_says(
    implementation: str, method: str, case: dict[str, Any]
) -> None:
    given = dict(case["in"])
    if method == "bundle":
        given["data"] = (VECTORS / given.pop("bundle")).read_bytes()
        given["public"] = (VECTORS / given["public"]).read_bytes() if "public" in given else None
    try:
        answer = {"out": getattr(IMPLEMENTATIONS[implementation], method)(**given)}
    except Refused as refused:
        answer = {"fails": refused.failure}
    assert answer == {key: case[key] for key in ("out", "fails") if key in case}, case["case"]


def test_every_bundle_is_listed_and_every_file_has_cases() -> None:
    files = {file: json.loads(file.read_text(encoding="utf-8")) for file in VECTORS.glob("*.json")}
    assert all(scenario["cases"] for scenario in files.values())
    asked = [case["in"] for case in files[VECTORS / "bundles.json"]["cases"]]
    listed = {given[key] for given in asked for key in ("bundle", "public") if key in given}
    assert listed == {str(file.relative_to(VECTORS)) for file in Path(VECTORS).glob("bundles/*")}


def test_every_step_of_verification_catches_a_bundle_of_its_own() -> None:
    cases = json.loads((VECTORS / "bundles.json").read_text(encoding="utf-8"))["cases"]
    steps = {
        *("archive", "manifest", "encoding", "plan", "registry", "strata", "pool", "commitment", "notice"),
        *("log", "seed", "witness", "targets", "blocks", "assignment", "result"),
        *("signature", "records", "public"),
    }
    assert {case["fails"] for case in cases if "fails" in case} == steps
