"""The loop over blocks of leaves; importing it loads the compiler's run time."""

import numpy as np

from shuangsuiji.kernels.columns import Words
from shuangsuiji.kernels.compiled import compiled
from shuangsuiji.kernels.hashes import tickets


@compiled("void(Array(uint32, 1, 'C', readonly=True), Array(uint32, 3, 'C', readonly=True), uint32[::1])")
def first_words(middle: Words, blocks: Words, found: Words) -> None:
    """The first words of the hashes of blocks of leaves; `found` is shorter than the blocks if the last is not full.

    Here and not in Python, so that two threads need not wait for one another between blocks.
    """
    lanes = blocks.shape[2]
    out = np.empty((8, lanes), np.uint32)
    for number in range(len(blocks)):
        tickets(middle, blocks[number], out)
        for lane in range(min(lanes, len(found) - number * lanes)):
            found[number * lanes + lane] = out[0, lane]
