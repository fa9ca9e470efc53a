"""Notices and closings for a witness, as the specification writes them, and what is wrong with some."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from shuangsuiji.bundle import signatures
from shuangsuiji.core.closing import contribution_message
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.witness.folder import keygen

NOW: Final = datetime(2026, 11, 20, 2, 0, 0, tzinfo=UTC)
LATER: Final = NOW + timedelta(hours=3)
SECRET: Final = bytes(range(32))
NAME: Final = "拟安县公证处"
GUEST: Final = bytes(range(1, 33))

NOTICE: Final[dict[str, Any]] = {
    "authority": "拟安县市场监督管理局",
    "changes": "c5" * 32,
    "commitments": {"inspectors": "1f" * 32, "targets": "0123456789abcdef" * 4},
    "contributors": ["人大代表王五", "企业代表𠮷田"],
    "deadline": "2026-12-20",
    "draw": 3,
    "head": "ab" * 32,
    "hours": {
        "fc3d:2026310": "2026-11-20T13:15:00Z",
        "kl8:2026318": "2026-11-20T13:30:00Z",
        "kl8:2026319": "2026-11-21T13:30:00Z",
    },
    "mode": "real",
    "plan": "990121-2026-03",
    "sizes": {"inspectors": 1064, "recusals": 160, "registry": 48000},
    "spec": "v1",
    "time": "2026-11-20T01:30:00Z",
    "values": [
        {"fallback": [{"issue": "2026319", "source": "kl8"}], "issue": "2026318", "source": "kl8"},
        {"issue": "2026310", "source": "fc3d"},
    ],
}


DICE: Final = {"issue": "1", "source": "dice"}
LOTTERY: Final = {"issue": "2026318", "source": "kl8"}


LATE: Final[dict[str, Any]] = NOTICE | {
    "commitments": {"inspectors": "2e" * 32},
    "contributors": ["人大代表王五"],
    "hours": {"kl8:2026320": "2026-11-22T13:30:00Z"},
    "sizes": {"inspectors": 1064, "recusals": 160},
    "time": "2026-11-20T01:45:00Z",
    "values": [{"issue": "2026320", "source": "kl8"}],
}
LATE_CLOSING: Final[dict[str, Any]] = {
    "commitment": "2e" * 32,
    "contributions": [{"person": "人大代表王五", "slip": "晚来风急"}],
}
"""The notice of inspectors sealed late in the same draw, and its closing."""


def changed(value: dict[str, Any], path: str, new: object) -> dict[str, Any]:
    """A copy with the member at `path` (dots between keys) replaced, or left out if `new` is None."""
    copy: dict[str, Any] = deepcopy(value)
    *way, last = path.split(".")
    inner: Any = copy
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if new is None:
        del inner[last]
    elif isinstance(inner, list):
        inner[int(last)] = new
    else:
        inner[last] = new
    return copy


HIDING: Final = "甲局\u202e\x1b[2J\u3000乙"
SHOWN: Final = "甲局<U+202E><U+001B>[2J<U+3000>乙"
"""A name that would clear a terminal and run backwards, and how a witness is to see it."""

LOOKALIKE: Final = "拟安县巿场监督管理局"
"""The notice's authority with U+5DFF for U+5E02."""

UNTOLD: Final = changed(NOTICE, "hours", {})
"""The notice without hours."""

REHEARSAL: Final = changed(
    changed(UNTOLD, "mode", "rehearsal"), "values", [{"issue": "1", "source": "explicit"}]
)


def closing(notice: dict[str, Any] = NOTICE, slip: str = "愿“公平”\t𠮷") -> dict[str, Any]:
    """The closing of a notice with two contributors: a slip, and a signed value."""
    targets, value = bytes.fromhex(notice["commitments"]["targets"]), bytes(32)
    signature = signatures.sign(GUEST, contribution_message(notice["mode"], targets, value))
    first, second = notice["contributors"]
    return {
        "commitment": targets.hex(),
        "contributions": [
            {"person": first, "slip": slip},
            {
                "key": signatures.public_key(GUEST).hex(),
                "person": second,
                "signature": signature.hex(),
                "value": value.hex(),
            },
        ],
    }


HOUR: Final = NOTICE["hours"]["kl8:2026318"]


