"""What of a site programs read: one table of all rows, and what was published of each draw as JSON."""

import json
from collections.abc import Iterator
from typing import Any, Final

from shuangsuiji.bundle.public import PublicTask
from shuangsuiji.publish.site import figures
from shuangsuiji.publish.site.model import Site, SiteDraw
from shuangsuiji.publish.table import write_tables
from shuangsuiji.publish.words import rule

RESULTS: Final = "data/results.csv"
DRAWS: Final = "data/draws.json"


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The table of all draws, in the columns of docs/public-csv.md, and the draws with their papers and counts."""
    lists = [(one.listing, one.results) for one in site.draws if one.listing is not None]
    if lists:
        yield RESULTS, write_tables(lists)
    value = {
        "authority": site.authority,
        "date": site.day.isoformat(),
        "draws": [_draw(one) for one in site.draws],
        "rehearsal": site.rehearsal,
    }
    yield DRAWS, (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _draw(draw: SiteDraw) -> dict[str, Any]:
    value: dict[str, Any] = {
        "mode": draw.mode,
        "number": draw.number,
        "plan": draw.plan,
        "title": draw.title,
        "notices": [
            {
                "files": [f"notices/{draw.slug}/{name}" for name in paper.files],
                "issued": paper.issued.isoformat(),
                "kind": paper.kind,
                "name": paper.name,
            }
            for paper in draw.papers
        ],
    }
    if draw.bundle.data:
        value["bundle"] = {"file": f"bundles/{draw.slug}.zip", "sha256": draw.bundle.sha256}
    view = draw.view
    if view is None:
        return value
    counts, evidence = figures.count([draw]), view.evidence
    return value | {
        "blocks": view.blocks,
        "districts": [{"blocks": d.blocks, "name": d.name, "targets": d.targets} for d in view.districts],
        "evidence": {
            "closing": evidence.closing,
            "inspectors": evidence.inspectors,
            "inspectors_seed": evidence.inspectors_seed,
            "result": evidence.result,
            "spec": evidence.spec,
            "targets": evidence.targets,
            "targets_seed": evidence.targets_seed,
            "values": [{"issue": v.issue, "source": v.source, "value": v.value} for v in evidence.values],
        },
        "inspectors": view.inspectors,
        "results": {
            "by_kind": [
                {"code": kind.code, "count": number, "name": kind.name, "problem": kind.problem}
                for kind, number in counts.kinds
            ],
            "published": counts.told,
            "taken_down": counts.down,
            "unpublished": counts.open,
            "with_problems": counts.problems,
        },
        "targets": view.targets,
        "tasks": [_task(one) for one in view.tasks],
        "visits": view.visits,
        "void": view.void,
        "window": [day.isoformat() for day in view.window],
    }


def _task(task: PublicTask) -> dict[str, Any]:
    """A task with its tiers as the notices have them: a name, a rule, base and quota."""
    return {
        "agency": task.agency,
        "base": task.base,
        "id": task.id,
        "items": list(task.items),
        "name": task.name,
        "quota": task.quota,
        "tiers": [
            {"base": one.base, "name": one.name, "quota": one.quota, "rule": rule(one)} for one in task.tiers
        ],
    }
