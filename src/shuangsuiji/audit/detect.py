"""§18 `audit verify` of any file: which kind it is, by its first bytes, and the verification of that kind."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shuangsuiji.audit.public import verify_public
from shuangsuiji.audit.receipt import verify_receipt
from shuangsuiji.audit.report import Report
from shuangsuiji.audit.verify import CrossCheck, verify
from shuangsuiji.bundle import archive
from shuangsuiji.core.seed import PublicValue
from shuangsuiji.errors import InputRefused

USAGE: Final = frozenset({"audit.public_beside", "audit.no_inspectors", "bundle.unreadable"})
"""§18 Codes of no file, or of what cannot be asked of one of this kind: wrong usage, not a verification that fails."""

_FIRST: Final = 64


def verify_file(
    path: Path,
    cross_check: CrossCheck | None = None,
    *,
    public: Path | None = None,
    trust: frozenset[str] = frozenset(),
    signers: frozenset[str] = frozenset(),
    commitments: Sequence[str] = (),
    values: Sequence[PublicValue] = (),
) -> Report:
    """§18 Verify an auditor's bundle, a public bundle, or a receipt, with a public bundle beside it if there is one.

    Raises InputRefused `bundle.unreadable`; `audit.public_beside` if something else than a receipt has a public bundle
    beside it; `audit.no_inspectors` if a cross-check of the inspectors is wanted where there are none.
    """
    with archive.opened(path) as file:
        first = file.read(_FIRST)
    receipt = first.startswith(b"{")
    if public is not None and not receipt:
        raise InputRefused("audit.public_beside")
    if not receipt and archive.kind_of(first) == archive.AUDITOR:
        return verify(path, cross_check, trust=trust, signers=signers, commitments=commitments, values=values)
    if cross_check is not None:
        raise InputRefused("audit.no_inspectors")
    if receipt:
        return verify_receipt(
            path, public, trust=trust, signers=signers, commitments=commitments, values=values
        )
    return verify_public(path, trust=trust, signers=signers, commitments=commitments, values=values)
