"""Names that hide a person (个体工商户), as notices write them."""

import re
from typing import Final

from shuangsuiji.messages import text

_MASKED: Final = re.compile(r"(\w?)[*＊]+")


def public_name(name: str) -> str:
    """An individual business's name that hides its operator ("***", "张**") in the usual public wording."""
    hidden = _MASKED.fullmatch(name.strip())
    if hidden is None:
        return name
    surname = hidden[1]
    code = "bundle.masked_operator" if surname else "bundle.masked_individual"
    return text(code, "zh", surname=surname)
