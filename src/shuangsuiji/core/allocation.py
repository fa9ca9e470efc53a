"""§12 Quotas of strata: systematic rounding, so that every entity of a tier is drawn with probability exactly n/N."""

from collections.abc import Iterator, Sequence


def systematic_rounding(quota: int, sizes: Sequence[int], offset: int) -> Iterator[int]:
    """§12 Each stratum's quota, in order.

    `offset` is the random integer u, 0 <= u < N = sum(sizes). The quotas add up to `quota`, each is quota x size / N
    rounded down or up, and over the N offsets each stratum's mean is that share exactly.
    """
    total = sum(sizes)
    run = offset
    for size in sizes:
        whole, part = divmod(quota * size, total)
        yield whole + (run + part >= total)
        run = (run + part) % total
