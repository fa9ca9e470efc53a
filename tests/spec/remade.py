"""Bundles and receipts taken apart, and made anew around a value that was changed."""

from typing import Any, Final

from docs.spec.v1 import verify
from docs.spec.v1.make_vectors import VECTORS
from docs.spec.v1.scenarios.world import result_of, write_archive

OTHERS: Final = {
    "records": "records-of-every-kind.zip",
    "public": "public-rehearsal.zip",
    "receipt": "receipt-drawn-in-two-tasks-and-listed.json",
}


def taken_apart(name: str) -> dict[str, Any]:
    """What stands in each member of a good file of this kind, but in the manifest; a receipt's members."""
    data = (VECTORS / "bundles" / OTHERS[name]).read_bytes()
    if name == "receipt":
        return dict(verify.decode(data))
    required = verify.PublicBundle.required if name == "public" else verify.MEMBERS
    members = verify.read_archive(data, required, verify.OPTIONAL)
    return {
        file: verify.decode_lines(part) if file.endswith(".jsonl") else verify.decode(part)
        for file, part in members.items()
        if file != "manifest.json"
    }


def remade(name: str, values: Any) -> bytes:
    """The file with these values, its manifest written anew."""
    if name == "receipt":
        return verify.encode(values)
    members = {
        file: verify.encode_lines(value)
        if file.endswith(".jsonl") and isinstance(value, list)
        else verify.encode(value)
        for file, value in values.items()
    }
    if name == "public":
        manifest = verify.make_manifest(members, "0" * 64, "public")
    else:
        manifest = verify.make_manifest(members, result_of(members))
    return write_archive(members | {"manifest.json": verify.encode(manifest)})
