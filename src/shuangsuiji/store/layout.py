"""Where things lie in a workspace (工作目录). One workspace serves one authority for many years."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATABASE: Final = "shuangsuiji.db"

PRIVATE_FOLDERS: Final = ("snapshots", "objects", "keys", "reports", "bundles")
"""Folders that only the account running the program may enter: rosters hold ID numbers and telephones."""
OPEN_FOLDERS: Final = ("config", "published")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one workspace; computes, never touches the disk."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite database: everything that points to the files below."""
        return self.root / DATABASE

    @property
    def config(self) -> Path:
        """Configuration files of this workspace, which win over those shipped with the program."""
        return self.root / "config"

    @property
    def reports(self) -> Path:
        """退回清单: reports on refused rows, for the senders of the rosters."""
        return self.root / "reports"

    @property
    def published(self) -> Path:
        """What was published, one folder per draw."""
        return self.root / "published"

    @property
    def bundles(self) -> Path:
        """Auditor's bundles (审计包)."""
        return self.root / "bundles"

    @property
    def fonts(self) -> Path:
        """Fonts for printed documents beside those of the machine, if somebody put any there."""
        return self.root / "fonts"

    def snapshot(self, digest: str) -> Path:
        """The roster snapshot whose canonical rows have this digest (hex)."""
        return self.root / "snapshots" / f"{digest}.parquet"

    def blob(self, sha256: str) -> Path:
        """The file whose bytes have this SHA-256 (hex)."""
        return self.root / "objects" / sha256

    def key(self, mode: str, number: int) -> Path:
        """The salt key of one draw, outside the database."""
        return self.root / "keys" / f"{mode}-{number}.key"

    def report(self, name: str) -> Path:
        """A report by its file name."""
        return self.reports / name
