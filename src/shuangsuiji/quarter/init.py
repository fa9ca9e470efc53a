"""`init` (新建工作目录): one workspace per authority, for all years and batches."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shuangsuiji.errors import InputRefused
from shuangsuiji.persons import seen
from shuangsuiji.store import Store

_REGION: Final = re.compile(r"[0-9]{6}(?:[0-9]{3})?")


@dataclass(frozen=True, slots=True)
class InitResult:
    """The workspace made: where, for which authority (抽查机关), who may act in it, and its log's head."""

    path: Path
    authority: str
    region: str
    operators: tuple[str, ...]
    log_head: str


def init(
    path: Path, authority: str, region: str, operators: Sequence[str], now: datetime, *, as_of: bool = False
) -> InitResult:
    """Make a workspace in a new or empty directory, which is left as it was if that fails.

    `region` is the authority's division code (GB/T 2260, six digits, with three more for a township): plan
    ids begin with it. `operators` (操作人) are those who may act; the first is recorded as the one who made
    it. `as_of`: `now` is no clock's. Raises InputRefused `quarter.authority_blank`, `quarter.region_form`,
    `quarter.operator_blank`, and all of `Store.create`.
    """
    authority, people = authority.strip(), [name.strip() for name in operators]
    if not seen(authority):
        raise InputRefused("quarter.authority_blank")
    if not _REGION.fullmatch(region):
        raise InputRefused("quarter.region_form", region=region)
    if not all(map(seen, people)):
        raise InputRefused("quarter.operator_blank")
    store = Store.create(path, authority, region, people, now, as_of=as_of)
    with store.read() as reader:
        return InitResult(path, authority, region, reader.operators(), reader.log_head())
