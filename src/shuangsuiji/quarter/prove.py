"""`audit prove` (出具回执): receipts (§21) of a draw for the businesses themselves, each with a sheet to print.

Neither is for the public: nothing of it is written into the folder of what was published.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.disclose import Batch, disclose_receipt
from shuangsuiji.bundle.receipt import Receipt, Receipts
from shuangsuiji.bundle.sheet import ReceiptSheet
from shuangsuiji.bundle.signing import SIGNING, SecretKey, read_key
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.decisions import Record, TargetOutcome, TargetRequest
from shuangsuiji.core.draw import TargetDraw, draw_targets
from shuangsuiji.core.encoding import Json, parse_json
from shuangsuiji.errors import InputRefused, Where, WrongState
from shuangsuiji.publish.content import Document
from shuangsuiji.publish.pdf import MOST, part_names, render
from shuangsuiji.publish.receipt_sheet import receipt_content, receipt_sheet
from shuangsuiji.quarter.chronicle import read_records
from shuangsuiji.quarter.dossier import read_frozen, read_seeded
from shuangsuiji.quarter.export import check_salt_key, draw_name, latest, public_testimonies, read_batch
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store

Tell = Callable[[int, int], None]
"""Told how many of how many receipts are made."""

_PLAIN: Final = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class ProveResult:
    """The receipts made: of which draw, how many, where (a file or a folder); `sheets` were written beside them.

    `ticket` (hex) is that of a single one, "" of several.
    """

    plan: str
    mode: str
    draw: int
    count: int
    path: Path
    sheets: bool
    ticket: str


def one(
    store: Store,
    entity: str,
    path: Path | None,
    *,
    plan_id: str | None = None,
    pdf: bool = False,
    sign: Path | None = None,
    operator: str,
    now: datetime,
) -> ProveResult:
    """Write the receipt of one entity, drawn or not, to `path`, its sheet beside it; both readable by their owner only.

    The sheet is a page of HTML, or a `pdf`.

    Raises InputRefused `quarter.no_such_entity`, `quarter.public_folder`, `bundle.list_held_back` while the plan holds
    the list back; WrongState `quarter.not_matched`, `quarter.salt_key_lost`; those of `read_key` for `sign`;
    EnvironmentRefused.
    """
    key = read_key(sign, SIGNING) if sign else None
    if path is not None:
        refuse_public(store, path)
    with store.begin(operator, "audit prove", now) as transaction:
        work = Proofs.begin(transaction, latest(transaction, plan_id, "blocks.jsonl"), now)
        receipt = work.receipts.make(work.position(entity), key)
        target = path or Path(f"{draw_name(work.draw)}-{file_name(receipt.id)}.json")
        work.log(transaction, [receipt.id])
        with environment(target):
            files.write(target, receipt.data)
            sheet = target.with_suffix(".pdf" if pdf else ".html")
            files.write(sheet, work.printed(receipt, store.layout.fonts) if pdf else work.sheet(receipt))
    row = work.draw
    return ProveResult(row.plan_id, row.mode, row.number, 1, target, sheets=True, ticket=receipt.ticket)


def several(
    store: Store,
    folder: Path,
    *,
    plan_id: str | None = None,
    everyone: bool = False,
    sheets: bool = True,
    pdf: bool = False,
    sign: Path | None = None,
    operator: str,
    now: datetime,
    tell: Tell = lambda _done, _of: None,
) -> ProveResult:
    """Write the receipts of all who were drawn or came in later, or of `everyone` in the registry, into a new folder.

    Each has a page of HTML as its sheet, or the sheets are `pdf`, many in a file, in the order of the registry.

    Raises as `one`, and WrongState `quarter.folder_taken`.
    """
    key = read_key(sign, SIGNING) if sign else None
    refuse_public(store, folder)
    if folder.exists():
        raise WrongState("quarter.folder_taken", folder=str(folder))
    with store.read() as reader:
        reader.check_operator(operator)
        work = Proofs.begin(reader, latest(reader, plan_id, "blocks.jsonl"), now)
    positions = range(len(work.frozen.registry.entities)) if everyone else work.drawn_positions()
    fonts = store.layout.fonts if pdf else None
    written = work.files(positions, key, tell, sheets=sheets, fonts=fonts)
    # Nobody has to wait for a few thousand sheets: only the entry is made in a transaction.
    with (
        environment(folder),
        files.new_folder(folder, written) as place,
        store.begin(operator, "audit prove", now) as transaction,
    ):
        work.log(transaction, [work.frozen.registry.entities[position].id for position in positions])
        place()
    row = work.draw
    return ProveResult(row.plan_id, row.mode, row.number, len(positions), folder, sheets=sheets, ticket="")


def refuse_public(store: Store, path: Path) -> None:
    """Refuse (InputRefused `quarter.public_folder`) to write what is for some alone among what was published."""
    if path.resolve().is_relative_to(store.layout.published.resolve()):
        raise InputRefused("quarter.public_folder", Where(file=str(path)))


def file_name(identifier: str) -> str:
    """A file's name for an identifier, which may hold anything."""
    if _PLAIN.fullmatch(identifier):
        return identifier
    return sha256(identifier.encode()).hexdigest()[:32]


