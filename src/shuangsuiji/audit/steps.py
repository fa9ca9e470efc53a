"""§18 Steps carried out one after another up to the first that fails, and those that every bundle begins with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from shuangsuiji.audit.compare import same
from shuangsuiji.audit.report import Failure, Step, answer_to
from shuangsuiji.bundle import archive, members
from shuangsuiji.bundle.signing import Signature, bundle_message, parse_signature
from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import InputRefused, ShuangsuijiError, Where

Facts = Mapping[str, str | int]
Steps = Mapping[str, tuple[Callable[[], Facts], str]]
"""By failure class: what carries the step out, and the member where a failure lies if the core found it."""


def carry_out(steps: Steps) -> tuple[tuple[Step, ...], Failure | None]:
    """§18 The steps that hold, and what is wrong with the first that does not.

    InputRefused `bundle.unreadable` passes through: no file is no failed verification.
    """
    held: list[Step] = []
    for name, (step, file) in steps.items():
        try:
            facts = step()
        except ShuangsuijiError as error:
            if error.code == "bundle.unreadable":
                raise
            where = error.where if error.where.file else replace(error.where, file=file)
            return tuple(held), Failure(name, error.code, error.params, where)
        held.append(Step(name, answer_to(name), facts))
    return tuple(held), None


class Opened:
    """§18 A bundle of one kind as its first steps leave it: members, manifest and signature checked."""

    kind: archive.Kind

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mode = ""
        self.files: Mapping[str, bytes] = {}
        self.result = ""
        self.signature: Signature | None = None

    def json(self, name: str) -> Json:
        """§2 The value of a `.json` member."""
        return members.read_json(name, self.files[name])

    def archive(self) -> Facts:
        """§18 `archive`."""
        kind, self.files = archive.read(self.path)
        if kind != self.kind:
            raise archive.ArchiveRefused("bundle.kind", Where(file=self.path.name))
        return {"members": len(self.files), "size": sum(map(len, self.files.values()))}

    def manifest(self) -> Facts:
        """§18 `manifest`."""
        found = self.json(archive.MANIFEST)
        result = found.get("result") if isinstance(found, dict) else None
        if not isinstance(result, str) or not members.is_digest(result):
            raise InputRefused("bundle.form", Where(file=archive.MANIFEST))
        own = archive.manifest(self.kind, self.files, result)
        same(members.read_json(archive.MANIFEST, own), found, archive.MANIFEST)
        self.result = result
        return {}

    def check_signature(self) -> Facts:
        """§18 `signature`."""
        if archive.SIGNATURE in self.files:
            message = bundle_message(self.files[archive.MANIFEST])
            self.signature = parse_signature(self.json(archive.SIGNATURE), message, archive.SIGNATURE)
        return {"signatures": 0 if self.signature is None else 1}

    def encoding(self) -> Facts:
        """§18 `encoding`."""
        lines = 0
        for name, data in self.files.items():
            if name.endswith(".jsonl"):
                lines += sum(1 for _ in members.read_lines(name, data, lambda value: value))
            else:
                self.json(name)
        return {"lines": lines}
