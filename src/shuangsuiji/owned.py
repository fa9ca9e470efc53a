"""Files that are for their owner alone (只有本人能读的文件): keys are read from nothing else."""

import errno
import os
from pathlib import Path

from shuangsuiji.errors import EnvironmentRefused, Where


def read_owned(path: Path, *, link: str, shared: str) -> bytes:
    """The bytes of the very file that was looked at. Raises OSError, and EnvironmentRefused with the codes given:
    `link` for a symbolic link, which leads where nobody looks after it, `shared` if others can read the file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise EnvironmentRefused(link, Where(file=str(path))) from None
        raise
    with os.fdopen(handle, "rb") as stream:
        if os.fstat(handle).st_mode & 0o077:
            raise EnvironmentRefused(shared, Where(file=str(path)))
        return stream.read()
