"""The browser verifier as an implementation that the vectors can be put to: its own worker code, in a real Chromium.

Nothing is computed here: questions go to the worker as JSON, with `page.js` behind the page's program, and answers
come back as JSON.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shuangsuiji.publish.verifier import PAGE
from tests.browser import shared
from tests.spec.protocol import Refused

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTIONS: Final = Path(__file__).with_suffix(".js")
START: Final = """(questions) => {
    const program = new Blob([document.getElementById("worker").textContent, questions]);
    const asked = new Worker(URL.createObjectURL(program));
    window.ask = (question) => new Promise((resolve, reject) => {
        asked.onmessage = ({ data }) => resolve(data);
        asked.onerror = ({ message }) => reject(new Error(message));
        asked.postMessage(question);
    });
}"""


class BrowserPage:
    """The page's worker, asked by the names of the protocol; it is started by the first question."""

    @cached_property
    def tab(self) -> "Page":
        tab = shared().new_page()
        tab.goto(PAGE.as_uri())
        tab.evaluate(START, QUESTIONS.read_text(encoding="utf-8"))
        return tab

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)

        def ask(**given: Any) -> Any:
            data = {key: part.hex() if isinstance(part, bytes) else part for key, part in given.items()}
            question = json.dumps({"method": method, "given": data})
            answer = json.loads(self.tab.evaluate("(question) => ask(question)", question))
            if "fails" in answer:
                raise Refused(answer["fails"])
            return answer["out"]

        return ask
