"""Fonts of the machine for printed documents: which Chinese one is used, and which characters none has.

A character without a glyph would be printed as a box, and nobody could tell which it was. Such characters are found
beforehand in the fonts' own tables (OpenType `cmap`), so that they can be written as their code.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import typst

from shuangsuiji.errors import EnvironmentRefused

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "body": (
        "FangSong", "仿宋", "FangSong_GB2312", "仿宋_GB2312", "FZFangSong-Z02", "FZFangSong-Z02S", "STFangsong",
        "华文仿宋", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "宋体", "Songti SC",
        "STSong", "AR PL UMing CN", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei", "Droid Sans Fallback",
    ),
    "title": (
        "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong", "华文中宋",
        "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "宋体", "Songti SC", "STSong",
    ),
    "head": (
        "SimHei", "黑体", "STHeiti", "华文黑体", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC",
        "Microsoft YaHei", "微软雅黑", "PingFang SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    ),
}  # fmt: skip
"""By use, the families in order of preference: 仿宋, 小标宋 and 黑体 as GB/T 9704 has them, else the like."""

MONOSPACED: Final = "DejaVu Sans Mono"
"""Of digests; the typesetter brings it along."""

_PROBE: Final = "双随机抽查检"
_SELECTORS: Final = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts found: the typesetter's own list, and by use the families to set in."""

    found: typst.Fonts
    families: Mapping[str, tuple[str, ...]]

    def missing(self, characters: Iterable[str]) -> frozenset[str]:
        """Those of the characters for which no font has a glyph."""
        left = {one for one in characters if ord(one) > 0x7E and ord(one) not in _SELECTORS}
        for path, index in self._files():
            if not left:
                break
            covered = _covered(path, index)
            left = {one for one in left if ord(one) not in covered}
        return frozenset(left)

    def _files(self) -> list[tuple[str, int]]:
        """Files with faces: those of the families in use first, because they have nearly everything."""
        used = {family for families in self.families.values() for family in families}
        faces = [font for font in self.found.fonts() if font.path]
        ordered = sorted(faces, key=lambda font: (font.family not in used, str(font.path), font.index))
        return list(dict.fromkeys((str(font.path), font.index) for font in ordered))


def find_fonts(folder: Path | None = None, *, system: bool = True) -> Fonts:
    """The machine's fonts, and those in a folder of one's own. Raises EnvironmentRefused `publish.no_chinese_font`."""
    own = [folder] if folder is not None and folder.is_dir() else []
    found = typst.Fonts(include_system_fonts=system, font_paths=own)
    known = set(found.families())
    chosen = {use: tuple(name for name in names if name in known) for use, names in FAMILIES.items()}
    spare = chosen["body"] or chosen["title"] or chosen["head"] or _any_chinese(found)
    if not spare:
        raise EnvironmentRefused("publish.no_chinese_font")
    return Fonts(found, {use: (names or spare)[:3] for use, names in chosen.items()})


def _any_chinese(found: typst.Fonts) -> tuple[str, ...]:
    """A family that nobody named here, but that has Chinese."""
    needed = {ord(one) for one in _PROBE}
    for font in sorted(found.fonts(), key=lambda one: (one.family, str(one.path), one.index)):
        if font.path and needed <= _covered(str(font.path), font.index):
            return (font.family,)
    return ()


@cache
def _covered(path: str, index: int) -> frozenset[int]:
    """The code points for which a face has a glyph; none if its file cannot be read."""
    try:
        data = Path(path).read_bytes()
        return frozenset(_code_points(data, index))
    except (OSError, struct.error, IndexError):
        return frozenset()


def _code_points(data: bytes, index: int) -> Iterator[int]:
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", data, start + 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            (tables,) = struct.unpack_from(">H", data, offset + 2)
            for own in range(tables):
                platform, _, at = struct.unpack_from(">HHI", data, offset + 4 + 8 * own)
                if platform in (0, 3):
                    yield from _subtable(data, offset + at)


def _subtable(data: bytes, at: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == 12:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for first, last, _ in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * groups]):
            yield from range(first, last + 1)
    elif form == 4:
        (double,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
