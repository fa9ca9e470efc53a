"""The synthetic district: what the demo, the founding plan and the search for leaks rely on."""

import csv
import itertools
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from shuangsuiji import messages, sample
from shuangsuiji.config import shipped
from shuangsuiji.core.eligibility import left_out
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.errors import InputRefused
from shuangsuiji.quarter.records import inspector_records
from shuangsuiji.rosters import CheckedRoster, Kind, Rules, apply_review
from shuangsuiji.rosters import read as read_roster
from shuangsuiji.sample import numbers
from shuangsuiji.sample.chance import Chance, share
from tests.district import WINDOW, plan_value

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = shipped("sample_data")
RULES: Final = Rules.load()
KINDS: Final[dict[Kind, tuple[str, ...]]] = {
    "entities": ("entities-enterprises.csv", "entities-individuals.csv"),
    "risk": ("risk.csv",),
    "visits": ("visits.csv",),
    "inspectors": ("inspectors.csv",),
    "review": ("review.csv",),
    "conflicts": ("conflicts.csv",),
}
Row = dict[str, str]


def read(name: str) -> list[Row]:
    """A committed file as a user's spreadsheet would read it."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def registry() -> list[Row]:
    return read("entities-enterprises.csv") + read("entities-individuals.csv")


def key(row: Row) -> str:
    return row["统一社会信用代码/注册号"]


def test_the_committed_files_are_what_the_generator_makes() -> None:
    made = {table.name: table.csv() for table in sample.district()}
    assert {path.name for path in FOLDER.glob("*.csv")} == made.keys()
    for name, data in made.items():
        assert (FOLDER / name).read_bytes() == data, f"{name}: `shuangsuiji sample district` makes it anew"


def test_every_row_is_accepted() -> None:
    rosters: dict[Kind, CheckedRoster] = {}
    for kind, names in KINDS.items():
        rosters[kind] = read_roster(
            kind,
            [FOLDER / name for name in names],
            RULES,
            people=rosters["inspectors"].frame if "inspectors" in rosters else None,
            entities=rosters["entities"].frame if "entities" in rosters else None,
        )
    assert {kind: (roster.refused, roster.rows_read) for kind, roster in rosters.items()} == {
        kind: ((), sum(len(read(name)) for name in names)) for kind, names in KINDS.items()
    }
    assert [note.code for roster in rosters.values() for note in roster.notes] == [
        "rosters.note.anonymous_names"
    ]
    assert not rosters["entities"].frame["name"].str.contains(sample.MARK).any()
    people = apply_review(rosters["inspectors"].frame, rosters["review"].frame)
    assert len(people) == 1064
    assert left_out(plan(), inspector_records(people, WINDOW)) == {"cancelled": 82}


def test_the_readme_speaks_of_every_file() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{table.name}`" in text for table in sample.district(size=1))


class TestRegistry:
    """A district of about 48,000 entities over 15 townships."""

    def test_size_and_townships(self) -> None:
        rows = registry()
        assert len(rows) == sample.SIZE
        towns = Counter(row["所属乡镇"] for row in rows)
        assert len(towns.keys() - {""}) == 15
        assert 0 < towns[""] < 300

    def test_keys_are_distinct_bear_their_check_digits_and_belong_to_nobody(self) -> None:
        keys = [key(row) for row in registry()]
        assert len(set(keys)) == len(keys)
        credit = [one for one in keys if len(one) == 18]
        old = [one for one in keys if len(one) == 15]
        assert len(credit) + len(old) == len(keys)
        assert len(old) > 1000
        assert all(uscc.is_valid(one) for one in credit)
        assert all(mod_11_10.is_valid(one) for one in old)
        assert {one[2:8] for one in credit} | {one[:6] for one in old} == {"990121"}

    def test_every_tier_of_the_founding_year_is_much_larger_than_its_quota(self) -> None:
        grades = {key(row): row["信用风险等级"] for row in read("risk.csv")}
        visited = {key(row) for row in read("visits.csv")}
        tiers: Counter[str] = Counter()
        for row in registry():
            if row["登记状态"] == "存续" and key(row) not in visited:
                kind, grade = row["主体类型"], grades.get(key(row), "")
                flat = kind in {"个体工商户", "农民专业合作社"}
                tiers[kind if flat else {"高": "中高", "中高": "中高", "中": "中"}.get(grade, "其他")] += 1
        founding = {"中高": 147, "中": 172, "个体工商户": 1507, "农民专业合作社": 129, "其他": 270}
        assert founding.keys() == tiers.keys()
        assert all(tiers[name] > 3 * quota for name, quota in founding.items())

    def test_every_other_file_speaks_of_entities_of_the_registry(self) -> None:
        kinds = {key(row): row["主体类型"] for row in registry()}
        graded = Counter(kinds[key(row)] for row in read("risk.csv"))
        assert not graded.keys() & {"个体工商户", "农民专业合作社"}
        assert {key(row) for row in read("visits.csv")} <= kinds.keys()
        assert {key(row) for row in read("conflicts.csv")} - {""} <= kinds.keys()


def plan() -> Plan:
    """A plan whose window is the whole of 2021."""
    return parse_plan(plan_value() | {"window": {"from": "2021-01-01", "to": "2021-12-31"}})


def valid_in_2021(row: Row) -> bool:
    begins, _, ends = row["执法证有效期"].partition("至")
    return begins == "长期" or (begins <= "2021-01-01" and ends >= "2021-12-31")


class TestPeople:
    """1,064 in, 82 cancelled, 982 eligible, over 38 units."""

    def test_persons_and_units(self) -> None:
        units: dict[str, set[str]] = defaultdict(set)
        for row in read("inspectors.csv"):
            units[row["单位"]].add(row["身份证号"])
        sizes = {unit: len(people) for unit, people in units.items()}
        assert len(sizes) == 38
        assert sum(sizes.values()) == 1064
        assert sizes["市场监督管理局"] == 160
        offices = [size for unit, size in sizes.items() if unit.endswith(("人民政府", "办事处"))]
        assert len(offices) == 15
        assert set(offices) == {2, 3, 4}

    def test_the_review_cancels_82_with_reasons(self) -> None:
        rows, review = read("inspectors.csv"), read("review.csv")
        assert [row["执法证编号"] for row in review] == [row["执法证编号"] for row in rows]
        cancelled = {row["执法证编号"] for row in review if row["审验结论"] == "注销"}
        assert len(cancelled) == 82
        assert all(bool(row["原因"]) == (row["执法证编号"] in cancelled) for row in review)
        assert {row["在岗状态"] for row in rows} == {"在岗"}

    def test_some_persons_have_two_certificates_one_of_them_run_out(self) -> None:
        held: dict[str, list[Row]] = defaultdict(list)
        for row in read("inspectors.csv"):
            held[row["身份证号"]].append(row)
        double = [rows for rows in held.values() if len(rows) > 1]
        assert len(double) > 30
        assert any(not valid_in_2021(rows[1]) for rows in double)
        assert all(rows[0]["姓名"] == rows[1]["姓名"] for rows in double)

    def test_every_township_keeps_five_of_its_own(self) -> None:
        cancelled = {row["执法证编号"] for row in read("review.csv") if row["审验结论"] == "注销"}
        left = {
            (row["地区"], row["身份证号"])
            for row in read("inspectors.csv")
            if row["执法证编号"] not in cancelled
        }
        homes = Counter(district for district, _ in left)
        assert len(homes) == 16
        assert min(homes.values()) >= 5

    def test_recusals_are_distinct_and_spare_the_own_township(self) -> None:
        districts = {row["执法证编号"]: row["地区"] for row in read("inspectors.csv")}
        rows = read("conflicts.csv")
        named = [(row["执法证编号"], key(row), row["回避值"]) for row in rows]
        assert len(set(named)) == len(named) == 200
        assert all(bool(entity) != bool(value) for _, entity, value in named)
        assert all(value != districts[person] for person, _, value in named if value)


class TestMarks:
    """One search finds whatever private cell got out."""

    @pytest.mark.parametrize(
        ("kind", "name"), [(kind, name) for kind, names in KINDS.items() for name in names]
    )
    def test_every_private_cell_holds_the_mark_and_no_other(self, kind: Kind, name: str) -> None:
        # The grade is private too, but it is what the tiers are made of and keeps its own words.
        private = RULES.headings.private(kind) - {"信用风险等级"}
        for row in read(name):
            owner = row.get("经营者")
            for heading, cell in row.items():
                own_name = heading == "企业名称" and cell == owner
                secret = RULES.headings.canonical(kind, heading) in private
                assert (sample.MARK in cell) == (secret or own_name), (name, heading, row)

    def test_the_mark_stands_in_no_text_of_the_program(self) -> None:
        marks = ROOT / "src" / "shuangsuiji" / "sample" / "marks.py"
        texts = [
            path
            for folder in (ROOT / "src", ROOT / "config")
            for path in folder.rglob("*")
            if path.suffix in {".py", ".toml", ".md", ".html", ".j2", ".css", ".js"} and path != marks
        ]
        assert len(texts) > 50
        assert not [path for path in texts if sample.MARK in path.read_text(encoding="utf-8")]


class TestGenerator:
    """The same bytes for the same seed; whatever is asked for, exactly that many."""

    @given(seed=st.integers(0, 2**63), size=st.integers(1, 400))
    @settings(max_examples=8)
    def test_a_district_of_any_size(self, seed: int, size: int) -> None:
        tables = sample.district(seed=seed, size=size)
        assert tables == sample.district(seed=seed, size=size)
        assert tables != sample.district(seed=seed + 1, size=size)
        by_name = {table.name: table for table in tables}
        registered = [by_name["entities-enterprises.csv"], by_name["entities-individuals.csv"]]
        assert sum(len(table.rows) for table in registered) == size
        assert by_name["review.csv"].column("审验结论").count("注销") == 82
        assert all(len(row) == len(table.headings) for table in tables for row in table.rows)

    @given(
        districts=st.dictionaries(st.text(max_size=4), st.integers(1, 10**6), min_size=1, max_size=19),
        number=st.integers(190, 600),
    )
    @settings(max_examples=15)
    def test_inspectors_for_the_districts_of_any_registry(
        self, districts: dict[str, int], number: int
    ) -> None:
        made = sample.inspectors(districts, seed=1, number=number)
        homes = made.districts()
        assert len(homes) == len(set(made.roster.column("身份证号"))) == number
        per_district = Counter(homes.values())
        assert per_district.keys() == districts.keys()
        assert min(per_district.values()) >= 5
        assert made.review.column("审验结论").count("注销") == number * 82 // 1064
        assert set(made.roster.column("在岗状态")) > {"在岗"}

    @given(
        inspectors=st.dictionaries(
            st.text("甲乙丙", min_size=1, max_size=3), st.sampled_from("东西"), min_size=2
        ),
        pairs=st.integers(0, 12),
        groups=st.integers(0, 6),
    )
    def test_conflicts_are_as_many_as_wanted_or_refused(
        self, inspectors: dict[str, str], pairs: int, groups: int
    ) -> None:
        entities = ["E1", "E2", "E3", "E4"]
        possible = 2 * pairs <= 4 * len(inspectors) and 2 * groups <= len(inspectors)
        try:
            made = sample.conflicts(
                inspectors,
                entities,
                seed=1,
                pairs=pairs,
                column="地区",
                values=["东", "西", ""],
                groups=groups,
            )
        except InputRefused:
            assert not possible
            return
        assert possible
        assert len({row[:4] for row in made.rows}) == pairs + groups
        assert made.column("回避列").count("地区") == groups
        assert not [row for row in made.rows if row[3] == inspectors[row[0]]]

    @pytest.mark.parametrize("size", [0, -1, 5_000_001])
    def test_an_absurd_size_is_refused(self, size: int) -> None:
        with pytest.raises(InputRefused) as refusal:
            sample.district(size=size)
        assert "5000000" in messages.render(refusal.value, "zh")

    @pytest.mark.parametrize(
        ("districts", "code"), [({}, "sample.districts"), ({"东": 5, "西": 1}, "sample.number")]
    )
    def test_inspectors_for_nowhere_or_too_few_are_refused(
        self, districts: dict[str, int], code: str
    ) -> None:
        with pytest.raises(InputRefused) as refusal:
            sample.inspectors(districts, seed=1, number=19)
        assert refusal.value.code == code

    def test_more_cancelled_than_certified_is_refused(self) -> None:
        from shuangsuiji.sample.people import Post, people

        with pytest.raises(InputRefused) as refusal:
            people([Post("局", "", "", 3, ("执法",))], seed=1, cancelled=4)
        assert refusal.value.code == "sample.cancelled"


@given(st.lists(st.integers(0, numbers.MOST - 1), unique=True, min_size=2, max_size=20))
def test_numbers_of_different_serials_differ(serials: list[int]) -> None:
    for numbered in (
        [numbers.credit_code("91", serial) for serial in serials],
        [numbers.registration_number("6", serial) for serial in serials],
    ):
        assert len(set(numbered)) == len(serials)
        assert all(re.fullmatch(r"[0-9A-HJ-NP-RTUWXY]{15}|[0-9A-HJ-NP-RTUWXY]{18}", one) for one in numbered)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 99), min_size=1).filter(any))
def test_shares_add_up_and_are_off_by_less_than_one(total: int, weights: list[int]) -> None:
    shares = share(total, weights)
    assert sum(shares) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights)
        for part, weight in zip(shares, weights, strict=True)
    )


def test_streams_of_different_purposes_and_seeds_differ() -> None:
    drawn = [Chance(seed, purpose).below(2**60) for seed in (1, 2) for purpose in ("registry", "people")]
    assert all(a != b for a, b in itertools.combinations(drawn, 2))


class TestWrite:
    """All files or none."""

    def test_files_hold_the_tables(self, tmp_path: Path) -> None:
        tables = sample.district(size=20)
        paths = sample.write(tables, tmp_path / "new" / "folder")
        assert [path.read_bytes() for path in paths] == [table.csv() for table in tables]

    def test_an_existing_file_is_never_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "risk.csv").write_text("mine", encoding="utf-8")
        with pytest.raises(InputRefused) as refusal:
            sample.write(sample.district(size=20), tmp_path)
        assert "risk.csv" in messages.render(refusal.value, "zh")
        assert [path.name for path in tmp_path.iterdir()] == ["risk.csv"]
        assert (tmp_path / "risk.csv").read_text(encoding="utf-8") == "mine"
