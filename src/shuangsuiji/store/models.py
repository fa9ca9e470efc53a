"""The database's tables, typed. Rows never leave the package: queries answer with `rows`.

Large registries are not here but in Parquet snapshots; these tables say which digest stands for what. A
change here needs a migration (`migrations/versions`), and a test holds the two to each other.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from shuangsuiji.core.encoding import Json, canonical_json, parse_json
from shuangsuiji.store import instants
from shuangsuiji.store.rows import STATES, Mode, State

_HEX: Final = String(64)


class Instant(TypeDecorator[datetime]):
    """A UTC instant, stored as the text that the log hashes."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The instant as text."""
        del dialect
        return None if value is None else instants.to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The instant of the text."""
        del dialect
        return None if value is None else instants.from_text(value)


class CanonicalJson(TypeDecorator[Any]):
    """A value stored as canonical JSON, so that what was hashed is what is read back."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """The value's canonical text; NotCanonical if it has none."""
        del dialect
        return canonical_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Json:
        """The value of the text."""
        del dialect
        return parse_json((value or "").encode())


class Base(DeclarativeBase):
    """All tables, with constraint names that a later migration can refer to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class Workspace(Base):
    """One row: whose workspace this is."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(Text)
    region: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Instant)


class Operator(Base):
    """操作人, in the order of registration. Declared at the command line, not authenticated."""

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class Log(Base):
    """The operation log; triggers forbid every change but an entry at its end."""

    __tablename__ = "log"

    seq: Mapped[int] = mapped_column(primary_key=True)
    prev: Mapped[str] = mapped_column(_HEX, unique=True)
    time: Mapped[str] = mapped_column(String(20))
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    verb: Mapped[str] = mapped_column(Text)
    details: Mapped[Any] = mapped_column(CanonicalJson)
    hash: Mapped[str] = mapped_column(_HEX, unique=True)


class Snapshot(Base):
    """名册快照: a Parquet file named by the digest of its canonical rows; `sha256` is that of its bytes."""

    __tablename__ = "snapshots"

    digest: Mapped[str] = mapped_column(_HEX, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    rows: Mapped[int]
    sha256: Mapped[str] = mapped_column(_HEX)


class Import(Base):
    """导入记录; see `rows.ImportRow`."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    roster: Mapped[str] = mapped_column(Text, index=True)
    digest: Mapped[str] = mapped_column(ForeignKey("snapshots.digest"))
    source: Mapped[str] = mapped_column(ForeignKey("snapshots.digest"))
    base: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    time: Mapped[datetime] = mapped_column(Instant)
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    files: Mapped[Any] = mapped_column(CanonicalJson)
    rows_read: Mapped[int]
    accepted: Mapped[int]
    refused: Mapped[int]
    notes: Mapped[Any] = mapped_column(CanonicalJson)
    reports: Mapped[Any] = mapped_column(CanonicalJson)
    used: Mapped[bool]
    withdrawn: Mapped[str | None] = mapped_column(Text)


class Plan(Base):
    """抽查计划: one version of a plan file, kept as a blob."""

    __tablename__ = "plans"

    plan_id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(_HEX)
    time: Mapped[datetime] = mapped_column(Instant)
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))


class Draw(Base):
    """批次抽取: numbers are serial in each mode, without gaps."""

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("mode", "number"),
        ForeignKeyConstraint(["plan_id", "plan_version"], ["plans.plan_id", "plans.version"]),
        CheckConstraint("mode IN ('real', 'rehearsal')", name="mode"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[Mode] = mapped_column(Text)
    number: Mapped[int]
    plan_id: Mapped[str] = mapped_column(Text)
    plan_version: Mapped[int]
    state: Mapped[State] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Instant)
    void: Mapped[bool] = mapped_column(server_default="0")


class DrawFile(Base):
    """One member of a draw's auditor's bundle, kept as a blob; written once."""

    __tablename__ = "draw_files"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HEX)


class Typing(Base):
    """录入: public values, or the contribution of `subject`, as one person typed them; see `rows.Typing`."""

    __tablename__ = "typings"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    time: Mapped[datetime] = mapped_column(Instant)
    values: Mapped[Any] = mapped_column(CanonicalJson)
    subject: Mapped[str] = mapped_column(Text, server_default="")
    occasion: Mapped[str] = mapped_column(Text, server_default="")


class Result(Base):
    """检查结果录入: one entry; see `rows.EntryRow`. What stands is the end of a chain of corrections."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("draw_id", "target", "task", "item", "corrects"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    batch: Mapped[int]
    target: Mapped[str] = mapped_column(Text)
    task: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    content: Mapped[Any] = mapped_column(CanonicalJson)
    corrects: Mapped[int]
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    time: Mapped[datetime] = mapped_column(Instant)


class Review(Base):
    """审核: of one entry, once, by another person."""

    __tablename__ = "reviews"

    entry_id: Mapped[int] = mapped_column(ForeignKey("results.id"), primary_key=True)
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    time: Mapped[datetime] = mapped_column(Instant)


class PublishedResult(Base):
    """公示: an approved entry that a published notice tells of."""

    __tablename__ = "published_results"

    entry_id: Mapped[int] = mapped_column(ForeignKey("results.id"), primary_key=True)
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    time: Mapped[datetime] = mapped_column(Instant)


class AbnormalStep(Base):
    """经营异常名录: one step of the proposal about a target; see `rows.AbnormalRow`."""

    __tablename__ = "abnormal_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    target: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))
    content: Mapped[Any] = mapped_column(CanonicalJson)
    operator: Mapped[str] = mapped_column(ForeignKey("operators.name"))
    time: Mapped[datetime] = mapped_column(Instant)
