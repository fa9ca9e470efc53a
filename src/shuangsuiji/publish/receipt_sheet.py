"""回执单: one A4 sheet for one business, about the receipt file that is handed over with it; not for the public."""

import segno

from shuangsuiji.bundle.sheet import ReceiptSheet
from shuangsuiji.publish.notices import templates


def receipt_sheet(view: ReceiptSheet) -> bytes:
    """The sheet as HTML in UTF-8, complete in itself; the same view gives the same bytes."""
    page = templates().get_template("receipt.html")
    return page.render(view=view, head=view.head, qr=_qr(qr_text(view))).encode()


def qr_text(view: ReceiptSheet) -> str:
    """What the QR code holds: text to be compared with the published notice and the receipt, no address to open."""
    mode = "rehearsal" if view.head.rehearsal else "real"
    return "\n".join(
        (
            "shuangsuiji receipt v1",
            view.head.authority,
            f"draw {mode} {view.head.draw}",
            f"commitment {view.commitment}",
            f"ticket {view.ticket}",
            f"sha256 {view.sha256}",
        )
    )


def _qr(text: str) -> str:
    """The code as SVG to stand inside a page; to look for the best of the eight masks takes five times as long."""
    code = segno.make_qr(text, error="m", encoding="utf-8", mask=3)
    return code.svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
