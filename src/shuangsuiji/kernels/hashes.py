"""The two hashes that loops call, written in the way that is fastest on this machine."""

from typing import TYPE_CHECKING

from llvmlite.binding import get_host_cpu_features


def has_unit() -> bool:
    """Whether the processor has instructions for SHA-256, and no registers of 512 bits, which are faster still."""
    features = get_host_cpu_features()
    return bool(features.get("sha") and not features.get("avx512f"))


if TYPE_CHECKING or has_unit():
    from shuangsuiji.kernels.sha_unit import blocks, tickets
else:
    from shuangsuiji.kernels.lines import blocks, tickets

__all__ = ["blocks", "has_unit", "tickets"]
