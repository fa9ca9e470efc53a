"""The verifier's page as an auditor uses it: a bundle handed over, the verdict read, values typed in."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docs.spec.v1 import verify
from docs.spec.v1.make_vectors import VECTORS
from docs.spec.v1.scenarios import signing
from shuangsuiji.publish.verifier import PAGE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

DESKTOP: Final[tuple[int, int]] = (1200, 900)
PHONE: Final[tuple[int, int]] = (360, 740)
ENGLISH: Final = "English"
BUNDLES: Final = VECTORS / "bundles"
NOTARY: Final = signing.fingerprint(signing.NOTARY)
OPENING: Final = ("archive", "manifest", "signature", "encoding")
STEPS: Final = [
    *(*OPENING, "plan", "registry", "strata", "pool", "commitment", "notice", "log", "seed", "witness"),
    *("targets", "blocks", "assignment", "result", "records"),
]
PUBLIC_STEPS: Final = [*OPENING, "registry", "strata", "commitment", "notice", "seed", "witness", "targets"]
RECEIPT_STEPS: Final = ["encoding", "signature", *PUBLIC_STEPS[4:]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the card says: exit code ("" where there is no verdict), step that failed, title, and all its text."""

    exit: str
    failure: str
    title: str
    text: str


class VerifierPage:
    """One tab with the page open from its file, as a double click opens it."""

    def __init__(self, browser: "Browser", size: tuple[int, int] = DESKTOP) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        viewport: ViewportSize = {"width": size[0], "height": size[1]}
        self.tab: Page = browser.new_page(viewport=viewport)
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        self.tab.goto(PAGE.as_uri())

    def verify(self, *files: Path) -> Verdict:
        """Begin anew, choose a file, or a receipt and a public bundle, and wait for the verdict."""
        if self.tab.is_visible("#clear"):
            self.tab.click("#clear")
        return self.add(*files)

    def add(self, *files: Path) -> Verdict:
        """The same, beside what is on the page already."""
        self.tab.set_input_files("#file", files)
        return self.wait()

    def wait(self) -> Verdict:
        self.tab.wait_for_selector("#verdict:visible")
        return self.verdict()

    def verdict(self) -> Verdict:
        card = self.tab.locator("#verdict")
        code, failure = (card.get_attribute(f"data-{name}") or "" for name in ("exit", "failure"))
        return Verdict(code, failure, self.tab.inner_text("#verdict-title"), card.inner_text())

    def states(self) -> dict[str, str]:
        """Of each step in order: holds, failed, waiting or doing."""
        steps = self.tab.evaluate(
            "[...document.querySelectorAll('[data-step]')].map((one) => ({ ...one.dataset }))"
        )
        return {step["step"]: step["state"] for step in steps}

    def overflow(self) -> int:
        """How many pixels wider than the window the page is, with everything unfolded."""
        self.tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        width = self.tab.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return int(width)

    def trusted(self) -> str:
        return self.tab.inner_text("#trusted-list")


def files_of(case: dict[str, Any]) -> list[Path]:
    """The files of a case of the vectors: a bundle or a receipt, and the public bundle beside it."""
    return [VECTORS / case["in"][key] for key in ("bundle", "public") if case["in"].get(key)]


def steps_of(file: Path, *beside: Path) -> list[str]:
    """The steps that the page takes, by what the file begins with."""
    data = file.read_bytes()
    if data[:1] == b"{":
        return RECEIPT_STEPS + ["public"] * len(beside)
    return PUBLIC_STEPS if data[30:45] == b"commitment.json" else STEPS


def members(bundle: str) -> dict[str, bytes]:
    """The members of an auditor's bundle of the vectors."""
    return verify.read_archive((BUNDLES / bundle).read_bytes())


def written(folder: Path, data: bytes) -> Path:
    """A file with these bytes."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    return path
