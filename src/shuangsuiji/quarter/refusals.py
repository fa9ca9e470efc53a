"""退回 (what goes back to the sender): the reports on rows that were refused."""

from datetime import datetime

from shuangsuiji.messages import Lang
from shuangsuiji.rosters import CheckedRoster
from shuangsuiji.rosters.report import refused_csv, returned_workbook
from shuangsuiji.store import Store, instants


def refusal_reports(store: Store, checked: CheckedRoster, now: datetime, lang: Lang) -> dict[str, bytes]:
    """The reports on the refused rows by file name, a list and a workbook to send back; none if none was refused."""
    if not checked.refused:
        return {}
    stamp = instants.to_text(now).replace("-", "").replace(":", "")
    stem, again = f"{checked.kind}-{stamp}-refused", 1
    while any(store.layout.report(f"{stem}{suffix}").exists() for suffix in (".csv", ".xlsx")):
        again += 1
        stem = f"{checked.kind}-{stamp}-refused-{again}"
    return {
        f"{stem}.csv": refused_csv(checked.refused, lang),
        f"{stem}.xlsx": returned_workbook(checked, lang),
    }
