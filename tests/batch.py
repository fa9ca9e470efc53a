"""One batch through the verbs, in a process of its own: `python -m tests.batch FOLDER PLAN KIND=FILE[,FILE] ...`

Prints, as JSON, the digest of every file of the draw that its inputs decide.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

from shuangsuiji.quarter import draw, export, freeze, imports, match, plan, publish, seed
from shuangsuiji.rosters.model import Kind
from shuangsuiji.store import Store

NOW: Final = datetime(2021, 4, 1, 8, tzinfo=UTC)
OPERATOR: Final = "测试员"
SALT_KEY: Final = bytes(range(32))
SEED: Final = "5eed" * 16
OF_THIS_WORKSPACE: Final = frozenset(
    {"notice.json", "content/commitment.json", "public/commitment.html", "public/notice.json"}
)
"""They carry the log's head, and the log names the files that were handed in."""


def run(folder: Path, plan_file: Path, rosters: Mapping[str, Sequence[Path]]) -> dict[str, str]:
    """SHA-256 (hex) of each file of a rehearsal's draw, but for those of this workspace alone."""
    store = Store.create(folder, "拟安县市场监督管理局", "990121", (OPERATOR,), NOW)
    for kind, paths in rosters.items():
        imports.import_roster(store, cast(Kind, kind), paths, operator=OPERATOR, now=NOW)
    plan.adopt(store, plan_file, rehearsal=True, salt_key=SALT_KEY, operator=OPERATOR, now=NOW)
    freeze.freeze(store, values=("explicit:1",), operator=OPERATOR, now=NOW)
    publish.publish(store, operator=OPERATOR, now=NOW)
    seed.explicit(store, SEED, operator=OPERATOR, now=NOW)
    draw.draw(store, operator=OPERATOR, now=NOW)
    match.match(store, operator=OPERATOR, now=datetime(2021, 7, 2, tzinfo=UTC))
    publish.publish(store, operator=OPERATOR, now=datetime(2021, 7, 2, tzinfo=UTC))
    with store.read() as reader:
        files = dict(reader.draws()[-1].files)
    table = export.csv(store, folder / "result.csv", now=NOW)
    files["exported"] = sha256(table.path.read_bytes()).hexdigest()
    return {name: digest for name, digest in files.items() if name not in OF_THIS_WORKSPACE}


if __name__ == "__main__":
    given = dict(word.split("=", 1) for word in sys.argv[3:])
    paths = {kind: [Path(name) for name in names.split(",")] for kind, names in given.items()}
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]), paths)))
