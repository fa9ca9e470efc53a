"""The witness's page as a person uses it: the fields by their labels, files chosen and downloaded, what it says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shuangsuiji.witness.folder import PAGE
from tests.witness.world import NAME, NOW, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE: Final = (1200, 900)
NARROW: Final = (360, 740)


class WitnessPage:
    """One tab with the page open; its downloads land in `folder`."""

    def __init__(self, tab: "Page", folder: Path) -> None:
        self.tab = tab
        self.folder = folder

    def open(self) -> None:
        """Load the page from its file, as a double click does, and wait until it is ready."""
        self.tab.goto(PAGE.as_uri())
        self.tab.wait_for_selector("html[data-ready]")

    def at(self, now: datetime) -> None:
        """Set the machine's clock."""
        self.tab.clock.set_fixed_time(now)

    def make_key(self, name: str = NAME, password: str = "") -> Path:
        """Make a key and download its file."""
        self.tab.fill("#new-name", name)
        self.tab.fill("#new-password", password)
        self.tab.fill("#new-again", password)
        self.tab.click("#key-make button")
        self.tab.wait_for_selector("#key-save:visible")
        return self.downloaded("#key-save")

    def load_key(self, file: Path, password: str = "") -> str:
        """Load a key file; what the page says."""
        self.tab.set_input_files("#key-file", file)
        self.tab.fill("#key-password", password)
        self.tab.click("#key-load button")
        return self.said("key-told")

    def begin(self) -> None:
        """Begin an empty record."""
        self.tab.click("#record-begin")
        self.tab.wait_for_selector("#record-save:visible")

    def load_record(self, file: Path) -> str:
        """Load a record file; what the page says."""
        self.tab.set_input_files("#record-file", file)
        return self.said("record-told")

    def load(self, value: object) -> None:
        """Choose a document, and wait until the page shows or refuses it."""
        self.tab.set_input_files("#document-file", write(self.folder, value, "handed-over.json"))
        self.tab.wait_for_selector("#document:visible, #document-told:visible")

    def confirm(self) -> None:
        """Tick that it was compared, and, of a rehearsal, that it is known to be one."""
        self.tab.check("#compared")
        if self.tab.is_visible("#rehearsal"):
            self.tab.check("#rehearsal")

    def sign(self) -> Path:
        """Confirm, sign, and download the statement."""
        self.confirm()
        self.tab.click("#sign")
        self.tab.wait_for_selector("#statement-save:visible")
        return self.downloaded("#statement-save")

    def record(self) -> Path:
        """Download the record."""
        return self.downloaded("#record-save")

    def downloaded(self, button: str) -> Path:
        """Press a button that downloads a file; where the file is."""
        with self.tab.expect_download() as caught:
            self.tab.click(button)
        path = self.folder / caught.value.suggested_filename
        caught.value.save_as(path)
        return path

    def said(self, line: str) -> str:
        """What a status line says, as soon as it says something."""
        self.tab.wait_for_selector(f"#{line}:visible")
        return self.tab.inner_text(f"#{line}")

    @property
    def shown(self) -> str:
        """The document as it is shown, groups of digits without gaps."""
        return self.tab.inner_text("#document")


@contextmanager
def opened(
    browser: "Browser", folder: Path, size: tuple[int, int] = WIDE, lang: str = "zh"
) -> Iterator[WitnessPage]:
    """The page in a fresh profile, offline; a complaint of the browser (an error, a blocked source) fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text))
    page = WitnessPage(tab, folder)
    page.at(NOW)
    page.open()
    if lang == "en":
        tab.click("#language")
    yield page
    context.close()
    assert complaints == []
