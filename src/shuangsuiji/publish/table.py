"""The public table of results as CSV; docs/public-csv.md documents its columns and cells."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shuangsuiji.bundle.disclose_results import PublicResult, PublicResults
from shuangsuiji.bundle.public import PublicList, PublicTarget, PublicTask
from shuangsuiji.publish.cells import code_cell, code_text, word_cell, word_text
from shuangsuiji.publish.words import kind, measures, result, source, zh

COLUMNS: Final = (
    "序号",
    "抽查计划编号",
    "抽查计划名称",
    "抽查任务编号",
    "抽查任务名称",
    "抽查类型",
    "检查机关",
    "抽查市场主体名称",
    "统一社会信用代码/注册号",
    "检查完成日期",
    "检查结果",
    "备注",
)
"""The columns, in order: those of the result notices in use (抽查结果公示)."""

CODES: Final = frozenset({"抽查计划编号", "抽查任务编号", "统一社会信用代码/注册号"})
"""The columns whose cells are codes and end in a tab."""

MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""The byte order mark at the beginning, without which Excel takes UTF-8 for the system's own encoding."""


def write_table(listing: PublicList, results: PublicResults | None = None) -> bytes:
    """The table of a draw: a row per task and enterprise, ascending by the enterprise's id, then in the plan's order.

    Where the list does not tell the tasks apart, a row per enterprise that names all of them. UTF-8 with a byte order
    mark, CRLF. 检查结果 is 未检查, the result of everybody who was drawn, until another is published.
    """
    return write_tables([(listing, results)])


def write_tables(lists: Iterable[tuple[PublicList, PublicResults | None]]) -> bytes:
    """The tables of several draws as one, numbered through."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    number = 0
    for listing, results in lists:
        told = {one.key: one for one in results.rows} if results else {}
        for target, tasks in visits(listing):
            number += 1
            found = told.get((target.id, tasks[0].id if listing.by_task else ""))
            rows.writerow([str(number), *_row(listing, target, tasks, found)])
    return (MARK + out.getvalue()).encode()


def read_table(data: bytes) -> tuple[dict[str, str], ...]:
    """The rows of a table, by column, with codes and names as they were before they became cells."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return tuple(
        {name: code_text(cell) if name in CODES else word_text(cell) for name, cell in row.items()}
        for row in rows
    )


def visits(listing: PublicList) -> Iterator[tuple[PublicTarget, Sequence[PublicTask]]]:
    """The rows of a list: an enterprise with one task, or with all of them where they are not told apart."""
    for target in listing.targets:
        if listing.by_task:
            yield from ((target, [task]) for task in listing.tasks if task.id in target.tasks)
        else:
            yield target, listing.tasks


def _row(
    listing: PublicList, target: PublicTarget, tasks: Sequence[PublicTask], found: PublicResult | None
) -> tuple[str, ...]:
    head = listing.head
    return (
        code_cell(head.plan),
        word_cell(head.title),
        code_cell(_each(task.id for task in tasks)),
        word_cell(_each(task.name for task in tasks)),
        _each(map(kind, tasks)),
        word_cell(_each(task.agency for task in tasks)),
        word_cell(target.name),
        code_cell(target.id),
        found.day.isoformat() if found and found.day else "",
        word_cell(result(found)),
        word_cell(_remark(listing, target, tasks, found)),
    )


def _remark(
    listing: PublicList, target: PublicTarget, tasks: Sequence[PublicTask], found: PublicResult | None
) -> str:
    parts = [zh("publish.rehearsal_row")] if listing.head.rehearsal else []
    parts += [zh("publish.void_row")] if listing.void else []
    parts += [zh(f"publish.change.{target.change}")] if target.change else []
    parts += measures(found)
    parts += dict.fromkeys(source(task.source) for task in tasks)
    parts += [] if listing.by_task else [zh("publish.tasks_together")]
    return zh("publish.remark_join").join(parts)


def _each(texts: Iterable[str]) -> str:
    """Each different text once."""
    return zh("publish.join").join(dict.fromkeys(texts))
