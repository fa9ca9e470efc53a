"""The view of a receipt's sheet (回执单): confidential to one business, apart from what is made for the public.

It has no field for a tier, a cell or a cut, so that the sheet can say nothing of a risk class in words.
"""

from dataclasses import dataclass

from shuangsuiji.bundle.public import PublicHead


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """回执单: whose, its ticket, C(targets) and the SHA-256 of the receipt file (all hex).

    `tasks` are those in whose range the business lies, by name, and whether each drew it. What was decided after
    the draw, which no receipt shows, stands beside them: the number of the record by which it `came_in` (更换后抽取),
    or was `replaced` (已更换); 0 if there is none.
    """

    head: PublicHead
    id: str
    name: str
    ticket: str
    commitment: str
    sha256: str
    tasks: tuple[tuple[str, bool], ...]
    came_in: int = 0
    replaced: int = 0
