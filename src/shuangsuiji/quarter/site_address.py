"""Where the public site (公示网站) lies: `config/site.toml`, for the QR codes of notices."""

import re
from pathlib import Path
from typing import Final

from shuangsuiji import config
from shuangsuiji.errors import InputRefused
from shuangsuiji.rosters.settings import Table

NAME: Final = "site.toml"
VERIFIER: Final = "verifier.html"
"""The browser verifier's name on the site."""

_ADDRESS: Final = re.compile(r"https?://[!-~]+")


def site_address(*, workspace: Path | None = None, override: Path | None = None) -> str:
    """The site's address without a slash at its end, or empty.

    Raises InputRefused `config.missing`, `rosters.settings_*` for a file that is not of the shipped file's form.
    """
    top = Table.load(config.locate(NAME, workspace=workspace, override=override))
    top.only(("address",))
    address = top.text("address").strip().rstrip("/")
    if address and not _ADDRESS.fullmatch(address):
        raise InputRefused("rosters.settings_type", top.place("address"), wanted='"https://…"')
    return address


def verifier_address(*, workspace: Path | None = None, override: Path | None = None) -> str:
    """The address of the browser verifier on the site, or empty. Raises as `site_address`."""
    address = site_address(workspace=workspace, override=override)
    return f"{address}/{VERIFIER}" if address else ""
