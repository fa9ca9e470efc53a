"""§22: the committed vectors are what make_vectors.py writes, whatever the hash seed of the interpreter."""

import os
import subprocess
import sys
from pathlib import Path

from docs.spec.v1.make_vectors import VECTORS

ROOT = Path(__file__).parents[2]


def contents(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


def test_writing_the_vectors_anew_gives_the_committed_files(tmp_path: Path) -> None:
    # One seed that is nobody's default: the committed files were written under another.
    subprocess.run(
        [sys.executable, "-m", "docs.spec.v1.make_vectors", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4294967295"},
        check=True,
    )
    assert contents(tmp_path) == contents(VECTORS)
