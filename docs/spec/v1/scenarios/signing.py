"""§11, §17: signatures as RFC 8032 makes them, for the vectors (a verifier signs nothing), and witness statements."""

from hashlib import sha512

from docs.spec.v1 import verify
from docs.spec.v1.scenarios.cases import Record, key_of

CONTRIBUTOR, NOTARY, BUREAU = (key_of(number) for number in (201, 202, 203))  # secret keys


def expanded(secret: bytes) -> tuple[int, bytes]:
    """RFC 8032, section 5.1.5: the secret scalar and the prefix."""
    digest = sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, digest[32:]


def public_key(secret: bytes) -> bytes:
    """RFC 8032, section 5.1.5."""
    return verify.point_bytes(verify.times(expanded(secret)[0], verify.BASE))


def sign(secret: bytes, message: bytes) -> bytes:
    """RFC 8032, section 5.1.6."""
    scalar, prefix = expanded(secret)
    r = hashed(prefix, message)
    point = verify.point_bytes(verify.times(r, verify.BASE))
    k = hashed(point, public_key(secret), message)
    return point + ((r + k * scalar) % verify.L).to_bytes(32, "little")


def hashed(*parts: bytes) -> int:
    return int.from_bytes(sha512(b"".join(parts)).digest(), "little") % verify.L


def contribution(mode: str, targets: bytes, person: str, value: bytes, secret: bytes = CONTRIBUTOR) -> Record:
    """§11: a signed one."""
    signature = sign(secret, verify.tagged_in(mode, "contribution", targets, value))
    signed = {"key": public_key(secret).hex(), "signature": signature.hex()}
    return signed | {"person": person, "value": value.hex()}


def seen(notice: Record, digest: bytes, of: str, name: str, time: str) -> Record:
    """§17: W."""
    told = {key: notice[key] for key in ("authority", "draw", "mode")}
    return told | {"digest": digest.hex(), "name": name, "of": of, "time": time}


def signed(statement: Record, secret: bytes) -> Record:
    """§17: W with the witness's signature."""
    signature = sign(
        secret, verify.tagged("witness", verify.encode({name: statement[name] for name in verify.SEEN}))
    ).hex()
    return statement | {"key": public_key(secret).hex(), "signature": signature}


def signature_of(secret: bytes, message: bytes) -> Record:
    """§16, §21: of whoever made a bundle or a receipt."""
    return {"key": public_key(secret).hex(), "signature": sign(secret, message).hex()}


def fingerprint(secret: bytes) -> str:
    """§11."""
    return verify.fingerprint(public_key(secret).hex())
