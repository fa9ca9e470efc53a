"""A machine that refuses or stops: a full disk, no rights, no power. The workspace stays as it was."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.store import Store, files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.log import first_fault
from tests.store.world import NOW, put_plan, tables

ROOT: Final = Path(__file__).parents[2]
ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}

# Run in a mount namespace of its own, on a tmpfs of 2 MiB.
FULL_DISK = """
import os, sys
from pathlib import Path
from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.store import Store
from tests.store.world import KEY, NOW, OPERATORS, files_below, put_plan, tables

root = Path(sys.argv[1])
filler = root / "filler"

def fill(left):
    free = os.statvfs(root)
    filler.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - left)))

fill(8192)
before = sorted(root.rglob("*"))
try:
    Store.create(root / "workspace", "局", "410100", OPERATORS, NOW)
except EnvironmentRefused as refused:
    assert refused.code == "store.disk_full", refused.code
else:
    raise SystemExit("a workspace was made on a full disk")
assert sorted(root.rglob("*")) == before

filler.unlink()
store = Store.create(root / "workspace", "局", "410100", OPERATORS, NOW)
for left, size in [(1 << 17, 1 << 19), (0, 0), (4096, 0), (16384, 0)]:
    before = tables(store.layout.root), files_below(store.layout.root)
    fill(left)
    try:
        with store.begin("张三", "freeze", NOW) as transaction:
            draw = transaction.add_draw("real", put_plan(transaction), KEY)
            transaction.put_files(draw, {"entities.jsonl": bytes(size)})
    except EnvironmentRefused as refused:
        assert refused.code == "store.disk_full", refused.code
    else:
        raise SystemExit(f"a transaction of {size} bytes came through with {left} left")
    assert (tables(store.layout.root), files_below(store.layout.root)) == before
    filler.unlink()
with store.begin("张三", "freeze", NOW) as transaction:
    transaction.put_files(transaction.add_draw("real", put_plan(transaction), KEY), {"entities.jsonl": bytes(1 << 19)})
"""


# Files may grow to 64 KiB only, as on a disk that fills up; the database has that much already.
LIMITED_FILES = """
import resource, sys
from pathlib import Path
from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.store import Store
from tests.store.world import KEY, NOW, OPERATORS, files_below, put_plan, tables

root = Path(sys.argv[1])
store = Store.create(root, "局", "410100", OPERATORS, NOW)
before = tables(root), files_below(root)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, resource.RLIM_INFINITY))
try:
    with store.begin("张三", "freeze", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), KEY)
        transaction.put_files(draw, {"plan.json": b"{}", "entities.jsonl": bytes(1 << 17)})
except EnvironmentRefused as refused:
    assert refused.code == "store.disk_full", refused.code
else:
    raise SystemExit("a file beyond the limit was written")
try:
    store.leave_reports({"small.csv": b"x", "large.xlsx": bytes(1 << 17)})
except EnvironmentRefused as refused:
    assert refused.code == "store.disk_full", refused.code
else:
    raise SystemExit("a report beyond the limit was written")
assert (tables(root), files_below(root)) == before
"""

# The owner without the right to write; root first becomes nobody, who owns the workspace.
READ_ONLY = """
import os, shutil, sys, tempfile
from pathlib import Path
from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.store import Store
from tests.store.world import KEY, NOW, OPERATORS, files_below, put_plan, tables

def freeze(store, work):
    with store.begin("张三", "freeze", NOW) as transaction:
        work(transaction)

outside = Path(tempfile.mkdtemp())
outside.chmod(0o755)
store = Store.create(outside / "workspace", "局", "410100", OPERATORS, NOW)
root = store.layout.root
below = [root, *root.rglob("*")]
for path in below:
    if os.getuid() == 0:
        os.chown(path, 65534, 65534)
    path.chmod(0o500 if path.is_dir() else 0o400)
outside.chmod(0o555)
child = os.fork()
if child == 0:
    if os.getuid() == 0:
        os.setuid(65534)
    codes = []
    for work in (
        lambda: Store.create(outside / "other", "局", "410100", OPERATORS, NOW),
        lambda: Store.create(root / "config", "局", "410100", OPERATORS, NOW),
        lambda: freeze(Store.open(root), put_plan),
        lambda: freeze(Store.open(root), lambda transaction: None),
    ):
        try:
            work()
        except EnvironmentRefused as refused:
            codes.append(refused.code)
    with Store.open(root).read() as reader:
        assert reader.operators() == OPERATORS
    if codes != ["store.no_rights"] * 4:
        sys.stderr.write(f"{codes}")
        sys.stderr.flush()
    os._exit(0)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert [root, *root.rglob("*")] == below
assert [path.name for path in outside.iterdir()] == ["workspace"]
for path in below:
    path.chmod(0o700)
shutil.rmtree(outside)
sys.exit(code)
"""

# The power goes in the midst of a transaction that has written files and rows.
KILLED = """
import os, signal, sys
from pathlib import Path
from shuangsuiji.store import Store
from tests.store.world import KEY, NOW, put_plan, put_roster

with Store.open(Path(sys.argv[1])).begin("张三", "plan adopt", NOW) as transaction:
    transaction.add_draw("real", put_plan(transaction), KEY)
    put_roster(transaction, "甲")
    transaction.finish()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def run(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    return done.returncode, done.stderr


def has_namespaces() -> bool:
    """Whether this machine lets us mount a small disk of our own."""
    command = ("unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt")
    return shutil.which("unshare") is not None and run(*command)[0] == 0


@pytest.mark.skipif(not has_namespaces(), reason="no mount namespaces here")
def test_a_full_disk_leaves_the_workspace_as_it_was(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" -c "$3" "$1"'
    assert run("unshare", "-Urm", "sh", "-c", script, "sh", str(tmp_path), sys.executable, FULL_DISK) == (
        0,
        "",
    )


def test_a_file_that_cannot_grow_leaves_the_workspace_as_it_was(tmp_path: Path) -> None:
    assert run(sys.executable, "-c", LIMITED_FILES, str(tmp_path / "workspace")) == (0, "")


def test_without_rights_nothing_is_changed_and_reading_goes_on() -> None:
    assert run(sys.executable, "-c", READ_ONLY) == (0, "")


def test_a_process_killed_in_a_transaction_leaves_orphans_at_most(store: Store) -> None:
    before = tables(store.layout.root)
    code, _ = run(sys.executable, "-c", KILLED, str(store.layout.root))
    assert code == -signal.SIGKILL
    assert tables(store.layout.root) == before
    with store.begin("张三", "plan adopt", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), bytes(32))
    with store.read() as reader:
        assert (draw.number, reader.key(draw)) == (1, bytes(32))
        assert first_fault(reader.log()) is None


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target in (pipe, tmp_path):
        with pytest.raises(EnvironmentRefused, match=r"store\.not_a_file"), environment(target):
            files.write(target, b"text")
    assert (pipe.is_fifo(), list(tmp_path.iterdir())) == (True, [pipe])
