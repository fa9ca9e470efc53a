"""The witness's record (见证记录): every document signed and its statement, chained, and what may not be signed again.

JSON Lines, append-only. A line is cj({"document", "prev", "seq", "statement"}): the notice or closing itself, the hash
of the line before (64 zeros for the first), its number from 1, the signed statement of §17. A line's hash is
T("witness/record", line). The page keeps the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.witness import SignedStatement, WitnessStatement, parse_testimony
from shuangsuiji.core.encoding import Json, NotCanonical, canonical_json, parse_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.core.seed import REAL, SOURCES
from shuangsuiji.errors import InputRefused, Listing, Where
from shuangsuiji.persons import same_name, seen
from shuangsuiji.witness.documents import Document, civil, is_closing, read_closing, read_notice

FIRST: Final = "0" * 64
"""The predecessor of the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One signature: the document, and the statement that was made about it."""

    document: Document
    signed: SignedStatement

    @property
    def statement(self) -> WitnessStatement:
        """§17 W."""
        return self.signed.statement


@dataclass(frozen=True, slots=True)
class Record:
    """The entries in order, none of which contradicts another; `head` is the hash (hex) of the last."""

    entries: tuple[Entry, ...] = ()
    head: str = FIRST

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices that were signed."""
        return tuple(one.document.notice for one in self.entries if one.document.closing is None)

    def read(self, value: Json) -> Document:
        """The document that a value stands for. Raises InputRefused as `read_notice` and `read_closing`."""
        return read_closing(value, self.notices) if is_closing(value) else read_notice(value)

    def earlier(self, document: Document) -> Entry | None:
        """The entry about the same draw and kind of document, whatever else it says."""
        return next((one for one in self.entries if _about(one.document) == _about(document)), None)

    def alike(self, document: Document) -> Entry | None:
        """An entry about this number and plan, or number and head of the log, under another authority's text.

        One letter for its double (市, 巿) makes another text of what a reader takes for one authority. None once a
        document of this draw was signed under the document's own text.
        """
        mine = document.notice
        same = [
            one
            for one in self.entries
            if (one.document.notice.mode, one.document.notice.draw) == (mine.mode, mine.draw)
            and (one.document.notice.plan == mine.plan or one.document.notice.head == mine.head)
        ]
        if any(same_name(one.document.notice.authority, mine.authority) for one in same):
            return None
        return next(iter(same), None)

    def others(self, document: Document) -> tuple[str, ...]:
        """The authorities that the record knows, if it does not know the document's; none if it does."""
        known = {seen(one.authority): one.authority for one in reversed(self.notices)}
        return () if seen(document.notice.authority) in known else tuple(reversed(known.values()))

    def check(
        self, document: Document, now: str, *, not_held: bool = False, other_authority: bool = False
    ) -> Entry | None:
        """The entry about this very document if it was signed before, None if it may be signed at `now`.

        `not_held`: the witness has looked up that drawings whose hour has passed did not take place;
        `other_authority`: that the authority is not the one of `alike`. Raises InputRefused `witness.second.*` (another
        document of this draw was signed: which, and when; `authority`: under a name perhaps alike), `witness.clock.*`
        (`now` is before the notice or before the last signature), `witness.hour.*` (of a real draw: `passed`, an
        announced value can have been drawn, whatever its fallbacks, or `fallback`, unless it was not held).
        """
        first = self.earlier(document)
        if first is not None:
            if first.statement.digest == document.digest:
                return first
            raise _second(first)
        if not other_authority and (alike := self.alike(document)) is not None:
            raise _second_authority(alike, document)
        if now < document.notice.time:
            raise InputRefused("witness.clock.notice", now=civil(now), time=civil(document.notice.time))
        if self.entries and now < self.entries[-1].statement.time:
            last = self.entries[-1].statement.time
            raise InputRefused("witness.clock.record", now=civil(now), time=civil(last))
        if document.notice.mode == REAL:
            _refuse_passed(document, now, not_held=not_held)
        return None

    def line(self, entry: Entry) -> bytes:
        """The line that appends an entry."""
        value: dict[str, Json] = {
            "document": entry.document.object(),
            "prev": self.head,
            "seq": len(self.entries) + 1,
            "statement": entry.signed.object(),
        }
        return canonical_json(value) + b"\n"


