"""`init`: a workspace is made whole for an authority and its operators, or not at all."""

from pathlib import Path

import pytest

from shuangsuiji.errors import InputRefused
from shuangsuiji.quarter.init import InitResult, init
from shuangsuiji.store import Store
from tests.quarter.workspace import NOW, OPERATORS


def test_a_workspace_belongs_to_an_authority_and_its_operators(tmp_path: Path) -> None:
    path = tmp_path / "某区" / "工作目录"
    result = init(path, " 某区市场监督管理局 ", "410102", ["张三 ", "李四"], NOW)
    with Store.open(path).read() as reader:
        assert result == InitResult(path, "某区市场监督管理局", "410102", OPERATORS, reader.log_head())
        assert reader.workspace().region == "410102"


@pytest.mark.parametrize(
    ("code", "authority", "region", "operators"),
    [
        ("quarter.authority_blank", "　", "410102", ["张三"]),
        ("quarter.region_form", "局", "某区", ["张三"]),
        ("quarter.region_form", "局", "4101", ["张三"]),
        ("quarter.region_form", "局", "４１０１０２", ["张三"]),
        ("quarter.operator_blank", "局", "410102", ["张三", " "]),
        ("store.operators_repeated", "局", "410102", ["张三", "张三 "]),
        ("store.operators_repeated", "局", "410102", ["张三", "李四", "张　三"]),
        ("store.operators_repeated", "局", "410102", ["张三", "张\u200b三"]),
        ("store.operators_repeated", "局", "410102", ["Zhang", "ｚhang"]),
        ("quarter.operator_blank", "局", "410102", ["张三", "\u200b"]),
        ("store.no_operators", "局", "410102", []),
    ],
)
def test_what_is_not_said_properly_is_refused_and_no_directory_made(
    code: str, authority: str, region: str, operators: list[str], tmp_path: Path
) -> None:
    with pytest.raises(InputRefused) as found:
        init(tmp_path / "new" / "workspace", authority, region, operators, NOW)
    assert found.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_directory_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(b"roster")
    with pytest.raises(InputRefused) as found:
        init(tmp_path, "局", "410102", OPERATORS, NOW)
    assert found.value.code == "store.not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["名册.xlsx"]
    init(tmp_path / "workspace", "局", "410102", OPERATORS, NOW)
    with pytest.raises(InputRefused) as found:
        init(tmp_path / "workspace", "另一局", "410103", OPERATORS, NOW)
    assert found.value.code == "store.exists"
    with Store.open(tmp_path / "workspace").read() as reader:
        assert reader.workspace().authority == "局"