def _replacements(records: Sequence[Record]) -> tuple[dict[str, int], dict[str, int]]:
    """§19 By which record each target came in that was not drawn, and by which one each that was replaced went."""
    came_in: dict[str, int] = {}
    replaced: dict[str, int] = {}
    asked = {one.seq: one.decision for one in records}
    for one in records:
        match one.decision:
            case TargetOutcome(request=number, target=target) if target:
                came_in[target] = one.seq
                request = asked[number]
                if isinstance(request, TargetRequest):
                    replaced[request.target] = one.seq
    return came_in, replaced


@dataclass(frozen=True, slots=True)
class Proofs:
    """A draw whose receipts may be handed out."""

    draw: DrawRow
    batch: Batch
    frozen: Frozen
    drawn: TargetDraw
    receipts: Receipts
    came_in: Mapping[str, int]
    replaced: Mapping[str, int]

    @classmethod
    def begin(cls, reader: Reader, draw: DrawRow, now: datetime) -> "Proofs":
        """Of a matched draw. Raises as `one`, but for what is asked there of an entity and a key."""
        batch = read_batch(reader, draw, now)
        batch.check_names_public()
        check_salt_key(reader, draw)
        frozen = read_frozen(reader, draw)
        seeds = read_seeded(reader, draw, frozen).seeds
        drawn = draw_targets(frozen, seeds)
        parts: dict[str, Json] = {
            "notice": members.read_json("notice.json", reader.file(draw, "notice.json")),
            "seed": members.read_json("seed.json", reader.file(draw, "seed.json")),
            "witness": [parse_json(line) for line in public_testimonies(reader, draw)],
        }
        receipts = Receipts(frozen, drawn, seeds, parts)
        return cls(draw, batch, frozen, drawn, receipts, *_replacements(read_records(reader, draw)))

    def made(self, ids: Sequence[str]) -> list[Receipt]:
        """The receipts of some who are targets, in their order, unsigned."""
        places = {self.frozen.registry.entities[one].id: one for one in self.drawn_positions()}
        return [self.receipts.make(places[one]) for one in ids]

    def position(self, identifier: str) -> int:
        """Where the registry has somebody. Raises InputRefused `quarter.no_such_entity`."""
        wanted = identifier.strip()
        for position, entity in enumerate(self.frozen.registry.entities):
            if entity.id in (wanted, wanted.upper()):
                return position
        raise InputRefused("quarter.no_such_entity", id=wanted)

    def drawn_positions(self) -> Sequence[int]:
        """Where it has those who were drawn or came in later."""
        ids = {target.entity.id for target in self.drawn.targets} | self.came_in.keys()
        return [n for n, entity in enumerate(self.frozen.registry.entities) if entity.id in ids]

    def log(self, transaction: Transaction, ids: Sequence[str]) -> None:
        """Whose receipts were made: one by name, several by number."""
        row = self.draw
        transaction.details(draw=row.number, mode=row.mode, plan=row.plan_id, receipts=len(ids))
        if len(ids) == 1:
            transaction.details(entity=ids[0])

    def sheet(self, receipt: Receipt) -> bytes:
        """The sheet as a page."""
        return receipt_sheet(self._view(receipt))

    def printed(self, receipt: Receipt, fonts: Path) -> bytes:
        """The sheet as PDF."""
        return render([self.content(receipt)], fonts, tags=False).data

    def content(self, receipt: Receipt) -> Document:
        """What the sheet says, for a PDF."""
        return receipt_content(self._view(receipt))

    def _view(self, receipt: Receipt) -> ReceiptSheet:
        return disclose_receipt(
            self.batch,
            receipt,
            self.frozen.targets_commitment,
            came_in=self.came_in.get(receipt.id, 0),
            replaced=self.replaced.get(receipt.id, 0),
        )

    def files(
        self,
        positions: Sequence[int],
        key: SecretKey | None,
        tell: Tell,
        *,
        sheets: bool,
        fonts: Path | None,
    ) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file; with `fonts` the sheets are PDF, many in a file, else a page each."""
        names = iter(part_names("sheets", len(positions)))
        made: list[Document] = []
        for number, position in enumerate(positions, start=1):
            receipt = self.receipts.make(position, key)
            yield f"{file_name(receipt.id)}.json", receipt.data
            if sheets and fonts is None:
                yield f"{file_name(receipt.id)}.html", self.sheet(receipt)
            elif sheets:
                made.append(self.content(receipt))
            if fonts is not None and made and (len(made) == MOST or number == len(positions)):
                yield next(names), render(made, fonts, tags=False).data
                made = []
            tell(number, len(positions))
