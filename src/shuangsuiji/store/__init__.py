"""The store: everything a workspace keeps, and the only SQL of the program.

In the order of reading: `layout` (where things lie), `files` (whole or not at all), `log` (the chain of
hashes), `models` and `schema` (tables, migrations), `engine` (transactions), `turn` (who writes), `snapshots`
(rosters as Parquet), `queries`, `transaction` (one verb's changes), `workspace` (the whole). What a caller
needs stands here.
"""

from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import (
    STATES,
    DrawRow,
    EntryRow,
    ImportRow,
    LogEntry,
    Mode,
    NewEntry,
    PlanRow,
    SourceFile,
    State,
    Typing,
    Workspace,
)
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store

__all__ = [
    "STATES",
    "DrawRow",
    "EntryRow",
    "ImportRow",
    "LogEntry",
    "Mode",
    "NewEntry",
    "PlanRow",
    "Reader",
    "SourceFile",
    "State",
    "Store",
    "Transaction",
    "Typing",
    "Workspace",
    "environment",
]
