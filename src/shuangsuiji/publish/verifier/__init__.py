"""The browser verifier (核验网页): one static file that recomputes a draw from an auditor's bundle, offline.

It shares no code with the engine. `verifier.html` is joined from the sources beside it by `join`.
"""

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).with_name("verifier.html")
"""The page, as it is handed out."""
