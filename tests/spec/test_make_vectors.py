"""§19: the committed vectors are what make_vectors.py writes, whatever the hash seed of the interpreter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs.spec.v1.make_vectors import VECTORS

ROOT = Path(__file__).parents[2]


def contents(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


@pytest.mark.parametrize("hash_seed", ["0", "4294967295"])
def test_writing_the_vectors_anew_gives_the_committed_files(tmp_path: Path, hash_seed: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "docs.spec.v1.make_vectors", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        check=True,
    )
    assert contents(tmp_path) == contents(VECTORS)
