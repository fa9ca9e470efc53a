"""Joins the sources of the browser verifier into `verifier.html`, the one file that is handed out.

    python -m shuangsuiji.publish.verifier.join

The page's policy names the digests of its own script and style: nothing else runs in it, and nothing is fetched.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from shuangsuiji.publish.verifier import PAGE

HERE: Final = Path(__file__).parent
WORKER: Final = (
    *("steps", "hash", "digests", "json", "ed25519", "forms", "rules", "values", "chain", "archive"),
    *("strata", "seals", "entities", "draw", "blocks", "matching", "assignment", "records"),
    *("statement", "bundle", "lists", "auditor", "publicbundle", "receipt", "verdict", "verify", "worker"),
)
SCRIPT: Final = (
    *("steps", "verdict", "texts", "steptexts", "facttexts", "faults", "receipttexts"),
    *("words", "report", "details", "own", "outside", "page"),
)


def join() -> str:
    """The page: `page.html` with its style, its script and its worker's program."""
    style, script = _source("page.css"), _scripts(SCRIPT)
    parts = {"policy": _policy(style, script), "style": style, "script": script, "worker": _scripts(WORKER)}
    page = _source("page.html")
    for name, text in parts.items():
        page = page.replace("{{" + name + "}}", text)
    return page


def _scripts(names: tuple[str, ...]) -> str:
    """Scripts one after the other; none may end the element that it stands in."""
    script = "\n" + "\n".join(_source(f"{name}.js") for name in names)
    if "</script" in script or "<!--" in script:
        raise ValueError("a script would end its element")
    return script


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; worker-src blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(join(), encoding="utf-8")
