"""`keys` (密钥): signing keys of an authority or a contributor, and a contributor's signed value (§11)."""

from dataclasses import dataclass
from pathlib import Path

from shuangsuiji.bundle.closing import VALUE_BYTES
from shuangsuiji.bundle.signatures import is_hex
from shuangsuiji.bundle.signing import SIGNING, SecretKey, read_key
from shuangsuiji.core.closing import contribution_message
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.errors import InputRefused, Where, WrongState
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A signing key: its file, its owner's name, public key and fingerprint (hex)."""

    path: Path
    name: str
    public: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ContributionResult:
    """A signed value: the file that `contribute` takes, the value and the key's fingerprint (hex)."""

    path: Path
    value: str
    fingerprint: str


def generate(path: Path, *, name: str, secret: bytes) -> KeyResult:
    """Make a key file of 32 random bytes, for its owner alone.

    Raises InputRefused `quarter.key_name`, WrongState `quarter.key_exists`, EnvironmentRefused as `environment`.
    """
    if not name.strip():
        raise InputRefused("quarter.key_name")
    if path.exists():
        raise WrongState("quarter.key_exists", Where(file=str(path)))
    key = SecretKey(name.strip(), secret, SIGNING)
    with environment(path):
        files.write(path, key.file())
    return _result(path, key)


def show(path: Path) -> KeyResult:
    """What of a key file may be known. Raises as `read_key`."""
    return _result(path, read_key(path, SIGNING))


def contribute(
    key_file: Path, output: Path, *, commitment: str, mode: str, value: bytes
) -> ContributionResult:
    """Sign a contributor's 32-byte value for the draw of a commitment (C(targets), hex), and write it down.

    Raises InputRefused `quarter.contribution_value`, `quarter.contribution_commitment`; those of `read_key`;
    EnvironmentRefused as `environment`.
    """
    if len(value) != VALUE_BYTES:
        raise InputRefused("quarter.contribution_value", bytes=len(value))
    if not is_hex(commitment, VALUE_BYTES):
        raise InputRefused("quarter.contribution_commitment", value=commitment)
    key = read_key(key_file, SIGNING)
    signature = key.sign(contribution_message(mode, bytes.fromhex(commitment), value))
    with environment(output):
        files.write(output, canonical_json({**signature.object(), "value": value.hex()}))
    return ContributionResult(output, value.hex(), key.fingerprint)


def _result(path: Path, key: SecretKey) -> KeyResult:
    return KeyResult(path, key.name, key.public.hex(), key.fingerprint)
