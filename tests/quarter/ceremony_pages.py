"""What `ceremony` wrote, as text."""

import json

from shuangsuiji.quarter.ceremony import CeremonyResult


def slides(result: CeremonyResult) -> str:
    """The slides that the room's page shows."""
    state = (result.page.parent / "state.js").read_text(encoding="utf-8")
    version, shown, _ = json.loads(f"[{state.removeprefix('show(').removesuffix(');' + chr(10))}]")
    assert len(version) == 16
    return str(shown)


def sheet(result: CeremonyResult) -> str:
    """The sheet to sign."""
    assert result.confirmation is not None
    return result.confirmation.read_text(encoding="utf-8")


def printed(result: CeremonyResult) -> dict[str, str]:
    """What the page can print, by name."""
    papers = (result.page.parent / "papers.js").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(papers.removeprefix("keep(").removesuffix(");\n"))
    return found
