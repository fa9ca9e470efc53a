"""Roster snapshots as Parquet files.

A snapshot is named by the digest of its canonical rows, which the rosters compute; the bytes of the file may
differ between versions of pyarrow, so the database keeps their SHA-256 beside it.
"""

from pathlib import Path
from typing import IO

import pandas as pd


def write_frame(frame: pd.DataFrame, stream: IO[bytes]) -> None:
    """Write a roster frame: all columns `str`, "" for missing; TypeError for any other. Raises OSError."""
    wrong = [str(name) for name, kind in frame.dtypes.items() if kind != "str"]
    if wrong or bool(frame.isna().to_numpy().any()):
        raise TypeError(f"a roster frame is text without missing values; not so: {', '.join(wrong) or 'NaN'}")
    frame.to_parquet(stream, engine="pyarrow", compression="zstd", index=False)


def read_frame(path: Path) -> pd.DataFrame:
    """The frame that `write_frame` wrote. Raises OSError."""
    return pd.read_parquet(path, engine="pyarrow")
