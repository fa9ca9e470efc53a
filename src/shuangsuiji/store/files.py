"""Files written whole or not at all, and durably, before the database points to them."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from errno import EEXIST, EISDIR, ENODEV
from pathlib import Path
from typing import IO, Final

PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
PUBLIC: Final = 0o644
PUBLIC_FOLDER: Final = 0o755


@contextmanager
def replacing(target: Path, mode: int = PRIVATE) -> Iterator[IO[bytes]]:
    """A binary stream whose bytes become `target`, if nothing fails, when the block ends.

    A temporary file in the same directory is written, synced and renamed, then the directory is synced; on
    any failure the temporary file is removed and `target` is what it was. Raises OSError, which names `target`:
    ENODEV for a device or pipe, which a rename would put a file in the place of.
    """
    if target.exists() and not target.is_file():
        raise OSError(EISDIR if target.is_dir() else ENODEV, "not a regular file", str(target))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as why:
        raise OSError(why.errno, why.strerror, str(target)) from why
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def write(target: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Write `data` as `target`, whole or not at all. Raises OSError."""
    with replacing(target, mode) as stream:
        stream.write(data)


@contextmanager
def new_folder(
    target: Path, members: Iterable[tuple[str, bytes]], mode: int = PRIVATE, folder_mode: int = PRIVATE_FOLDER
) -> Iterator[Callable[[], None]]:
    """A new folder with files in it, by their paths there, written whole before the block is entered.

    The function given puts it in its place, by one rename; if the block fails, nothing is left of it. Put it around a
    transaction, so that much can be written without holding that. By default all is for its owner alone. Raises
    OSError, the function FileExistsError for a folder that exists.
    """
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent))
    except OSError as why:
        raise OSError(why.errno, why.strerror, str(target)) from why
    made = [temporary]

    def place() -> None:
        if target.exists():
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(target))
        temporary.rename(target)
        made.append(target)
        sync_directory(target.parent)

    try:
        folders = {temporary}
        for name, data in members:
            path = temporary / name
            if path.parent not in folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                folders.add(path.parent)
            path.touch(mode, exist_ok=False)
            path.write_bytes(data)
        for folder in folders:
            folder.chmod(folder_mode)
            sync_directory(folder)
        yield place
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def sync_directory(folder: Path) -> None:
    """Make the names in `folder` durable: a rename lies in the directory, not in the file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def new_folders() -> Iterator[Callable[[Path, Mapping[str, bytes]], None]]:
    """A function that makes a new folder with files in it, for all to read; undone if the block fails.

    Each folder appears whole, by one rename of a temporary one beside it. Put it around a transaction, so
    that the folders vanish if the commit does not come. The function raises OSError, FileExistsError for a
    folder that exists.
    """
    made: list[Path] = []

    def make(target: Path, members: Mapping[str, bytes]) -> None:
        target.parent.mkdir(mode=PUBLIC_FOLDER, parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent))
        made.append(temporary)
        for name, data in members.items():
            write(temporary / name, data, PUBLIC)
        temporary.chmod(PUBLIC_FOLDER)
        if target.exists():
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(target))
        temporary.rename(target)
        made.append(target)
        sync_directory(target.parent)

    try:
        yield make
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
