"""§11: signatures, those of RFC 8032 and those on which lax verifiers differ; closing statements."""

from itertools import count
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import signing
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good, key_of

RFC_8032 = {  # section 7.1: secret key, message, signature
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
            "25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c38"
            "7b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a"
            "7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
}
OF_ORDER_2 = (0, verify.P - 1)
MESSAGE = b"a message"


def signature_scenarios() -> list[Scenario]:
    """The scenarios of this section."""
    return [
        Scenario("signature", "§11", "whether a signature is valid", signatures()),
        Scenario("closing", "§11", "the closing digest", closings()),
    ]


def signatures() -> list[Case]:
    cases = []
    for name, (secret, text, signature) in RFC_8032.items():
        known = signing.public_key(bytes.fromhex(secret)).hex()
        cases.append(good(f"RFC 8032, {name}", key=known, message=text, signature=signature))
    key, made = signing.public_key(key_of(1)), signing.sign(key_of(1), MESSAGE)
    r, s = made[:32], int.from_bytes(made[32:], "little")
    altered: dict[str, tuple[bytes, bytes, bytes]] = {
        "the message that was signed": (key, MESSAGE, made),
        "another message": (key, MESSAGE + b"!", made),
        "another key": (signing.public_key(key_of(2)), MESSAGE, made),
        "a changed bit of R": (key, MESSAGE, bytes([made[0] ^ 1]) + made[1:]),
        "a changed bit of S": (key, MESSAGE, made[:32] + bytes([made[32] ^ 1]) + made[33:]),
        "S + L": (key, MESSAGE, r + scalar(s + verify.L)),
        "S = 0 and R the neutral point": (key, MESSAGE, scalar(1) + scalar(0)),
        "a key that is no point": (scalar(2), MESSAGE, made),
    }
    return cases + [
        good(case, key=given[0].hex(), message=given[1].hex(), signature=given[2].hex())
        for case, given in (altered | subtle()).items()
    ]


def scalar(number: int) -> bytes:
    return number.to_bytes(32, "little")


def subtle() -> dict[str, tuple[bytes, bytes, bytes]]:
    """Key, message and signature of which the equation holds in some reading or other."""
    secret, _ = signing.expanded(key_of(1))
    key, r = signing.public_key(key_of(1)), 12345
    point = verify.times(r, verify.BASE)
    mixed = verify.point_bytes(verify.add(verify.point_of(key), OF_ORDER_2))

    def made(key: bytes, commitment: bytes, message: bytes, nonce: int, secret: int) -> bytes:
        k = signing.hashed(commitment, key, message)
        return commitment + scalar((nonce + k * secret) % verify.L)

    def case(key: bytes, commitment: bytes, nonce: int, secret: int) -> tuple[bytes, bytes, bytes]:
        return key, MESSAGE, made(key, commitment, MESSAGE, nonce, secret)

    def mixed_key(odd: bool) -> tuple[bytes, bytes, bytes]:
        commitment = verify.point_bytes(point)
        messages = (b"message %d" % number for number in count())
        message = next(m for m in messages if signing.hashed(commitment, mixed, m) % 2 == odd)
        return mixed, message, made(mixed, commitment, message, r, secret)

    plain = verify.point_bytes(point)
    shifted = verify.point_bytes(verify.add(point, OF_ORDER_2))
    return {
        "a key of order 1": case(scalar(1), plain, r, 0),
        "a key of order 1, y not below p": case(scalar(verify.P + 1), plain, r, 0),
        "a key of order 1, with a sign": case(scalar(1 | 1 << 255), plain, r, 0),
        "a key of order 2": small_order(scalar(verify.P - 1), plain, r),
        "R not in its canonical form": case(key, scalar(verify.P + 1), 0, secret),
        "R that fits with the cofactor only": case(key, shifted, r, secret),
        "a key of mixed order, the equation holds": mixed_key(odd=False),
        "a key of mixed order, it holds with the cofactor only": mixed_key(odd=True),
    }


def small_order(key: bytes, commitment: bytes, nonce: int) -> tuple[bytes, bytes, bytes]:
    """A message whose k is even: k times the point of order 2 is the neutral one."""
    messages = (b"message %d" % number for number in count())
    message = next(m for m in messages if signing.hashed(commitment, key, m) % 2 == 0)
    return key, message, commitment + scalar(nonce)


def closings() -> list[Case]:
    targets = key_of(1)
    signed = signing.contribution("real", targets, "丙", key_of(9))
    given = [{"absent": 1, "person": "甲"}, {"person": "乙", "slip": "风调雨顺 2026"}, signed]
    persons = ["甲", "乙", "丙"]

    def asked(contributions: Any, contributors: list[str] = persons, mode: str = "real") -> Record:
        closing = {"commitment": targets.hex(), "contributions": contributions}
        own: Record = {"mode": mode, "commitment": targets.hex(), "contributors": contributors}
        return own | {"closing": closing}

    def edited(path: tuple[str | int, ...], new: Any) -> Record:
        return asked(changed(given, path, new))

    rehearsed = [signing.contribution("rehearsal", targets, "丙", key_of(9))]
    accepted = {
        "nobody may contribute": asked([], []),
        "absent, a slip, a signed value": asked(given),
        "a slip of 200 code points": edited((1, "slip"), "𠮷" * 200),
        "one key, two persons": asked([signed, signed | {"person": "丁"}], ["丙", "丁"]),
        "a rehearsal": asked(rehearsed, ["丙"], "rehearsal"),
    }
    refused = {
        "no array": asked({}),
        "a person missing": asked(given[:2]),
        "a person more": asked([*given, {"absent": 1, "person": "丁"}]),
        "another order": asked([given[1], given[0], given[2]]),
        "another name": edited((0, "person"), "丁"),
        "no name": edited((0, "person"), GONE),
        "absent, but 2": edited((0, "absent"), 2),
        "absent with a slip": edited((0, "slip"), "x"),
        "an empty slip": edited((1, "slip"), ""),
        "a slip of 201 code points": edited((1, "slip"), "字" * 201),
        "a slip that is a number": edited((1, "slip"), 8),
        "nothing given, not absent": edited((1, "slip"), GONE),
        "a slip and a value": edited((1, "value"), "00" * 32),
        "a value without signature": edited((2, "signature"), GONE),
        "a value without key": edited((2, "key"), GONE),
        "a value of 31 bytes": edited((2, "value"), "00" * 31),
        "a signature of 63 bytes": edited((2, "signature"), signed["signature"][:-2]),
        "a key in upper case": edited((2, "key"), signed["key"].upper()),
        "another value": edited((2, "value"), "00" * 32),
        "the signature of a rehearsal": asked([*given[:2], rehearsed[0]]),
        "the signature for another draw": asked([*given[:2], signing.contribution("real", key_of(2), "丙", key_of(9))]),
    }
    cases = [good(case, **inputs) for case, inputs in accepted.items()]
    cases += [bad(case, "seed", **inputs) for case, inputs in refused.items()]
    another = changed(asked(given), ("closing", "commitment"), "0" * 64)
    more = changed(asked(given), ("closing", "note"), "x")
    return [
        *cases,
        bad("another commitment", "seed", **another),
        bad("another key", "seed", **more),
        bad("no object", "seed", **changed(asked(given), ("closing",), [])),
    ]