def read_record(data: bytes, file: str) -> Record:
    """The record that JSON Lines hold, every chain link, digest and signature verified.

    Raises InputRefused `witness.record.*` with file and line: `form`, `chain`, `order` (time runs back), `twice` (one
    draw signed twice), `digest` (not the document's), `signature`.
    """
    record = Record()
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        entry = _entry(line, record, _refusal(file, number))
        head = tagged_hash("witness/record", line[:-1]).hex()
        record = Record((*record.entries, entry), head)
    return record


def _entry(line: bytes, before: Record, refused: Callable[[str], InputRefused]) -> Entry:
    """The entry of one line, held against those before it."""
    try:
        value = parse_json(line.removesuffix(b"\n"))
    except NotCanonical:
        raise refused("form") from None
    match value:
        case {"document": dict() as document, "prev": prev, "seq": seq, "statement": statement, **rest} if (
            not rest
        ):
            pass
        case _:
            raise refused("form")
    if not line.endswith(b"\n"):
        raise refused("form")
    if prev != before.head or seq != len(before.entries) + 1:
        raise refused("chain")
    try:
        entry = Entry(before.read(document), _signed(statement))
    except InputRefused:
        raise refused("form") from None
    _check_entry(entry, before, refused)
    return entry


def _check_entry(entry: Entry, before: Record, refused: Callable[[str], InputRefused]) -> None:
    one, document = entry.statement, entry.document
    if before.entries and one.time < before.entries[-1].statement.time:
        raise refused("order")
    if before.earlier(document) is not None:
        raise refused("twice")
    seen = (
        document.notice.authority,
        document.notice.mode,
        document.notice.draw,
        document.of,
        document.digest,
    )
    if (one.authority, one.mode, one.draw, one.of, one.digest) != seen:
        raise refused("digest")
    if not entry.signed.holds:
        raise refused("signature")


def _signed(value: Json) -> SignedStatement:
    testimony = parse_testimony(value)
    if not isinstance(testimony, SignedStatement):
        raise InputRefused("bundle.witness")
    return testimony


def _refuse_passed(document: Document, now: str, *, not_held: bool) -> None:
    """A statement that is not made before the hour of a value's drawing proves nothing of the order in time (§18)."""
    passed = document.passed(now)
    for code, values in (
        ("witness.hour.passed", [one for one in passed if one.whole]),
        ("witness.hour.fallback", [] if not_held else passed),
    ):
        if values:
            gone = (each for value in values for each in value.drawings)
            told = [f"{SOURCES[one.source].name} {one.issue}（{civil(hour)}）" for one, hour in gone]
            raise InputRefused(code, now=civil(now), drawings=Listing(told))


def _about(document: Document) -> tuple[str, str, int, str]:
    """Draw and kind of document. A name with a space more, or in other widths, is not another authority's."""
    return seen(document.notice.authority), document.notice.mode, document.notice.draw, document.of


def _refusal(file: str, line: int) -> Callable[[str], InputRefused]:
    return lambda fault: InputRefused(f"witness.record.{fault}", Where(file=file, line=line))


def _second_authority(first: Entry, document: Document) -> InputRefused:
    one, other = first.statement, document.notice.authority
    return InputRefused(
        "witness.second.authority",
        authority=_told_apart(one.authority, other),
        other=_told_apart(other, one.authority),
        draw=one.draw,
        time=civil(one.time),
        digest=one.digest,
    )


def _told_apart(name: str, other: str) -> str:
    """The name, with the code point behind each letter that the other has not, and in the place of what hides."""
    shown = []
    for one in name:
        code = f"<U+{ord(one):04X}>"
        shown.append(code if not one.isprintable() else one + code if one not in other else one)
    return "".join(shown)


def _second(first: Entry) -> InputRefused:
    one = first.statement
    closing = first.document.closing is not None
    code = "witness.second.closing" if closing else "witness.second.notice"
    return InputRefused(code, authority=one.authority, draw=one.draw, time=civil(one.time), digest=one.digest)
