"""拟安县: the invented county of the sample, its townships and its enforcement units.

拟 means "mock". The county is nowhere; a township's name may occur somewhere, as such names do.
"""

from dataclasses import dataclass
from typing import Final

COUNTY: Final = "拟安县"
MARKET_BUREAU: Final = "市场监督管理局"


@dataclass(frozen=True, slots=True)
class Township:
    """乡镇(街道): share of the registry per thousand; persons in its market station (市场监管所) and its office."""

    name: str
    per_thousand: int
    station: int
    office: int

    @property
    def short(self) -> str:
        """The name without 镇, 乡 or 街道, as it stands in names of businesses."""
        return self.name[:2]


@dataclass(frozen=True, slots=True)
class Unit:
    """执法单位, or a section (股室) of one: persons and what they are qualified for; the first everyone is."""

    name: str
    persons: int
    qualifications: tuple[str, ...]


TOWNSHIPS: Final = (
    Township("东禾街道", 150, 12, 4),
    Township("西禾街道", 130, 10, 4),
    Township("砚池镇", 95, 8, 4),
    Township("麦河镇", 85, 7, 3),
    Township("石梁镇", 75, 6, 3),
    Township("杏坞镇", 70, 6, 3),
    Township("松陂镇", 62, 6, 3),
    Township("枣塬镇", 58, 5, 3),
    Township("芦汀镇", 52, 5, 3),
    Township("槐荫镇", 48, 5, 3),
    Township("莲泾镇", 44, 4, 3),
    Township("竹墟镇", 40, 4, 2),
    Township("桑坪乡", 34, 4, 3),
    Township("榆岭乡", 30, 4, 2),
    Township("鹤湾乡", 27, 4, 2),
)

MARKET_QUALIFICATIONS: Final = ("市场监管", "食品安全", "药品安全", "特种设备", "计量标准", "价格监管")
"""Of the market bureau's people; townships' stations are part of it."""
OFFICE_QUALIFICATIONS: Final = ("综合执法", "安全生产", "城乡建设")
"""Of the people of a township's own office (乡镇人民政府、街道办事处)."""

SECTIONS: Final = (
    Unit("信用监督管理股", 6, ("市场监管", "信用监管")),
    Unit("食品安全监督管理股", 9, ("市场监管", "食品安全")),
    Unit("药品医疗器械监督管理股", 7, ("市场监管", "药品安全")),
    Unit("特种设备安全监察股", 7, ("市场监管", "特种设备")),
    Unit("质量计量股", 6, ("市场监管", "计量标准")),
    Unit("价格监督检查股", 5, ("市场监管", "价格监管")),
    Unit("知识产权股", 4, ("市场监管", "知识产权")),
    Unit("综合行政执法大队", 26, MARKET_QUALIFICATIONS),
)
"""Of the market bureau, beside the stations."""

BUREAUS: Final = (
    Unit("综合行政执法局", 80, ("综合执法", "城乡建设", "市容环境")),
    Unit("应急管理局", 58, ("安全生产", "危险化学品")),
    Unit("消防救援大队", 42, ("消防安全",)),
    Unit("卫生健康委员会", 64, ("公共卫生", "医疗机构")),
    Unit("农业农村局", 62, ("农业投入品", "动物卫生")),
    Unit("交通运输局", 60, ("道路运输", "汽车维修")),
    Unit("生态环境分局", 52, ("环境保护",)),
    Unit("自然资源和规划局", 52, ("自然资源",)),
    Unit("住房和城乡建设局", 58, ("城乡建设", "建设工程")),
    Unit("水利局", 40, ("水利",)),
    Unit("人力资源和社会保障局", 44, ("劳动保障",)),
    Unit("文化广电和旅游局", 36, ("文化市场", "旅游")),
    Unit("教育体育局", 22, ("校外培训",)),
    Unit("民政局", 16, ("养老服务",)),
    Unit("商务局", 18, ("成品油流通", "商务")),
    Unit("林业局", 34, ("林业",)),
    Unit("税务局", 35, ("税务",)),
    Unit("统计局", 12, ("统计",)),
    Unit("医疗保障局", 18, ("医疗保障",)),
    Unit("发展和改革委员会", 18, ("粮食流通", "价格监管")),
    Unit("烟草专卖局", 30, ("烟草专卖",)),
    Unit("气象局", 8, ("防雷安全",)),
)
"""The county's other enforcement units."""
