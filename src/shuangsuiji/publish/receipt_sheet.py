"""回执单: one A4 sheet for one business, about the receipt file that is handed over with it; not for the public."""

from shuangsuiji.bundle.sheet import ReceiptSheet
from shuangsuiji.publish.content import Document, Fact, Facts, Fingerprints, Paragraph, Section, Span, Steps
from shuangsuiji.publish.html import page
from shuangsuiji.publish.phrases import document, fact, rich, said
from shuangsuiji.publish.words import zh


def receipt_sheet(view: ReceiptSheet) -> bytes:
    """The sheet as HTML in UTF-8, complete in itself; the same view gives the same bytes."""
    return page(receipt_content(view))


def receipt_content(view: ReceiptSheet) -> Document:
    """What the sheet says, for any renderer."""
    head = view.head
    number = "notices.receipt.draw_number_rehearsal" if head.rehearsal else "notices.receipt.draw_number"
    facts = [
        fact("notices.receipt.name", view.name or zh("notices.receipt.no_name")),
        fact("notices.receipt.code", (Span(view.id, "code"),)),
        fact("notices.receipt.draw", zh(number, draw=head.draw)),
    ]
    outcomes = {True: zh("notices.receipt.drawn"), False: zh("notices.receipt.not_drawn")}
    facts += [Fact(name, ((Span(outcomes[drawn]),),)) for name, drawn in view.tasks]
    if not view.tasks:
        facts.append(fact("notices.receipt.outcome", zh("notices.receipt.outside")))
    if view.came_in:
        facts.append(fact("notices.receipt.afterwards", zh("notices.receipt.came_in", number=view.came_in)))
    if view.replaced:
        facts.append(fact("notices.receipt.afterwards", zh("notices.receipt.replaced", number=view.replaced)))
    fingerprints = Fingerprints(
        (
            (zh("notices.receipt.commitment"), view.commitment),
            (zh("notices.receipt.ticket"), view.ticket),
            (zh("notices.receipt.digest"), view.sha256),
        )
    )
    steps = Steps(
        (
            rich("notices.receipt.checking_open"),
            rich("notices.receipt.checking_compare"),
            rich("notices.receipt.checking_values"),
            rich("notices.receipt.checking_cut"),
        )
    )
    unforeseen = () if head.rehearsal else rich("notices.receipt.meaning_unforeseen")
    sections = (
        Section(zh("notices.receipt.meaning"), (said(rich("notices.receipt.meaning_said"), unforeseen),)),
        Section(zh("notices.receipt.checking"), (steps, said(rich("notices.receipt.qr_said")))),
        Section(zh("notices.receipt.limits"), (said(rich("notices.receipt.limits_said")),)),
    )
    addressee = Paragraph(rich("notices.receipt.confidential", name=view.name or view.id), "warning")
    return document(
        head,
        "receipt",
        (head.title, zh("notices.receipt.kind")),
        opening=(addressee, Facts(tuple(facts), code=qr_text(view)), fingerprints),
        sections=sections,
        sheet=True,
    )


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
