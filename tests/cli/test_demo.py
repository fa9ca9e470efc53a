"""The demo: a whole batch on the shipped sample, every command shown; its bundle holds for the other verifier too."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.cli.runs import CLEAN, run

VERIFY: Final = Path(__file__).parents[2] / "docs" / "spec" / "v1" / "verify.py"


def test_the_demo_ends_verified_and_says_where_everything_lies(tmp_path: Path) -> None:
    done = run("demo", "--workspace", "演示", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "共抽中 2225 户" in done.stdout
    assert "核验通过" in done.stdout
    last_words = "\n".join(done.stdout.splitlines()[-5:])
    for named in (
        "published",
        *(f"bundles/{name}" for name in ("demo.zip", "public.zip", "receipt.json", "report.html")),
    ):
        assert f"演示/{named}" in last_words
        assert (tmp_path / "演示" / named).exists()
    bundles = tmp_path / "演示" / "bundles"
    beside = [str(bundles / "receipt.json"), "--public", str(bundles / "public.zip")]
    for files in ([str(bundles / "demo.zip")], [str(bundles / "public.zip")], beside):
        other = [sys.executable, str(VERIFY), *files, "--rehearsal"]
        assert subprocess.run(other, capture_output=True, env=CLEAN, check=False).returncode == 0
    again = run("demo", "--workspace", "演示", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (3, "")
