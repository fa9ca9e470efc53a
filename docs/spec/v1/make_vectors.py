"""Write the test vectors of §22 from verify.py.

    python -m docs.spec.v1.make_vectors [DIRECTORY]        (from the repository's root)

What is written depends on nothing but verify.py and the scenarios: the same files every time.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs.spec.v1.scenarios.bundles import bundle_cases
from docs.spec.v1.scenarios.cases import Case, Scenario
from docs.spec.v1.scenarios.draws import draw_scenarios
from docs.spec.v1.scenarios.encoding import encoding_scenarios
from docs.spec.v1.scenarios.notices import notice_scenarios
from docs.spec.v1.scenarios.paths import path_scenarios
from docs.spec.v1.scenarios.plans import plan_scenarios
from docs.spec.v1.scenarios.public import public_cases
from docs.spec.v1.scenarios.receipts import receipt_cases
from docs.spec.v1.scenarios.record_bundles import record_bundles
from docs.spec.v1.scenarios.records import record_scenarios
from docs.spec.v1.scenarios.reference import Reference, Refused
from docs.spec.v1.scenarios.signatures import signature_scenarios
from docs.spec.v1.scenarios.succession import succession_scenarios
from docs.spec.v1.scenarios.values import value_scenarios

VECTORS = Path(__file__).parent / "vectors"


def scenarios() -> list[Scenario]:
    """All scenarios of single sections."""
    return [
        *encoding_scenarios(),
        *path_scenarios(),
        *plan_scenarios(),
        *record_scenarios(),
        *signature_scenarios(),
        *value_scenarios(),
        *notice_scenarios(),
        *draw_scenarios(),
        *succession_scenarios(),
    ]


def answered(method: Any, case: Case) -> dict[str, Any]:
    """The case with what verify.py makes of it; a failure other than the scenario's is an error here."""
    record = {"case": case.case, "in": case.given}
    try:
        outcome = {"out": method(**case.given)}
    except Refused as refused:
        outcome = {"fails": refused.failure}
    if outcome.get("fails", "") != case.fails:
        raise AssertionError(f"{case.case}: expected {case.fails or 'success'}, got {outcome}")
    return record | outcome


def vector_files() -> Iterator[tuple[str, bytes]]:
    """Every file of vectors: its path below the directory, and its bytes."""
    for scenario in scenarios():
        method = getattr(Reference(), scenario.name)
        cases = [answered(method, case) for case in scenario.cases]
        yield f"{scenario.name}.json", as_json(scenario.name, scenario.section, scenario.about, cases)
    cases, paths = list[dict[str, Any]](), dict[bytes, str]()
    for name, data, case in (*bundle_cases(), *record_bundles(), *public_cases(), *receipt_cases()):
        path = f"bundles/{name}.{'json' if data.startswith(b'{') else 'zip'}"
        yield path, data
        paths[data] = path
        told = {"bundle": path} | {key: case.given[key] for key in ("rehearsal", "trust")}
        if public := case.given["public"]:
            if public not in paths:
                paths[public] = f"bundles/{name}-beside.zip"
                yield paths[public], public
            told["public"] = paths[public]
        cases.append(answered(Reference().bundle, case) | {"in": told})
    about = "whole bundles and receipts; out: the exit code; fails: the failure class (exit code 1)"
    yield "bundles.json", as_json("bundle", "§18", about, cases)


def as_json(name: str, section: str, about: str, cases: list[dict[str, Any]]) -> bytes:
    """Ordinary JSON, a case in a line."""
    head = json.dumps({"name": name, "section": section, "about": about}, ensure_ascii=False)
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    return f'{head[:-1]}, "cases": [\n{lines}\n]}}\n'.encode()


def write(directory: Path) -> None:
    """Write all files anew; what was in the directory goes."""
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "bundles").mkdir(parents=True)
    for path, data in vector_files():
        (directory / path).write_bytes(data)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else VECTORS)
