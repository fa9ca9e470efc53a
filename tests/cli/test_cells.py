"""What stands on a terminal: Chinese characters are two columns wide."""

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.cli import cells

TEXTS = st.text(alphabet='ab c，。（）双随机检查 "./-12', max_size=60)


def test_a_chinese_character_takes_two_columns() -> None:
    assert cells.width("双随机 A1") == 9
    assert cells.width("，（ｆｕｌｌ") == 12
    assert cells.width("e\u0301") == 1


class TestWrap:
    @given(TEXTS, st.integers(min_value=10, max_value=30))
    def test_nothing_is_lost_but_spaces(self, text: str, columns: int) -> None:
        assert "".join(cells.wrap(text, columns)).replace(" ", "") == text.replace(" ", "")

    @given(TEXTS, st.integers(min_value=10, max_value=30))
    def test_no_line_begins_with_closing_punctuation(self, text: str, columns: int) -> None:
        assert all(line[:1] not in tuple("，。）") for line in cells.wrap(text, columns)[1:] if line)

    @given(st.lists(st.sampled_from(["双", "随，", "（机", "check ", "(42) "]), max_size=40).map("".join))
    def test_lines_fit(self, text: str) -> None:
        assert all(cells.width(line) <= 20 for line in cells.wrap(text, 20))

    def test_a_digest_stays_whole(self) -> None:
        digest = "0123456789abcdef" * 4
        assert digest in cells.wrap(f"指纹：{digest}，见通知。", 40)[1]


class TestTable:
    @given(st.lists(st.tuples(st.text("双随机ab", max_size=9), st.integers(0, 10**7)), max_size=6))
    def test_columns_are_aligned(self, rows: list[tuple[str, int]]) -> None:
        lines = cells.table(["名称", "户数"], rows)
        assert len(lines) == len(rows) + 2
        if rows:
            assert len({cells.width(line) for line in lines[1:]}) == 1
        assert [int(line.split()[-1].replace(",", "")) for line in lines[2:]] == [count for _, count in rows]
