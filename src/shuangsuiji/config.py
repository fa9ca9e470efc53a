"""The one loader of configuration files: `--config` over the workspace's `config/` over what is shipped.

Whole files win, never merged keys: an officer who copies a file and edits it sees all of it in one place.
"""

from pathlib import Path
from typing import Final, Literal

from shuangsuiji.errors import InputRefused, Listing

_PACKAGE: Final = Path(__file__).parent


def shipped(folder: Literal["config", "sample_data"]) -> Path:
    """The directory that came with the program: in the wheel, else (editable install) in the repository."""
    inside = _PACKAGE / "_shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parents[1] / folder


def locate(name: str, *, workspace: Path | None = None, override: Path | None = None) -> Path:
    """The file `name` (`headings.toml`, `plans/henan-2020.toml`) from the first place that has it.

    `override` is the directory given by `--config`. Raises InputRefused `config.missing`.
    """
    folders = [override, None if workspace is None else workspace / "config", shipped("config")]
    for folder in folders:
        if folder is not None and (folder / name).is_file():
            return folder / name
    known = sorted(str(path.relative_to(shipped("config"))) for path in shipped("config").rglob("*.toml"))
    raise InputRefused("config.missing", name=name, known=Listing(known))