def bad_notices() -> Iterator[tuple[str, bytes]]:
    """Bytes that are no valid commit notice, by what is wrong with them."""
    for path, new in (
        ("authority", ""),
        ("authority", None),
        ("commitments.targets", "AB" * 32),
        ("commitments.inspectors", "ab" * 31),
        ("commitments.more", "ab" * 32),
        ("commitments", {}),
        ("commitments.inspectors", None),
        ("sizes.recusals", None),
        ("contributors", None),
        ("contributors", ["甲", "甲"]),
        ("contributors", [""]),
        ("deadline", "2026-02-30"),
        ("deadline", "2026-12-20T00:00:00Z"),
        ("draw", 0),
        ("draw", "3"),
        ("head", "ab"),
        ("mode", "演练"),
        ("plan", "2026/03"),
        ("sizes.registry", -1),
        ("spec", "v2"),
        ("hours", None),
        ("hours", []),
        ("hours", {"kl8:2026317": HOUR}),
        ("hours", {"kl8:2026318": HOUR, "ssq:2026318": HOUR}),
        ("hours", {"2026318": HOUR}),
        ("hours", {"toString": HOUR}),
        ("hours", {"kl8:2026318": HOUR[:10]}),
        ("hours", {"kl8:2026318": "2026-11-31T13:30:00Z"}),
        ("hours", {"kl8:2026318": "2026-11-20T21:30:00+08:00"}),
        ("hours", {"kl8:2026318": [HOUR, HOUR]}),
        ("hours", {"kl8:2026318": 1}),
        ("time", "2026-11-20 01:30:00"),
        ("time", "2026-11-20T24:30:00Z"),
        ("time", "0000-11-20T01:30:00Z"),
        ("more", 1),
        ("values", []),
        ("values.0.issue", "2026-318"),
        ("values.0.source", "toString"),
        ("values.0.fallback", []),
        ("values.0.fallback.0.issue", "2026318"),
        ("values.1.more", "1"),
        ("values", [{"issue": "2026310", "source": "fc3d"}]),
        ("values", [DICE | {"fallback": [LOTTERY]}]),
        ("values", [LOTTERY | {"fallback": [DICE, LOTTERY | {"issue": "2026319"}]}]),
        ("values.0.fallback.0.source", "pl5"),
        ("values.1.source", "explicit"),
        ("values.1.source", "dice"),
    ):
        # Other values have other hours: what is wrong must be the values alone.
        base = UNTOLD if path.startswith("values") else NOTICE
        yield f"{path}={new}", canonical_json(changed(base, path, new))
    dice = changed(UNTOLD, "values.1", {"issue": "1", "source": "dice"})
    yield "hours of dice", canonical_json(changed(dice, "hours", {"dice:1": HOUR}))
    good = canonical_json(NOTICE)
    yield "a byte order mark", b"\xef\xbb\xbf" + good
    yield "white space", good + b"\n"
    yield "a key twice", good.replace(b'"draw":3', b'"draw":3,"draw":3')
    yield "a fraction", good.replace(b'"draw":3', b'"draw":3.0')
    yield "a lone surrogate", good.replace(NOTICE["authority"].encode(), b"\\ud800")
    yield "no UTF-8", good.replace(NOTICE["authority"].encode(), b"\xff")
    yield "cut short", good[:-1]


def bad_closings() -> Iterator[tuple[str, dict[str, Any]]]:
    """Closings that the witness of NOTICE has to refuse."""
    good = closing()
    yield "another draw", changed(good, "commitment", "cd" * 32)
    yield "one absent without a word", changed(good, "contributions", good["contributions"][:1])
    yield "another order", changed(good, "contributions", good["contributions"][::-1])
    yield "a stranger", changed(good, "contributions.0.person", "陌生人")
    yield "an empty slip", changed(good, "contributions.0.slip", "")
    yield "a long slip", changed(good, "contributions.0.slip", "𠮷" * 201)
    yield "another value", changed(good, "contributions.1.value", "01" * 32)
    yield "a key of small order", changed(good, "contributions.1.key", "01" + "00" * 31)
    yield "a member more", changed(good, "contributions.0.absent", 1)
    yield "a statement more", changed(good, "more", 1)


def write(folder: Path, value: object, name: str = "notice.json") -> Path:
    """A document as the authority hands it over."""
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else canonical_json(value))  # type: ignore[arg-type]
    return path


def new_folder(tmp_path: Path) -> Path:
    """A witness's folder with a key and an empty record."""
    keygen(tmp_path / "witness", name=NAME, secret=SECRET)
    return tmp_path / "witness"
