"""§3 Tagged hashes: every hash says what it is a hash of, and of which mode of draw.

Also §8's keyed salts, the one use of HMAC.
"""

import hashlib
import hmac

from shuangsuiji.core.encoding import lp, u64

SUITE = "sha256"
"""The suite of §1, named in every commitment."""
SPEC = "v1"
"""The version of the specification that these modules follow."""
_PREFIX = f"shuangsuiji/{SPEC}/"


def tagged_hash(name: str, *fields: bytes) -> bytes:
    """§3 T: the 32-byte hash of `fields` under the tag of `name`."""
    return hashlib.sha256(lp((_PREFIX + name).encode()) + b"".join(map(lp, fields))).digest()


def draw_hash(mode: str, name: str, *fields: bytes) -> bytes:
    """§3 D: a tagged hash that belongs to one draw of mode "real" or "rehearsal" (演练)."""
    return tagged_hash(f"{mode}/{name}", *fields)


def salt(key: bytes, mode: str, draw: int, kind: str, identifier: str | None = None) -> bytes:
    """§8 The 32-byte salt of a record of `kind`, or of the list of recusals, which has no identifier."""
    message = lp(f"{_PREFIX}{mode}/salt/{kind}".encode()) + u64(draw)
    if identifier is not None:
        message += lp(identifier.encode())
    return hmac.digest(key, message, "sha256")
